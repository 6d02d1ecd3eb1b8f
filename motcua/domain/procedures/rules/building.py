"""From the JSON of a published version to frozen values."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any

from motcua.base.deadline import Pausing, Unit
from motcua.domain.procedures.rules.definition import (
    Channel,
    Check,
    Choice,
    Condition,
    Conditions,
    Copy,
    DeadlineRule,
    Definition,
    Exemption,
    FeeRule,
    Field,
    Online,
    Outcome,
    Page,
    PaperRule,
    Question,
    Source,
    Step,
    Text,
)

Row = Mapping[str, Any]

#: what a law's mark says: seen in a source, known well, unsure
VERIFIED_MARKS = ("S", "K")

_built: dict[str, Definition] = {}


def fingerprint(content: Row) -> str:
    """Hash what a version says, whatever the order of its keys (SHA-256, hex); search words are no law."""
    said = {key: value for key, value in content.items() if key != "search"}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def built(sha256: str) -> Definition | None:
    """Give a definition that was already built in this process."""
    return _built.get(sha256)


def definition(content: Row, *, sha256: str = "") -> Definition:
    """Build the frozen values of a version, once per process."""
    key = sha256 or fingerprint(content)
    if key not in _built:
        _built[key] = _definition(content, key)
    return _built[key]


def _definition(content: Row, sha256: str) -> Definition:
    main = content["procedure"]
    laws = {row["key"]: row for row in main["basis"]}
    return Definition(
        sha256=sha256,
        code=main["code"],
        code_verified=main["code_mark"] in VERIFIED_MARKS,
        title=_text(main, "title"),
        area=_text(main, "area"),
        life_event=_maybe(main, "life_event"),
        summary=_text(main, "summary"),
        online=Online(main["online"]),
        assurance=main["assurance"],
        assurance_source=_source(main["assurance_law"], laws) if "assurance_law" in main else None,
        minutes=main["minutes"],
        channels=tuple(Channel(each) for each in main["channels"]),
        pausing=Pausing(main["pausing"]),
        in_force_from=date.fromisoformat(main["in_force_from"]),
        receives=main["agency"]["receives"],
        resolves=main["agency"]["resolves"],
        place=main["agency"].get("place", ""),
        # Versions from before this was asked are for citizens.
        applicants=tuple(main.get("applicants", ("citizen",))),
        applicant=tuple(sorted(main["applicant"].items())),
        result=_outcome(main["result"], content["result"]),
        basis=tuple(_basis(row) for row in main["basis"]),
        deadlines=tuple(_deadline(row, laws) for row in main["deadline"]),
        fees=tuple(_fee(row, laws) for row in main.get("fee", ())),
        questions=tuple(_question(row) for row in main.get("question", ())),
        needs=tuple(_text(row, "text") for row in main.get("need", ())),
        fetched=tuple(_text(row, "text") for row in main.get("fetched", ())),
        pages=tuple(_page(row) for row in content["form"]["page"]),
        fields=tuple(field_of(row) for row in content["form"]["field"]),
        papers=tuple(_paper(row, laws, main) for row in content["papers"].get("paper", ())),
        steps=tuple(_step(row) for row in content["steps"]["step"]),
    )


def _text(row: Row, key: str) -> Text:
    return Text(row[key], row[f"{key}_en"])


def _maybe(row: Row, key: str) -> Text | None:
    return _text(row, key) if key in row else None


def _many(value: Any) -> Sequence[Any]:
    """Read one thing or a list of things as a list."""
    return value if isinstance(value, list) else [value]


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def conditions(value: Any) -> Conditions:
    """Read the rows of a condition as they stand in a package."""
    return tuple(_condition(row) for row in _many(value if value is not None else []))


def _condition(row: Row) -> Condition:
    if "check" in row:
        arguments = tuple(
            sorted((k, _frozen(v)) for k, v in row.items() if k not in ("field", "check", "holds"))
        )
        return Condition(row["field"], row["check"], row.get("holds", True), arguments)
    test = next(key for key in ("is", "in", "filled") if key in row)
    return Condition(row["field"], test, _frozen(row[test]))


def _checks(value: Any) -> tuple[Check, ...]:
    rows = [{"rule": row} if isinstance(row, str) else row for row in _many(value if value else [])]
    return tuple(
        Check(row["rule"], tuple(sorted((k, _frozen(v)) for k, v in row.items() if k != "rule")))
        for row in rows
    )


def _dates(row: Row) -> dict[str, Any]:
    until = row.get("in_force_to")
    return {
        "in_force_from": date.fromisoformat(row["in_force_from"]),
        "in_force_to": date.fromisoformat(until) if until else None,
    }


def _basis(row: Row) -> Source:
    return Source(
        law=_text(row, "title"), at=row.get("at", ""), verified=row["mark"] in VERIFIED_MARKS, **_dates(row)
    )


def _source(row: Row, laws: Mapping[str, Row], *, since: Row | None = None) -> Source:
    return Source(
        law=_text(laws[row["law"]], "title"),
        at=row.get("at", ""),
        verified=row["mark"] in VERIFIED_MARKS,
        **_dates({**(since or {}), **row}),
    )


def _deadline(row: Row, laws: Mapping[str, Row]) -> DeadlineRule:
    return DeadlineRule(
        amount=Decimal(str(row["amount"])),
        unit=Unit(row["unit"]),
        cutoff=time.fromisoformat(row["cutoff"]) if "cutoff" in row else None,
        when=conditions(row.get("when")),
        source=_source(row, laws),
    )


def _fee(row: Row, laws: Mapping[str, Row]) -> FeeRule:
    return FeeRule(
        name=_text(row, "name"),
        kind=row["kind"],
        amounts=tuple(sorted(row["amounts"].items())),
        times=row.get("times", ""),
        when=conditions(row.get("when")),
        exemptions=tuple(
            Exemption(reason=_text(each, "reason"), when=conditions(each["when"]))
            for each in row.get("exempt", ())
        ),
        source=_source(row, laws),
    )


def _question(row: Row) -> Question:
    return Question(
        key=row["key"],
        text=_text(row, "text"),
        stop_on=row["stop_on"] == "yes",
        outcome=_text(row, "outcome"),
    )


def _outcome(row: Row, template: str) -> Outcome:
    return Outcome(
        name=_text(row, "name"),
        kind=row["kind"],
        electronic=row["electronic"],
        on_paper=row["on_paper"],
        template=template,
    )


def _page(row: Row) -> Page:
    return Page(
        key=row["key"],
        title=_text(row, "title"),
        intro=_maybe(row, "intro"),
        shown_if=conditions(row.get("shown_if")),
    )


def field_of(row: Row, *, page: str = "") -> Field:
    """Read one field; the columns of a table stand on its page."""
    page = row.get("page", page)
    return Field(
        name=row["name"],
        page=page,
        label=_text(row, "label"),
        kind=row["kind"],
        required=row.get("required", True),
        hint=_maybe(row, "hint"),
        missing=_maybe(row, "missing"),
        fill_from=row.get("fill_from", ""),
        shown_if=conditions(row.get("shown_if")),
        checks=_checks(row.get("check")),
        choices=tuple(
            Choice(each["key"], _text(each, "label"), _maybe(each, "hint")) for each in row.get("choice", ())
        ),
        columns=tuple(field_of(each, page=page) for each in row.get("column", ())),
        least=row.get("least"),
        most=row.get("most"),
        decimals=row.get("decimals", 0),
        detail=row.get("detail", "required"),
        unit=_maybe(row, "unit"),
        default=row.get("default"),
        autocomplete=row.get("autocomplete", ""),
        paper=row.get("paper", ""),
    )


def _paper(row: Row, laws: Mapping[str, Row], main: Row) -> PaperRule:
    return PaperRule(
        key=row["key"],
        title=_text(row, "title"),
        hint=_maybe(row, "hint"),
        copies=row.get("copies", 1),
        copy=Copy(row["copy"]),
        required=row.get("required", True),
        portrait=row.get("portrait", False),
        or_from=_maybe(row, "or_from"),
        when=conditions(row.get("when")),
        field=row.get("field", ""),
        source=_source(row, laws, since=main),
    )


def _step(row: Row) -> Step:
    return Step(
        key=row["key"],
        title=_text(row, "title"),
        role=row["role"],
        hours=Decimal(str(row["hours"])),
        next=row["next"],
        when=conditions(row.get("when")),
    )
