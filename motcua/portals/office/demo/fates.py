"""What becomes of the dossiers of the demonstration: one row for each way that a dossier can go."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from random import Random

from motcua.base.actor import Role
from motcua.domain.dossiers.rules import Action
from motcua.portals.office.demo.lives import Life, Road


def _received(life: Life) -> Road:
    yield from life.receive()
    yield from life.pay()


def _begun(life: Life, steps: int = 1) -> Road:
    yield from _received(life)
    yield from life.forward(steps)


def _settled(life: Life) -> Road:
    yield from _received(life)
    yield from life.settle()


def _handed_over(life: Life) -> Road:
    yield from _settled(life)
    yield from life.hand_over()


def _asked_at_intake(life: Life) -> Road:
    yield from life.file()
    yield from life.ask_more(Role.CLERK)


def _asked(life: Life) -> Road:
    yield from _begun(life, 0)
    yield from life.ask_more(Role.OFFICER)


def _answered(life: Life) -> Road:
    yield from _asked(life)
    yield from life.supplement()


def _asked_again(life: Life) -> Road:
    yield from _answered(life)
    yield from life.ask_more(Role.OFFICER, "ask_more_again")


def _answered_and_handed_over(life: Life) -> Road:
    yield from _received(life)
    yield from life.ask_more(Role.OFFICER)
    yield from life.supplement()
    yield from life.settle()
    yield from life.hand_over()


def _waiting_for_money(life: Life) -> Road:
    yield from life.receive()
    yield from life.ask_payment()


def _postponed(life: Life) -> Road:
    yield from _begun(life)
    yield from life.postpone(Role.LEADER)


def _withdrawing(life: Life) -> Road:
    yield from _received(life)
    yield from life.act(Action.ASK_WITHDRAWAL, Role.CITIZEN, 30, 200, "withdraw")


def _withdrawn(life: Life) -> Road:
    yield from _withdrawing(life)
    yield from life.act(Action.STOP, Role.CLERK, 20, 200)


def _sent_back_home(life: Life) -> Road:
    yield from _begun(life, 0)
    yield from life.act(Action.RETURN, Role.LEADER, 60, 300, "return")


def _refused(life: Life) -> Road:
    yield from life.file()
    yield from life.refuse()


#: how many working days ago it came in, for a time limit of so many days; the last of them if it is 0
Age = Callable[[Random, int], int]


def _today(chance: Random, term: int) -> int:
    return 0


def _fresh(chance: Random, term: int) -> int:
    return chance.randint(0, max(0, term - 2))


def _due_tomorrow(chance: Random, term: int) -> int:
    return max(0, term - 1)


def _due_today(chance: Random, term: int) -> int:
    return term


def _late(chance: Random, term: int) -> int:
    return term + chance.randint(1, 3)


def _waiting(chance: Random, term: int) -> int:
    return chance.randint(2, 6)


@dataclass(frozen=True)
class Fate:
    """One way to go: how often, since when, and which acts."""

    name: str
    weight: int
    age: Age | None
    road: Callable[[Life], Road]
    #: hours of an office step are taken so many times; slower than 1 is late
    pace: tuple[float, float] = (0.35, 0.8)
    #: over its time limit or over altogether; the others are still in time if they can be
    late: bool = False
    #: only where a fee is owed
    fee: bool = False
    #: only from home
    online: bool = False


FATES = (
    Fate("draft", 3, _fresh, Life.draft, online=True),
    Fate("filed", 7, _today, Life.file, online=True),
    Fate("received", 5, _fresh, _received),
    Fate("in processing", 9, _fresh, _begun),
    Fate("due today", 5, _due_today, _begun),
    Fate("due tomorrow", 5, _due_tomorrow, lambda life: _begun(life, 2)),
    Fate("late", 5, _late, _begun, late=True),
    Fate("before the leader", 7, _due_tomorrow, lambda life: _begun(life, 99), pace=(0.1, 0.2)),
    Fate("asked at intake", 2, _today, _asked_at_intake, online=True),
    Fate("supplement asked", 5, _waiting, _asked),
    Fate("supplement answered", 3, _waiting, _answered),
    Fate("second supplement", 2, _waiting, _asked_again),
    Fate("waiting for money", 4, _waiting, _waiting_for_money, fee=True, online=True),
    Fate("postponed", 3, _late, _postponed, late=True),
    Fate("withdrawal asked", 3, _waiting, _withdrawing),
    Fate("withdrawn", 3, None, _withdrawn),
    Fate("returned with reasons", 3, None, _sent_back_home),
    Fate("refused", 4, None, _refused, online=True),
    Fate("waiting to be fetched", 10, _late, _settled),
    Fate("handed over", 34, None, _handed_over),
    Fate("handed over late", 4, None, _handed_over, pace=(1.6, 2.4)),
    Fate("handed over after a supplement", 4, None, _answered_and_handed_over),
)


def in_turn() -> Iterator[Fate]:
    """Give the fates one after another for ever, evenly mixed, each as often as its weight says."""
    total = sum(fate.weight for fate in FATES)
    yield from FATES
    given = dict.fromkeys(FATES, 1)
    for number in count(len(FATES) + 1):
        # whoever is furthest behind their share comes next
        fate = max(FATES, key=lambda one: one.weight * number / total - given[one])
        given[fate] += 1
        yield fate
