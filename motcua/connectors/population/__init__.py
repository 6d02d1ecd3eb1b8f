"""The population register as the province sees it: the words of its API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """Who asks, in which dossier, under which procedure, on which legal ground."""

    agency: str
    officer: str
    procedure: str
    dossier: str
    basis: str
    #: what people call them, for the person who later reads who looked
    agency_name: str = ""
    officer_name: str = ""
    officer_role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What the register said of one person; empty is everything not asked, not allowed or not known."""

    number: str
    name: str = ""
    surname: str = ""
    middle_name: str = ""
    given_name: str = ""
    other_name: str = ""
    #: ISO 8601, as exact as it is known: 1950, 1950-03 or 1950-03-12
    born_on: str = ""
    #: "male" or "female"
    gender: str = ""
    birth_place: str = ""
    birth_registration_place: str = ""
    home_town: str = ""
    ethnicity: str = ""
    religion: str = ""
    nationality: str = ""
    blood_group: str = ""
    old_number: str = ""
    #: issued_on, expires_on, issued_by
    card: Mapping[str, Any] = field(default_factory=dict)
    #: number, name, nationality; the number may be null
    father: Mapping[str, Any] = field(default_factory=dict)
    mother: Mapping[str, Any] = field(default_factory=dict)
    spouse: Mapping[str, Any] = field(default_factory=dict)
    #: each as the father
    children: Sequence[Mapping[str, Any]] = field(default_factory=list)
    representative: Mapping[str, Any] = field(default_factory=dict)
    #: province and commune codes, detail
    permanent_address: Mapping[str, Any] = field(default_factory=dict)
    temporary_address: Mapping[str, Any] = field(default_factory=dict)
    current_address: Mapping[str, Any] = field(default_factory=dict)
    #: from, to (may be null), place
    absence: Mapping[str, Any] = field(default_factory=dict)
    residence_number: str = ""
    #: "single", "married", "divorced" or "widowed"
    marital_status: str = ""
    #: code, address, relation, head {number, name}, members [{number, name, born_on, gender, relation}];
    #: as of a day also from and to, and a number may be null
    household: Mapping[str, Any] = field(default_factory=dict)
    #: "unknown" when a wire says that somebody died but not when
    deceased_on: str = ""
    missing_on: str = ""
    phone: str = ""
    email: str = ""
    #: attributes that were asked and may not be told under this procedure
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """Whether everything given agrees with the register, and which names do not."""

    match: bool
    differing: tuple[str, ...]
    refused: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What is known of somebody beside the number or in place of it; empty is what is not known."""

    name: str = ""
    #: as exact as it is known: 1950, 1950-03 or 1950-03-12
    born_on: str = ""
    #: code of the commune
    commune: str = ""
    #: nine digits
    old_number: str = ""


NOTHING = Sought()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who may be the person sought; the handle is good once, for minutes, for the same purpose."""

    handle: str
    #: 0–100
    score: int
    name: str
    born_year: str
    commune: str
    #: with its last digits hidden
    number: str


class Failed(Exception):
    """The register told nothing; carries its code, never a personal number."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(code)
        self.code = code
        #: the register's own Vietnamese sentence, if it gave one
        self.message = message


class Unavailable(Failed):
    """Dead, too slow, or answering nonsense: ask again later."""


class Denied(Failed):
    """The register refuses us, the purpose or the question: asking again will not help."""


class Unsaid(Denied):
    """The wire has no words for this question, so it was not even sent."""


class Unknown(Failed):
    """Nobody has that number."""
