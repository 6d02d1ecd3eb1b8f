"""A ledger that speaks the real one's wire format and can be told to lie: the witness must find it out.

ledger = Twin(); ledger.grow(5); ledger.rewrite(2); with serve(ledger) as url: …
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from motcua.base import jose, merkle, twins
from motcua.base.twins import Patience
from motcua.connectors.ledger import LOG

Start = Callable[[str, list[tuple[str, str]]], object]


@dataclass
class Twin:
    """The WSGI app; its rows are only hashes."""

    leaves: list[bytes] = field(default_factory=list)
    key: dict[str, Any] = field(default_factory=jose.new_key)
    #: seconds since 1970 that heads are signed at
    at: int = 1_795_400_000
    slow: float = 0
    dead: bool = False
    #: what to answer instead of the truth: "html", "list", "unsigned", "other_log", "path"
    wrong: str = ""
    patience: Patience = field(default_factory=Patience)

    def be(self, *, slow: float = 0, dead: bool = False, wrong: str = "") -> None:
        """Misbehave from now on; be() behaves again."""
        self.slow, self.dead, self.wrong = slow, dead, wrong

    def grow(self, rows: int) -> None:
        """Take in so many more rows."""
        size = len(self.leaves)
        self.leaves += [hashlib.sha256(f"row {size + number}".encode()).digest() for number in range(rows)]

    def rewrite(self, place: int) -> None:
        """Lie: change one row as if it had always been so, and sign that."""
        self.leaves[place] = hashlib.sha256(b"another row").digest()

    def forget(self, rows: int) -> None:
        """Lie: lose the last rows."""
        del self.leaves[-rows:]

    def __call__(self, asked: dict[str, Any], start: Start) -> Iterable[bytes]:
        """Answer one HTTP request."""
        self.patience.wait(self.slow)
        if self.dead or self.wrong == "html":
            start("503 Busy" if self.dead else "200 OK", [("Content-Type", "text/html")])
            return [b"<p>503</p>"]
        query = {name: int(values[0]) for name, values in parse_qs(asked.get("QUERY_STRING", "")).items()}
        status, said = self._answer(str(asked["PATH_INFO"]).rpartition("/")[2], query)
        start(f"{status} Answer", [("Content-Type", "application/json")])
        return [json.dumps([said] if self.wrong == "list" else said).encode()]

    def _answer(self, what: str, query: dict[str, int]) -> tuple[int, dict[str, Any]]:
        size = len(self.leaves)
        if what == "get-sth":
            return (200, self._head(size)) if size else (404, {"code": "unknown", "message": "."})
        first, second = query.get("first", 0), query.get("second", 0)
        if what != "get-sth-consistency" or not 0 < first <= second <= size:
            return 400, {"code": "malformed", "message": "."}
        path = merkle.consistency(self.leaves[:second], first)
        if self.wrong == "path":
            path = [hashlib.sha256(step).digest() for step in path]
        return 200, {"first": first, "second": second, "consistency": [step.hex() for step in path]}

    def _head(self, size: int) -> dict[str, Any]:
        root = merkle.root_of(self.leaves).hex()
        log = "VN/GOV/C06/khac" if self.wrong == "other_log" else LOG
        token = jose.sign({"log": log, "size": size, "root": root, "iat": self.at}, self.key)
        key = jose.public(jose.new_key() if self.wrong == "unsigned" else self.key)
        return {
            "log": log,
            "tree_size": size,
            "root_hash": root,
            "timestamp": self.at * 1000,
            "sth": token,
            "key": key,
        }


@contextmanager
def serve(ledger: Twin) -> Iterator[str]:
    """Serve a twin on a free loopback port and give the address for LEDGER_URL."""
    with twins.serve(ledger) as address:
        yield f"{address}/dan-cu/so-khai-thac/v1"
