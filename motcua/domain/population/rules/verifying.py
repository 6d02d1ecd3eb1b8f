"""`verify`: what is said of somebody is true or false; no value is told (OSIA)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from motcua.domain.population.rules import age, same_words

#: what expressions may speak of
VERIFIABLE = (
    "age",
    "born_on",
    "gender",
    "marital_status",
    "nationality",
    "ethnicity",
    "permanent_province",
    "permanent_commune",
    "current_province",
    "current_commune",
)
_DATE = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
_YEARS = re.compile(r"[0-9]{1,3}")


class Operator(StrEnum):
    """How an attribute compares with the value."""

    LESS = "<"
    LESS_OR_EQUAL = "<="
    EQUAL = "="
    GREATER_OR_EQUAL = ">="
    GREATER = ">"


@dataclass(frozen=True, slots=True)
class Expression:
    """Something said of a person: age >= 18, permanent_commune = 27694."""

    attribute: str
    operator: Operator
    value: str


#: of what is known only to lie between the first and the last, everything must be true
_TRUE: dict[Operator, Callable[[Any, Any, Any], bool]] = {
    Operator.LESS: lambda first, last, value: last < value,
    Operator.LESS_OR_EQUAL: lambda first, last, value: last <= value,
    Operator.EQUAL: lambda first, last, value: first == last == value,
    Operator.GREATER_OR_EQUAL: lambda first, last, value: first >= value,
    Operator.GREATER: lambda first, last, value: first > value,
}


def makes_sense(said: Expression) -> bool:
    """Tell whether an expression can be true of anybody: only ages and dates have an order."""
    if said.attribute == "age":
        return _YEARS.fullmatch(said.value) is not None
    if said.attribute == "born_on":
        return _DATE.fullmatch(said.value) is not None
    return said.operator is Operator.EQUAL


def holds(said: Expression, held: Mapping[str, str] | None, *, on: date) -> bool:
    """Tell whether an expression is surely true on a day; of somebody unknown nothing is."""
    if held is None:
        return False
    if said.attribute not in ("age", "born_on"):
        return same_words(held[said.attribute], said.value)
    born = held["born_on"]
    earliest, latest = f"{born}-01-01"[:10], f"{born}-12-31"[:10]
    if said.attribute == "born_on":
        return _TRUE[said.operator](earliest, latest, said.value)
    return _TRUE[said.operator](age(born, on), age(earliest, on), int(said.value))
