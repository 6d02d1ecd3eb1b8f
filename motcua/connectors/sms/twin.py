"""A gateway that sends nothing: it keeps the texts it was given and shows them, and misbehaves on demand.

gateway = Twin(); gateway.be(slow=2); with twins.serve(gateway) as url: …
python -m motcua.connectors.sms.twin 127.0.0.1 8200     # for a demonstration; open that address to read
"""

import json
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from html import escape
from typing import Any

from motcua.base import twins
from motcua.base.calendar import ZONE
from motcua.base.twins import Patience

Start = Callable[[str, list[tuple[str, str]]], object]
#: texts that are kept, and bytes of one
_MOST, _LONGEST = 500, 10_000
_PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta http-equiv="refresh" content="5">
<title>Tin nhắn của bản trình diễn</title><style>body{{font:1.1rem/1.5 sans-serif;max-width:40rem;
margin:1rem auto;padding:0 1rem}}article{{border:1px solid #b1b4b6;border-radius:.5rem;padding:.5rem 1rem;
margin:.75rem 0}}p{{margin:.25rem 0}}small{{color:#505a5f}}</style>
<h1>Tin nhắn của bản trình diễn</h1><p>Không tin nào được gửi đi thật. Tin mới nhất ở trên.</p>
{rows}</html>"""
_ROW = "<article><p><b>{to}</b> <small>{at}</small></p><p>{text}</p></article>"


class _Refusal(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True, slots=True)
class Kept:
    """One text in the outbox."""

    id: str
    to: str
    text: str
    at: str


@dataclass
class Twin:
    """The WSGI app."""

    token: str = ""
    #: what phones would have shown, oldest first
    outbox: list[Kept] = field(default_factory=list)
    slow: float = 0
    dead: bool = False
    wrong: bool = False
    #: deliver every text twice, as a gateway does whose own network stuttered
    double: bool = False
    _by_key: dict[str, Kept] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    patience: Patience = field(default_factory=Patience)

    def be(self, *, slow: float = 0, dead: bool = False, wrong: bool = False, double: bool = False) -> None:
        """Misbehave from now on: be late, out of order, answer nonsense, deliver twice; be() behaves."""
        self.slow, self.dead, self.wrong, self.double = slow, dead, wrong, double

    def __call__(self, asked: dict[str, Any], start: Start) -> Iterable[bytes]:
        """Answer one HTTP request."""
        self.patience.wait(self.slow)
        verb, path = asked["REQUEST_METHOD"], asked["PATH_INFO"]
        if verb == "GET" and path == "/":
            rows = "".join(
                _ROW.format(**{name: escape(word) for name, word in asdict(one).items()})
                for one in reversed(self.outbox)
            )
            return _say(start, 200, "text/html; charset=utf-8", _PAGE.format(rows=rows))
        if verb == "GET" and path == "/outbox":
            return _say(start, 200, "application/json", json.dumps([asdict(one) for one in self.outbox]))
        if self.wrong:
            return _say(start, 200, "text/html", "<p>Hệ thống đang bảo trì</p>")
        try:
            if self.dead:
                raise _Refusal(503)
            if verb != "POST" or path != "/messages":
                raise _Refusal(404)
            kept, new = self._take(asked)
            status, said = (202 if new else 200), {"id": kept.id}
        except _Refusal as refusal:
            status, said = refusal.status, {"code": str(refusal.status)}
        return _say(start, status, "application/json", json.dumps(said))

    def _take(self, asked: dict[str, Any]) -> tuple[Kept, bool]:
        if str(asked.get("HTTP_AUTHORIZATION", "")).removeprefix("Bearer").strip() != self.token:
            raise _Refusal(401)
        key = str(asked.get("HTTP_IDEMPOTENCY_KEY", ""))
        to, text = _read(asked)
        if not 16 <= len(key) <= 100:
            raise _Refusal(400)
        with self._lock:
            if known := self._by_key.get(key):
                if (known.to, known.text) != (to, text):
                    raise _Refusal(409)
                return known, False
            at = f"{datetime.now(ZONE):%H:%M:%S %d/%m/%Y}"
            kept = Kept(id=str(len(self._by_key) + 1), to=to, text=text, at=at)
            self._by_key[key] = kept
            self.outbox += [kept] * (2 if self.double else 1)
            del self.outbox[:-_MOST]
        return kept, True


def _read(asked: dict[str, Any]) -> tuple[str, str]:
    length = str(asked.get("CONTENT_LENGTH") or "0")
    if not length.isdecimal() or int(length) > _LONGEST:
        raise _Refusal(413)
    try:
        said = json.loads(asked["wsgi.input"].read(int(length)))
        to, text = said["to"], said["text"]
    except (ValueError, RecursionError, KeyError, TypeError) as error:
        raise _Refusal(400) from error
    if not (isinstance(to, str) and to.isascii() and to.isdigit() and 9 <= len(to) <= 15):
        raise _Refusal(400)
    if not (isinstance(text, str) and 0 < len(text) <= 500):
        raise _Refusal(400)
    return to, text


def _say(start: Start, status: int, kind: str, words: str) -> list[bytes]:
    start(f"{status} Answer", [("Content-Type", kind), ("Cache-Control", "no-store")])
    return [words.encode()]


if __name__ == "__main__":
    twins.serve_until_stopped(Twin(), *sys.argv[1:3])
