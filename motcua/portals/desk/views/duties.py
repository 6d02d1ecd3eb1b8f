"""Who is there for what at the national site."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from motcua.base.actor import Role
from motcua.base.errors import Refused
from motcua.base.web import Request, gate, page, sent
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import duties as commands
from motcua.domain.accounts.models import Duty
from motcua.portals.desk.forms import DutyForm
from motcua.portals.desk.showing import done, form_page


@never_cache
@gate(Role.ADMINISTRATOR, Role.AUDITOR)
def duties(request: Request) -> HttpResponse:
    """List the duties in force."""
    held = queries.duties(request.actor, on=timezone.localdate())
    return page(request, "desk/duties.html", {"held": held})


@never_cache
@require_http_methods(["GET", "POST"])
@gate(Role.ADMINISTRATOR)
def assign(request: Request) -> HttpResponse:
    """Give somebody a duty from today on."""
    if "place_choose" in request.POST:
        typed = {name: request.POST.get(name, "") for name in ("number", "role")}
        there = {"province": request.POST.get("place_province", "")}
        return form_page(request, "desk/assign_duty.html", DutyForm(initial={**typed, "place": there}))
    form = DutyForm(sent(request))
    if done(form, lambda: _assigned(request, form.cleaned_data)):
        return redirect("desk:duties")
    return form_page(request, "desk/assign_duty.html", form)


@never_cache
@require_http_methods(["GET", "POST"])
@gate(Role.ADMINISTRATOR)
def end(request: Request, pk: int) -> HttpResponse:
    """End a duty after asking."""
    duty = queries.duties(request.actor, on=timezone.localdate()).get(pk=pk)
    if request.method == "POST":
        commands.end(duty=duty, by=request.actor, at=timezone.now())
        return redirect("desk:duties")
    return page(request, "desk/end_duty.html", {"duty": duty})


def _assigned(request: Request, given: dict[str, Any]) -> Duty:
    account = queries.account_by_number(given["number"])
    if account is None:
        raise Refused(_("Không có tài khoản định danh nào mang số này."))
    return commands.assign(
        account=account,
        role=given["role"],
        place_code=given["place"],
        in_force_from=timezone.localdate(),
        by=request.actor,
        at=timezone.now(),
    )
