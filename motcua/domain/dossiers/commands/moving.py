"""The heart: lock, check against the table, change, and write the fact down."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from motcua.base import events
from motcua.base.actor import Actor
from motcua.base.deadline import Pausing
from motcua.base.errors import Refused
from motcua.domain.dossiers import queries
from motcua.domain.dossiers.models import Dossier, Pause
from motcua.domain.dossiers.queries.clock import ANSWER_TERM
from motcua.domain.dossiers.queries.finding import DEFINITION
from motcua.domain.dossiers.rules import ENDED, MOVES, PAUSED, Action, Next, State, why_not
from motcua.domain.procedures import rules as procedures

WAITS_FOR_PAPERS = gettext_noop("chờ công dân bổ sung hồ sơ")
WAITS_FOR_MONEY = gettext_noop("chờ công dân nộp phí, lệ phí")
#: states that interrupt another one and are resumed from
_INTERRUPTIONS = PAUSED | {State.WITHDRAWAL_ASKED}


def check_proxy(by: Actor, *, at: datetime) -> None:
    """Refuse whoever acts for somebody else when the last day of it is over."""
    if by.lapsed(timezone.localdate(at)):
        raise Refused(_("Ủy quyền bạn đang dùng đã hết hạn."))


def lock(dossier: Dossier, *, by: Actor, at: datetime) -> Dossier:
    """Lock the row as this actor may see it now; a dossier of somebody else does not exist here."""
    check_proxy(by, at=at)
    rows = queries.visible(by).select_related("version", "agency", "desk", "applicant").defer(DEFINITION)
    return rows.select_for_update(of=("self",)).get(pk=dossier.pk)


@transaction.atomic
def take(
    action: Action,
    dossier: Dossier,
    *,
    by: Actor,
    at: datetime,
    change: Mapping[str, Any] | None = None,
    note: str = "",
    data: Mapping[str, Any] | None = None,
) -> Dossier:
    """Do one move of rules.MOVES and announce it as dossier.<action>; Refused says in Vietnamese why not."""
    dossier = lock(dossier, by=by, at=at)
    if reason := why_not(action, facts=queries.facts(dossier, at=at), by=by):
        raise Refused(reason)
    for name, value in (change or {}).items():
        setattr(dossier, name, value)
    _enter(dossier, MOVES[action].end, at=at)
    dossier.save()
    events.record(
        f"dossier.{action}", subject=dossier.subject, by=by, at=at, note=note, data=dict(data or {})
    )
    return dossier


def _enter(dossier: Dossier, end: State | Next, *, at: datetime) -> None:
    """Change the state and let the clock follow it."""
    if end is Next.SAME:
        return
    came_from = dossier.status
    if end is Next.RESUME:
        dossier.state = State(dossier.interrupted.pop())
    else:
        if end in _INTERRUPTIONS:
            dossier.interrupted.append(came_from)
        dossier.state = end
    if came_from in PAUSED and dossier.state not in _INTERRUPTIONS:
        _restart_clock(dossier, at=at)
    elif dossier.state in PAUSED:
        _stop_clock(dossier, at=at)
    if dossier.state in ENDED:
        dossier.pauses.filter(ended_at__isnull=True).update(ended_at=at)
        dossier.ended_at = at


def _stop_clock(dossier: Dossier, *, at: datetime) -> None:
    dossier.due_at = dossier.step_due_at = None
    if dossier.received_at is None or dossier.pauses.filter(ended_at__isnull=True).exists():
        return  # no clock yet, or back in the same pause after a withdrawal was called off
    supplement = dossier.status is State.AWAITING_SUPPLEMENT
    mode = procedures.pausing(dossier.version.spec) if supplement else Pausing.PAUSE
    why = WAITS_FOR_PAPERS if supplement else WAITS_FOR_MONEY
    Pause.objects.create(dossier=dossier, began_at=at, mode=mode, why=why)


def _restart_clock(dossier: Dossier, *, at: datetime) -> None:
    dossier.pauses.filter(ended_at__isnull=True).update(ended_at=at)
    if dossier.received_at is None:
        dossier.step_due_at = queries.after_hours(dossier, hours=ANSWER_TERM.amount, start=at)
        return
    due_at = queries.promise(dossier, received_at=dossier.received_at).due_at
    assert due_at is not None
    # A pause moves the promise with the deadline; the later date of an apology stands.
    late = dossier.promised_at if dossier.postponed else None
    dossier.due_at, dossier.promised_at = due_at, max(due_at, late) if late else due_at
    if dossier.step:
        start_step(dossier, dossier.step, at=at)


def start_step(dossier: Dossier, key: str, *, at: datetime) -> None:
    """Set the present step and its own due time by the office's working hours."""
    step = procedures.step(dossier.version.spec, key)
    dossier.step, dossier.step_role, dossier.step_at = step.key, step.role, at
    dossier.step_due_at = queries.after_hours(dossier, hours=Decimal(step.hours), start=at)
