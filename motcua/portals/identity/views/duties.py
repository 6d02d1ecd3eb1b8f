"""Beginning and ending to act in a duty."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from motcua.base.actor import Role
from motcua.base.web import Request, gate
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import duties
from motcua.domain.accounts.models import Session
from motcua.portals.identity import session
from motcua.portals.identity.answering import SeeOther
from motcua.portals.identity.entering import DESK, proof, row


@require_POST
@gate(Role.CITIZEN)
def take_up(request: Request) -> HttpResponse:
    """Act in one of one's duties; who has not proved lately who they are does so first."""
    current = _current(request)
    if weak := proof(request, current):
        return weak
    mine = queries.own_duties(current.account, on=timezone.localdate()).get(pk=row(request, "duty"))
    duties.take_up(session=current, duty=mine, by=request.actor, at=timezone.now())
    return SeeOther(DESK)


@require_POST
@gate(Role.CITIZEN)
def lay_down(request: Request) -> HttpResponse:
    """Be only oneself again."""
    duties.lay_down(session=_current(request), by=request.actor, at=timezone.now())
    return redirect("identity:home")


def _current(request: Request) -> Session:
    current = session.current(request)
    assert current is not None  # the gate let somebody in
    return current
