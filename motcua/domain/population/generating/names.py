"""Names as Vietnamese families give them: surname from the father, middle and given name by sex and time."""

import json
import tomllib
from bisect import bisect
from collections.abc import Callable, Mapping
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from motcua.domain.population.rules import Gender

_DATA = Path(__file__).parent / "data"
_COUNTS: dict[str, Any] = json.loads((_DATA / "names.json").read_text(encoding="utf-8"))
_HABITS: dict[str, Any] = tomllib.loads((_DATA / "naming.toml").read_text(encoding="utf-8"))
_PEOPLES: dict[str, dict[str, Any]] = _HABITS["peoples"]


Draw = Callable[[Random], str]


def choice(weights: Mapping[str, float]) -> Draw:
    """Make a weighted draw."""
    words, cumulative = list(weights), list(accumulate(weights.values()))
    total, last = cumulative[-1] + 0.0, len(words) - 1

    def draw(rng: Random) -> str:
        # As Random.choices draws, without its care for other arguments.
        return words[bisect(cumulative, rng.random() * total, 0, last)]

    return draw


def _given(gender: Gender) -> Draw:
    others = set(_COUNTS["given_names_male" if gender == Gender.FEMALE else "given_names_female"])
    womens = set(_HABITS["womens"])
    weights: dict[str, float] = {}
    for word in _COUNTS[f"given_names_{gender}"]:
        weight = float(_COUNTS["given_names"].get(word, 1))
        # Three of four counted people are men, so counts of women's names are small and uneven.
        if gender == Gender.FEMALE:
            weight = weight**0.65 * (1 if word in womens else 0.5 if word not in others else 0.03)
        elif word in womens:
            weight *= 0.15
        weights[word] = weight
    return choice(weights)


SURNAMES = choice(_COUNTS["surnames"])
_GIVEN = {gender: _given(gender) for gender in Gender}
_MIDDLES = {gender: choice(_HABITS["middles"][gender]) for gender in Gender}
ETHNICITIES = choice({"Kinh": 970, "Khmer": 12, "Chăm": 8, "Hoa": 7, "Xtiêng": 3, "Ê Đê": 3})


class Name(NamedTuple):
    """One person's name: the parts that the law counts, and the whole as it is written."""

    surname: str
    middle: str
    given: str
    whole: str


def religion(ethnicity: str) -> str:
    """Give the religion that most of one of the smaller peoples hold."""
    return str(_PEOPLES[ethnicity]["religion"])


def surname(rng: Random, ethnicity: str) -> str:
    """Draw a surname of the people."""
    return SURNAMES(rng) if ethnicity == "Kinh" else str(rng.choice(_PEOPLES[ethnicity]["surnames"]))


def name(rng: Random, family: str, gender: Gender, year: int, ethnicity: str) -> Name:
    """Name somebody born in that year into that family."""
    if ethnicity == "Kinh":
        return _joined(family, _middle(rng, gender, year), _GIVEN[gender](rng))
    people = _PEOPLES[ethnicity]
    middle, given = rng.choice(people[f"middles_{gender}"]), rng.choice(people[gender])
    if "family_last" in people:
        return Name(family, middle, given, f"{middle} {given} {family}")
    return _joined(family, middle, given)


def _middle(rng: Random, gender: Gender, year: int) -> str:
    # Thị and Văn were nearly everybody's middle name once and are rare among children now.
    share = min(1.0, max(0.0, (2015 - year) / 60))
    if gender == Gender.FEMALE and rng.random() < 0.08 + 0.75 * share:
        return f"Thị {_MIDDLES[gender](rng)}".strip() if rng.random() < 0.35 else "Thị"
    if gender == Gender.MALE and rng.random() < 0.5 * share:
        return "Văn"
    return _MIDDLES[gender](rng)


def _joined(family: str, middle: str, given: str) -> Name:
    return Name(family, middle, given, f"{family} {middle} {given}" if middle else f"{family} {given}")
