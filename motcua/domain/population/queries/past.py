"""What was held of a person and of the household on a day in the past."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import Q
from django.db.models.fields.json import KT

from motcua.domain.population import queries
from motcua.domain.population.models import Household, PastValue, Person
from motcua.domain.population.rules.changing import HISTORIC, HOME, HOUSEHOLD

_FIELDS = {
    (model, field.attname): field for model in (Person, Household) for field in model._meta.concrete_fields
}


def attributes(person: Person, names: Collection[str], *, on: date) -> dict[str, Any]:
    """Give attributes as they were on a day, in the shape of the API."""
    own = [name for name in names if name != "household"]
    _lay(person, PastValue.objects.filter(person=person, attribute__in=own), on=on)
    values = queries.attributes(person, own)
    if "household" in names:
        values["household"] = household(person, on=on)
    return {name: values[name] for name in names}


def value(row: PastValue) -> Any:
    """Give what one row of a person's past says, in the shape of the API."""
    person = Person.objects.get(pk=row.person_id or 0)
    _lay(person, [row], on=date.min)
    return queries.attributes(person, [row.attribute])[row.attribute]


def household(person: Person, *, on: date) -> dict[str, Any] | None:
    """Give the household that somebody lived in on a day, from when to when, and who lived there that day.

    Numbers are told only of those with whom the person lives today.
    """
    now, moves = person.household_id, PastValue.objects.filter(person=person, attribute="household")
    _lay(person, moves, on=on)
    home = Household.objects.filter(pk=person.household_id or 0).first()
    if home is None:
        return None
    _lay(home, PastValue.objects.filter(household=home), on=on)
    members = _members(home, on=on)
    head = Person.objects.filter(pk=home.head_id or 0).first()
    before = moves.filter(valid_to__lte=on).order_by("-valid_to").first()
    after = moves.filter(valid_to__gt=on).order_by("valid_to").first()
    return {
        "code": home.code,
        "address": {"province": home.province, "commune": home.commune, "detail": home.detail},
        "relation": person.household_relation,
        "from": queries.iso(before.valid_to if before else None),
        "to": queries.iso(after.valid_to if after else None),
        "head": {"number": _number(head, head.household_id, now), "name": head.name} if head else None,
        "members": [
            {
                "number": _number(member, lives, now),
                "name": member.name,
                "born_on": member.born_on,
                "gender": member.gender,
                "relation": member.household_relation,
            }
            for member, lives in members
        ],
    }


def _members(home: Household, *, on: date) -> list[tuple[Person, int | None]]:
    """List who lived in a household on a day, as they were then, each with the household of today."""
    moves = PastValue.objects.filter(attribute="household")
    left = moves.annotate(home=KT(f"values__{HOME}")).filter(home=str(home.pk)).values("person")
    people = Person.objects.filter(Q(household=home) | Q(pk__in=left))
    past = defaultdict(list)
    for one in moves.filter(person__in=people):
        past[one.person_id].append(one)
    # Whoever is not born yet has no date that comes before.
    found = []
    for member in people.filter(born_on__lte=on.isoformat()).order_by("born_on", "pk"):
        lives = member.household_id
        _lay(member, past[member.pk], on=on)
        if member.household_id == home.pk:
            found.append((member, lives))
    return found


def _number(person: Person, lives: int | None, now: int | None) -> str | None:
    return person.number if lives is not None and lives == now else None


def _lay(row: Person | Household, past: Iterable[PastValue], *, on: date) -> None:
    """Lay what was so on a day over a row in memory."""
    columns = HISTORIC if isinstance(row, Person) else HOUSEHOLD
    # Newest first, so that what was so on that day is put on last.
    for one in sorted(past, key=lambda one: one.valid_to, reverse=True):
        if one.valid_to > on:
            for column in columns[one.attribute]:
                setattr(row, column, _FIELDS[type(row), column].to_python(one.values[column]))
