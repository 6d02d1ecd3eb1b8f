"""Finding devices that wait to be let in by another."""

from datetime import datetime

from django.db.models import QuerySet

from motcua.domain.accounts.models import Pairing
from motcua.domain.accounts.rules.pairing import LIFE


def pairings(*, at: datetime) -> QuerySet[Pairing]:
    """List those whose time is not over."""
    live = Pairing.objects.filter(made_at__gt=at - LIFE)
    return live.select_related("request__client", "session__account")


def pairing(key: str, *, at: datetime) -> Pairing | None:
    """Find the waiting device whose picture a phone has read."""
    return pairings(at=at).filter(key=key).first() if "\0" not in key else None


def pairing_here(holder: str, *, at: datetime) -> Pairing | None:
    """Find what this browser itself waits for."""
    return pairings(at=at).filter(holder=holder).first() if holder else None
