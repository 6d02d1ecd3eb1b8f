"""The officials of the demonstration, appointed by the real commands, and who can be logged in as."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.base.actor import SYSTEM, Actor, Role
from motcua.base.errors import Refused
from motcua.domain.agencies import commands, queries
from motcua.domain.agencies.models import Agency
from motcua.domain.agencies.rules import Kind
from motcua.domain.procedures.models import ProcedureVersion
from motcua.portals.office.demo.answers import slug
from motcua.portals.office.demo.cast import Cast, Somebody, words

#: how many serve in a role; the others are alone in theirs
MANY = {Role.CLERK: 2, Role.OFFICER: 2}
_PROVINCE = (Role.PROVINCE_OFFICE, Role.ADMINISTRATOR, Role.AUDITOR)


@dataclass(frozen=True)
class Place:
    """Where one procedure goes for one commune."""

    version: ProcedureVersion
    commune: str
    agency: Agency
    desk: Agency
    #: name of the procedure's folder, without its code
    slug: str


@dataclass
class Staff:
    """Who serves where."""

    places: list[Place]
    root: Agency
    #: (key of the agency, role) → those who serve in it
    serving: dict[tuple[int, Role], list[tuple[Somebody, Actor]]] = field(default_factory=dict)

    def one(self, agency: Agency, role: Role, chance: Random) -> Actor:
        """Choose somebody of an agency who holds a role."""
        return chance.choice(self.serving[agency.pk, role])[1]

    def first(self, agency: Agency, role: Role) -> Somebody | None:
        """Give whoever is named first for a role in an agency."""
        found = self.serving.get((agency.pk, role))
        return found[0][0] if found else None


def places(versions: Sequence[ProcedureVersion], communes: Sequence[str], *, on: date) -> list[Place]:
    """List for each procedure and commune who receives and who resolves."""
    found = []
    for version in versions:
        for commune in communes:
            agency = queries.responsible(version.spec.resolves, division_code=commune, on=on)
            desk = queries.responsible(version.spec.receives, division_code=commune, on=on)
            if agency is not None and desk is not None:
                found.append(Place(version, commune, agency, desk, slug(version.code)))
    return found


def engage(cast: Cast, found: list[Place], *, at: datetime) -> Staff:
    """Appoint the officials that these places need; those who serve already stay."""
    on = timezone.localdate(at)
    staff = Staff(found, queries.root(on=on))
    people = iter(cast.officers)
    for agency, role in _posts(staff):
        somebody = next(people, None)
        if somebody is None:
            raise Refused(_("Danh sách người trình diễn quá ngắn cho số cơ quan này."))
        actor = _serving(somebody, agency, role, on) or _appoint(somebody, agency, role, at)
        staff.serving.setdefault((agency.pk, role), []).append((somebody, actor))
    return staff


def _posts(staff: Staff) -> Iterator[tuple[Agency, Role]]:
    """Name every post to fill, the province's first."""
    for role in _PROVINCE:
        yield staff.root, role
    needed: dict[int, tuple[Agency, set[Role]]] = {}
    for place in staff.places:
        needed.setdefault(place.desk.pk, (place.desk, set()))[1].add(Role.CLERK)
        roles = needed.setdefault(place.agency.pk, (place.agency, set()))[1]
        roles.update({Role.OFFICER, Role.LEADER}, (Role(step.role) for step in place.version.spec.steps))
    for agency, roles in needed.values():
        for role in sorted(roles, key=list(Role).index):
            yield from [(agency, role)] * MANY.get(role, 1)


def _serving(somebody: Somebody, agency: Agency, role: Role, on: date) -> Actor | None:
    actor = queries.actor_of_officer(citizen_number=somebody.number, on=on)
    return actor if actor and actor.agency == agency.pk and actor.has(role) else None


def _appoint(somebody: Somebody, agency: Agency, role: Role, at: datetime) -> Actor:
    commands.engage(
        citizen_number=somebody.number,
        name=somebody.name,
        agency=agency,
        role=role,
        title=words()["posts"].get(agency.kind, {}).get(role, ""),
        in_force_from=agency.in_force_from,
        by=SYSTEM,
        at=at,
    )
    actor = queries.actor_of_officer(citizen_number=somebody.number, on=timezone.localdate(at))
    assert actor is not None
    return actor


def logins(cast: Cast, staff: Staff) -> list[dict[str, Any]]:
    """List who can be logged in as, for the national site: the citizens of the stories, then each role."""
    told = words()["notes"]
    found: list[dict[str, Any]] = [
        {
            "number": getattr(cast, part).number,
            "name": getattr(cast, part).name,
            "role": "citizen",
            "note": note,
        }
        for part, note in told.items()
    ]
    shown = _shown(cast, staff)
    for role in Role:
        for agency in (staff.root, *shown):
            if somebody := staff.first(agency, role):
                title = words()["posts"].get(agency.kind, {}).get(role, "")
                note = f"{title}, {agency.name}" if title else agency.name
                found.append(
                    {"number": somebody.number, "name": somebody.name, "role": str(role), "note": note}
                )
    return found


def _shown(cast: Cast, staff: Staff) -> list[Agency]:
    """Give the agencies of the stories: where the mother registers, the mover moves to, the driver goes."""
    found: dict[str, Agency] = {}
    for place in sorted(staff.places, key=lambda one: one.agency.kind != Kind.COMMUNE):
        home = cast.mother.commune if place.agency.kind == Kind.COMMUNE else cast.mover.commune
        if place.commune == home:
            found.setdefault(place.agency.kind, place.agency)
    return list(found.values())
