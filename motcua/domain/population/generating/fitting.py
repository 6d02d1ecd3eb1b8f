"""Fitting the weights of finding on a made-up population and the usual slips: the same for the same seed."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from motcua.base.text import nfc
from motcua.domain.population.generating import noise, places
from motcua.domain.population.generating.population import clans
from motcua.domain.population.rules.finding import (
    Held,
    Level,
    Wanted,
    Word,
    born_compared,
    compared,
    key_of,
    orders,
    readings,
    word_of,
)

_Kind = tuple[str, Level]
#: added to every count, so that a level nobody had is unlikely and not impossible
_ADDED = 0.5
_NAME = (Level.SAME, Level.BARE, Level.MARKS, Level.NEAR, Level.LOST, Level.OTHER)
_BORN = (Level.SAME, Level.PART, Level.SWAPPED, Level.DAY, Level.YEAR, Level.ONLY_YEAR, Level.OTHER)
_LEVELS: dict[str, tuple[Level, ...]] = {
    **{f"{part} {kind}": _NAME for part in ("first", "middle", "last") for kind in ("marked", "bare")},
    "born": _BORN,
    "born year": _BORN,
    "commune": (Level.SAME, Level.OTHER),
}
#: old cards were copied by hand, and two provinces gave some numbers twice; an estimate, not fitted
_OLD_NUMBER = {Level.SAME: (0.98, 1e-7), Level.OTHER: (0.02, 1.0)}


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and the person it is about."""

    wanted: Wanted
    held: Held


def pairs(*, people: int, seed: int, on: date) -> Iterator[Pair]:
    """Ask once about everybody alive in a made-up population, with the usual slips."""
    rng = Random(f"finding {seed}")  # noqa: S311 - repeatable, not secret
    for clan in clans(people=people, seed=seed, on=on):
        for person in clan.people:
            if person.home is None or not person.alive:
                continue
            here, other = person.home.commune.code, places.commune(rng).code
            name = person.name.whole
            asked = noise.noisy(rng, name=name, born_on=person.born_on, commune=here, elsewhere=other)
            yield Pair(asked, Held(name=name, born_on=person.born_on, communes=frozenset({here})))


def fit(*, people: int, seed: int, on: date) -> dict[str, Any]:
    """Count how often each level comes up for the person meant (m) and for anybody else (u)."""
    found = list(pairs(people=people, seed=seed, on=on))
    meant, anybody = _counts(found), _counts(_shuffled(found, seed))
    levels: dict[str, dict[str, list[float]]] = {}
    for kind, possible in _LEVELS.items():
        one, two = _rates(meant[kind], possible), _rates(anybody[kind], possible)
        levels[kind] = {level.value: [one[level], two[level]] for level in possible}
    moved = _rates(meant["order"], (Level.SAME, Level.SWAPPED))
    # Whoever typed the words chose one order; three others are tried.
    levels["order"] = {Level.SAME.value: [moved[Level.SAME], 1.0]}
    levels["order"][Level.SWAPPED.value] = [round(moved[Level.SWAPPED] / 3, 6), 1.0]
    levels["old number"] = {level.value: list(both) for level, both in _OLD_NUMBER.items()}
    said = f"fitted on {len(found)} questions about {people} made-up people, seed {seed}, slips of noise.py"
    return {"source": said, "people": len(found), "levels": levels, "shares": _shares(found)}


def _shuffled(found: list[Pair], seed: int) -> Iterator[Pair]:
    """Put every question beside four other people."""
    rng = Random(f"others {seed}")  # noqa: S311
    for pair in found:
        for other in rng.choices(found, k=4):
            if other is not pair:
                yield Pair(pair.wanted, other.held)


def _counts(found: Any) -> defaultdict[str, Counter[Level]]:
    counts: defaultdict[str, Counter[Level]] = defaultdict(Counter)
    for pair in found:
        for kind, level in _levels(pair):
            counts[kind][level] += 1
    return counts


def _levels(pair: Pair) -> Iterator[_Kind]:
    wanted, held = pair.wanted, pair.held
    theirs = tuple(word_of(word) for word in nfc(held.name).lower().split())
    said, moved = max(_named(wanted, theirs), key=lambda found: _agreeing(found[0]))
    yield from said
    yield "order", Level.SWAPPED if moved else Level.SAME
    yield born_compared(wanted.born_on, held.born_on)
    if wanted.commune:
        yield "commune", Level.SAME if wanted.commune in held.communes else Level.OTHER


def _named(wanted: Wanted, theirs: tuple[Word, ...]) -> Iterator[tuple[list[_Kind], bool]]:
    for words in readings(wanted.name):
        for order in orders(words):
            yield [(kind, level) for _, kind, level, _ in compared(order, theirs)], order != words


def _agreeing(said: list[_Kind]) -> int:
    order = (Level.OTHER, Level.LOST, Level.NEAR, Level.MARKS, Level.BARE, Level.SAME)
    return sum(order.index(level) for _, level in said)


def _rates(counts: Counter[Level], possible: tuple[Level, ...]) -> dict[Level, float]:
    whole = sum(counts[level] for level in possible) + _ADDED * len(possible)
    return {level: float(f"{(counts[level] + _ADDED) / whole:.3g}") for level in possible}


def _shares(found: list[Pair]) -> dict[str, dict[str, float]]:
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for pair in found:
        words = tuple(word_of(word) for word in nfc(pair.held.name).lower().split())
        for part, these in (("first", words[:1]), ("middle", words[1:-1]), ("last", words[-1:])):
            counts[part].update({key_of(these, marked=False), key_of(these, marked=True)})
    return {
        part: {key: float(f"{count / len(found):.3g}") for key, count in kept.most_common() if count >= 5}
        for part, kept in counts.items()
    }
