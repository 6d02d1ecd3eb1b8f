"""Officers and their roles."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from motcua.base.actor import Role
from motcua.base.web import Request, gate, page
from motcua.domain.agencies import commands, queries
from motcua.portals.console.forms import EndForm, EngageForm, FindForm
from motcua.portals.console.views.agencies import READERS, done, form_page, sent


@gate(*READERS)
def staff(request: Request) -> HttpResponse:
    """List who serves today in the actor's reach."""
    today = timezone.localdate()
    form = FindForm(request.GET)
    held = queries.staff(request.actor, on=today, words=form.asked()["words"])
    top = queries.top(request.actor, on=today)
    return page(request, "console/staff.html", {"held": held, "filter": form, "agency": top})


@gate(Role.ADMINISTRATOR)
def engage(request: Request, pk: int) -> HttpResponse:
    """Give somebody a role in an agency."""
    agency = queries.visible(request.actor).get(pk=pk)
    form = EngageForm(sent(request), initial={"in_force_from": timezone.localdate()})
    by, at = request.actor, timezone.now()
    if done(form, lambda: commands.engage(agency=agency, by=by, at=at, **form.cleaned_data)):
        return redirect("console:agency", pk)
    return form_page(request, form, agency, _("Giao vai trò cho cán bộ"))


@gate(Role.ADMINISTRATOR)
def end(request: Request, pk: int) -> HttpResponse:
    """Let a role end."""
    held = queries.appointment(request.actor, pk)
    form = EndForm(sent(request), initial={"last_day": timezone.localdate()})
    by, at = request.actor, timezone.now()
    if done(form, lambda: commands.end_appointment(appointment=held, by=by, at=at, **form.cleaned_data)):
        return redirect("console:agency", held.agency_id)
    note = now("%(name)s thôi giữ vai trò %(role)s.") % {"name": held.officer, "role": held.role_name}
    return form_page(request, form, held.agency, _("Kết thúc vai trò"), note=note)
