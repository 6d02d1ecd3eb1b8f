"""The register's usage ledger, as this province watches it."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.base.web import Request, gate, page
from motcua.domain.agencies import queries as agencies
from motcua.domain.witness import commands, queries
from motcua.portals.console.views.agencies import READERS, done, sent

#: heads on the page
SHOWN = 30


class CloseForm(forms.Form):
    """What was found out about an alarm."""

    alarm = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Kết quả xác minh"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    anew = forms.BooleanField(
        label=_("Thay đổi đã được giải thích: giữ lại từ đỉnh cây hiện nay"), required=False
    )


@gate(*READERS)
def ledger(request: Request) -> HttpResponse:
    """Show what was kept and what was wrong; close an alarm."""
    form, by, at = CloseForm(sent(request)), request.actor, timezone.now()
    if done(form, lambda: commands.close(by=by, at=at, **form.cleaned_data)):
        return redirect("console:ledger")
    refused = any(error.code == "refused" for error in form.non_field_errors().as_data())
    context = {
        "heads": queries.heads(by)[:SHOWN],
        "alarms": queries.alarms(by)[:SHOWN],
        "form": form,
        "agency": agencies.top(by, on=timezone.localdate(at)),
    }
    status = 409 if refused else 422 if form.errors else 200
    return page(request, "console/ledger.html", context, status=status)
