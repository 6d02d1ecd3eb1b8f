"""Finding a person without a number: read what was typed, compare it, weigh it (Fellegi and Sunter 1969).

A weight says how many times likelier an agreement or difference is for the person meant than for anybody
(log2 m/u); names count by how many people bear them. The numbers are data, fitted by `manage.py fit_finding`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import permutations
from math import log2
from pathlib import Path
from typing import Any

from rapidfuzz.distance import OSA

from motcua.base import encodings
from motcua.base.text import fold, nfc, tone_last

WEIGHTS = Path(__file__).parent / "finding.json"
#: so many people are shown at most; were more of them likely, the question is too wide
MOST = 5
#: nobody less likely is shown
LEAST = 0.02
#: from here on the clerk is told that it is very likely this person
SURE = 0.9
#: how likely it is that whoever is looked for is not in the register at all
ABSENT = 0.05
#: seconds that a candidate may be chosen
CHOOSABLE = 600
#: the shortest name that may be looked for; words of the longest name whose orders are all tried
_WORDS, _ORDERED = 2, 4


class Level(StrEnum):
    """How what was typed compares with what is held."""

    SAME = "same"
    #: the letters agree, and no mark at all was typed
    BARE = "bare"
    #: the letters agree, the marks do not
    MARKS = "marks"
    #: one letter was added, left out, changed or moved
    NEAR = "near"
    #: one has words that the other lacks
    LOST = "lost"
    #: one date is less exact than the other, and they agree as far as they go
    PART = "part"
    #: day and month changed places
    SWAPPED = "swapped"
    #: the year agrees, and the day or the month
    DAY = "day"
    #: the same but for one figure of the year, or two that changed places
    YEAR = "year"
    #: only the year agrees
    ONLY_YEAR = "only_year"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is known of the person looked for."""

    name: str = ""
    #: as exact as it is known: 1950, 1950-03 or 1950-03-12
    born_on: str = ""
    #: code of the commune
    commune: str = ""
    old_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What the register holds of one person, as far as it is compared."""

    name: str
    born_on: str
    communes: frozenset[str] = frozenset()
    #: this person had the old number that was given
    by_old_number: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a name: without marks, and with them, the tone last."""

    plain: str
    marked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """What the indexes are asked for: people that agree in enough to be worth comparing."""

    #: first or last words of the name as they are held, without marks
    firsts: tuple[str, ...] = ()
    lasts: tuple[str, ...] = ()
    #: the whole name in every order
    wholes: tuple[str, ...] = ()
    #: the date as given and less exact; the dates it may be a slip of; the first and last year
    dates: tuple[str, ...] = ()
    slips: tuple[str, ...] = ()
    years: tuple[int, int] = (0, 0)


def too_wide(wanted: Wanted) -> bool:
    """Tell whether a question could only be answered by a list to browse."""
    if wanted.old_number:
        return False
    return len(wanted.born_on) < 4 or min(len(words) for words in readings(wanted.name)) < _WORDS


def readings(name: str) -> list[tuple[Word, ...]]:
    """Read a typed name as it stands, out of an old font, and out of Telex or VNI keystrokes."""
    plain = encodings.readable(name) or nfc(name)
    texts = dict.fromkeys((plain.lower(), encodings.typed(plain).lower()))
    return [tuple(word_of(word) for word in text.split()) for text in texts]


@lru_cache(maxsize=65536)
def word_of(text: str) -> Word:
    """Take a word's marks apart."""
    return Word(fold(text), tone_last(text))


def blocks(wanted: Wanted) -> Blocks:
    """Say what to ask the indexes for, so that one slip in the name or the date is forgiven."""
    names = [words for words in readings(wanted.name) if words]
    year = int(wanted.born_on[:4] or 0)
    if not names or not year:
        return Blocks()
    arranged = {tuple(w.plain for w in order) for words in names for order in orders(words)}
    wholes = {
        " ".join(order)
        for words in arranged
        for order in (permutations(words) if len(words) <= _ORDERED else [words])
    }
    slips = _slips(wanted.born_on) if len(wanted.born_on) == 10 else []
    return Blocks(
        firsts=tuple(sorted({words[0] for words in arranged})),
        lasts=tuple(sorted({words[-1] for words in arranged})),
        wholes=tuple(sorted(wholes)),
        dates=tuple(dict.fromkeys((wanted.born_on, wanted.born_on[:7], wanted.born_on[:4]))),
        slips=tuple(slips),
        years=(year, year) if _year_alone(wanted.born_on) else (year - 1, year + 1),
    )


def _year_alone(born_on: str) -> bool:
    # Papers write 1 January when only the year is known.
    return len(born_on) == 4 or born_on.endswith("-01-01")


def _slips(born_on: str) -> list[str]:
    """List the dates that one is easily mistaken for."""
    year, month, day = born_on.split("-")
    years = [str(int(year) + off) for off in (-10, -1, 1, 10)] + [year[:2] + year[3] + year[2]]
    return [f"{year}-{day}-{month}"] * (int(day) <= 12) + [f"{each}-{month}-{day}" for each in years]


def orders(words: tuple[Word, ...]) -> list[tuple[Word, ...]]:
    """Give a name as typed, and as it is if the given name, the surname or both were put elsewhere."""
    if len(words) < 2:
        return [words]
    first, *middle, last = words
    moved = [(*words[1:], first), (last, *words[:-1]), (last, *middle, first)]
    return list(dict.fromkeys([words, *moved]))


@dataclass(frozen=True, slots=True)
class Scale:
    """The weights: m and u of every level, and how many people in all bear a word."""

    levels: Mapping[str, Mapping[str, Sequence[float]]]
    #: first, middle and last words of names → share of people who bear them; without marks and with
    shares: Mapping[str, Mapping[str, float]]
    #: share of a word that the fitted people did not have
    rare: float

    def of(self, kind: str, level: Level) -> float:
        """Give log2 m/u."""
        agrees, anybody = self.levels[kind][level]
        return log2(agrees / anybody)

    def of_word(self, part: str, kind: str, level: Level, key: str) -> float:
        """Give the weight of a word that agrees: the fewer bear it, the more it says."""
        return log2(self.levels[kind][level][0] / max(self.shares[part].get(key, 0.0), self.rare))


def scale(found: Mapping[str, Any]) -> Scale:
    """Read weights as they are stored."""
    return Scale(levels=found["levels"], shares=found["shares"], rare=0.5 / found["people"])


FITTED = scale(json.loads(WEIGHTS.read_text(encoding="utf-8")))


def compared(words: tuple[Word, ...], held: tuple[Word, ...]) -> list[tuple[str, str, Level, str]]:
    """Compare two names word by word: part of the name, kind of question, level, and the word that agrees."""
    kind = "marked" if any(not w.marked[:-1].isascii() or w.marked[-1] != "0" for w in words) else "bare"
    said = []
    for part, ours, theirs in (
        ("first", words[:1], held[:1]),
        ("middle", words[1:-1], held[1:-1]),
        ("last", words[-1:], held[-1:]),
    ):
        level = _level(ours, theirs, kind)
        said.append((part, f"{part} {kind}", level, key_of(theirs, marked=level == Level.SAME)))
    return said


def key_of(words: Sequence[Word], *, marked: bool) -> str:
    """Name some words in the table of shares."""
    return " ".join(w.marked if marked else w.plain for w in words)


def _level(ours: tuple[Word, ...], theirs: tuple[Word, ...], kind: str) -> Level:
    mine, yours = [w.plain for w in ours], [w.plain for w in theirs]
    if mine == yours:
        agree = [w.marked for w in ours] == [w.marked for w in theirs]
        return Level.BARE if kind == "bare" else Level.SAME if agree else Level.MARKS
    if len(mine) != len(yours):
        return Level.LOST if set(mine) <= set(yours) or set(yours) <= set(mine) else Level.OTHER
    one, two = " ".join(mine), " ".join(yours)
    return Level.NEAR if OSA.distance(one, two, score_cutoff=1) <= 1 else Level.OTHER


def born_compared(given: str, held: str) -> tuple[str, Level]:
    """Compare two dates of birth, either of which may be a year or a month only."""
    if given != held and given.endswith("-01-01"):
        given = given[:4]
    kind = "born" if len(given) == 10 else "born year"
    if given == held:
        return kind, Level.SAME
    known = min(len(given), len(held))
    if given[:known] == held[:known]:
        return kind, Level.PART
    year, theirs = given[:4], held[:4]
    if year != theirs:
        slip = abs(int(year) - int(theirs)) in (1, 10) or sorted(year) == sorted(theirs)
        return kind, Level.YEAR if slip and given[4:known] == held[4:known] else Level.OTHER
    parts, others = given[5:].split("-"), held[5:].split("-")
    if parts == others[::-1]:
        return kind, Level.SWAPPED
    agree = [one == two for one, two in zip(parts, others, strict=False)]
    return kind, Level.DAY if any(agree) else Level.ONLY_YEAR


def weight(wanted: Wanted, held: Held, by: Scale = FITTED) -> float:
    """Add up how much everything that was given speaks for one person."""
    total = 0.0
    if wanted.name:
        theirs = tuple(word_of(word) for word in nfc(held.name).lower().split())
        total += max(_name_weight(words, theirs, by) for words in readings(wanted.name))
    if wanted.born_on:
        total += by.of(*born_compared(wanted.born_on, held.born_on))
    if wanted.commune:
        total += by.of("commune", Level.SAME if wanted.commune in held.communes else Level.OTHER)
    if wanted.old_number:
        total += by.of("old number", Level.SAME if held.by_old_number else Level.OTHER)
    return total


def _name_weight(words: tuple[Word, ...], theirs: tuple[Word, ...], by: Scale) -> float:
    found = []
    for order in orders(words):
        total = by.of("order", Level.SAME if order == words else Level.SWAPPED)
        for part, kind, level, key in compared(order, theirs):
            agrees = level in (Level.SAME, Level.BARE, Level.MARKS)
            total += by.of_word(part, kind, level, key) if agrees else by.of(kind, level)
        found.append(total)
    return max(found)


def likely(weights: Sequence[float], *, people: int) -> list[float]:
    """Turn weights into how likely each person is the one meant, among everybody and nobody."""
    each = (1 - ABSENT) / people
    odds = [each * 2.0 ** min(value, 200) for value in weights]
    whole = sum(odds) + ABSENT
    return [value / whole for value in odds]


def best(scores: Sequence[float]) -> list[int] | None:
    """Choose whom to show, the likeliest first, as positions; None when they are too many to tell apart."""
    ranked = sorted((at for at, score in enumerate(scores) if score >= LEAST), key=lambda at: -scores[at])
    return ranked if len(ranked) <= MOST else None


def masked(number: str) -> str:
    """Hide the last six digits of a number: what is left tells province, sex and year of birth only."""
    return f"{number[:6]}{'•' * 6}"
