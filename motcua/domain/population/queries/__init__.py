"""Reading the register: one person by number, what the answers are made of, and who looked."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from motcua.base import secrets
from motcua.base.actor import Actor, Role
from motcua.domain.population.models import (
    NUMBER,
    OLD_NUMBER,
    Complaint,
    Person,
    Right,
    Usage,
)
from motcua.domain.population.queries.log import (
    broken,
    canonical,
    chain,
    evidence,
    fingerprint,
    hashes,
    head_of,
    heads,
    last_head,
    leaves,
    ledger_key,
    newest_heads,
    position,
    tiled,
    unsigned,
    untiled,
)
from motcua.domain.population.rules import Relation

__all__ = [
    "broken",
    "canonical",
    "chain",
    "evidence",
    "fingerprint",
    "hashes",
    "head_of",
    "heads",
    "last_head",
    "leaves",
    "ledger_key",
    "newest_heads",
    "position",
    "tiled",
    "unsigned",
    "untiled",
]

_RELATIVES = ("father", "mother", "spouse", "representative")


def by_number(number: str, *, along: Collection[str] = ()) -> Person | None:
    """Find a person by the twelve-digit number, relatives fetched along; for the national site only."""
    found = Person.objects.filter(number_index__in=secrets.blinds(number, place=NUMBER))
    return (found.select_related(*along) if along else found).first()


def by_old_number(number: str) -> Person | None:
    """Find a person by the nine-digit number of the old identity card; for the national site only."""
    return Person.objects.filter(old_number_index__in=secrets.blinds(number, place=OLD_NUMBER)).first()


def relatives(names: Collection[str]) -> list[str]:
    """Say whose rows the answer about these attributes is made of, beside the person's own."""
    home = ["household__head"] if "household" in names else []
    home += ["household"] if "residence_number" in names else []
    return [name for name in _RELATIVES if name in names] + home


def procedure_titles(rows: Collection[Usage]) -> dict[str, str]:
    """Give what people call the procedures of some look-ups."""
    codes = {row.procedure for row in rows}
    named = Right.objects.filter(procedure__in=codes).exclude(title="").order_by("pk")
    return dict(named.values_list("procedure", "title"))


def attributes(person: Person, names: Collection[str]) -> dict[str, Any]:
    """Give attributes of one person in the shape of the API; what is not known is None."""
    values = {name: _attribute(person, name) for name in names if name != "household"}
    if "household" in names:
        values["household"] = _household(person)
    return {name: values[name] for name in names}


def _attribute(person: Person, name: str) -> Any:
    if name in _RELATIVES:
        return _relative(getattr(person, name), getattr(person, f"{name}_name"))
    if name.endswith("_address"):
        return _address(person, name.removesuffix("_address"))
    if name == "card":
        return {
            "issued_on": iso(person.card_issued_on),
            "expires_on": iso(person.card_expires_on),
            "issued_by": person.card_issued_by,
        }
    if name in ("deceased_on", "missing_on"):
        return iso(getattr(person, name))
    if name in _SPECIAL:
        return _SPECIAL[name](person)
    return getattr(person, name) or None


def _relative(person: Person | None, name: str) -> dict[str, Any] | None:
    if person is not None:
        return {"number": person.number, "name": person.name, "nationality": person.nationality}
    return {"number": None, "name": name, "nationality": None} if name else None


def _address(person: Person, kind: str) -> dict[str, str] | None:
    province, commune, detail = (
        getattr(person, f"{kind}_{part}") for part in ("province", "commune", "detail")
    )
    return {"province": province, "commune": commune, "detail": detail} if commune else None


def _household(person: Person) -> dict[str, Any] | None:
    home = person.household
    if home is None:
        return None
    members = Person.objects.filter(household=home).order_by("born_on", "pk")
    return {
        "code": home.code,
        "address": {"province": home.province, "commune": home.commune, "detail": home.detail},
        "relation": person.household_relation,
        "head": {"number": home.head.number, "name": home.head.name} if home.head else None,
        "members": [
            {
                "number": member.number,
                "name": member.name,
                "born_on": member.born_on,
                "gender": member.gender,
                "relation": member.household_relation,
            }
            for member in members
        ],
    }


def _children(person: Person) -> list[dict[str, Any] | None]:
    rows = Person.objects.filter(Q(father=person) | Q(mother=person)).order_by("born_on", "pk")
    return [_relative(child, "") for child in rows]


def _absence(person: Person) -> dict[str, Any] | None:
    if person.absent_from is None:
        return None
    days = {"from": iso(person.absent_from), "to": iso(person.absent_to)}
    return {**days, "place": person.absent_at}


_SPECIAL: Mapping[str, Callable[[Person], Any]] = {
    "children": _children,
    "absence": _absence,
    "residence_number": lambda person: person.household.code if person.household else None,
}


def iso(day: date | None) -> str | None:
    """Write a day as the API does; None when it is not known."""
    return day.isoformat() if day else None


def plain(held: Mapping[str, Any] | None, names: Collection[str]) -> dict[str, str] | None:
    """Give what `match` compares a call with; None for somebody unknown."""
    if held is None:
        return None
    return {name: _old_number(held) if name == "old_number" else str(held[name]) for name in names}


def _old_number(held: Mapping[str, Any]) -> str:
    sealed, place = held["old_number_sealed"], f"{OLD_NUMBER}:{held['id']}"
    return secrets.unseal(bytes(sealed), place=place) if sealed else ""


def looks(actor: Actor, *, at: datetime) -> QuerySet[Usage]:
    """Give the look-ups about oneself that may be seen by now, with their complaints, newest first."""
    person = Person.objects.filter(pk=actor.person).first() if actor.person else None
    if person is None or not actor.has(Role.CITIZEN):
        return Usage.objects.none()
    rows = usage(number=person.number, old_number=person.old_number, at=at)
    # Not by the key itself: the planner would walk back through everybody's look-ups to find enough of them.
    return rows.select_related("subscriber", "complaint").order_by((F("pk") + 0).desc())


def usage(*, number: str, old_number: str = "", at: datetime) -> QuerySet[Usage]:
    """Give the look-ups about a number that its holder may see by now, under every key.

    Under the old number stands what was asked in vain.
    """
    old = secrets.blinds(old_number, place=OLD_NUMBER) if old_number else []
    rows = Usage.objects.filter(person_index__in=[*secrets.blinds(number, place=NUMBER), *old])
    return rows.filter(Q(visible_from=None) | Q(visible_from__lte=at))


def complaints(actor: Actor) -> QuerySet[Complaint]:
    """List complaints for those who answer them: open ones first, the oldest on top."""
    if not actor.has(Role.SYSTEM, Role.AUDITOR):
        return Complaint.objects.none()
    rows = Complaint.objects.select_related("usage__subscriber")
    return rows.order_by(F("answered_at").desc(nulls_first=True), "made_at", "pk")


def family(person: Person, *, on: date) -> list[tuple[Person, Relation]]:
    """List the living spouse and the minor children of somebody, each with what they are to that person."""
    found = [(person.spouse, Relation.SPOUSE)] if person.spouse and not person.spouse.deceased_on else []
    minors = Person.objects.filter(
        Q(father=person) | Q(mother=person), deceased_on=None, born_on__gt=f"{on.year - 18}-12-31"
    )
    return [*found, *((child, Relation.CHILD) for child in minors.order_by("born_on", "pk"))]
