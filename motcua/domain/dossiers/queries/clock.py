"""The clock of a dossier: what the one deadline function says of it, and what the rules need to know."""

from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext

from motcua.base.actor import Role
from motcua.base.calendar import working_minutes
from motcua.base.deadline import Deadline, Line, Pausing, Term, Unit, deadline
from motcua.base.deadline import Pause as Stop
from motcua.domain.agencies import queries as agencies
from motcua.domain.dossiers.models import Dossier, Handing, RegisterCheck
from motcua.domain.dossiers.rules import Facts
from motcua.domain.payments import queries as payments
from motcua.domain.procedures import rules as procedures

#: an online dossier is accepted or sent back within 8 working hours (ND 45/2020 art. 11.4)
ANSWER_TERM = Term(amount=Decimal(8), unit=Unit.HOUR, law="Nghị định 45/2020/NĐ-CP, Điều 11 khoản 4")


def promise(dossier: Dossier, *, received_at: datetime) -> Deadline:
    """Compute when the result is due, with the reasons line by line; due_at is None while a pause is open."""
    pauses = [
        Stop(began_at=p.began_at, ended_at=p.ended_at, mode=Pausing(p.mode), why=gettext(p.why))
        for p in dossier.pauses.order_by("began_at")
    ]
    return deadline(
        received_at=received_at,
        term=procedures.term(dossier.version.spec, dossier.answers, on=timezone.localdate(received_at)),
        pauses=pauses,
        calendar=agencies.calendar(dossier.agency_id),
    )


def explained(dossier: Dossier) -> Deadline | None:
    """Explain the due time of a received dossier, or None when the clock has not started.

    What was promised stands when the calendar is changed afterwards; the last line then says so.
    """
    if dossier.received_at is None:
        return None
    counted = promise(dossier, received_at=dossier.received_at)
    if dossier.due_at is None or counted.due_at in (None, dossier.due_at):
        return counted
    kept = f"{timezone.localtime(dossier.due_at):%H:%M %d/%m/%Y}"
    text = gettext("Lịch làm việc đã thay đổi sau khi hẹn; hạn đã hẹn %(due_at)s vẫn được giữ.")
    line = Line(dossier.due_at, text % {"due_at": kept})
    return Deadline(dossier.due_at, (*counted.lines, line))


def expected(dossier: Dossier, *, at: datetime) -> Deadline:
    """Say when the result would be due if the dossier were received now."""
    return promise(dossier, received_at=at)


def after_hours(dossier: Dossier, *, hours: Decimal, start: datetime) -> datetime:
    """Count working hours of the dossier's agency from a start, for steps and for answering filings."""
    term = Term(amount=hours, unit=Unit.HOUR)
    due = deadline(
        received_at=start, term=term, pauses=(), calendar=agencies.calendar(dossier.agency_id)
    ).due_at
    assert due is not None
    return due


def minutes_left(dossier: Dossier, *, at: datetime) -> int | None:
    """Count the working minutes until it is due, negative when late, None while the clock stands."""
    if dossier.due_at is None:
        return None
    calendar = agencies.calendar(dossier.agency_id)
    if dossier.due_at >= at:
        return working_minutes(calendar, at, dossier.due_at)
    return -working_minutes(calendar, dossier.due_at, at)


def facts(dossier: Dossier, *, at: datetime | None = None) -> Facts:
    """Gather what the rules need to know of a dossier (one query for bills, one for supplements).

    Without a time nothing counts as left unanswered.
    """
    spec = dossier.version.spec
    step = procedures.step(spec, dossier.step) if dossier.step else None
    asked = list(dossier.supplements.all())
    return Facts(
        state=dossier.status,
        step_role=Role(step.role) if step else None,
        first_step=step is None or step.key == procedures.first_step(spec).key,
        last_step=step is not None and procedures.next_step(spec, step.key, dossier.answers) is None,
        fee_due=payments.due(dossier.subject) if dossier.submitted_at else 0,
        register_pending=dossier.register_check == RegisterCheck.PENDING,
        postponed=dossier.postponed,
        electronic=dossier.handing == Handing.ELECTRONIC,
        supplements=len(asked),
        unanswered=at is not None and any(one.overdue(timezone.localdate(at)) for one in asked),
    )
