"""Which pages, fields, papers, fees and steps a set of answers brings in."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from motcua.domain.procedures.rules.checks import CHECKS, Case
from motcua.domain.procedures.rules.definition import Condition, Conditions, Definition

Answers = Mapping[str, Mapping[str, Any]]
Values = Mapping[str, Any]


def filled(value: Any) -> bool:
    """Tell whether something was answered; "no" and 0 are answers."""
    return value is not None and value not in ("", [], {})


def values_of(answers: Answers) -> dict[str, Any]:
    """Take the bare answers out of their envelopes, without the empty ones."""
    values = {name: _tidy(each.get("value")) for name, each in answers.items()}
    return {name: value for name, value in values.items() if filled(value)}


def _tidy(value: Any) -> Any:
    """Drop the empty parts of an answer, but no row of a table: rows are counted."""
    if isinstance(value, Mapping):
        return {name: part for name, each in value.items() if filled(part := _tidy(each))}
    if isinstance(value, (list, tuple)):
        return [_tidy(each) for each in value]
    return value


def holds(rows: Conditions, values: Values, *, on: date | None = None) -> bool:
    """Tell whether every row of a condition holds; rows that name a dated rule need the day."""
    return all(_holds(row, values, on) for row in rows)


def _holds(row: Condition, values: Values, on: date | None) -> bool:
    value = values.get(row.field)
    match row.test:
        case "is":
            return bool(filled(value) and value == row.value)
        case "in":
            return value in row.value
        case "filled":
            return filled(value) is row.value
    if not filled(value):
        return False
    case = Case(value=value, values=values, on=on, arguments=dict(row.arguments))
    return (CHECKS[row.test].judge(case) is None) is row.value


def kept(spec: Definition, values: Values) -> dict[str, Any]:
    """Give the answers to the questions that are asked, in order; None where one is still open.

    A field depends only on earlier pages, so one walk is enough; what hangs on a hidden answer is hidden too.
    """
    seen: dict[str, Any] = {}
    for page in spec.pages:
        if not holds(page.shown_if, seen):
            continue
        here = {
            field.name: values.get(field.name)
            for field in spec.by_page[page.key]
            if holds(field.shown_if, seen)
        }
        seen.update(here)
    return seen


def asked(spec: Definition, answers: Answers) -> dict[str, Any]:
    """Give the filled answers that count: those whose question is asked."""
    return {name: value for name, value in kept(spec, values_of(answers)).items() if filled(value)}


def shown(spec: Definition, answers: Answers, field: str) -> bool:
    """Tell whether a field is asked, given the answers so far."""
    return field in kept(spec, values_of(answers))


def pages(spec: Definition, answers: Answers) -> list[str]:
    """List the keys of the pages on which something is asked."""
    names = kept(spec, values_of(answers))
    return [page.key for page in spec.pages if any(field.name in names for field in spec.by_page[page.key])]
