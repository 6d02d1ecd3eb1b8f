"""Every read of agencies that others may use."""

from datetime import date
from functools import lru_cache
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Length

from motcua.base.actor import Actor, Role
from motcua.base.calendar import Day, DayKind, Hours, WorkingCalendar
from motcua.base.text import fold, sort_key
from motcua.domain.agencies import places
from motcua.domain.agencies.models import (
    Agency,
    Appointment,
    BankAccount,
    CalendarDay,
    CalendarStamp,
    OfficeHours,
    Officer,
    in_force,
)
from motcua.domain.agencies.rules import PER_COMMUNE, public_days


def visible(actor: Actor) -> QuerySet[Agency]:
    """Give the agencies whose officers and calendar the actor may see: their own and those below it."""
    if actor.has(Role.SYSTEM):
        return Agency.objects.all()
    if not actor.reach:
        return Agency.objects.none()
    return Agency.objects.filter(path__startswith=actor.reach)


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


def bank_account(agency: Agency, *, on: date) -> BankAccount | None:
    """Give the account for transfers to an agency: its own or the nearest above it, if any."""
    path = agency.path
    above = [path[: place + 1] for place, sign in enumerate(path) if sign == "/"]
    found = BankAccount.objects.filter(in_force(on), agency__path__in=above)
    return found.order_by(Length("agency__path").desc(), "-in_force_from").first()


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
        place=str(last.agency),
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


def _paths(path: str) -> list[str]:
    """List the paths from the root down to this one."""
    codes = path.strip("/").split("/")
    return ["/".join(codes[:depth]) + "/" for depth in range(1, len(codes) + 1)]


def _load(agency_id: int, stamp: UUID | None) -> WorkingCalendar:
    path = agency(agency_id).path
    paths = _paths(path)
    rows = OfficeHours.objects.filter(agency__path__in=paths).order_by(
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
    own = CalendarDay.objects.filter(Q(agency=None) | Q(agency__path__in=paths))
    # The whole province first, then down the tree: the nearest decision is written last and stays.
    days = {
        row.day: Day(kind=DayKind(row.kind), reason=row.reason, spans=row.spans)
        for row in own.order_by(Length("agency__path").asc(nulls_first=True))
    }
    return WorkingCalendar(hours, days, public_days)


_remembered = lru_cache(maxsize=2048)(_load)


def decided_days(actor: Actor, agency: Agency, *, year: int) -> QuerySet[CalendarDay]:
    """List the exceptions decided for one agency, above it or for the whole province, in one year."""
    return (
        CalendarDay.objects.filter(Q(agency=None) | Q(agency__path__in=_paths(agency.path)), day__year=year)
        .select_related("agency")
        .order_by("day", "pk")
    )


def hours_of(actor: Actor, agency: Agency) -> QuerySet[OfficeHours]:
    """List the weekly hours written for this agency itself, newest first within a weekday."""
    return OfficeHours.objects.filter(agency=agency).order_by("weekday", "-in_force_from")


def listed(
    actor: Actor, *, on: date, below: Agency | None = None, words: str = "", kind: str = ""
) -> list[Agency]:
    """List agencies of the actor's reach with `children_count` and `officers_count`.

    Either those directly below one, or everywhere those of a kind or with all the words in name and code.
    """
    open_child = Q(children__in_force_from__lte=on) & (
        Q(children__in_force_to=None) | Q(children__in_force_to__gte=on)
    )
    held = (
        Appointment.objects.filter(in_force(on), agency=OuterRef("pk"))
        .values("agency")
        .annotate(many=Count("officer", distinct=True))
    )
    found = visible(actor).filter(in_force(on)).order_by("path")
    if kind:
        found = found.filter(kind=kind)
    elif not words and below is not None:
        found = found.filter(parent=below)
    found = found.annotate(
        children_count=Count("children", filter=open_child),
        officers_count=Coalesce(Subquery(held.values("many")), 0),
    )
    rows = [one for one in found if _has(words, f"{one.name} {one.path}")]
    # The few departments before the many communes, each in dictionary order.
    return sorted(rows, key=lambda one: (one.kind in PER_COMMUNE, sort_key(one.name)))


def _has(words: str, text: str) -> bool:
    """Tell whether each word begins a word of the text, with or without marks."""
    parts = fold(text).replace("/", " ").split()
    return all(any(part.startswith(word) for part in parts) for word in fold(words).split())


def top(actor: Actor, *, on: date) -> Agency:
    """Give the highest agency that the actor may see."""
    return visible(actor).filter(in_force(on)).order_by(Length("path"), "path")[:1].get()


def above(actor: Actor, agency: Agency) -> list[Agency]:
    """List the agencies above one, from the top down, as far as the actor may see them."""
    found = visible(actor).filter(path__in=_paths(agency.path)).exclude(pk=agency.pk)
    return list(found.filter(in_force(agency.in_force_from)).order_by("path"))


def staff(actor: Actor, *, on: date, words: str = "") -> list[Appointment]:
    """List who serves on a day in the actor's reach, by name with or without marks, in the order of names."""
    found = Appointment.objects.filter(in_force(on), agency__in=visible(actor)).select_related(
        "officer", "agency"
    )
    found = found.order_by("officer__name_key", "officer", "agency", "role")
    return [one for one in found if _has(words, one.officer.name)]


def appointment(actor: Actor, pk: int) -> Appointment:
    """Give one appointment in the actor's reach."""
    found = Appointment.objects.filter(agency__in=visible(actor))
    return found.select_related("officer", "agency").get(pk=pk)


def decided_day(actor: Actor, pk: int) -> CalendarDay:
    """Give one decision about a day: of an agency in the actor's reach, or of the whole province."""
    found = CalendarDay.objects.filter(Q(agency=None) | Q(agency__in=visible(actor)))
    return found.select_related("agency").get(pk=pk)
