"""A connected system that takes logout tokens, and can be told to be slow, dead or wrong.

system = Twin(keys=…); system.be(dead=True); with serve(system) as url: …
"""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from motcua.base import jose, twins
from motcua.base.twins import Patience

EVENT = "http://schemas.openid.net/event/backchannel-logout"


@dataclass
class Twin:
    """The WSGI app."""

    #: the provider's public keys, as they are now
    keys: Callable[[], list[dict[str, Any]]]
    issuer: str
    client_id: str
    #: sessions that it was told to end, in order
    told: list[str] = field(default_factory=list)
    slow: float = 0
    dead: bool = False
    wrong: bool = False
    _seen: set[str] = field(default_factory=set)
    patience: Patience = field(default_factory=Patience)

    def be(self, *, slow: float = 0, dead: bool = False, wrong: bool = False) -> None:
        """Misbehave from now on: be late, out of order, refuse what is right; be() behaves."""
        self.slow, self.dead, self.wrong = slow, dead, wrong

    def __call__(self, asked: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
        """Answer one HTTP request."""
        self.patience.wait(self.slow)
        if self.dead:
            return _say(start, "503 Service Unavailable", {})
        size = int(asked.get("CONTENT_LENGTH") or 0)
        words = parse_qs(asked["wsgi.input"].read(size).decode())
        if self.wrong or not self._take(words.get("logout_token", [""])[0]):
            return _say(start, "400 Bad Request", {"error": "invalid_request"})
        return _say(start, "200 OK", {})

    def _take(self, token: str) -> bool:
        try:
            claims = jose.opened(token, self.keys(), types=("logout+jwt",))
            jose.check_times(claims, at=datetime.now(UTC), skew=60, longest=300)
        except jose.BadToken:
            return False
        right = (
            (claims.get("iss"), claims.get("aud")) == (self.issuer, self.client_id)
            and claims.get("events") == {EVENT: {}}
            and "nonce" not in claims
            and claims.get("jti") not in self._seen
        )
        if right:
            self._seen.add(claims["jti"])
            self.told.append(claims["sid"])
        return right


def _say(start: Callable[..., object], status: str, words: dict[str, str]) -> list[bytes]:
    start(status, [("Content-Type", "application/json"), ("Cache-Control", "no-store")])
    return [json.dumps(words).encode()]


@contextmanager
def serve(system: Twin) -> Iterator[str]:
    """Serve a twin on a free loopback port and give its address."""
    with twins.serve(system) as address:
        yield f"{address}/"
