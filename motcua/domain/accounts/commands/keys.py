"""The provider's signing keys: made, taking turns, forgotten."""

import json
from datetime import datetime, timedelta

from django.db import connection, transaction

from motcua.base import events, jose, secrets
from motcua.base.actor import Actor
from motcua.domain.accounts.events import KEYS_ROTATED
from motcua.domain.accounts.models import SigningKey

#: long after the last token of an old key has expired and every client has read the keys again
MEMORY = timedelta(days=2)
_LOCK = 0x4B455953


@transaction.atomic
def ensure_keys(*, by: Actor, at: datetime) -> None:
    """Make the current key and the next one when they are not there yet."""
    if SigningKey.objects.exclude(turn=SigningKey.Turn.OLD).count() < 2:
        _turn(by=by, at=at, rotate=False)


@transaction.atomic
def rotate_keys(*, by: Actor, at: datetime) -> None:
    """Let the next key sign from now on; clients have known it since it was made."""
    _turn(by=by, at=at, rotate=True)


def _turn(*, by: Actor, at: datetime, rotate: bool) -> None:
    with connection.cursor() as cursor:
        # There may be no row yet to lock.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    turns = SigningKey.Turn
    if rotate:
        SigningKey.objects.filter(turn=turns.CURRENT).update(turn=turns.OLD, turned_at=at)
        SigningKey.objects.filter(turn=turns.NEXT).update(turn=turns.CURRENT, turned_at=at)
        SigningKey.objects.filter(turn=turns.OLD, turned_at__lt=at - MEMORY).delete()
    have = set(SigningKey.objects.exclude(turn=turns.OLD).values_list("turn", flat=True))
    missing = [turn for turn in (turns.CURRENT, turns.NEXT) if turn not in have]
    for turn in missing:
        key = jose.new_key()
        SigningKey.objects.create(
            kid=key["kid"],
            turn=turn,
            public=jose.public(key),
            private=secrets.seal(json.dumps(key), place=f"accounts_signing_key:{key['kid']}"),
            made_at=at,
            turned_at=at,
        )
    if missing:
        events.record(KEYS_ROTATED, subject="keys:provider", by=by, at=at)
