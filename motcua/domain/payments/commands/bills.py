"""Every write of bills; whether the subject owes anything now is the caller's rule."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.base import events, numbers
from motcua.base.actor import Actor
from motcua.base.errors import Refused
from motcua.domain.payments import rules
from motcua.domain.payments.events import ASKED, PAID, VOIDED
from motcua.domain.payments.models import Bill
from motcua.domain.payments.rules import Line, Method, State


@transaction.atomic
def ask(*, subject: str, lines: Sequence[Line], by: Actor, at: datetime, agency: int | None = None) -> Bill:
    """Ask for money; the same lines again, while they are unpaid, are the same bill."""
    if reason := rules.why_not_ask(lines):
        raise Refused(reason)
    events.hold(subject)
    rows = [{"name": i.name, "kind": i.kind, "amount": i.amount, "law": i.law} for i in lines]
    if unpaid := Bill.objects.filter(subject=subject, state=State.ASKED).first():
        if unpaid.lines == rows:
            return unpaid
        raise Refused(_("Hồ sơ còn một khoản chưa thanh toán. Hãy thu hoặc hủy khoản đó trước."))
    bill = Bill.objects.create(
        subject=subject,
        code="".join(secrets.choice(rules.CODE_SIGNS) for _sign in range(10)),
        lines=rows,
        amount=sum(line.amount for line in lines),
        agency=agency or by.agency,
        asked_at=at,
    )
    _record(ASKED, bill, by=by, at=at)
    return bill


@transaction.atomic
def pay(
    *, bill: Bill, method: Method, reference: str, by: Actor, at: datetime, amount: int | None = None
) -> Bill:
    """Note that a bill was paid in full and number the receipt; the same reference twice is one payment.

    Without an `amount` the clerk vouches for the whole sum.
    """
    events.hold(bill.subject)
    bill = Bill.objects.select_for_update().get(pk=bill.pk)
    reference = reference.strip()
    if not reference:
        raise Refused(_("Hãy ghi số chứng từ hoặc mã giao dịch."))
    if bill.state == State.PAID and bill.reference == reference and bill.method == method:
        return bill
    paid = bill.amount if amount is None else amount
    if reason := rules.why_not_pay(state=bill.state, method=method, amount=paid, due=bill.amount, by=by):
        raise Refused(reason)
    _refuse_used(reference)
    bill.state, bill.method, bill.reference = State.PAID, method, reference
    bill.paid_at, bill.paid_to = at, by.name
    bill.receipt_agency = by.agency or bill.agency
    bill.receipt_number = _receipt_number(bill.receipt_agency, timezone.localtime(at).year)
    bill.save()
    _record(PAID, bill, by=by, at=at, method=str(method), receipt=bill.receipt_number)
    return bill


@transaction.atomic
def void(*, bill: Bill, reason: str, by: Actor, at: datetime) -> Bill:
    """Cancel a bill that was not paid, with a reason; a second time changes nothing."""
    events.hold(bill.subject)
    bill = Bill.objects.select_for_update().get(pk=bill.pk)
    if bill.state == State.VOID:
        return bill
    if why_not := rules.why_not_void(state=bill.state, reason=reason, by=by):
        raise Refused(why_not)
    bill.state, bill.void_at, bill.void_reason = State.VOID, at, reason.strip()[:500]
    bill.save()
    _record(VOIDED, bill, by=by, at=at, note=bill.void_reason)
    return bill


def _refuse_used(reference: str) -> None:
    # One transfer pays one bill: two people noting the same one wait for each other here.
    events.hold(f"payment-reference:{reference}")
    if Bill.objects.filter(reference=reference).exists():
        raise Refused(_("Số chứng từ hoặc mã giao dịch này đã dùng cho một khoản khác."))


def _receipt_number(agency: int | None, year: int) -> str:
    return f"{numbers.take(f'receipt:{agency or 0}:{year}'):07d}/{year}"


def _record(name: str, bill: Bill, *, by: Actor, at: datetime, note: str = "", **more: str) -> None:
    data = {"bill": bill.pk, "code": bill.code, "amount": bill.amount, **more}
    events.record(name, subject=bill.subject, by=by, at=at, note=note, data=data)
