"""A citizen's own dossiers: the list, one of them, and what she can still do to it."""

from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from motcua.base import files
from motcua.base.actor import Role
from motcua.base.web import Request, gate, page
from motcua.domain.dossiers import commands, queries
from motcua.domain.dossiers.rules import Action, State, why_not
from motcua.domain.papers import printing
from motcua.domain.papers import queries as papers
from motcua.domain.papers.rules import Slip
from motcua.portals.citizen import checking, drafting, supplementing, tracking
from motcua.portals.citizen.forms import ReasonForm

MISTAKES = 422


@gate(Role.CITIZEN)
def mine(request: Request) -> HttpResponse:
    """List a citizen's dossiers, what waits for her first."""
    groups = tracking.in_order(queries.mine(request.actor))
    return page(request, "citizen/mine.html", {"groups": groups, "now": timezone.now()})


@gate(Role.CITIZEN)
def dossier(request: Request, code: str) -> HttpResponse:
    """Tell everything about one dossier: what to do, when it is due and why, what has happened."""
    found = queries.get(request.actor, code)
    told = tracking.told(found, actor=request.actor, at=timezone.now())
    return page(request, "citizen/dossier.html", {"dossier": found, "now": timezone.now(), **told})


@gate(Role.CITIZEN)
def filed(request: Request, code: str) -> HttpResponse:
    """Confirm a filing: its code, what happens next, the receipt; later on the dossier says it all."""
    found = queries.get(request.actor, code)
    if found.status is not State.SUBMITTED:
        return redirect("citizen:dossier", code)
    fee = checking.cost(found, at=found.submitted_at or timezone.now()).total
    return page(request, "citizen/filed.html", {"dossier": found, "fee": fee})


@gate(Role.CITIZEN)
def receipt(request: Request, code: str) -> HttpResponse:
    """Print the receipt of an online filing, always the same."""
    found = queries.get(request.actor, code)
    printed = printing.slip(Slip.ACKNOWLEDGEMENT, queries.acknowledgement(found), at=found.submitted_at)
    heads = {"Content-Disposition": f'attachment; filename="bien-nhan-{found.code}.pdf"'}
    return HttpResponse(printed, content_type="application/pdf", headers=heads)


@gate(Role.CITIZEN)
def file(request: Request, key: UUID, pk: int, small: bool = False) -> FileResponse:
    """Send one paper of one's own dossier, or a small picture of it."""
    found = queries.draft(request.actor, key)
    paper = queries.paper(request.actor, found, pk)
    picture = papers.picture(paper, request.actor, longest=files.THUMBNAIL) if small else None
    return files.answer(picture or papers.opened(paper, request.actor), inline=True)


@require_POST
@gate(Role.CITIZEN)
def take(request: Request, code: str, pk: int) -> HttpResponse:
    """Open the result; the first time, where that is allowed, it has thereby been handed over."""
    found = queries.get(request.actor, code)
    paper = queries.paper(request.actor, found, pk)
    if why_not(Action.HAND_OVER, facts=queries.facts(found), by=request.actor) is None:
        commands.hand_over(dossier=found, by=request.actor, at=timezone.now())
    return redirect("citizen:file", found.key, paper.pk)


@gate(Role.CITIZEN)
def supplement(request: Request, code: str) -> HttpResponse:
    """Bring exactly what was asked for."""
    found = queries.get(request.actor, code)
    if found.status is not State.AWAITING_SUPPLEMENT:
        return redirect("citizen:dossier", code)
    if unsure := drafting.unsure(request, found.version):
        return unsure
    answer = supplementing.Answer(found, request, at=timezone.now())
    if "send" in request.POST and answer.send():
        return redirect("citizen:dossier", code)
    return page(
        request, "citizen/supplement.html", answer.told(), status=MISTAKES if answer.problems else 200
    )


@gate(Role.CITIZEN)
def withdraw(request: Request, code: str) -> HttpResponse:
    """Ask to withdraw a dossier, with a reason."""
    return _with_reason(request, code, Action.ASK_WITHDRAWAL)


@gate(Role.CITIZEN)
def keep(request: Request, code: str) -> HttpResponse:
    """Call a withdrawal off."""
    return _with_reason(request, code, Action.KEEP)


def _with_reason(request: Request, code: str, action: Action) -> HttpResponse:
    """Do a move that needs a reason, or say why it cannot be done."""
    found = queries.get(request.actor, code)
    form = ReasonForm(request.POST or None)
    refused = why_not(action, facts=queries.facts(found), by=request.actor)
    if form.is_valid():
        commands.act(
            action=action,
            dossier=found,
            reason=form.cleaned_data["reason"],
            by=request.actor,
            at=timezone.now(),
        )
        return redirect("citizen:dossier", code)
    told = {"dossier": found, "form": form, "refused": refused, "keeps": action is Action.KEEP}
    return page(request, "citizen/reason.html", told, status=MISTAKES if form.errors else 200)
