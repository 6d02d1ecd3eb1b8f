"""Background work: ask the platform, note what it says."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from motcua.base.actor import SYSTEM
from motcua.connectors.payment import Denied, Unavailable
from motcua.connectors.payment.client import platform
from motcua.domain.payments import commands, queries

log = logging.getLogger(__name__)
#: questions without an answer, one after the other: the platform is away
ENOUGH = 3
#: days that are compared every night: one that was missed is made up for
_DAYS = 7


def ask(*, at: datetime, subject: str = "") -> None:
    """Ask about the open payments, all or those of one subject, so that none depends on a browser."""
    misses = 0
    for code in queries.waiting(subject):
        try:
            said = platform().ask(code)
        except Denied as denied:
            log.error("payment platform refused %s: %s", code, denied)
            continue
        except Unavailable:
            misses += 1
            if misses == ENOUGH:
                return
            continue
        misses = 0
        commands.note(said=said, by=SYSTEM, at=at)


def reconcile(*, at: datetime) -> None:
    """Compare yesterday, and the days before it, with the platform's lists (Decree 45/2020/NĐ-CP art. 13).

    Raises while the platform is away, and so is tried again.
    """
    for back in range(_DAYS if settings.PAYMENT_URL else 0, 0, -1):
        day = timezone.localdate(at) - timedelta(days=back)
        rows = platform().day(day)
        for said in rows:
            commands.note(said=said, by=SYSTEM, at=at)
        listed = {said.code for said in rows}
        commands.close_day(day=day, listed=listed, total=sum(said.amount for said in rows), by=SYSTEM, at=at)
