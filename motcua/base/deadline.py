"""The deadline ledger: from receipt, term and pauses to the due time, explained line by line."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import ceil

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from motcua.base import calendar as working
from motcua.base.calendar import DAY, DayKind, WorkingCalendar


class Unit(StrEnum):
    """What a term is counted in."""

    #: working hours
    HOUR = "hour"
    #: hours of the clock, nights and days off too
    CLOCK_HOUR = "clock_hour"
    #: the office's own full days, counted hour by hour; a half day is worth its half
    WORKING_DAY = "working_day"
    #: calendar days by Civil Code 2015 art. 147–148
    DAY = "day"
    #: until the end of office hours; the amount says nothing
    SAME_DAY = "same_day"


@dataclass(frozen=True, kw_only=True)
class Term:
    """How long the law gives; `cutoff` moves what comes in after it to the next working day."""

    amount: Decimal
    unit: Unit
    cutoff: time | None = None
    law: str = ""


class Pausing(StrEnum):
    """What an interruption does to the clock."""

    PAUSE = "pause"
    #: the clock starts from zero once the dossier is complete (ND 61/2018 art. 19)
    RESTART = "restart"


@dataclass(frozen=True, kw_only=True)
class Pause:
    """One interruption of the clock; `ended_at` is None while it lasts."""

    began_at: datetime
    ended_at: datetime | None
    mode: Pausing
    #: Vietnamese, for example "chờ bổ sung hồ sơ"
    why: str


@dataclass(frozen=True)
class Line:
    """One line of the explanation and the moment it is about."""

    at: datetime
    text: str


@dataclass(frozen=True)
class Deadline:
    """When the answer is due, and why; `due_at` is None while a pause is open."""

    due_at: datetime | None
    lines: tuple[Line, ...]


WEEKDAYS = (
    gettext_lazy("thứ Hai"),
    gettext_lazy("thứ Ba"),
    gettext_lazy("thứ Tư"),
    gettext_lazy("thứ Năm"),
    gettext_lazy("thứ Sáu"),
    gettext_lazy("thứ Bảy"),
    gettext_lazy("Chủ nhật"),
)


def said(moment: datetime) -> str:
    """Write a moment as people say it: 16:30 thứ Sáu 26/08/2022."""
    moment = working.local(moment)
    return f"{moment:%H:%M} {WEEKDAYS[moment.weekday()]} {moment:%d/%m/%Y}"


def legal_start(*, received_at: datetime, cutoff: time | None, calendar: WorkingCalendar) -> datetime:
    """Give the working moment from which the clock runs.

    What comes in strictly after the cut-off counts from the start of the next working day
    (ND 61/2018 art. 18); what comes in outside office hours, from the next opening.
    """
    moment = working.local(received_at)
    if cutoff is not None and moment.time() > cutoff:
        moment = working.at_minute(moment.date() + DAY, 0)
    return working.opening(calendar, moment)


def minutes_left(*, due_at: datetime, at: datetime, calendar: WorkingCalendar) -> int:
    """Count the working minutes from now to the due time; negative when it has passed."""
    return working.working_minutes(calendar, at, due_at)


def deadline(
    *, received_at: datetime, term: Term, pauses: Sequence[Pause], calendar: WorkingCalendar
) -> Deadline:
    """Work out the due time, which never lies outside working time, and say why.

    An interruption that begins at or after the due time changes nothing: late stays late.
    """
    if term.unit is Unit.CLOCK_HOUR:
        calendar = working.ALWAYS
    run = _Run(term=term, calendar=calendar, received_at=received_at)
    for pause in _in_order(pauses, received_at):
        if pause.ended_at is None:
            return run.stand_still(pause)
        run.take(pause)
    return run.finish()


def _in_order(pauses: Sequence[Pause], received_at: datetime) -> list[Pause]:
    """Sort the pauses and cut away what lies before the receipt or inside an earlier pause."""
    ordered: list[Pause] = []
    reached = received_at
    for pause in sorted(pauses, key=lambda pause: pause.began_at):
        began = max(pause.began_at, reached)
        if pause.ended_at is None:
            return [*ordered, replace(pause, began_at=began)]
        if pause.ended_at < pause.began_at:
            raise ValueError("a pause ends before it begins")
        inside = pause.ended_at <= reached
        if inside and (pause.mode is Pausing.PAUSE or not ordered):
            continue
        reached = max(pause.ended_at, reached)
        ordered.append(replace(pause, began_at=began, ended_at=reached))
    return ordered


class _Run:
    """One walk of the clock: where it stands, what is left, and the lines written so far."""

    def __init__(self, *, term: Term, calendar: WorkingCalendar, received_at: datetime) -> None:
        self.term, self.calendar = term, calendar
        self.hourly = term.unit in (Unit.HOUR, Unit.CLOCK_HOUR)
        self.lines: list[Line] = []
        #: stretches of time in which the clock ran, for naming the days off in them
        self.ran: list[tuple[datetime, datetime]] = []
        #: since when the present stretch runs; days off before the clock starts are named too
        self.since = working.local(received_at)
        start = legal_start(received_at=received_at, cutoff=term.cutoff, calendar=calendar)
        self.say(received_at, _received(received_at, start, term.cutoff))
        self.say(received_at, _term_said(term))
        self.begin(start)

    def say(self, at: datetime, text: str) -> None:
        self.lines.append(Line(working.local(at), text))

    def begin(self, start: datetime) -> None:
        """Set the clock to zero at a working moment."""
        self.clock = start
        self.left = Fraction(self.term.amount)
        #: calendar day on which the term ends, for the units that end with a day
        self.day = start.date()
        if self.term.unit is Unit.DAY:
            self.day += timedelta(days=ceil(self.term.amount))
        self.due = self.reach()

    def reach(self) -> datetime:
        """Give the due time if nothing more interrupts the clock."""
        if self.term.unit in (Unit.DAY, Unit.SAME_DAY):
            return working.closing(self.calendar, self.day)
        return working.advance(self.calendar, self.clock, self.left, hourly=self.hourly)

    def take(self, pause: Pause) -> None:
        """Let one finished pause push the due time."""
        assert pause.ended_at is not None
        span = {"why": pause.why, "began": said(pause.began_at), "ended": said(pause.ended_at)}
        if working.local(pause.began_at) >= self.due:
            self.say(pause.began_at, _("Tạm dừng %(why)s sau khi đã hết hạn: ngày hẹn không đổi.") % span)
            return
        self.ran.append((self.since, working.local(pause.began_at)))
        self.since = working.local(pause.ended_at)
        if pause.mode is Pausing.RESTART or self.term.unit is Unit.SAME_DAY:
            cutoff = self.term.cutoff
            start = legal_start(received_at=pause.ended_at, cutoff=cutoff, calendar=self.calendar)
            self.say(pause.began_at, _("Dừng %(why)s từ %(began)s đến %(ended)s.") % span)
            self.say(pause.ended_at, _("Tính lại từ đầu, từ %(start)s.") % {"start": said(start)})
            self.begin(start)
            return
        self.say(pause.began_at, _("Tạm dừng %(why)s từ %(began)s đến %(ended)s.") % span)
        resumed = max(self.clock, working.opening(self.calendar, pause.ended_at))
        if self.term.unit is Unit.DAY:
            stopped = max(self.clock, working.opening(self.calendar, pause.began_at))
            # What was left of the days when the clock stopped is given from the day it runs again.
            self.day = resumed.date() + max(timedelta(0), self.day - stopped.date())
        else:
            self.left -= working.worth(self.calendar, self.clock, pause.began_at, hourly=self.hourly)
        self.clock = resumed
        self.due = self.reach()

    def stand_still(self, pause: Pause) -> Deadline:
        """Answer while a pause lasts."""
        if self.term.unit is not Unit.DAY:
            self.ran.append((self.since, working.local(pause.began_at)))
        text = _("Tạm dừng %(why)s từ %(began)s; ngày hẹn được tính lại khi hết tạm dừng.")
        self.say(pause.began_at, text % {"why": pause.why, "began": said(pause.began_at)})
        return Deadline(None, self.explained())

    def finish(self) -> Deadline:
        """Answer with the due time."""
        if self.term.unit is Unit.DAY:
            # Every day counts; only days off at the very end matter.
            self.ran = [(working.at_minute(self.day, 0), self.due)]
        else:
            self.ran.append((self.since, self.due))
        if self.term.unit is Unit.DAY and self.day != self.due.date():
            self.say(
                working.at_minute(self.day, 0),
                _("Ngày cuối %(last)s là ngày nghỉ nên hạn kết thúc vào ngày làm việc tiếp theo.")
                % {"last": f"{self.day:%d/%m/%Y}"},
            )
        last = Line(self.due, _("Hẹn trả %(due)s.") % {"due": said(self.due)})
        return Deadline(self.due, self.explained(last))

    def explained(self, *last: Line) -> tuple[Line, ...]:
        """Put the lines in the order of time; what the calendar says never stands before the receipt."""
        received = self.lines[0].at
        met = _exceptions(self.calendar, self.ran, weekly=self.term.unit is not Unit.DAY)
        lines = [*self.lines, *(Line(max(line.at, received), line.text) for line in met), *last]
        return tuple(sorted(lines, key=lambda line: line.at))


def _received(received_at: datetime, start: datetime, cutoff: time | None) -> str:
    moment = working.local(received_at)
    facts = {"received": said(moment), "start": said(start)}
    if start == moment:
        return _("Nhận %(received)s, tính từ lúc nhận.") % facts
    if cutoff is not None and moment.time() > cutoff:
        facts["cutoff"] = f"{cutoff:%H:%M}"
        return _("Nhận %(received)s, sau %(cutoff)s nên tính từ %(start)s.") % facts
    return _("Nhận %(received)s, ngoài giờ làm việc nên tính từ %(start)s.") % facts


TERMS: dict[Unit, Promise] = {
    Unit.HOUR: gettext_lazy("Thời hạn %(amount)s giờ làm việc"),
    Unit.CLOCK_HOUR: gettext_lazy("Thời hạn %(amount)s giờ, kể cả ban đêm và ngày nghỉ"),
    Unit.WORKING_DAY: gettext_lazy("Thời hạn %(amount)s ngày làm việc"),
    Unit.DAY: gettext_lazy("Thời hạn %(amount)s ngày, tính từ ngày tiếp theo"),
    Unit.SAME_DAY: gettext_lazy("Giải quyết trong ngày làm việc"),
}


def _term_said(term: Term) -> str:
    amount = term.amount.normalize()
    text = str(TERMS[term.unit]) % {"amount": number_format(f"{amount:f}")}
    return f"{text} ({term.law})." if term.law else f"{text}."


def _exceptions(
    calendar: WorkingCalendar, ran: Sequence[tuple[datetime, datetime]], *, weekly: bool
) -> list[Line]:
    """Name the days off, make-up days and special hours that the clock met."""
    lines: list[Line] = []
    closed: list[date] = []
    free: list[date] = []
    days = sorted({day for start, end in ran for day in _days(start.date(), end.date())})
    for day in days:
        special = calendar.exception(day)
        if special is not None and special.kind is DayKind.CLOSED:
            if closed and day - closed[-1] > DAY:
                lines.append(_closed_line(calendar, closed))
                closed = []
            closed.append(day)
        elif special is not None:
            lines.append(_open_line(calendar, day))
        elif not calendar.count(day).minutes:
            free.append(day)
    if closed:
        lines.append(_closed_line(calendar, closed))
    if free and weekly:
        text = ngettext(
            "Không tính %(count)d ngày nghỉ hằng tuần.",
            "Không tính %(count)d ngày nghỉ hằng tuần.",
            len(free),
        )
        lines.append(Line(working.at_minute(free[0], 0), text % {"count": len(free)}))
    return lines


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _closed_line(calendar: WorkingCalendar, days: Sequence[date]) -> Line:
    found = [calendar.exception(day) for day in days]
    reasons = dict.fromkeys(_(day.reason) if day.public else day.reason for day in found if day)
    first, last = days[0], days[-1]
    begins = "" if first == last else f"{first:%d}–" if first.month == last.month else f"{first:%d/%m}–"
    shown = f"{begins}{last:%d/%m/%Y}"
    text = _("Nghỉ %(days)s: %(reason)s.") % {"days": shown, "reason": "; ".join(filter(None, reasons))}
    return Line(working.at_minute(first, 0), text)


def _open_line(calendar: WorkingCalendar, day: date) -> Line:
    special = calendar.exception(day)
    assert special is not None
    facts = {
        "day": f"{WEEKDAYS[day.weekday()]} {day:%d/%m/%Y}",
        "hours": ", ".join(f"{start:%H:%M}–{end:%H:%M}" for start, end in calendar.spans(day)),
    }
    if special.kind is DayKind.MAKEUP:
        return Line(working.at_minute(day, 0), _("Làm bù %(day)s: %(hours)s.") % facts)
    return Line(working.at_minute(day, 0), _("Giờ làm việc riêng %(day)s: %(hours)s.") % facts)
