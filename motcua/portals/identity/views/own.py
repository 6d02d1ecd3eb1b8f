"""What a holder does with the own account: lock it, stop a recovery, apply for a child or an organization."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from motcua.base.actor import Actor, Role
from motcua.base.errors import Refused
from motcua.base.web import Request, gate, page, sent
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import accounts, applying, organizations, recovering, withdrawing
from motcua.domain.accounts.models import Application, Session
from motcua.domain.accounts.rules.accounts import Ground
from motcua.portals.identity import session
from motcua.portals.identity.entering import proof, row
from motcua.portals.identity.forms import ChildForm, OrganizationForm


@never_cache
@require_http_methods(["GET", "POST"])
@gate(Role.CITIZEN)
def lock(request: Request) -> HttpResponse:
    """Lock one's own account after asking; only a desk unlocks it."""
    if request.method == "POST":
        account = queries.own(request.actor).get()
        accounts.lock(account=account, ground=Ground.HOLDER, by=request.actor, at=timezone.now())
        session.leave(request)
        return page(request, "identity/locked.html")
    return page(request, "identity/lock.html")


@require_POST
@gate(Role.CITIZEN)
def cancel_recovery(request: Request) -> HttpResponse:
    """Stop a recovery that somebody began at a desk."""
    waiting = queries.own_recovery(request.actor)
    if waiting is not None:
        recovering.cancel(recovery=waiting, by=request.actor, at=timezone.now())
    return redirect("identity:home")


@never_cache
@require_http_methods(["GET", "POST"])
@gate(Role.CITIZEN)
def children(request: Request) -> HttpResponse:
    """Apply for an account for one's child, and see how such applications stand."""
    current = _current(request)
    if weak := proof(request, current):
        return weak
    mine = queries.children(current.account, on=timezone.localdate())
    form = ChildForm(sent(request), request.FILES or None, children=mine)
    if form.is_valid() and _tried(form, lambda: _child_filed(request, current, form, mine)):
        return redirect("identity:children")
    context = {"form": form, "children": mine, "applied": queries.child_applications(current.account)[:20]}
    return page(request, "identity/children.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@gate(Role.CITIZEN)
def organization(request: Request) -> HttpResponse:
    """Apply for an organization's account as its head; agree to another's; activate an approved one."""
    current = _current(request)
    if weak := proof(request, current):
        return weak
    form = OrganizationForm(sent(request))
    if form.is_valid() and _tried(form, lambda: _organization_filed(request, current, form)):
        return redirect("identity:organizations")
    context = {
        "form": form,
        "mine": queries.organizations(request.actor),
        "applied": queries.organization_applications(request.actor)[:20],
        "asked": queries.endorsements(request.actor),
    }
    return page(request, "identity/organizations.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@gate(Role.CITIZEN)
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take back an application, one's own, one's child's or organization's, after asking."""
    one = queries.own_applications(request.actor).get(pk=pk)
    there = _room(one, request.actor)
    if request.method == "POST":
        withdrawing.withdraw(application=one, by=request.actor, at=timezone.now())
        return redirect(there)
    return page(request, "identity/withdraw.html", {"one": one, "there": reverse(there)})


@require_POST
@gate(Role.CITIZEN)
def endorse(request: Request) -> HttpResponse:
    """Agree, as another legal representative, to an organization's account."""
    asked = queries.endorsements(request.actor).get(pk=row(request, "endorsement"))
    words: dict[str, Any] = {"by": request.actor, "at": timezone.now()}
    organizations.endorse(endorsement=asked, session=_current(request), **words)
    return redirect("identity:organizations")


@require_POST
@gate(Role.CITIZEN)
def activate_organization(request: Request) -> HttpResponse:
    """Activate the approved account of an organization."""
    one = queries.organization_applications(request.actor).get(pk=row(request, "application"))
    words: dict[str, Any] = {"by": request.actor, "at": timezone.now()}
    organizations.activate(application=one, session=_current(request), **words)
    return redirect("identity:organizations")


def _room(one: Application, by: Actor) -> str:
    """Name the page on which somebody reads of an application."""
    if one.organization_code:
        return "identity:organizations"
    return "identity:home" if one.person_id == by.person else "identity:children"


def _child_filed(request: Request, current: Session, form: ChildForm, mine: list[Any]) -> object:
    child = next(one for one in mine if one.pk == form.cleaned_data["child"])
    photo = form.cleaned_data["photo"]
    words: dict[str, Any] = {"by": request.actor, "at": timezone.now()}
    return applying.file_for_child(child=child, session=current, photo=photo, **words)


def _organization_filed(request: Request, current: Session, form: OrganizationForm) -> object:
    words: dict[str, Any] = {"by": request.actor, "at": timezone.now()}
    return organizations.apply(session=current, **form.cleaned_data, **words)


def _tried(form: Any, act: Any) -> bool:
    try:
        act()
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    return True


def _current(request: Request) -> Session:
    current = session.current(request)
    assert current is not None  # the gate let somebody in
    return current
