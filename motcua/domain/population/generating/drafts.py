"""A person and a home while they are being made up, and how members are related to the head."""

from dataclasses import dataclass, field
from datetime import date

from motcua.domain.population.generating.names import Name
from motcua.domain.population.generating.places import Commune
from motcua.domain.population.rules import Gender, Marital, Relation


@dataclass(slots=True, eq=False)
class Draft:
    """One made-up person."""

    key: int
    gender: Gender
    name: Name
    born_on: str
    year: int
    ethnicity: str
    religion: str
    #: former province where the birth was registered, as the number says it
    prefix: str
    home_town: str
    #: commune of the family at birth
    native: Commune
    number: str = ""
    old_number: str = ""
    phone: str = ""
    blood_group: str = ""
    father: "Draft | None" = None
    father_name: str = ""
    mother: "Draft | None" = None
    mother_name: str = ""
    spouse: "Draft | None" = None
    marital: Marital = Marital.SINGLE
    deceased_on: date | None = None
    home: "Home | None" = None
    #: registered permanently elsewhere, living in `home` on a temporary registration
    elsewhere: tuple[Commune, str] | None = None
    card_issued_on: date | None = None
    card_expires_on: date | None = None

    @property
    def alive(self) -> bool:
        """Tell whether the person lives."""
        return self.deceased_on is None

    def die(self, on: date) -> None:
        """Die: the card and the telephone go, and a child had no identity card yet."""
        self.deceased_on = on
        self.card_issued_on = self.card_expires_on = None
        self.phone = ""
        if on.year - self.year < 14:
            self.old_number = ""


@dataclass(slots=True, eq=False)
class Home:
    """One made-up household."""

    key: int
    commune: Commune
    detail: str
    members: list[Draft] = field(default_factory=list)
    head: Draft | None = None

    def take(self, *people: Draft) -> None:
        """Let people live here; the dead belong to no household."""
        for person in people:
            if person.alive:
                person.home = self
                self.members.append(person)


@dataclass(slots=True)
class Clan:
    """People made up together: every relative that a member points to is in it."""

    people: list[Draft] = field(default_factory=list)
    homes: list[Home] = field(default_factory=list)

    def part(self) -> None:
        """Let relatives forget each other, so that they are gone without a search for circles."""
        for person in self.people:
            person.father = person.mother = person.spouse = person.home = None


def relation(member: Draft, head: Draft) -> Relation:
    """Say what a member is to the head of the household."""
    if member is head:
        return Relation.HEAD
    if member is head.spouse:
        return Relation.SPOUSE
    if head is member.father or head is member.mother:
        return Relation.CHILD
    if member is head.father or member is head.mother:
        return Relation.PARENT
    if member.spouse and head in _parents(member.spouse):
        return Relation.CHILD_IN_LAW
    if head.spouse and member in _parents(head.spouse):
        return Relation.PARENT_IN_LAW
    if any(head in _parents(parent) for parent in _parents(member)):
        return Relation.GRANDCHILD
    if any(member in _parents(parent) for parent in _parents(head)):
        return Relation.GRANDPARENT
    if set(_parents(member)) & set(_parents(head)):
        return Relation.SIBLING
    return Relation.OTHER


def _parents(person: Draft) -> list[Draft]:
    return [parent for parent in (person.father, person.mother) if parent]
