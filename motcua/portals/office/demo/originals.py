"""Dossiers that were written down by commands, taken apart so that they can be written many times over."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from motcua.base import events
from motcua.base.actor import SYSTEM
from motcua.base.models import Event
from motcua.domain.dossiers import queries
from motcua.domain.dossiers.models import Dossier
from motcua.domain.dossiers.rules import ENDED, State
from motcua.domain.papers import queries as papers
from motcua.domain.papers.models import Paper
from motcua.domain.papers.rules import Origin
from motcua.domain.payments import queries as bills
from motcua.domain.payments.models import Bill

#: a sign that no text has, around the name of what differs from copy to copy
MARK = "\ue000"
#: a province has many more dossiers behind it than on its desks
_WEIGHTS = {**dict.fromkeys(ENDED, 8), State.SETTLED: 2}
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


@dataclass(frozen=True)
class Fact:
    """One event with gaps for what differs."""

    #: what is hashed
    facts: str
    #: a line of PostgreSQL's COPY
    line: str


@dataclass(frozen=True)
class Original:
    """One dossier with everything that belongs to it."""

    dossier: Dossier
    papers: tuple[Paper, ...]
    bills: tuple[Bill, ...]
    facts: tuple[Fact, ...] = field(repr=False)
    #: what stands in the gaps of the original itself
    own: Mapping[str, Any] = field(repr=False)

    @property
    def weight(self) -> int:
        """How often it is copied in comparison with others."""
        return _WEIGHTS.get(self.dossier.status, 1)

    @property
    def day(self) -> str:
        """Name the serial that its code comes from, without the number itself."""
        return str(self.dossier.code).rpartition("-")[0]

    def series(self, paper: Paper) -> str:
        """Name the serial that the number of a slip comes from."""
        mark = paper.number.partition("/")[2]
        year = timezone.localtime(paper.attached_at).year
        return f"slip:agency:{self.dossier.desk_id}:{year}:{mark}"


def originals(keys: Mapping[Any, Any]) -> list[Original]:
    """Take the filed dossiers with these keys apart; those with a replaced or removed paper are left out."""
    rows = queries.visible(SYSTEM).filter(key__in=list(keys), code__isnull=False).order_by("pk")
    taken = (_take_apart(dossier) for dossier in rows)
    return [one for one in taken if one is not None]


def _take_apart(dossier: Dossier) -> Original | None:
    kept = papers.of(dossier.subject)
    money = bills.of(dossier.subject)
    facts = events.history(dossier.subject)
    if any(fact.name in ("paper.remove", "paper.replace") for fact in facts):
        return None
    own: dict[str, Any] = {"subject": dossier.subject}
    marks: dict[tuple[str, Any], str] = {}

    def mark(part: str, place: int, value: Any) -> None:
        if value:
            own[f"{part}{place}"], marks[part, value] = value, f"{part}{place}"

    for place, paper in enumerate(kept):
        mark("paper", place, paper.pk)
        mark("number", place, paper.number)
    for place, bill in enumerate(money):
        mark("bill", place, bill.pk)
        mark("code", place, bill.code)
        mark("receipt", place, bill.receipt_number)
    gapped = tuple(_gapped(fact, marks) for fact in facts)
    _prove(facts, gapped, own)
    return Original(dossier, tuple(kept), tuple(money), gapped, own)


def _gapped(event: Event, marks: Mapping[tuple[str, Any], str]) -> Fact:
    data = {
        name: f"{MARK}{marks[name, value]}{MARK}" if _known(marks, name, value) else value
        for name, value in event.data.items()
    }
    ints = [mark for (name, _value), mark in marks.items() if name in ("paper", "bill")]
    at = event.at.astimezone(timezone.get_default_timezone()).isoformat(timespec="microseconds")
    before = [f"{MARK}subject{MARK}", event.number, event.name, at, event.by, event.by_name, event.by_agency]
    text = _text([*before, event.note, data, f"{MARK}previous{MARK}"])
    cells = [*before, event.note, _text(data), f"{MARK}previous{MARK}", f"{MARK}hash{MARK}"]
    line = "\t".join("\\N" if cell is None else str(cell).translate(_ESCAPED) for cell in cells) + "\n"
    return Fact(_with_gaps(text, ints), _with_gaps(line, ints))


def _known(marks: Mapping[tuple[str, Any], str], name: str, value: object) -> bool:
    return isinstance(value, (str, int)) and (name, value) in marks


def _text(value: Any) -> str:
    """Write JSON as the hash of an event is made of it."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _with_gaps(text: str, ints: list[str]) -> str:
    """Turn marks into gaps of a %-format; numbers lose the quotes that stood for them."""
    text = text.replace("%", "%%")
    for mark in ints:
        text = text.replace(f'"{MARK}{mark}{MARK}"', f"%({mark})s")
    parts = text.split(MARK)
    return "".join(f"%({part})s" if place % 2 else part for place, part in enumerate(parts))


def _prove(facts: list[Event], gapped: tuple[Fact, ...], own: Mapping[str, Any]) -> None:
    """Insist that the gaps, filled with the original's own values, give the hashes that it has."""
    for event, fact in zip(facts, gapped, strict=True):
        said = fact.facts % {**own, "previous": event.previous_hash}
        assert events.digest(said) == event.hash, f"event {event.pk} cannot be written again"


def slips(original: Original) -> list[Paper]:
    """List the papers whose number comes from a serial of their own."""
    return [paper for paper in original.papers if paper.origin == Origin.SLIP and "/" in paper.number]
