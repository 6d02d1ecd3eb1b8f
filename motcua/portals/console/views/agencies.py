"""The tree of agencies and one agency."""

from collections.abc import Callable

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.base.actor import Role
from motcua.base.errors import Refused
from motcua.base.web import Request, gate, page
from motcua.domain.agencies import commands, queries
from motcua.domain.agencies.models import Agency
from motcua.domain.witness import queries as witness
from motcua.portals.console import showing
from motcua.portals.console.forms import AccountForm, EndForm, FindForm, FoundForm, NamesForm

READERS = (Role.ADMINISTRATOR, Role.AUDITOR)


def form_page(
    request: Request, form: forms.Form, agency: Agency, title: Promise, *, note: str | Promise = ""
) -> HttpResponse:
    """Answer with a form about one agency; a refused one comes back filled in, with the sentence on top."""
    refused = any(error.code == "refused" for error in form.non_field_errors().as_data())
    status = 409 if refused else 422 if form.errors else 200
    back = reverse("console:agency", args=[agency.pk])
    context = {"form": form, "one": agency, "agency": agency, "heading": title, "note": note, "back": back}
    return page(request, "console/form.html", context, status=status)


def sent(request: Request) -> QueryDict | None:
    """Give what was sent, an empty form too."""
    return request.POST if request.method == "POST" else None


def done(form: forms.Form, act: Callable[[], object]) -> bool:
    """Run a command when the form is whole; a refusal becomes a sentence on the form."""
    if not form.is_valid():
        return False
    try:
        act()
    except Refused as refused:
        form.add_error(None, forms.ValidationError(str(refused), code="refused"))
        return False
    return True


@gate(*READERS)
def tree(request: Request) -> HttpResponse:
    """List the agencies below one, or those that are searched for."""
    today = timezone.localdate()
    form = FindForm(request.GET)
    top = queries.top(request.actor, on=today)
    below = request.GET.get("duoi", "")
    here = queries.visible(request.actor).get(pk=below) if below.isdecimal() else top
    rows = queries.listed(request.actor, on=today, below=here, **form.asked())
    searching = any(form.asked().values())
    above = [] if searching else [*queries.above(request.actor, here)]
    context = {"rows": rows, "filter": form, "here": here, "above": above, "searching": searching}
    checked = witness.registration(request.actor)
    return page(request, "console/tree.html", context | {"agency": top, "checked": checked})


@gate(*READERS)
def agency(request: Request, pk: int) -> HttpResponse:
    """Show one agency: its dates and codes, hours, officers and log."""
    found = queries.visible(request.actor).select_related("parent").get(pk=pk)
    return page(request, "console/agency.html", showing.one(request.actor, found, at=timezone.localtime()))


@gate(Role.ADMINISTRATOR)
def names(request: Request, pk: int) -> HttpResponse:
    """Correct names and official code."""
    found = queries.visible(request.actor).get(pk=pk)
    words = ("name", "name_en", "official_code", "official_code_verified")
    form = NamesForm(sent(request), initial={word: getattr(found, word) for word in words})
    by, at = request.actor, timezone.now()
    if done(form, lambda: commands.rename(agency=found, by=by, at=at, **form.cleaned_data)):
        return redirect("console:agency", pk)
    return form_page(request, form, found, _("Sửa tên và mã định danh"))


@gate(Role.ADMINISTRATOR)
def found(request: Request, pk: int) -> HttpResponse:
    """Set up an agency below another."""
    parent = queries.visible(request.actor).get(pk=pk)
    form = FoundForm(sent(request))
    by, at = request.actor, timezone.now()
    if done(form, lambda: commands.found(parent=parent, by=by, at=at, **form.cleaned_data)):
        return redirect("console:agency", pk)
    return form_page(request, form, parent, _("Thêm cơ quan trực thuộc"))


@gate(Role.ADMINISTRATOR)
def dissolve(request: Request, pk: int) -> HttpResponse:
    """Let an agency end."""
    ending = queries.visible(request.actor).get(pk=pk)
    form = EndForm(sent(request))
    by, at = request.actor, timezone.now()
    if done(form, lambda: commands.dissolve(agency=ending, by=by, at=at, **form.cleaned_data)):
        return redirect("console:agency", pk)
    note = _("Hồ sơ cũ của cơ quan vẫn còn. Trước đó phải kết thúc vai trò của cán bộ và cơ quan trực thuộc.")
    return form_page(request, form, ending, _("Kết thúc hoạt động của cơ quan"), note=note)


@gate(Role.ADMINISTRATOR)
def bank_account(request: Request, pk: int) -> HttpResponse:
    """Write the account for transfers from a day on."""
    agency = queries.visible(request.actor).get(pk=pk)
    form = AccountForm(sent(request), initial={"in_force_from": timezone.localdate()})
    by, at = request.actor, timezone.now()
    if done(form, lambda: commands.set_bank_account(agency=agency, by=by, at=at, **form.cleaned_data)):
        return redirect("console:agency", pk)
    note = _(
        "Người dân chuyển phí, lệ phí vào tài khoản này. Cơ quan trực thuộc dùng chung nếu không có riêng."
    )
    return form_page(request, form, agency, _("Đặt tài khoản thu phí"), note=note)
