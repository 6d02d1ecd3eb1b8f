"""Asking the population register over HTTP, each message signed for itself.

A question is repeated only when it surely never arrived; each try is a message of its own in their log.
"""

import json
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import httpx
from django.conf import settings
from django.utils.translation import get_language

from motcua.base import jose
from motcua.connectors.population import (
    Candidate,
    Denied,
    Matching,
    Purpose,
    Record,
    Sought,
    Unavailable,
    Unknown,
    signatures,
)
from motcua.connectors.population.signatures import Answer, Forged, Question

#: bytes; a record is a hundredth of it
_LONGEST = 1_000_000
#: names that go along for people to read, and the letters one of them may have
_CALLED = ("agency_name", "officer_name", "officer_role")
_NAME = 100
#: digits of a personal number
_DIGITS = 12
_ASKABLE = frozenset(part.name for part in fields(Record)) - {"number", "refused"}
#: attribute, operator (<, <=, =, >=, >) and value
Said = tuple[str, str, str]
_BOUNDS = httpx.Limits(max_connections=32, max_keepalive_connections=8)


@dataclass(frozen=True, slots=True)
class Register:
    """One register, and who we are there."""

    url: str
    client_id: str
    key: Mapping[str, Any]
    #: what its answers are signed with
    answer_keys: Sequence[Mapping[str, Any]]
    timeout: float
    http: httpx.Client

    def attributes(
        self, number: str, names: Sequence[str], *, on: date | None = None, purpose: Purpose
    ) -> Record:
        """Fetch attributes of one person, as they are or as they were on a day."""
        wanted = [name for name in dict.fromkeys(names) if name in _ASKABLE]
        when = {"on": on.isoformat()} if on else {}
        said = self._ask("attributes", {"number": number, "names": wanted, **when}, purpose)
        values, refused = said.get("attributes"), said.get("refused")
        if not isinstance(values, dict) or not isinstance(refused, list):
            raise Unavailable("wrong_shape")
        told = {name: value for name, value in values.items() if name in _ASKABLE and value is not None}
        for name, value in told.items():
            if not isinstance(value, type(getattr(_EMPTY, name))):
                raise Unavailable("wrong_shape")
        return Record(number=number, refused=tuple(refused), **told)

    def match(self, number: str, given: Mapping[str, str], *, purpose: Purpose) -> Matching:
        """Ask which of the given values differ from the register's; for an unknown number all of them do."""
        said = self._ask("match", {"number": number, "given": dict(given)}, purpose)
        match, differing, refused = (said.get(name) for name in ("match", "differing", "refused"))
        if not (isinstance(match, bool) and isinstance(differing, list) and isinstance(refused, list)):
            raise Unavailable("wrong_shape")
        return Matching(match=match, differing=tuple(differing), refused=tuple(refused))

    def status(self, number: str, *, purpose: Purpose) -> str:
        """Ask how it stands with a number: "alive", "missing", "deceased", "cancelled" or "unknown"."""
        said = self._ask("status", {"number": number}, purpose).get("status")
        if said not in ("alive", "missing", "deceased", "cancelled", "unknown"):
            raise Unavailable("wrong_shape")
        return str(said)

    def account(self, number: str, *, purpose: Purpose) -> str:
        """Ask how it stands with somebody's electronic identity: "active", "locked" or "none"."""
        said = self._ask("status", {"number": number, "account": True}, purpose).get("account")
        if said not in ("active", "locked", "none"):
            raise Unavailable("wrong_shape")
        return str(said)

    def find(self, sought: Sought, *, purpose: Purpose) -> list[Candidate]:
        """Look for somebody without a number: five people at most, the likeliest first."""
        known = {name: text for name, text in asdict(sought).items() if text}
        rows = self._ask("find", known, purpose).get("candidates")
        if not isinstance(rows, list) or not all(_is_candidate(row) for row in rows):
            raise Unavailable("wrong_shape")
        return [Candidate(**row) for row in rows]

    def choose(self, handle: str, *, purpose: Purpose) -> str:
        """Learn the number of somebody who was found for this purpose."""
        number = self._ask("choose", {"handle": handle}, purpose).get("number")
        if not (isinstance(number, str) and len(number) == _DIGITS and number.isdecimal()):
            raise Unavailable("wrong_shape")
        return number

    def verify(self, number: str, said: Sequence[Said], *, purpose: Purpose) -> list[bool | None]:
        """Ask what of the things said is true; None for what we may not ask; of nobody nothing is true."""
        expressions = [dict(zip(("attribute", "operator", "value"), one, strict=True)) for one in said]
        results = self._ask("verify", {"number": number, "expressions": expressions}, purpose).get("results")
        if not isinstance(results, list) or len(results) != len(said):
            raise Unavailable("wrong_shape")
        return [None if one is None else one is True for one in results]

    def numbers(self, number: str, *, purpose: Purpose) -> tuple[str, str]:
        """Fetch the new and the old number of whoever has one of them; the old one may be empty."""
        said = self._ask("numbers", {"number": number}, purpose)
        new, old = said.get("number"), said.get("old_number") or ""
        if not isinstance(new, str) or not isinstance(old, str):
            raise Unavailable("wrong_shape")
        return new, old

    def _ask(self, verb: str, question: dict[str, Any], purpose: Purpose) -> dict[str, Any]:
        called = {name: str(getattr(purpose, name))[:_NAME] for name in _CALLED}
        said = {"procedure": purpose.procedure, "basis": purpose.basis}
        body = json.dumps(
            {**question, **said, **{name: text for name, text in called.items() if text}}
        ).encode()
        try:
            status, said = self._send(verb, body, purpose)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            # Nothing arrived, so nothing was logged or counted there: once more is safe.
            status, said = self._send_again(verb, body, purpose)
        if status == 200:
            return said
        code, message = str(said.get("code", status)), str(said.get("message", ""))
        if status == 404 and code == "unknown":
            raise Unknown(code, message)
        if status in (400, 401, 403, 409, 413, 429):
            raise Denied(code, message)
        raise Unavailable(code, message)

    def _send_again(self, verb: str, body: bytes, purpose: Purpose) -> tuple[int, dict[str, Any]]:
        try:
            return self._send(verb, body, purpose)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise Unavailable("unreachable") from error

    def _send(self, verb: str, body: bytes, purpose: Purpose) -> tuple[int, dict[str, Any]]:
        """Send one message and read the answer, all within the time allowed."""
        question = self._question(verb, body, purpose)
        until = time.monotonic() + self.timeout
        received = bytearray()
        try:
            with self.http.stream("POST", question.url, content=body, headers=question.headers) as answer:
                for part in answer.iter_bytes():
                    received += part
                    if time.monotonic() > until or len(received) > _LONGEST:
                        raise Unavailable("too_slow_or_long")
        except (httpx.ConnectError, httpx.ConnectTimeout):
            raise
        except httpx.TimeoutException as error:
            raise Unavailable("timeout") from error
        except httpx.HTTPError as error:
            raise Unavailable("broken_off") from error
        said = Answer(answer.status_code, dict(answer.headers), question)
        return answer.status_code, self._opened(said, bytes(received))

    def _opened(self, answer: Answer, body: bytes) -> dict[str, Any]:
        """Read an answer that the register signed; what stands between us and it signs nothing."""
        try:
            signatures.check_answer(answer, body, keys=self.answer_keys, at=datetime.now(UTC))
        except Forged as why:
            raise Unavailable(f"answer_{why.code}") from why
        try:
            said = json.loads(body)
        except (ValueError, RecursionError):
            said = {}
        if not isinstance(said, dict) or (answer.status_code == 200 and not said):
            raise Unavailable("wrong_shape")
        return said

    def _question(self, verb: str, body: bytes, purpose: Purpose) -> Question:
        if not all(text.isascii() and text.isprintable() for text in _codes(purpose)):
            raise Denied("purpose_missing")
        heads = {
            "Content-Type": "application/json",
            # A refusal is a sentence for whoever sits in front of us.
            "Accept-Language": get_language() or settings.LANGUAGE_CODE,
            "X-Road-Client": self.client_id,
            "X-Road-Id": str(uuid.uuid4()),
            "X-Road-Represented-Party": f"GOV/{purpose.agency}",
            "X-Road-UserId": purpose.officer,
            "X-Road-Issue": purpose.dossier,
        }
        question = Question(f"{self.url}/{verb}", heads)
        signatures.sign(question, body, key=self.key, at=datetime.now(UTC))
        return question


_EMPTY = Record(number="")


def _is_candidate(row: Any) -> bool:
    shape = {part.name: int if part.name == "score" else str for part in fields(Candidate)}
    return (
        isinstance(row, dict)
        and row.keys() == shape.keys()
        and all(isinstance(row[name], kind) for name, kind in shape.items())
    )


def _codes(purpose: Purpose) -> tuple[str, ...]:
    return purpose.agency, purpose.officer, purpose.dossier


@lru_cache(maxsize=4)
def _register(url: str, client_id: str, secret: str, answering: str, timeout: float) -> Register:
    http = httpx.Client(timeout=timeout, limits=_BOUNDS, follow_redirects=False, trust_env=False)
    return Register(url, client_id, jose.derived_key(secret), _answer_keys(answering), timeout, http)


def _answer_keys(answering: str) -> list[dict[str, Any]]:
    """Read the keys of a register elsewhere from a file, or make those of the one on this machine."""
    if settings.POPULATION_ANSWER_KEYS:
        return list(json.loads(Path(answering).read_text(encoding="utf-8"))["keys"])
    return [jose.derived_key(secret) for secret in answering.split(",")]


def register() -> Register:
    """Give the register that the settings name; connections are kept open between questions."""
    return _register(
        settings.POPULATION_URL,
        settings.POPULATION_CLIENT_ID,
        settings.POPULATION_KEY,
        settings.POPULATION_ANSWER_KEYS or settings.REGISTER_KEY,
        settings.POPULATION_TIMEOUT,
    )


def attributes(number: str, names: Sequence[str], *, on: date | None = None, purpose: Purpose) -> Record:
    """Fetch attributes of one person, of today or of a day; raises Unavailable, Denied or Unknown."""
    return register().attributes(number, names, on=on, purpose=purpose)


def match(number: str, given: Mapping[str, str], *, purpose: Purpose) -> Matching:
    """Ask which given values differ, without learning what is held; raises Unavailable or Denied."""
    return register().match(number, given, purpose=purpose)


def status(number: str, *, purpose: Purpose) -> str:
    """Ask whether a number is "alive", "deceased" or "unknown"; raises Unavailable or Denied."""
    return register().status(number, purpose=purpose)


def account(number: str, *, purpose: Purpose) -> str:
    """Ask whether somebody's electronic identity is "active", "locked" or "none"; raises the same."""
    return register().account(number, purpose=purpose)


def find(sought: Sought, *, purpose: Purpose) -> list[Candidate]:
    """Look for somebody without a number: five people at most; raises Unavailable or Denied."""
    return register().find(sought, purpose=purpose)


def choose(handle: str, *, purpose: Purpose) -> str:
    """Learn the number of somebody who was found for this purpose, once; raises Unavailable or Denied."""
    return register().choose(handle, purpose=purpose)
