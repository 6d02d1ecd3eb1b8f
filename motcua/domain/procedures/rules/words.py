"""How answers read: on the page where they are checked, and on the paper that is issued."""

from dataclasses import dataclass
from typing import Any

from motcua.base.text import date_in_words
from motcua.domain.procedures.rules.conditions import Answers, asked, filled, kept, values_of
from motcua.domain.procedures.rules.definition import Definition, Field, Page
from motcua.domain.procedures.rules.kinds import say, say_in


@dataclass(frozen=True, kw_only=True)
class Said:
    """One answer as it reads, with where it came from and what the register says instead."""

    field: Field
    text: str
    source: str
    at: str
    #: the register's own answer when the citizen gave another one
    register: str
    #: rows of a repeated table, each cell as it reads
    rows: tuple[tuple[str, ...], ...] = ()


def summary(spec: Definition, answers: Answers) -> list[tuple[Page, list[Said]]]:
    """Read the answers back page by page, in the language that is being spoken; open ones read ""."""
    values = kept(spec, values_of(answers))
    told = []
    for page in spec.pages:
        lines = [
            _said(field, values.get(field.name), answers.get(field.name, {}))
            for field in spec.by_page[page.key]
            if field.name in values
        ]
        if lines:
            told.append((page, lines))
    return told


def _said(field: Field, value: Any, answer: Any) -> Said:
    register = answer.get("register")
    rows = tuple(
        tuple(say(c, row[c.name]) if filled(row.get(c.name)) else "" for c in field.columns)
        for row in (value or () if field.columns else ())
    )
    return Said(
        field=field,
        text=say(field, value) if filled(value) else "",
        source=answer.get("source", ""),
        at=answer.get("at", ""),
        register=say(field, register) if filled(register) and register != value else "",
        rows=rows,
    )


def printed(spec: Definition, answers: Answers) -> dict[str, Any]:
    """Give the answers to a paper, in Vietnamese: `answers` as they read, `words` dates in words.

    Tables stay lists of rows, dates on paper are ISO text for the template's own `day` and `short-day`.
    """
    values = asked(spec, answers)
    dates = {f.name: values[f.name] for f in spec.fields if f.kind == "date" and f.name in values}
    return {
        "answers": {name: _printed(spec.by_name[name], value) for name, value in values.items()},
        "words": {name: date_in_words(iso) for name, iso in dates.items()},
    }


def _printed(field: Field, value: Any) -> Any:
    if field.kind in ("date", "partial_date"):
        return value
    if field.kind == "repeat":
        return [{c.name: _printed(c, row[c.name]) for c in field.columns if c.name in row} for row in value]
    if field.kind == "person":
        return {"name": value["name"], "number": value["number"]}
    return say_in("vi", field, value)
