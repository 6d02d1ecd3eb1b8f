"""Fetching signed heads and proofs of the register's usage ledger: public, so without a credential."""

import json
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeGuard

import httpx
from django.conf import settings

from motcua.base import jose
from motcua.connectors.ledger import LOG, Forged, Head, Unavailable

#: bytes; a proof is a fiftieth of it
_LONGEST = 200_000


@dataclass(frozen=True, slots=True)
class Ledger:
    """One ledger and how long to wait for it."""

    url: str
    timeout: float
    http: httpx.Client

    def newest(self) -> Head | None:
        """Fetch the newest head, None while nothing was ever signed; raises Unavailable or Forged."""
        status, said = self._get("get-sth")
        if status == 404:
            return None
        token, key = said.get("sth"), said.get("key")
        if status != 200 or not isinstance(token, str) or not isinstance(key, dict):
            raise Unavailable("wrong_shape")
        try:
            claims = jose.opened(token, [key])
        except jose.BadToken as why:
            raise Forged(str(why)) from why
        size, root, at = claims.get("size"), claims.get("root"), claims.get("iat")
        if claims.get("log") != LOG or not _is_size(size) or not _is_hash(root) or not _is_size(at):
            raise Forged("not a head of this log")
        return Head(size=size, root=root, at=at, token=token, key=jose.public(key))

    def consistency(self, first: int, second: int) -> list[bytes]:
        """Fetch the proof that the tree of one size begins with that of another; raises Unavailable."""
        status, said = self._get("get-sth-consistency", first=first, second=second)
        path = said.get("consistency")
        if status != 200 or not isinstance(path, list) or not all(_is_hash(step) for step in path):
            raise Unavailable("wrong_shape")
        return [bytes.fromhex(step) for step in path]

    def _get(self, what: str, **words: int) -> tuple[int, dict[str, Any]]:
        until, received = time.monotonic() + self.timeout, bytearray()
        try:
            with self.http.stream("GET", f"{self.url}/{what}", params=words) as answer:
                for part in answer.iter_bytes():
                    received += part
                    if time.monotonic() > until or len(received) > _LONGEST:
                        raise Unavailable("too_slow_or_long")
            said = json.loads(received)
        except httpx.HTTPError as error:
            raise Unavailable(type(error).__name__) from error
        except (ValueError, RecursionError) as error:
            raise Unavailable("wrong_shape") from error
        if not isinstance(said, dict):
            raise Unavailable("wrong_shape")
        return answer.status_code, said


def _is_size(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**62


def _is_hash(value: Any) -> TypeGuard[str]:
    return isinstance(value, str) and len(value) == 64 and not value.strip("0123456789abcdef")


@lru_cache(maxsize=4)
def _ledger(url: str, timeout: float) -> Ledger:
    http = httpx.Client(timeout=timeout, follow_redirects=False, trust_env=False)
    return Ledger(url, timeout, http)


def ledger() -> Ledger:
    """Give the ledger that the settings name."""
    return _ledger(settings.LEDGER_URL, settings.LEDGER_TIMEOUT)
