"""Choosing, of the people of a register, those who play the parts of a demonstration."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, F, Q, QuerySet

from motcua.base.actor import Actor, Role
from motcua.domain.population.models import Person
from motcua.domain.population.rules import Gender, Marital

#: how many officials of the national site a demonstration has at most
DESK = 4


def _living() -> QuerySet[Person]:
    return Person.objects.filter(deceased_on=None, household__isnull=False).order_by("pk")


class _Cast:
    """Picks people for parts, nobody twice."""

    def __init__(self, on: date) -> None:
        self.on = on
        self.taken: set[int] = set()

    def pick(self, rows: QuerySet[Person], count: int = 1) -> list[Person]:
        """Take the first who are free and can be reached by telephone."""
        found = list(rows.exclude(phone="").exclude(pk__in=self.taken)[:count])
        return self.keep(found)

    def keep(self, people: Iterable[Person | None]) -> list[Person]:
        """Take somebody's relatives along."""
        found = [person for person in people if person]
        self.taken.update(person.pk for person in found)
        return found

    def aged(self, youngest: int, oldest: int) -> Q:
        """Keep those whose full years, by a whole date of birth, are between the two."""
        years = f"{self.on.year - oldest - 1}-12-31", f"{self.on.year - youngest}-01-01"
        return Q(born_on__gt=years[0], born_on__lt=years[1], born_on__regex=r"^.{10}$")


def demo_people(
    actor: Actor, *, on: date, officers: int = 24, applicants: int = 0, communes: int = 8
) -> dict[str, list[Person]]:
    """Pick people for demonstrations, the same ones for the same population.

    `parents`: a couple young enough for a child whose birth is not registered yet · `driver` · `mover`: lives
    with the spouse's household on a temporary registration, and the `host` who heads it · `elder`: only the
    year of birth is known · `officers`: grown-ups who can stand for officials · `mothers` and `adults`: at
    most so many `applicants` of each in a few communes, those of the parents and the mover first · `desk`:
    grown-ups who can stand for officials of the national site.
    """
    if not actor.has(Role.SYSTEM):
        return {}
    cast = _Cast(on)
    wives = _living().filter(gender=Gender.FEMALE, marital_status=Marital.MARRIED)
    couples = wives.filter(cast.aged(23, 33), household=F("spouse__household")).exclude(spouse__phone="")
    mother = cast.pick(couples.select_related("spouse"))
    father = cast.keep(person.spouse for person in mother)
    newcomers = Person.objects.filter(
        cast.aged(20, 40), deceased_on=None, household=None, spouse__household__isnull=False
    ).exclude(temporary_commune="")
    mover = cast.pick(newcomers.order_by("pk").select_related("spouse__household__head"))
    homes = [person.spouse.household for person in mover if person.spouse]
    host = cast.keep(home.head for home in homes if home)
    grown = _living().filter(cast.aged(26, 52))
    crowd = Q(current_commune__in=_peopled([*mother, *mover], communes))
    return {
        "parents": [*father, *mother],
        "mover": mover,
        "host": host,
        "driver": cast.pick(grown.filter(gender=Gender.MALE)),
        "elder": cast.pick(_living().filter(born_on__regex=r"^.{4}$")),
        "officers": cast.pick(grown, officers),
        "mothers": cast.pick(wives.filter(crowd, cast.aged(18, 42), spouse__deceased_on=None), applicants),
        "adults": cast.pick(_living().filter(crowd, born_on__lt=f"{on.year - 19}"), applicants),
        "desk": cast.pick(grown, DESK),
    }


def _peopled(first: Iterable[Person], count: int) -> list[str]:
    """Give the communes of some people, then those with most people."""
    sizes = _living().values("current_commune").annotate(size=Count("pk"))
    rows = sizes.order_by("-size", "current_commune").values_list("current_commune", flat=True)
    return list(dict.fromkeys([*(person.current_commune for person in first), *rows]))[:count]
