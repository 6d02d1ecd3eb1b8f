"""What console pages show, ready for their templates."""

import calendar as months
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.base import events as log
from motcua.base.actor import Actor
from motcua.base.calendar import DayKind, Spans, WorkingCalendar
from motcua.base.deadline import WEEKDAYS
from motcua.domain.agencies import events, queries
from motcua.domain.agencies.models import Agency, Appointment, CalendarDay
from motcua.domain.agencies.rules import administers, administers_province, public_days

EVENT_NAMES: Mapping[str, Promise] = {
    events.FOUNDED: gettext_lazy("Thành lập"),
    events.RENAMED: gettext_lazy("Sửa tên hoặc mã định danh"),
    events.ACCOUNT_SET: gettext_lazy("Đặt tài khoản thu phí"),
    events.DISSOLVED: gettext_lazy("Kết thúc hoạt động"),
    events.HOURS_SET: gettext_lazy("Đặt giờ làm việc"),
    events.DAY_CLOSED: gettext_lazy("Cho nghỉ một ngày"),
    events.DAY_OPENED: gettext_lazy("Đặt ngày làm bù hoặc giờ riêng"),
    events.DAY_RESTORED: gettext_lazy("Gỡ quyết định về một ngày"),
}
DAY_NAMES: Mapping[DayKind, Promise] = {
    DayKind.CLOSED: gettext_lazy("Nghỉ"),
    DayKind.MAKEUP: gettext_lazy("Làm bù"),
    DayKind.SPECIAL: gettext_lazy("Giờ riêng"),
}
#: shapes say the same as colours
MARKS = {DayKind.CLOSED: "○", DayKind.MAKEUP: "✓", DayKind.SPECIAL: "◆"}


def hours(spans: Spans) -> str:
    """Write the spans of a day: 07:30–11:30, 13:30–17:30."""
    return ", ".join(f"{start:%H:%M}–{end:%H:%M}" for start, end in spans) or _("nghỉ")


@dataclass(frozen=True)
class WeekLine:
    """One weekday's hours in force, and whether they are the agency's own."""

    weekday: Promise
    hours: str
    own: bool
    law: str


def week(actor: Actor, agency: Agency, calendar: WorkingCalendar, *, on: date) -> list[WeekLine]:
    """Give the hours of each weekday on a day."""
    own = {
        row.weekday: row
        for row in queries.hours_of(actor, agency)
        if row.in_force_from <= on and (row.in_force_to is None or row.in_force_to >= on)
    }
    return [
        WeekLine(
            weekday=WEEKDAYS[number],
            hours=hours(calendar.week(on, number)),
            own=number in own,
            law=own[number].law if number in own else "",
        )
        for number in range(7)
    ]


@dataclass(frozen=True)
class LogLine:
    """One fact of an agency's log in words."""

    title: Promise | str
    at: datetime
    by: str
    note: str
    mark: str = "done"


def story(agency: Agency) -> list[LogLine]:
    """Tell what was done to an agency, newest first."""
    return [
        LogLine(
            title=EVENT_NAMES.get(fact.name, fact.name), at=fact.at, by=fact.by_name, note=_note(fact.data)
        )
        for fact in reversed(log.history(agency.subject))
    ]


def _note(data: Mapping[str, Any]) -> str:
    day = data.get("day") or data.get("from") or data.get("last_day") or ""
    parts = [date.fromisoformat(day).strftime("%d/%m/%Y") if day else "", data.get("reason", "")]
    if data.get("afterwards"):
        parts.append(_("quyết định sau ngày đó"))
    return ", ".join([*filter(None, [*parts, data.get("law", "")])])


def one(actor: Actor, agency: Agency, *, at: datetime) -> dict[str, Any]:
    """Give everything the page of one agency shows."""
    today = at.date()
    held = list(queries.appointments(actor, agency))
    return {
        "one": agency,
        "above": queries.above(actor, agency),
        "account": queries.bank_account(agency, on=today),
        "week": week(actor, agency, queries.calendar(agency.pk), on=today),
        "serving": [each for each in held if _serves(each, today)],
        "past": [each for each in held if each.in_force_to is not None and each.in_force_to < today],
        "may_change": administers(actor, agency.path),
        "lines": story(agency),
    }


def _serves(held: Appointment, today: date) -> bool:
    return held.in_force_to is None or held.in_force_to >= today


@dataclass(frozen=True)
class Cell:
    """One day of the year's view."""

    day: date
    #: "", "off", or the kind of a dated exception
    look: str
    mark: str = ""
    title: str = ""


@dataclass(frozen=True)
class Noted:
    """One dated exception in the list below the year's view."""

    day: date
    kind: Promise
    mark: str
    hours: str
    reason: str
    source: str
    law: str
    #: set when the actor may take the decision back
    pk: int | None = None


def year(calendar: WorkingCalendar, number: int) -> list[tuple[str, list[list[Cell | None]]]]:
    """Lay a year out: twelve months of weeks of days, None outside the month."""
    grid = months.Calendar()
    return [
        (
            _("Tháng %(month)d") % {"month": month},
            [
                [_cell(calendar, day) if day.month == month else None for day in days]
                for days in grid.monthdatescalendar(number, month)
            ],
        )
        for month in range(1, 13)
    ]


def _cell(calendar: WorkingCalendar, day: date) -> Cell:
    special = calendar.exception(day)
    if special is None:
        return Cell(day, "" if calendar.count(day).minutes else "off")
    reason = _(special.reason) if special.public else special.reason
    title = f"{DAY_NAMES[special.kind]}: {reason}"
    return Cell(day, special.kind.value, MARKS[special.kind], title)


def exceptions(actor: Actor, agency: Agency, calendar: WorkingCalendar, number: int) -> Iterator[Noted]:
    """List the public holidays and the decisions of a year in order; a decision hides what it overrules."""
    decided = list(queries.decided_days(actor, agency, year=number))
    taken = {row.day for row in decided}
    found = [_decided(actor, row, calendar) for row in decided]
    for day, special in public_days(number).items():
        if day not in taken:
            found.append(
                Noted(
                    day=day,
                    kind=DAY_NAMES[special.kind],
                    mark=MARKS[special.kind],
                    hours=_hours(calendar, day),
                    reason=_(special.reason),
                    source=_("lịch nghỉ lễ"),
                    law="",
                )
            )
    yield from sorted(found, key=lambda each: each.day)


def _hours(calendar: WorkingCalendar, day: date) -> str:
    spans = calendar.spans(day)
    return hours(spans) if spans else "–"


def _decided(actor: Actor, row: CalendarDay, calendar: WorkingCalendar) -> Noted:
    kind = DayKind(row.kind)
    may = administers(actor, row.agency.path) if row.agency else administers_province(actor)
    return Noted(
        day=row.day,
        kind=DAY_NAMES[kind],
        mark=MARKS[kind],
        hours=_hours(calendar, row.day),
        reason=row.reason,
        source=str(row.agency) if row.agency else _("toàn tỉnh"),
        law=row.law,
        pk=row.pk if may else None,
    )


def whole_year(actor: Actor, agency: Agency, number: int) -> dict[str, Any]:
    """Give everything the page of a year shows."""
    calendar = queries.calendar(agency.pk)
    return {
        "one": agency,
        "year": number,
        "months": year(calendar, number),
        "noted": exceptions(actor, agency, calendar, number),
        "may_change": administers(actor, agency.path),
    }
