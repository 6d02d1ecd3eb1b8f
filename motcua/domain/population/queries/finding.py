"""The people worth comparing with what a clerk knows of somebody, by indexes only, and who is likely."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from motcua.base import secrets
from motcua.domain.population.models import OLD_NUMBER, Person
from motcua.domain.population.rules import finding
from motcua.domain.population.rules.finding import Held, Wanted

#: rows that one index may bring in; more of them, and the question was too wide
_ROWS = 400
#: what people in the register are taken for when the database has not counted them yet
_FEWEST = 1000
_COLUMNS = ("pk", "number_index", "name", "born_on", "permanent_commune", "current_commune")


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody who may be meant, and how likely."""

    pk: int
    #: blind index of the number, as it is stored
    index: bytes
    score: float


def find(wanted: Wanted) -> list[Found] | None:
    """Find who may be meant, the likeliest first, by score; None when too many are; for the register only.

    Whoever has died cannot stand before a counter, and a number that was given up is nobody's any more.
    """
    held = _held(wanted)
    if held is None:
        return None
    scores = finding.likely([finding.weight(wanted, each) for each in held.values()], people=_people())
    keys, chosen = list(held), finding.best(scores)
    return None if chosen is None else [Found(*keys[at], scores[at]) for at in chosen]


def _held(wanted: Wanted) -> dict[tuple[int, bytes], Held] | None:
    """Gather whoever an index names; None when one of them names too many."""
    held: dict[tuple[int, bytes], Held] = {}
    for rows in blocks(wanted):
        found = list(rows.values_list(*_COLUMNS)[: _ROWS + 1])
        if len(found) > _ROWS:
            return None
        for pk, index, name, born_on, *communes in found:
            held[pk, bytes(index)] = Held(name=name, born_on=born_on, communes=frozenset(communes) - {""})
    for pk, index, name, born_on, *communes in _by_old_number(wanted).values_list(*_COLUMNS):
        held[pk, bytes(index)] = Held(
            name=name, born_on=born_on, communes=frozenset(communes), by_old_number=True
        )
    return held


def _living() -> QuerySet[Person]:
    return Person.objects.filter(deceased_on=None, cancelled_on=None).order_by()


def _by_old_number(wanted: Wanted) -> QuerySet[Person]:
    if not wanted.old_number:
        return Person.objects.none()
    return _living().filter(old_number_index__in=secrets.blinds(wanted.old_number, place=OLD_NUMBER))


def blocks(wanted: Wanted) -> Iterator[QuerySet[Person]]:
    """Give what each index is asked for; every condition on a name or date is one that an index answers."""
    sought, living = finding.blocks(wanted), _living()
    if not sought.wholes:
        return
    first, last = sought.years
    span = {"born_on__gte": f"{first}", "born_on__lt": f"{last + 1}"}
    yield living.filter(name_folded__in=sought.wholes, **span)
    if sought.slips:
        yield living.filter(name_last__in=sought.lasts, born_on__in=(*sought.dates, *sought.slips))
        yield living.filter(name_first__in=sought.firsts, born_on__in=sought.dates)
    else:
        # With a year alone both ends of the name have to agree, and the commune if there is one.
        near = {"permanent_commune": wanted.commune} if wanted.commune else {}
        both = {"name_first__in": sought.firsts, "name_last__in": sought.lasts}
        yield living.filter(**both, **near, **span)


def _people() -> int:
    """Tell about how many people there are, as the database last counted them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [Person._meta.db_table])
        return max(_FEWEST, int(cursor.fetchone()[0]))
