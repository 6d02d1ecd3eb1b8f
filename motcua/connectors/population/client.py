"""Asking the population register, in the words of the wire that the settings name."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import httpx
from django.conf import settings

from motcua.base import jose
from motcua.connectors.population import (
    NOTHING,
    Candidate,
    Matching,
    Purpose,
    Record,
    Sought,
    Unavailable,
)
from motcua.connectors.population.road import Road
from motcua.connectors.population.vnpt import OldFormat

#: names that go along for people to read, and the letters one of them may have
_CALLED = ("agency_name", "officer_name", "officer_role")
_NAME = 100
#: digits of a personal number
_DIGITS = 12
_ASKABLE = frozenset(part.name for part in fields(Record)) - {"number", "refused"}
#: attribute, operator (<, <=, =, >=, >) and value
Said = tuple[str, str, str]
_BOUNDS = httpx.Limits(max_connections=32, max_keepalive_connections=8)


class Register(Road):
    """A register that speaks the words of this package, and asks for nothing but the number."""

    __slots__ = ()

    def attributes(
        self,
        number: str,
        names: Sequence[str],
        *,
        on: date | None = None,
        known: Sought = NOTHING,
        purpose: Purpose,
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

    def _ask(self, verb: str, question: Mapping[str, Any], purpose: Purpose) -> dict[str, Any]:
        called = {name: str(getattr(purpose, name))[:_NAME] for name in _CALLED}
        said = {"procedure": purpose.procedure, "basis": purpose.basis}
        named = {name: text for name, text in called.items() if text}
        return self.ask(verb, {**question, **said, **named}, purpose)


_EMPTY = Record(number="")


def _is_candidate(row: Any) -> bool:
    shape = {part.name: int if part.name == "score" else str for part in fields(Candidate)}
    return (
        isinstance(row, dict)
        and row.keys() == shape.keys()
        and all(isinstance(row[name], kind) for name, kind in shape.items())
    )


#: by the setting POPULATION_WIRE
WIRES: dict[str, type[Register | OldFormat]] = {"v1": Register, "vnpt": OldFormat}


@lru_cache(maxsize=4)
def _register(
    *, wire: str, url: str, client_id: str, secret: str, answering: str, timeout: float
) -> Register | OldFormat:
    http = httpx.Client(timeout=timeout, limits=_BOUNDS, follow_redirects=False, trust_env=False)
    return WIRES[wire](url, client_id, jose.derived_key(secret), _answer_keys(answering), timeout, http)


def _answer_keys(answering: str) -> list[dict[str, Any]]:
    """Read the keys of a register elsewhere from a file, or make those of the one on this machine."""
    if settings.POPULATION_ANSWER_KEYS:
        return list(json.loads(Path(answering).read_text(encoding="utf-8"))["keys"])
    return [jose.derived_key(secret) for secret in answering.split(",")]


def register() -> Register | OldFormat:
    """Give the register that the settings name; connections are kept open between questions."""
    return _register(
        wire=settings.POPULATION_WIRE,
        url=settings.POPULATION_URL,
        client_id=settings.POPULATION_CLIENT_ID,
        secret=settings.POPULATION_KEY,
        answering=settings.POPULATION_ANSWER_KEYS or settings.REGISTER_KEY,
        timeout=settings.POPULATION_TIMEOUT,
    )


def attributes(
    number: str,
    names: Sequence[str],
    *,
    on: date | None = None,
    known: Sought = NOTHING,
    purpose: Purpose,
) -> Record:
    """Fetch attributes of one person, of today or of a day; raises Unavailable, Denied or Unknown.

    `known` is what we know of them already: an old wire tells nothing to whoever does not know it.
    """
    return register().attributes(number, names, on=on, known=known, purpose=purpose)


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
