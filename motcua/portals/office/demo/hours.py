"""Moments of the past at which somebody was at work."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from random import Random

from motcua.base.calendar import WorkingCalendar, advance, at_minute, local
from motcua.base.deadline import Term, deadline

#: nobody files in the last minutes before the doors close
LAST = 20


@dataclass(frozen=True)
class Hours:
    """The working time of one office as seen from a moment, which is the end of everything here."""

    calendar: WorkingCalendar
    now: datetime

    def day(self, back: int) -> date:
        """Give the working day so many working days ago; 0 is today, or the last one that has begun."""
        day = local(self.now).date()
        while True:
            begun = self.calendar.count(day).minutes and self._begun(day)
            if begun and back <= 0:
                return day
            back -= bool(begun)
            day -= timedelta(days=1)

    def _begun(self, day: date) -> bool:
        return at_minute(day, self.calendar.count(day).spans[0][0] + LAST) <= self.now

    def moment(self, day: date, chance: Random, *, term: Term | None = None) -> datetime:
        """Choose a minute of a working day that has passed; with a `term`, one that is not due yet if any."""
        spans = self.calendar.count(day).spans
        minutes = [one for start, end in spans for one in range(start, end) if one < spans[-1][1] - LAST]
        chance.shuffle(minutes)
        passed = [at for minute in minutes if (at := at_minute(day, minute)) < self.now]
        return next((at for at in passed[::10] if term and self._due(at, term) > self.now), passed[0])

    def _due(self, at: datetime, term: Term) -> datetime:
        due = deadline(received_at=at, term=term, pauses=(), calendar=self.calendar).due_at
        assert due is not None
        return due

    def after(self, start: datetime, minutes: float) -> datetime:
        """Count working minutes on from a moment."""
        return advance(self.calendar, start, Fraction(max(1, round(minutes)), 60), hourly=True)
