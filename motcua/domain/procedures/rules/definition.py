"""What a published procedure says, as frozen values."""

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.utils.translation import get_language

from motcua.base.deadline import Pausing, Unit


class Channel(StrEnum):
    """How a dossier may come in (KenhThucHien)."""

    DIRECT = "direct"
    ONLINE = "online"
    POST = "post"


class Online(StrEnum):
    """How far a procedure can be done online (Decree 42/2022, kept by Decree 224/2026)."""

    FULL = "full"
    PARTIAL = "partial"


class Copy(StrEnum):
    """Which form of a paper is handed in."""

    ORIGINAL = "original"
    COPY = "copy"
    SHOWN = "shown"


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence in both languages; as `str` it is in the language that is being spoken."""

    vi: str
    en: str

    def __str__(self) -> str:
        return self.said(get_language() or "vi")

    def __bool__(self) -> bool:
        return bool(self.vi)

    def said(self, language: str) -> str:
        """Give the sentence in a language by its code."""
        return self.en if language.startswith("en") else self.vi


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where in the law a value stands, since when and until when, and whether anybody has checked it."""

    law: Text
    #: article.clause.point, such as "11.1.a"
    at: str = ""
    verified: bool = False
    in_force_from: date
    in_force_to: date | None = None

    def __str__(self) -> str:
        return str(self.shown)

    @property
    def shown(self) -> Text:
        """Name the place as people see it: what nobody has checked says so."""
        if self.verified:
            return self.cited
        return Text(f"{self.cited.vi} (chưa kiểm chứng)", f"{self.cited.en} (not verified)")

    @property
    def cited(self) -> Text:
        """Name the place: điểm a khoản 1 Điều 11 Luật Hộ tịch …"""
        parts = self.at.split(".") if self.at else []
        words = [f"{name} {part}" for name, part in zip(("Điều", "khoản", "điểm"), parts, strict=False)]
        english = f"{self.law.en}, art. {self.at}" if parts else self.law.en
        return Text(" ".join([*reversed(words), self.law.vi]), english)

    def covers(self, day: date) -> bool:
        """Tell whether the value is in force on a day."""
        return self.in_force_from <= day and (self.in_force_to is None or day <= self.in_force_to)


@dataclass(frozen=True, slots=True)
class Condition:
    """One row of a condition: a field and what is asked of its answer."""

    field: str
    #: "is", "in", "filled", or the name of a rule in checks.py
    test: str
    value: Any = None
    arguments: tuple[tuple[str, Any], ...] = ()


#: rows that must all hold; an empty one always does
Conditions = tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """A named rule that an answer must satisfy, with its arguments."""

    rule: str
    arguments: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that may be chosen."""

    key: str
    label: Text
    hint: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question of the form; the columns of a repeated table are fields too."""

    name: str
    page: str
    label: Text
    kind: str
    required: bool = True
    hint: Text | None = None
    #: what is said when it is left empty, where "Nhập …" would read badly
    missing: Text | None = None
    fill_from: str = ""
    shown_if: Conditions = ()
    checks: tuple[Check, ...] = ()
    choices: tuple[Choice, ...] = ()
    columns: tuple["Field", ...] = ()
    #: the smallest and largest number, or the fewest and most rows or letters
    least: int | None = None
    most: int | None = None
    decimals: int = 0
    detail: str = "required"
    unit: Text | None = None
    default: Any = None
    autocomplete: str = ""
    #: the paper that a field of kind "file" brings in
    paper: str = ""

    def column(self, name: str) -> "Field":
        """Give one column of a repeated table."""
        return next(column for column in self.columns if column.name == name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of the form."""

    key: str
    title: Text
    intro: Text | None = None
    shown_if: Conditions = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRule:
    """A paper (thành phần hồ sơ) that is to be handed in when its condition holds."""

    key: str
    title: Text
    hint: Text | None = None
    copies: int = 1
    copy: Copy
    required: bool = True
    #: a photograph of a person rather than a scan of a paper
    portrait: bool = False
    #: the data base that makes the paper unnecessary when it knows the fact
    or_from: Text | None = None
    when: Conditions = ()
    #: the field of kind "file" that asks for it on a page of the form
    field: str = ""
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """A reason for which a fee is not taken."""

    reason: Text
    when: Conditions


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeRule:
    """A fee (phí, lệ phí) with its amount for each channel."""

    name: Text
    kind: str
    amounts: tuple[tuple[str, int], ...]
    #: a field of kind "number": the fee is taken so many times
    times: str = ""
    when: Conditions = ()
    exemptions: tuple[Exemption, ...] = ()
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineRule:
    """The legal time limit, when its condition holds."""

    amount: Decimal
    unit: Unit
    cutoff: time | None = None
    when: Conditions = ()
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step inside "being processed"."""

    key: str
    title: Text
    role: str
    hours: Decimal
    next: str
    when: Conditions = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A yes-or-no question before the form; one of the answers ends the way with a sentence."""

    key: str
    text: Text
    stop_on: bool
    outcome: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the citizen gets in the end."""

    name: Text
    #: certificate, notice or card
    kind: str
    electronic: bool
    on_paper: bool
    #: the Typst source of the paper
    template: str


@dataclass(frozen=True, kw_only=True)
class Definition:
    """Everything that one published version of a procedure says."""

    sha256: str
    code: str
    code_verified: bool
    title: Text
    area: Text
    life_event: Text | None
    summary: Text
    online: Online
    assurance: int
    #: why that level; versions from before this was asked say nothing
    assurance_source: Source | None
    minutes: int
    channels: tuple[Channel, ...]
    pausing: Pausing
    in_force_from: date
    receives: str
    resolves: str
    #: the address field whose commune decides which agency is proposed
    place: str
    #: "citizen", "organization"
    applicants: tuple[str, ...]
    #: number, name, phone … → the field that holds it for the owner of the dossier
    applicant: tuple[tuple[str, str], ...]
    result: Outcome
    basis: tuple[Source, ...]
    deadlines: tuple[DeadlineRule, ...]
    fees: tuple[FeeRule, ...]
    questions: tuple[Question, ...]
    needs: tuple[Text, ...]
    fetched: tuple[Text, ...]
    pages: tuple[Page, ...]
    fields: tuple[Field, ...]
    papers: tuple[PaperRule, ...]
    steps: tuple[Step, ...]

    def __hash__(self) -> int:
        return hash(self.sha256)

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """The fields by name."""
        return {each.name: each for each in self.fields}

    @cached_property
    def by_page(self) -> dict[str, tuple[Field, ...]]:
        """The fields of each page, in order."""
        return {page.key: tuple(f for f in self.fields if f.page == page.key) for page in self.pages}

    def page(self, key: str) -> Page:
        """Give one page of the form."""
        return next(page for page in self.pages if page.key == key)

    def field(self, path: str) -> Field:
        """Give the field that a problem names: "child_name", "members.0.name"."""
        name, _, rest = path.partition(".")
        found = self.by_name[name]
        return found.column(rest.rpartition(".")[2]) if found.columns and rest else found

    @property
    def verified(self) -> bool:
        """Tell whether no value of this version is still unchecked."""
        sources = [
            *self.basis,
            *([self.assurance_source] if self.assurance_source else []),
            *(rule.source for rule in self.deadlines),
            *(rule.source for rule in self.fees),
            *(rule.source for rule in self.papers),
        ]
        return self.code_verified and all(source.verified for source in sources)
