"""Every read of bills; whoever asks has been let in to the subject by the caller."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import override

from motcua.base.actor import Actor, Role
from motcua.base.models import Event
from motcua.domain.payments.events import COMPARED
from motcua.domain.payments.models import Attempt, Bill, Difference
from motcua.domain.payments.rules import METHOD_NAMES, STUCK, Method, Progress, State

#: how many rows of a list are shown, and open payments asked about in one round
_SHOWN, _ROUND = 200, 500


def of(subject: str) -> list[Bill]:
    """List the bills of a subject, oldest first."""
    return list(Bill.objects.filter(subject=subject).order_by("asked_at", "pk"))


def get(subject: str, pk: int) -> Bill:
    """Find one bill inside its subject."""
    return Bill.objects.get(subject=subject, pk=pk)


def due(subject: str) -> int:
    """Sum what is still owed, in đồng; 0 when nothing is."""
    total: int | None = Bill.objects.filter(subject=subject, state=State.ASKED).aggregate(sum=Sum("amount"))[
        "sum"
    ]
    return total or 0


def open_bill(subject: str) -> Bill | None:
    """Give the bill that waits to be paid, if any."""
    return Bill.objects.filter(subject=subject, state=State.ASKED).first()


def receipt(bill: Bill) -> dict[str, Any]:
    """Give what a printed receipt says about a paid bill, in Vietnamese (the slip "payment" of papers)."""
    with override("vi"):
        method = str(METHOD_NAMES[Method(bill.method)])
    return {
        "bill": bill.code,
        "number": bill.receipt_number,
        "lines": bill.lines,
        "amount": bill.amount,
        "words": bill.in_words,
        "method": method,
        "paid_at": bill.paid_at,
        "taken_by": bill.paid_to,
    }


def attempts(subject: str) -> list[Attempt]:
    """List the attempts to pay the bills of a subject online, newest first."""
    return list(Attempt.objects.filter(bill__subject=subject).order_by("-begun_at", "-pk"))


def waiting(subject: str = "") -> list[str]:
    """Give the codes of payments of which nothing is known yet, those of one subject or all, oldest first."""
    found = Attempt.objects.filter(state=Progress.INITIATED)
    if subject:
        found = found.filter(bill__subject=subject)
    return list(found.order_by("begun_at").values_list("code", flat=True)[:_ROUND])


def stuck(actor: Actor, *, at: datetime) -> list[Attempt]:
    """List the payments of which nothing is known for too long."""
    found = Attempt.objects.filter(_within(actor, "bill__agency"), state=Progress.INITIATED)
    return _listed(found.filter(begun_at__lte=at - STUCK).order_by("begun_at"))


def to_refund(actor: Actor) -> list[Attempt]:
    """List the money that came, pays nothing and has to be given back."""
    found = Attempt.objects.filter(_within(actor, "bill__agency"), state=Progress.REFUND)
    return _listed(found.order_by("ended_at"))


def attempt(actor: Actor, pk: int) -> Attempt:
    """Find one attempt at this actor's counter."""
    return Attempt.objects.get(_within(actor, "bill__agency"), pk=pk)


def differences(actor: Actor) -> list[Difference]:
    """List what does not agree and is not settled; what belongs to no bill is everybody's."""
    return list(_differences(actor).filter(closed_at=None).order_by("found_at")[:_SHOWN])


def difference(actor: Actor, pk: int) -> Difference:
    """Find one difference that this actor may settle."""
    return _differences(actor).get(pk=pk)


def last_compared(*, on: date) -> date | None:
    """Give the last day, of the fortnight before this one, that was compared with the platform's list."""
    days = {f"reconciliation:{day:%Y%m%d}": day for day in (on - timedelta(days=n) for n in range(15))}
    done = Event.objects.filter(subject__in=list(days), name=COMPARED).values_list("subject", flat=True)
    return max((days[subject] for subject in done), default=None)


def _differences(actor: Actor) -> QuerySet[Difference]:
    return Difference.objects.filter(_within(actor, "agency") | Q(agency=None))


def _within(actor: Actor, field: str) -> Q:
    return Q() if actor.has(Role.PROVINCE_OFFICE) else Q(**{field: actor.agency or 0})


def _listed(found: QuerySet[Attempt]) -> list[Attempt]:
    return list(found.select_related("bill")[:_SHOWN])
