"""Paying online: how sure the log-in must be, the order that the platform gets, what the payer is told."""

import logging
from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

import segno
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from motcua.base.actor import Actor
from motcua.base.web import Request
from motcua.connectors.payment import Denied, Item, Order, Unavailable
from motcua.connectors.payment.client import platform
from motcua.domain.agencies import queries as agencies
from motcua.domain.dossiers.models import Dossier
from motcua.domain.payments import commands, vietqr
from motcua.domain.payments.models import Attempt, Bill
from motcua.domain.payments.rules import LIFE, Progress
from motcua.domain.payments.rules import State as Standing

log = logging.getLogger(__name__)


def unsure(request: Request, dossier: Dossier) -> HttpResponse | None:
    """Lead whoever is logged in too weakly, or too long ago, to a better log-in; None for the rest."""
    level, fresh = dossier.version.spec.assurance, settings.PAYMENT_FRESH
    if request.actor.assurance >= level and request.actor.proved_within(fresh, at=timezone.now()):
        return None
    minutes = int(fresh.total_seconds() // 60)
    wanted = {"muc": str(level), "moi": str(minutes), "next": request.path}
    return redirect(f"{settings.LOGIN_URL}?{urlencode(wanted)}")


def begin(dossier: Dossier, bill: Bill, *, by: Actor, at: datetime) -> str:
    """Begin to pay and give the address of the payer's page, or nothing while the platform is away."""
    attempt = commands.begin(bill=bill, case=str(dossier.code), by=by, at=at)
    try:
        return platform().begin(_order(dossier, bill, attempt))
    except Unavailable:
        return ""
    except Denied as denied:
        log.error("payment platform refused order %s: %s", attempt.code, denied)
        return ""


def _order(dossier: Dossier, bill: Bill, attempt: Attempt) -> Order:
    return Order(
        code=attempt.code,
        dossier=str(dossier.code),
        procedure=dossier.version.code,
        procedure_name=dossier.version.spec.title.vi,
        agency=dossier.desk.dossier_prefix,
        agency_name=dossier.desk.name,
        payer=dossier.applicant_name,
        items=tuple(Item(line["kind"], line["name"], line["amount"]) for line in bill.lines),
        until=attempt.begun_at + LIFE,
        back=settings.PROVINCE_URL + reverse("citizen:paid", args=[dossier.code]),
        notice=settings.PROVINCE_URL + reverse("citizen:payment_notice"),
    )


def symbol(dossier: Dossier, bill: Bill | None, *, on: date) -> bytes:
    """Draw the VietQR symbol of a bill as SVG; 404 when nothing is due or no account is known."""
    account = agencies.bank_account(dossier.desk, on=on)
    if bill is None or account is None:
        raise Http404
    words = vietqr.symbol(
        bank=account.bank_code, account=account.number, amount=bill.amount, purpose=bill.code
    )
    drawn = BytesIO()
    segno.make_qr(words, error="m").save(drawn, kind="svg", scale=4, border=4, light="#fff")
    return drawn.getvalue()


def told(bills: Sequence[Bill], attempts: Sequence[Attempt]) -> dict[str, Any]:
    """Say whether something can be paid online, and how the last attempt stands."""
    due = next((bill for bill in bills if bill.state == Standing.ASKED), None)
    tried = [each for each in attempts if due and each.bill_id == due.pk]
    last = tried[0] if tried else None
    return {
        "payable": due if settings.PAYMENT_URL else None,
        "open_attempt": last if last and last.state == Progress.INITIATED else None,
        "failed_attempt": last if last and last.state in (Progress.FAILED, Progress.EXPIRED) else None,
        "refunds": [each for each in attempts if each.state in (Progress.REFUND, Progress.REFUNDED)],
    }
