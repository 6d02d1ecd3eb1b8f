"""Every read of bills; whoever asks has been let in to the subject by the caller."""

from typing import Any

from django.db.models import Sum
from django.utils.translation import override

from motcua.domain.payments.models import Bill
from motcua.domain.payments.rules import METHOD_NAMES, Method, State


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
