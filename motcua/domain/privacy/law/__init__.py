"""The law on personal data as dated data: terms and grounds; each TOML file says where it was read."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What every value of law carries."""

    kinds: frozenset[str]
    law: str
    in_force_from: date
    in_force_to: date | None = None
    #: read in the official text
    verified: bool

    def fits(self, kind: str, on: date) -> bool:
        """Tell whether it is in force for a kind on a day."""
        return (
            kind in self.kinds
            and self.in_force_from <= on
            and (self.in_force_to is None or on <= self.in_force_to)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit(Rule):
    """How many hours of the clock the law gives."""

    hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground(Rule):
    """Why a request may be refused."""

    key: str
    name: str
    name_en: str

    def __str__(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.name


class Words(tuple[str, str]):
    """A text in Vietnamese and English, read in the language that is being spoken."""

    def __str__(self) -> str:
        return self[1] if (get_language() or "").startswith("en") else self[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One thing that a site does with personal data (hoạt động xử lý)."""

    key: str
    title: Words
    purpose: Words
    data: Words
    recipients: Words
    retention: Words
    law: str
    in_force_from: date
    in_force_to: date | None = None
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """What a site does with personal data altogether, with what an impact assessment must say of it."""

    parties: Words
    officer: Words
    cross_border: Words
    protection: Words
    risks: Words
    #: the official form of the assessment
    form: str
    form_verified: bool
    activities: tuple[Activity, ...]


@cache
def _rows(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / f"{name}.toml").read_text("utf-8"))


@cache
def limits() -> tuple[Limit, ...]:
    """Give every term, whenever in force."""
    return tuple(_read(Limit, row) for row in _rows("terms")["term"])


@cache
def grounds() -> tuple[Ground, ...]:
    """Give every ground of refusal, whenever in force."""
    return tuple(_read(Ground, row) for row in _rows("grounds")["ground"])


def promise() -> int:
    """Give the hours that a site promises by itself."""
    return int(_rows("terms")["promise_hours"])


def limit(kind: str, *, on: date) -> Limit:
    """Give the term in force for a kind on a day."""
    return next(one for one in limits() if one.fits(kind, on))


def fitting(kind: str, *, on: date) -> list[Ground]:
    """List the grounds on which a request of a kind may be refused on a day."""
    return [one for one in grounds() if one.fits(kind, on)]


def named(key: str, among: Iterable[Ground] | None = None) -> Ground | None:
    """Find a ground by its key."""
    return next((one for one in (grounds() if among is None else among) if one.key == key), None)


@cache
def doing(site: str) -> Doing:
    """Give what the national site, or else a province's, does with personal data."""
    rows = _rows("national" if site == "national" else "province")
    activities = tuple(Activity(**_worded(row)) for row in rows["activity"])
    return Doing(**_worded(rows["site"]), activities=activities)


def _worded(row: dict[str, Any]) -> dict[str, Any]:
    return {name: Words(value) if isinstance(value, list) else value for name, value in row.items()}


def _read(kind: Any, row: dict[str, Any]) -> Any:
    return kind(**{**row, "kinds": frozenset(row["kinds"])})
