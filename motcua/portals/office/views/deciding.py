"""Moves that are a button, perhaps with a reason, and the leader's list."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from motcua.base.actor import Role
from motcua.base.web import Request, gate, page, sent
from motcua.domain.dossiers import commands, queries
from motcua.domain.dossiers.models import Dossier
from motcua.domain.dossiers.queries import sheets
from motcua.domain.dossiers.rules import MOVES, Action
from motcua.domain.papers import printing
from motcua.portals.office import confirming, showing
from motcua.portals.office.forms import ReasonForm

OFFICE = (Role.OFFICER, Role.HEAD, Role.LEADER)


def _do(action: Action, dossier: Dossier, reason: str, request: Request) -> None:
    by, at, seen = request.actor, timezone.now(), request.POST.get("step", "")
    if action is Action.SETTLE:
        commands.settle(dossier=dossier, note=reason, by=by, at=at)
    else:
        commands.act(action=action, dossier=dossier, reason=reason, seen=seen, by=by, at=at)


@gate(*OFFICE)
def act(request: Request, code: str, action: str) -> HttpResponse:
    """Do one simple move; a move that needs a reason asks for it first."""
    if action not in set(Action):
        raise Http404
    dossier, move = queries.get(request.actor, code), MOVES[Action(action)]
    if action == Action.SETTLE and (stale := confirming.stale(request, code)):
        return stale
    form = ReasonForm(sent(request), initial={"reason": confirming.kept(request, code)})
    form.fields["reason"].required = move.reason
    if not form.is_valid():
        context = {"dossier": dossier, "move": move, "form": form}
        return page(request, "office/reason.html", context, status=422 if form.is_bound else 200)
    _do(Action(action), dossier, form.cleaned_data["reason"], request)
    if "next_one" in request.POST:
        return redirect("office:approvals")
    return redirect("office:dossier", code=code)


@gate(Role.LEADER)
def approvals(request: Request) -> HttpResponse:
    """List what waits for the leader, most urgent first."""
    at = timezone.now()
    waiting = showing.cards(queries.awaiting_decision(request.actor), at=at)
    return page(request, "office/approvals.html", {"cards": waiting, "now": at})


@gate(*OFFICE)
def preview(request: Request, code: str) -> HttpResponse:
    """Show the result as it would be issued now; nothing is kept."""
    dossier, at = queries.get(request.actor, code), timezone.now()
    draft = {**sheets.result(dossier, by=request.actor, at=at), "result": f"{dossier.code}-KQ"}
    sheet = printing.pdf(dossier.version.spec.result.template, draft, at=at)
    return HttpResponse(sheet, content_type="application/pdf", headers={"Cache-Control": "private, no-store"})
