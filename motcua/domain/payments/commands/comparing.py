"""Comparing a day's payments with the platform's list (Decree 45/2020/NĐ-CP art. 13)."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from motcua.base import events
from motcua.base.actor import Actor
from motcua.base.errors import Refused
from motcua.domain.payments import rules
from motcua.domain.payments.events import CLOSED, COMPARED, FOUND
from motcua.domain.payments.models import Attempt, Difference
from motcua.domain.payments.rules import Mismatch


@transaction.atomic
def find(
    *,
    kind: Mismatch,
    code: str,
    day: date,
    ours: int | None,
    theirs: int | None,
    reference: str,
    agency: int | None,
    by: Actor,
    at: datetime,
) -> Difference:
    """Keep what does not agree, once, until somebody says how it was settled."""
    found, new = Difference.objects.get_or_create(
        kind=kind,
        code=code,
        reference=reference,
        defaults={"day": day, "ours": ours, "theirs": theirs, "agency": agency, "found_at": at},
    )
    if new:
        data = {"difference": found.pk, "kind": str(kind), "code": code, "ours": ours, "theirs": theirs}
        events.record(FOUND, subject=found.subject, by=by, at=at, data=data)
    return found


@transaction.atomic
def close_day(*, day: date, listed: Collection[str], total: int, by: Actor, at: datetime) -> int:
    """Finish comparing a day whose list was noted: what only we have is a difference. Gives how many."""
    subject = f"reconciliation:{day:%Y%m%d}"
    events.hold(subject)
    began = timezone.make_aware(datetime.combine(day, time()))
    ours = Attempt.objects.filter(paid_at__gte=began, paid_at__lt=began + timedelta(days=1))
    missing = ours.exclude(code__in=listed).select_related("bill")
    for attempt in missing:
        find(
            kind=Mismatch.MISSING,
            code=attempt.code,
            day=day,
            ours=attempt.received,
            theirs=None,
            reference=attempt.reference,
            agency=attempt.bill.agency,
            by=by,
            at=at,
        )
    differing = Difference.objects.filter(day=day).count()
    data = {"payments": len(listed), "amount": total, "differences": differing}
    done = [event.data for event in events.history(subject) if event.name == COMPARED]
    if data not in done[-1:]:
        events.record(COMPARED, subject=subject, by=by, at=at, data=data)
    return differing


@transaction.atomic
def close(*, difference: Difference, how: str, by: Actor, at: datetime) -> Difference:
    """Say how a difference was settled; a second time changes nothing."""
    difference = Difference.objects.select_for_update().get(pk=difference.pk)
    if reason := rules.why_not_close(how=how, by=by):
        raise Refused(reason)
    if difference.closed_at is None:
        difference.closed_at, difference.closed_how = at, how.strip()[:500]
        difference.save()
        data = {"difference": difference.pk, "code": difference.code}
        note = difference.closed_how
        events.record(CLOSED, subject=difference.subject, by=by, at=at, note=note, data=data)
    return difference
