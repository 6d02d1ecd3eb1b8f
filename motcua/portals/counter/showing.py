"""What the counter's screens show of a dossier."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import Http404
from django.utils import timezone

from motcua.base.actor import Actor
from motcua.domain.dossiers import queries
from motcua.domain.dossiers.commands import SIMPLE
from motcua.domain.dossiers.models import Dossier
from motcua.domain.dossiers.rules import MOVES, Action, Move, State, buttons
from motcua.domain.papers import queries as papers
from motcua.domain.papers.rules import ISSUED
from motcua.domain.payments import queries as bills
from motcua.domain.procedures import rules as procedures
from motcua.portals.counter.forms import HandOverForm, PayForm


def simple(action: str) -> Move:
    """Give the row of a move that is a button here."""
    if action not in SIMPLE:
        raise Http404
    return MOVES[Action(action)]


def whole(actor: Actor, dossier: Dossier, *, at: datetime) -> dict[str, Any]:
    """Gather everything that the counter sees of one dossier."""
    kept = papers.of(dossier.subject)
    offered = {button.action: button for button in buttons(facts=queries.facts(dossier, at=at), by=actor)}
    return {
        "dossier": dossier,
        "now": at,
        "left": queries.minutes_left(dossier, at=at),
        "offered": offered,
        "others": [button for action, button in offered.items() if action in SIMPLE],
        "pages": procedures.summary(dossier.version.spec, dossier.answers),
        "papers": [paper for paper in kept if paper.origin not in ISSUED],
        "issued": [paper for paper in kept if paper.origin in ISSUED],
        "handed_in": [r for r in dossier.version.spec.papers if r.key in dossier.handed_in],
        "bills": bills.of(dossier.subject),
        "attempts": bills.attempts(dossier.subject),
        "asked": queries.open_supplement(dossier) if dossier.status is State.AWAITING_SUPPLEMENT else None,
        "explained": queries.explained(dossier),
        "story": list(reversed(queries.story(actor, dossier))),
        "pay": PayForm(),
        "fetch": HandOverForm(initial={"to": dossier.applicant_name}),
    }


def settling(actor: Actor, *, at: datetime) -> dict[str, Any]:
    """Gather what does not come to an end by itself between the bank and us."""
    yesterday = timezone.localdate(at) - timedelta(days=1)
    compared = bills.last_compared(on=yesterday)
    return {
        "stuck": bills.stuck(actor, at=at),
        "refunds": bills.to_refund(actor),
        "differences": bills.differences(actor),
        "compared": compared,
        "behind": bool(settings.PAYMENT_URL) and compared != yesterday,
    }


def unsettled(actor: Actor, *, at: datetime) -> int:
    """Count it for the counter's first screen."""
    return len(bills.stuck(actor, at=at)) + len(bills.to_refund(actor)) + len(bills.differences(actor))
