"""Reading the register: one person by number, what the answers are made of, and who looked."""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from motcua.base import secrets
from motcua.base.actor import Actor, Role
from motcua.domain.population import rules
from motcua.domain.population.models import NUMBER, Person, Right, Subscriber, Usage
from motcua.domain.population.rules import Gender, Marital, Verb

_RELATIVES = ("father", "mother", "spouse")


def by_number(number: str) -> Person | None:
    """Find a person by the twelve-digit number, with parents and spouse; for the national site only."""
    found = Person.objects.filter(number_index__in=secrets.blinds(number, place=NUMBER))
    return found.select_related(*_RELATIVES, "household__head").first()


def subscriber(code: str) -> Subscriber | None:
    """Find a subscriber that is in use by its code."""
    return Subscriber.objects.filter(code=code, active=True).first()


def allowed(subscriber: Subscriber, *, agency: str, procedure: str, verb: Verb, on: date) -> set[str] | None:
    """Give the attributes that may be asked about under a procedure, or None without any right."""
    rows = Right.objects.filter(
        Q(in_force_to=None) | Q(in_force_to__gte=on),
        subscriber=subscriber,
        agency__in=(agency, ""),
        procedure=procedure,
        verb=verb,
        in_force_from__lte=on,
    ).values_list("fields", flat=True)
    found = list(rows)
    return {field for fields in found for field in fields} if found else None


def seen(subscriber: Subscriber, *, request: str) -> bool:
    """Tell whether a subscriber has used a message code before."""
    return Usage.objects.filter(subscriber=subscriber, request=request).exists()


def asked_count(subscriber: Subscriber, *, officer: str, at: datetime) -> int:
    """Count what an officer has asked on the day of `at`, denials too."""
    start = timezone.make_aware(datetime.combine(timezone.localtime(at), time.min))
    day = Usage.objects.filter(subscriber=subscriber, officer=officer, at__gte=start)
    return day.filter(at__lt=start + timedelta(days=1)).count()


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
            "issued_on": _iso(person.card_issued_on),
            "expires_on": _iso(person.card_expires_on),
            "issued_by": person.card_issued_by,
        }
    if name == "deceased_on":
        return _iso(person.deceased_on)
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


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def plain(person: Person) -> dict[str, str]:
    """Give what `match` compares a call with."""
    return {name: str(getattr(person, name)) for name in rules.MATCHABLE}


def usage(*, number: str, before: int | None = None, limit: int = 100) -> list[Usage]:
    """List who asked about a number, newest first; `before` is the key of the last row of the page before."""
    rows = Usage.objects.filter(person_index__in=secrets.blinds(number, place=NUMBER))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows.select_related("subscriber").order_by("-pk")[: min(limit, 100)])


def fingerprint(row: Usage) -> str:
    """Hash one look-up together with the hash of the one before it about the same number (SHA-256, hex)."""
    facts = [
        row.at.astimezone(timezone.get_default_timezone()).isoformat(timespec="microseconds"),
        row.subscriber_id,
        row.request,
        row.agency,
        row.officer,
        row.procedure,
        row.dossier,
        row.basis,
        row.verb,
        row.fields,
        row.result,
        row.why,
        bytes(row.person_index).hex(),
        row.number,
        row.previous_hash,
    ]
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def broken(rows: Iterable[Usage]) -> Iterator[Usage]:
    """Give the rows, of one number and oldest first, whose hash or place is not what it was when written."""
    previous = ""
    for number, row in enumerate(rows, start=1):
        if row.number != number or row.previous_hash != previous or row.hash != fingerprint(row):
            yield row
        previous = row.hash


def chain(*, number: str) -> list[Usage]:
    """List the look-ups about a number under the newest key, oldest first, as `broken` reads them."""
    index = secrets.blind(number, place=NUMBER)
    return list(Usage.objects.filter(person_index=index).order_by("number"))


def _living() -> QuerySet[Person]:
    return Person.objects.filter(deceased_on=None, household__isnull=False).order_by("pk")


def demo_people(actor: Actor, *, on: date, officers: int = 24) -> dict[str, list[Person]]:
    """Pick people for demonstrations, the same ones for the same population.

    `parents`: a couple young enough for a child whose birth is not registered yet · `driver` · `mover`: lives
    with the spouse's household on a temporary registration, and the `host` who heads it · `elder`: only the
    year of birth is known · `officers`: grown-ups who can stand for officials.
    """
    if not actor.has(Role.SYSTEM):
        return {}
    taken: set[int] = set()

    def first(rows: QuerySet[Person], count: int = 1) -> list[Person]:
        found = list(rows.exclude(pk__in=taken)[:count])
        taken.update(person.pk for person in found)
        return found

    def aged(youngest: int, oldest: int) -> Q:
        years = f"{on.year - oldest - 1}-12-31", f"{on.year - youngest}-01-01"
        return Q(born_on__gt=years[0], born_on__lt=years[1], born_on__regex=r"^.{10}$")

    mothers = _living().filter(
        aged(23, 33), gender=Gender.FEMALE, marital_status=Marital.MARRIED, household=F("spouse__household")
    )
    mother = first(mothers.exclude(phone="").exclude(spouse__phone="").select_related("spouse"))
    father = [person.spouse for person in mother if person.spouse]
    taken.update(person.pk for person in father)
    grown = _living().filter(aged(26, 52)).exclude(phone="")
    newcomers = (
        Person.objects.filter(aged(20, 40), deceased_on=None, household=None, spouse__household__isnull=False)
        .exclude(temporary_commune="")
        .exclude(phone="")
        .order_by("pk")
    )
    mover = first(newcomers.select_related("spouse__household__head"))
    hosts = [person.spouse.household.head for person in mover if person.spouse and person.spouse.household]
    taken.update(person.pk for person in hosts if person)
    return {
        "parents": [*father, *mother],
        "driver": first(grown.filter(gender=Gender.MALE)),
        "mover": mover,
        "host": [person for person in hosts if person],
        "elder": first(_living().filter(born_on__regex=r"^.{4}$").exclude(phone="")),
        "officers": first(grown.exclude(household__head=None), officers),
    }
