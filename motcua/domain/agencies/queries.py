"""Every read of agencies that others may use."""

from datetime import date
from functools import lru_cache
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Length

from motcua.base.actor import Actor, Role
from motcua.base.calendar import Day, DayKind, Hours, WorkingCalendar
from motcua.base.text import fold
from motcua.domain.agencies import places
from motcua.domain.agencies.models import (
    Agency,
    Appointment,
    CalendarDay,
    CalendarStamp,
    OfficeHours,
    Officer,
    in_force,
)
from motcua.domain.agencies.rules import public_days


def visible(actor: Actor) -> QuerySet[Agency]:
    """Give the agencies whose officers and calendar the actor may see: their own and those below it."""
    if actor.has(Role.SYSTEM):
        return Agency.objects.all()
    if not actor.reach:
        return Agency.objects.none()
    return Agency.objects.filter(path__startswith=actor.reach)


def officers_in_reach(actor: Actor) -> QuerySet[Officer]:
    """Give the officers who hold or held a role in the actor's reach."""
    if actor.has(Role.SYSTEM):
        return Officer.objects.all()
    return Officer.objects.filter(appointments__agency__in=visible(actor)).distinct()


def appointments(actor: Actor, agency: Agency) -> QuerySet[Appointment]:
    """List the appointments in one agency of the actor's reach, people in dictionary order."""
    found = Appointment.objects.filter(agency=agency, agency__in=visible(actor))
    return found.select_related("officer").order_by("officer__name_key", "in_force_from", "pk")


def agency(pk: int) -> Agency:
    """Give one agency; agencies as such are public."""
    return Agency.objects.get(pk=pk)


def agencies(*, on: date, kind: str | None = None) -> QuerySet[Agency]:
    """List the agencies in force on a day, the tree read from the top down."""
    found = Agency.objects.filter(in_force(on)).order_by("path")
    return found.filter(kind=kind) if kind else found


def root(*, on: date) -> Agency:
    """Give the province itself."""
    return agencies(on=on).get(parent=None)


def by_path(path: str, *, on: date) -> Agency:
    """Give the agency that stands at this place of the tree on a day."""
    return agencies(on=on).get(path=path)


def responsible(word: str, *, division_code: str, on: date) -> Agency | None:
    """Find who resolves a procedure for a place: the agency of this kind (or code) that serves the place.

    What serves the whole province answers for each of its communes too.
    """
    found = agencies(on=on).filter(Q(kind=word) | Q(code=word))
    nearest = found.filter(division_code=division_code).first()
    return nearest or found.filter(division_code__regex=r"^\d{2}$").first()


def place_name(code: str) -> str:
    """Give the full name of a province or commune in the reader's language; the code when unknown."""
    return places.place_name(code)


def officers(agency_id: int, role: Role | None = None, *, on: date | None = None) -> QuerySet[Officer]:
    """List the officers of one agency in the order of names; with `on` only those who serve on that day."""
    held = Appointment.objects.filter(agency_id=agency_id)
    if role is not None:
        held = held.filter(role=role)
    held = held.filter(in_force(on)) if on is not None else held.filter(in_force_to=None)
    return Officer.objects.filter(pk__in=held.values("officer")).order_by("name_key")


def officer_by_number(citizen_number: str) -> Officer | None:
    """Find the officer with this personal number."""
    return Officer.objects.filter(citizen_number=citizen_number).first()


def actor_of_officer(*, citizen_number: str, on: date) -> Actor | None:
    """Make the actor of whoever logged in with this number; None for who holds no role on this day."""
    return _actor(Q(officer__citizen_number=citizen_number), on)


def actor_by_officer(officer_id: int, on: date) -> Actor | None:
    """Make the actor of an officer; None for who holds no role on this day."""
    return _actor(Q(officer=officer_id), on)


def _actor(who: Q, on: date) -> Actor | None:
    held = list(
        Appointment.objects.filter(who, in_force(on))
        .select_related("officer", "agency")
        .order_by("-in_force_from", "-pk")
    )
    held = [one for one in held if one.agency.in_force_to is None or one.agency.in_force_to >= on]
    if not held:
        return None
    # Roles are held in one agency at a time: the latest appointment says in which.
    last = held[0]
    return Actor(
        name=last.officer.name,
        roles=frozenset(Role(one.role) for one in held if one.agency_id == last.agency_id),
        officer=last.officer_id,
        agency=last.agency_id,
        reach=last.agency.path,
    )


def calendar(agency_id: int) -> WorkingCalendar:
    """Give the working calendar of one agency with what it inherits, by one small query when remembered.

    The stamp is read each time and not for so many seconds: a deadline promised from a calendar that
    another process has just changed would be wrong for ever.
    """
    return calendars([agency_id])[agency_id]


def calendars(agency_ids: list[int]) -> dict[int, WorkingCalendar]:
    """Give the working calendars of several agencies for one question about the stamp."""
    stamp = CalendarStamp.objects.values_list("stamp", flat=True).first()
    load = _remembered if stamp else _load
    return {agency_id: load(agency_id, stamp) for agency_id in dict.fromkeys(agency_ids)}


def _load(agency_id: int, stamp: UUID | None) -> WorkingCalendar:
    path = agency(agency_id).path
    codes = path.strip("/").split("/")
    above = ["/".join(codes[:depth]) + "/" for depth in range(1, len(codes) + 1)]
    rows = OfficeHours.objects.filter(agency__path__in=above).order_by(
        Length("agency__path").desc(), "-in_force_from"
    )
    hours = tuple(
        Hours(
            weekday=row.weekday,
            spans=row.spans,
            in_force_from=row.in_force_from,
            in_force_to=row.in_force_to,
        )
        for row in rows
    )
    own = CalendarDay.objects.filter(Q(agency=None) | Q(agency__path__in=above))
    # The whole province first, then down the tree: the nearest decision is written last and stays.
    days = {
        row.day: Day(kind=DayKind(row.kind), reason=row.reason, spans=row.spans)
        for row in own.order_by(Length("agency__path").asc(nulls_first=True))
    }
    return WorkingCalendar(hours, days, public_days)


_remembered = lru_cache(maxsize=2048)(_load)


def decided_days(actor: Actor, agency: Agency, *, year: int) -> QuerySet[CalendarDay]:
    """List the exceptions decided for one agency, above it or for the whole province, in one year."""
    codes = agency.path.strip("/").split("/")
    above = ["/".join(codes[:depth]) + "/" for depth in range(1, len(codes) + 1)]
    return (
        CalendarDay.objects.filter(Q(agency=None) | Q(agency__path__in=above), day__year=year)
        .select_related("agency")
        .order_by("day", "pk")
    )


def hours_of(actor: Actor, agency: Agency) -> QuerySet[OfficeHours]:
    """List the weekly hours written for this agency itself, newest first within a weekday."""
    return OfficeHours.objects.filter(agency=agency).order_by("weekday", "-in_force_from")


def search(actor: Actor, words: str, *, on: date) -> list[Agency]:
    """Find agencies of the actor's reach by words of the name (marks or no marks) or by code."""
    wanted = fold(words).split()
    found = visible(actor).filter(in_force(on)).order_by("path")
    return [one for one in found if all(word in fold(f"{one.name} {one.path}") for word in wanted)]
