"""Working time: office hours by weekday, dated exceptions to them, and counting along both.

Seconds are dropped everywhere, because slips print minutes and people count by what is printed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from motcua.base.errors import Refused

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
Spans = tuple[tuple[time, time], ...]

DAY = timedelta(days=1)
MONDAY, SATURDAY, SUNDAY = 0, 5, 6
#: a calendar that is closed for longer than this has been typed in wrongly
LONGEST_CLOSURE = 400


class DayKind(StrEnum):
    """What a dated exception does to its day."""

    CLOSED = "closed"
    #: works although the week says no; without spans of its own it has Monday's
    MAKEUP = "makeup"
    #: works at other hours than the week says
    SPECIAL = "special"


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """One dated exception to the weekly hours."""

    kind: DayKind
    #: a Vietnamese sentence part; translated when it is a public holiday
    reason: str = ""
    spans: Spans = ()
    #: comes from the public holidays, not from a decision of the agency
    public: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Hours:
    """Working spans of one weekday (0 = Monday) while in force, both dates included."""

    weekday: int
    spans: Spans
    in_force_from: date = date.min
    in_force_to: date | None = None

    def fits(self, day: date) -> bool:
        """Tell whether these hours were in force on a day."""
        return self.in_force_from <= day and (self.in_force_to is None or day <= self.in_force_to)


class Count(NamedTuple):
    """One day in minutes since midnight, ready for counting."""

    spans: tuple[tuple[int, int], ...]
    minutes: int
    #: minutes of this office's full day in that week: one working day is worth so many
    full: int


def no_holidays(year: int) -> Mapping[date, Day]:
    """Know no public holiday."""
    return {}


@dataclass(frozen=True, eq=False)
class WorkingCalendar:
    """When one agency works; days are worked out once and remembered, so keep the object."""

    #: the first that fits a day decides, so the nearest agency's stand first
    hours: tuple[Hours, ...]
    days: Mapping[date, Day] = field(default_factory=dict)
    #: the public holidays of a year; `days` overrules them
    holidays: Callable[[int], Mapping[date, Day]] = no_holidays
    _counts: dict[date, Count] = field(default_factory=dict, init=False, repr=False)

    def exception(self, day: date) -> Day | None:
        """Give the dated exception of a day: the office's own, else the public holiday."""
        return self.days.get(day) or self.holidays(day.year).get(day)

    def week(self, day: date, weekday: int) -> Spans:
        """Give the spans that the weekly hours in force on a day give to a weekday."""
        for hours in self.hours:
            if hours.weekday == weekday and hours.fits(day):
                return hours.spans
        return ()

    def spans(self, day: date) -> Spans:
        """Give the working spans of a day in local time, none when the office is closed."""
        special = self.exception(day)
        if special is None:
            return self.week(day, day.weekday())
        if special.kind is DayKind.MAKEUP:
            return special.spans or self.week(day, MONDAY)
        return special.spans if special.kind is DayKind.SPECIAL else ()

    def count(self, day: date) -> Count:
        """Give a day in minutes, from memory when it was asked before."""
        found = self._counts.get(day)
        if found is None:
            spans = _minutes(self.spans(day))
            week = (_total(_minutes(self.week(day, weekday))) for weekday in range(7))
            found = self._counts[day] = Count(spans, _total(spans), max(week) or 8 * 60)
        return found


class _Always(WorkingCalendar):
    """Every minute of every day."""

    def count(self, day: date) -> Count:
        """Give the whole day."""
        return Count(((0, 1440),), 1440, 1440)


#: for what the law counts by the clock, nights and days off too
ALWAYS = _Always(())


def _minutes(spans: Spans) -> tuple[tuple[int, int], ...]:
    return tuple((a.hour * 60 + a.minute, b.hour * 60 + b.minute) for a, b in spans)


def _total(spans: tuple[tuple[int, int], ...]) -> int:
    return sum(end - start for start, end in spans)


def local(moment: datetime) -> datetime:
    """Express a moment in the office's time zone, to the minute."""
    return moment.astimezone(ZONE).replace(second=0, microsecond=0)


def at_minute(day: date, minute: int) -> datetime:
    """Give the moment so many minutes after a day's midnight."""
    return datetime(day.year, day.month, day.day, tzinfo=ZONE) + timedelta(minutes=minute)


def working_day(calendar: WorkingCalendar, day: date) -> date:
    """Give the day itself when the office works, else the next day on which it does."""
    for _number in range(LONGEST_CLOSURE):
        if calendar.count(day).minutes:
            return day
        day += DAY
    raise Refused(_("Cơ quan chưa có giờ làm việc nên không tính được ngày hẹn."))


def opening(calendar: WorkingCalendar, moment: datetime) -> datetime:
    """Give the moment itself inside working time, else the start of the next working span."""
    moment = local(moment)
    minute = moment.hour * 60 + moment.minute
    for start, end in calendar.count(moment.date()).spans:
        if minute < end:
            return at_minute(moment.date(), max(start, minute))
    day = working_day(calendar, moment.date() + DAY)
    return at_minute(day, calendar.count(day).spans[0][0])


def closing(calendar: WorkingCalendar, day: date) -> datetime:
    """Give the end of office hours of a day, or of the next working day."""
    day = working_day(calendar, day)
    return at_minute(day, calendar.count(day).spans[-1][1])


def working_minutes(calendar: WorkingCalendar, start: datetime, end: datetime) -> int:
    """Count working minutes from start to end; negative when the end lies before the start."""
    if end < start:
        return -working_minutes(calendar, end, start)
    start, end = local(start), local(end)
    day, last = start.date(), end.date()
    total = 0
    while day <= last:
        total += calendar.count(day).minutes
        day += DAY
    before = _worked(calendar, start)
    after = calendar.count(last).minutes - _worked(calendar, end)
    return total - before - after


def _worked(calendar: WorkingCalendar, moment: datetime) -> int:
    minute = moment.hour * 60 + moment.minute
    return sum(max(0, min(end, minute) - start) for start, end in calendar.count(moment.date()).spans)


def advance(calendar: WorkingCalendar, start: datetime, amount: Fraction, *, hourly: bool) -> datetime:
    """Give the working moment at which so many working days (or hours) have run since start.

    A working minute is worth 1/60 of an hour, and 1/n of a working day where n is the length of
    the office's full day in that week: a half day counts half, whatever the office's hours are.
    A moment that closes a span is given as that close, not as the next opening.
    """
    moment = opening(calendar, start)
    day, minute = moment.date(), moment.hour * 60 + moment.minute
    full = spent = need = idle = 0
    while idle < LONGEST_CLOSURE:
        count = calendar.count(day)
        unit = 60 if hourly else count.full
        if unit != full:
            amount -= Fraction(spent, full or 1)
            full, spent, need = unit, 0, ceil(amount * unit)
        idle = 0 if count.minutes else idle + 1
        for opens, end in count.spans:
            begin = max(opens, minute)
            if end <= begin:
                continue
            if need - spent <= end - begin:
                return at_minute(day, begin + max(0, need - spent))
            spent += end - begin
        day, minute = day + DAY, 0
    raise Refused(_("Cơ quan chưa có giờ làm việc nên không tính được ngày hẹn."))


def worth(calendar: WorkingCalendar, start: datetime, end: datetime, *, hourly: bool) -> Fraction:
    """Count how many working days (or hours) lie between two moments, by the same measure as `advance`."""
    if hourly:
        return Fraction(max(0, working_minutes(calendar, start, end)), 60)
    start, end = local(start), local(end)
    total, day = Fraction(0), start.date()
    while day <= end.date() and start < end:
        count = calendar.count(day)
        minutes = count.minutes
        if day == end.date():
            minutes = _worked(calendar, end)
        if day == start.date():
            minutes -= _worked(calendar, start)
        total += Fraction(minutes, count.full)
        day += DAY
    return total
