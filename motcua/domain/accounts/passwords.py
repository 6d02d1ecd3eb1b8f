"""Hashing of passwords (argon2id) by a few threads that give way to all others, behind a short queue.

A storm of log-ins can then neither stop the other pages nor slow them much.
"""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from motcua.base.errors import Refused
from motcua.domain.accounts.rules.accounts import canonical

T = TypeVar("T")

#: who may be inside: fewer than the threads of the site (base/run.py), so that a storm leaves some
PLACES = 18
#: hashed at once; seconds that one waits; how far the hashing threads step back (nice)
AT_WORK, PATIENCE, STEP_BACK = min(os.cpu_count() or 1, PLACES), 5.0, 10

_inside = threading.BoundedSemaphore(PLACES)


class Busy(Refused):
    """Too many people are logging in at this moment; the answer is 503 with Retry-After."""

    def __init__(self) -> None:
        super().__init__(_("Nhiều người đang đăng nhập cùng lúc. Hãy thử lại sau ít giây."))


@contextmanager
def place() -> Iterator[None]:
    """Take a place among those who may wait for a hash, or raise Busy at once: turning away costs nothing."""
    if not _inside.acquire(blocking=False):
        raise Busy
    try:
        yield
    finally:
        _inside.release()


def hashed(password: str) -> str:
    """Hash a new password."""
    with place():
        return _in_turn(lambda: _hasher().hash(canonical(password)))


def matches(password: str, kept: str) -> bool:
    """Check a typed password, in a place; an empty `kept` costs the same time and never matches."""
    try:
        return _in_turn(lambda: _hasher().verify(kept or _nobodys(), canonical(password))) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False


def outdated(kept: str) -> bool:
    """Tell whether a hash was made with weaker settings than today's."""
    return _hasher().check_needs_rehash(kept)


def _in_turn(work: Callable[[], T]) -> T:
    waiting = _pool().submit(work)
    try:
        return waiting.result(PATIENCE)
    except TimeoutError as late:
        waiting.cancel()
        raise Busy from late


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_WORK, "passwords", initializer=_step_back)


def _step_back() -> None:
    # Linux knows the priority of a single thread; a system that does not must still let people in.
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), STEP_BACK)


@cache
def _hasher() -> PasswordHasher:
    cost = settings.IDENTITY_ARGON2
    return PasswordHasher(
        time_cost=cost["time_cost"], memory_cost=cost["memory_cost"], parallelism=cost["parallelism"]
    )


@cache
def _nobodys() -> str:
    return _hasher().hash(os.urandom(16).hex())
