"""Paying online: beginning, and noting what the platform says, whoever made us ask."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from motcua.base import events
from motcua.base.actor import Actor
from motcua.base.errors import Refused
from motcua.connectors.payment import Said
from motcua.connectors.payment import State as Word
from motcua.domain.payments import rules
from motcua.domain.payments.commands.bills import pay
from motcua.domain.payments.commands.comparing import find
from motcua.domain.payments.events import BEGUN, CAME, EXPIRED, FAILED, REFUNDED, SURPLUS
from motcua.domain.payments.models import Attempt, Bill
from motcua.domain.payments.rules import Method, Mismatch, Progress, Surplus


@transaction.atomic
def begin(*, bill: Bill, case: str, by: Actor, at: datetime) -> Attempt:
    """Begin to pay a bill online; while one attempt is open it is the same one, so nobody pays twice."""
    events.hold(bill.subject)
    bill = Bill.objects.select_for_update().get(pk=bill.pk)
    if reason := rules.why_not_begin(state=bill.state):
        raise Refused(reason)
    if begun := Attempt.objects.filter(bill=bill, state=Progress.INITIATED).first():
        return begun
    attempt = Attempt.objects.create(bill=bill, code=_code(case, at), amount=bill.amount, begun_at=at)
    _record(BEGUN, attempt, bill, by=by, at=at)
    return attempt


@transaction.atomic
def note(*, said: Said, by: Actor, at: datetime) -> Attempt | None:
    """Note what the platform says of a payment; the same word twice is one, and no money is ever lost.

    None when we know no such code; money under it is then kept as a difference.
    """
    known = Attempt.objects.filter(code=said.code).select_related("bill").first()
    if known is None:
        if said.state is Word.PAID:
            _differ(Mismatch.UNKNOWN, said, by=by, at=at)
        return None
    events.hold(known.bill.subject)
    attempt = Attempt.objects.select_for_update().get(pk=known.pk)
    bill = Bill.objects.select_for_update().get(pk=known.bill_id)
    if said.state is Word.PAID:
        _take(attempt, bill, said, by=by, at=at)
    elif attempt.state == Progress.INITIATED:
        _end(attempt, bill, said, by=by, at=at)
    return attempt


@transaction.atomic
def refund(*, attempt: Attempt, how: str, by: Actor, at: datetime) -> Attempt:
    """Note that money which paid nothing was given back, and how."""
    known = Attempt.objects.select_related("bill").get(pk=attempt.pk)
    events.hold(known.bill.subject)
    attempt = Attempt.objects.select_for_update().get(pk=attempt.pk)
    if reason := rules.why_not_refund(progress=attempt.state, how=how, by=by):
        raise Refused(reason)
    attempt.state, attempt.refunded_at, attempt.refunded_how = Progress.REFUNDED, at, how.strip()[:200]
    attempt.save()
    _record(REFUNDED, attempt, known.bill, by=by, at=at, note=attempt.refunded_how)
    return attempt


def _code(case: str, at: datetime) -> str:
    second = timezone.localtime(at)
    while Attempt.objects.filter(code=f"{case}{second:%Y%m%d%H%M%S}").exists():
        second += timedelta(seconds=1)
    return f"{case}{second:%Y%m%d%H%M%S}"


def _take(attempt: Attempt, bill: Bill, said: Said, *, by: Actor, at: datetime) -> None:
    if attempt.received is not None:
        if (attempt.received, attempt.reference) != (said.amount, said.reference):
            _differ(Mismatch.AGAIN, said, by=by, at=at, ours=attempt.received, agency=bill.agency)
        return
    why = rules.surplus(state=bill.state, amount=said.amount, due=bill.amount)
    if why is None:
        try:
            pay(
                bill=bill,
                method=Method.ONLINE,
                reference=said.reference,
                amount=said.amount,
                by=by,
                at=at,
            )
        except Refused:
            # State and sum were looked at above: what is left is a number that paid another bill.
            why = Surplus.REFERENCE
    attempt.received, attempt.reference, attempt.paid_at = said.amount, said.reference, said.paid_at
    attempt.ended_at, attempt.why = at, why or ""
    attempt.state = Progress.REFUND if why else Progress.PAID
    attempt.save()
    with override("vi"):  # the log speaks Vietnamese, whoever's screen made us ask
        reason = str(rules.SURPLUS_NAMES[why]) if why else ""
    _record(SURPLUS if why else CAME, attempt, bill, by=by, at=at, note=reason)


def _end(attempt: Attempt, bill: Bill, said: Said, *, by: Actor, at: datetime) -> None:
    ended = rules.gone(failed=said.state is Word.FAILED, age=at - attempt.begun_at)
    if ended is None:
        return
    attempt.state, attempt.ended_at = ended, at
    attempt.save()
    _record(FAILED if ended is Progress.FAILED else EXPIRED, attempt, bill, by=by, at=at)


def _differ(
    kind: Mismatch,
    said: Said,
    *,
    by: Actor,
    at: datetime,
    ours: int | None = None,
    agency: int | None = None,
) -> None:
    assert said.paid_at is not None
    find(
        kind=kind,
        code=said.code,
        day=timezone.localdate(said.paid_at),
        ours=ours,
        theirs=said.amount,
        reference=said.reference,
        agency=agency,
        by=by,
        at=at,
    )


def _record(name: str, attempt: Attempt, bill: Bill, *, by: Actor, at: datetime, note: str = "") -> None:
    data = {"attempt": attempt.pk, "code": attempt.code, "bill": bill.pk, "amount": attempt.amount}
    if attempt.received is not None:
        data["received"] = attempt.received
    events.record(name, subject=bill.subject, by=by, at=at, note=note, data=data)
