"""Hashing of passwords (argon2id), a few at a time, so that a storm of log-ins cannot stop the rest."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from motcua.base.errors import Refused
from motcua.domain.accounts.rules.accounts import canonical

#: together fewer than the threads of the site (base/run.py), so that a storm leaves some for other pages
_INSIDE = 18
#: at work at once; waiting besides; seconds that one waits
AT_WORK = min(os.cpu_count() or 1, _INSIDE)
WAITING = _INSIDE - AT_WORK
PATIENCE = 5.0

_working = BoundedSemaphore(AT_WORK)
_inside = BoundedSemaphore(AT_WORK + WAITING)


class Busy(Refused):
    """Too many people are logging in at this moment; the answer is 503 with Retry-After."""

    def __init__(self) -> None:
        super().__init__(_("Nhiều người đang đăng nhập cùng lúc. Hãy thử lại sau ít giây."))


def hashed(password: str) -> str:
    """Hash a new password."""
    with _turn():
        return _hasher().hash(canonical(password))


def matches(password: str, kept: str) -> bool:
    """Check a typed password; an empty `kept` costs the same time and never matches."""
    with _turn():
        try:
            return _hasher().verify(kept or _nobodys(), canonical(password)) and bool(kept)
        except (VerificationError, InvalidHashError):
            return False


def outdated(kept: str) -> bool:
    """Tell whether a hash was made with weaker settings than today's."""
    return _hasher().check_needs_rehash(kept)


@contextmanager
def _turn() -> Iterator[None]:
    if not _inside.acquire(blocking=False):
        raise Busy
    try:
        if not _working.acquire(timeout=PATIENCE):
            raise Busy
        try:
            yield
        finally:
            _working.release()
    finally:
        _inside.release()


@cache
def _hasher() -> PasswordHasher:
    cost = settings.IDENTITY_ARGON2
    return PasswordHasher(
        time_cost=cost["time_cost"], memory_cost=cost["memory_cost"], parallelism=cost["parallelism"]
    )


@cache
def _nobodys() -> str:
    return _hasher().hash(os.urandom(16).hex())
