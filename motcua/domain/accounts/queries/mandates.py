"""Reading who acts for whom."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from motcua.base.actor import Actor
from motcua.base.text import fold
from motcua.domain.accounts.models import Mandate
from motcua.domain.accounts.rules.mandates import MandateState, Tie, is_child
from motcua.domain.population import queries as population
from motcua.domain.population.models import Person, Right


@dataclass(frozen=True, slots=True)
class Represented:
    """Somebody for whom one may act today."""

    person: Person
    tie: Tie
    #: codes of procedures; none named: all of them
    procedures: tuple[str, ...] = ()
    until: date | None = None


def mandates(actor: Actor) -> QuerySet[Mandate]:
    """List the mandates that somebody gave or was given, newest first."""
    if actor.person is None:
        return Mandate.objects.none()
    own = Mandate.objects.filter(Q(principal=actor.person) | Q(agent=actor.person))
    return own.select_related("principal", "agent").order_by("-pk")


def living_mandates(person: Person) -> QuerySet[Mandate]:
    """List the mandates of either side of somebody that are offered or accepted."""
    mine = Mandate.objects.filter(Q(principal=person) | Q(agent=person))
    return mine.filter(state__in=[MandateState.OFFERED, MandateState.ACCEPTED])


def dead(subject: str) -> Person | None:
    """Find somebody by the name in the event log whom the register knows dead."""
    kind, _colon, key = subject.partition(":")
    return Person.objects.filter(pk=key).exclude(deceased_on=None).first() if kind == "person" else None


def represented(person: Person, *, on: date) -> list[Represented]:
    """List for whom somebody may act on a day: children under age by the register, then mandates."""
    if person.deceased_on is not None:
        return []
    born = Person.objects.filter(Q(father=person) | Q(mother=person), deceased_on=None)
    children = [Represented(one, Tie.PARENT) for one in born.order_by("pk") if is_child(one.born_on, on)]
    live = Mandate.objects.filter(
        agent=person,
        state=MandateState.ACCEPTED,
        since__lte=on,
        until__gte=on,
        principal__deceased_on=None,
    )
    return children + [
        Represented(one.principal, Tie.MANDATE, tuple(one.procedures), one.until)
        for one in live.select_related("principal").order_by("pk")
    ]


def parents(person: Person, *, on: date) -> list[Person]:
    """List who acts for somebody under age."""
    if not is_child(person.born_on, on):
        return []
    found = (person.father, person.mother)
    return [one for one in found if one is not None and one.deceased_on is None]


def somebody(number: str, name: str) -> Person | None:
    """Find somebody living by number and name together; either alone finds nobody."""
    person = population.by_number(number)
    known = person is not None and person.deceased_on is None and fold(person.name) == fold(name)
    return person if known else None


def procedure_names() -> dict[str, str]:
    """Give the procedures that a mandate can be limited to, by code."""
    named = Right.objects.exclude(title="").order_by("procedure").values_list("procedure", "title")
    return dict(named)
