"""Reading recoveries."""

from datetime import datetime

from django.db.models import QuerySet

from motcua.base import secrets
from motcua.base.actor import Actor
from motcua.domain.accounts.models import Account, Recovery
from motcua.domain.accounts.queries.accounts import account_by_number, own, visible
from motcua.domain.accounts.rules.accounts import State
from motcua.domain.accounts.rules.recovery import CODE_LIFE


def recovery(account: Account) -> Recovery | None:
    """Find the recovery that waits on an account."""
    return Recovery.objects.filter(account=account, ended_at=None).first()


def own_recovery(actor: Actor) -> Recovery | None:
    """Find the recovery that waits on one's own account."""
    return Recovery.objects.filter(account__in=own(actor), ended_at=None).first()


def recoveries(actor: Actor) -> QuerySet[Recovery]:
    """List the recoveries that wait on accounts that somebody may see."""
    return Recovery.objects.filter(account__in=visible(actor), ended_at=None)


def ripe(*, at: datetime) -> QuerySet[Recovery]:
    """List the recoveries that have cooled and whose code is not sent yet; a locked account gets none."""
    cooled = Recovery.objects.filter(ended_at=None, code_hash=None, ready_at__lte=at)
    return cooled.filter(ready_at__gte=at - CODE_LIFE, account__state=State.ACTIVE).order_by("pk")


def stale(*, at: datetime) -> QuerySet[Recovery]:
    """List the recoveries whose code nobody used in time."""
    return Recovery.objects.filter(ended_at=None, ready_at__lt=at - CODE_LIFE)


def recovery_by_code(number: str, typed: str, *, at: datetime) -> Recovery | None:
    """Find the recovery that a number and the code sent for it finish."""
    account = account_by_number(number)
    found = recovery(account) if account else None
    if found is None or found.code_hash is None or at > found.ready_at + CODE_LIFE:
        return None
    hashes = secrets.blinds(typed, place=place_of_recovery_codes(found))
    return found if bytes(found.code_hash) in hashes else None


def place_of_recovery_codes(recovery: Recovery) -> str:
    """Give the place under which the code of a recovery is hashed."""
    return f"accounts_recovery_code:{recovery.pk}"
