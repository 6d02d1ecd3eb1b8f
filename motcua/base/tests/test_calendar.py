"""Working time, day by day and minute by minute."""

from datetime import date, datetime, time, timedelta
from fractions import Fraction

import pytest

from motcua.base import calendar as working
from motcua.base.calendar import ZONE, Day, DayKind, Hours, WorkingCalendar
from motcua.base.errors import Refused

MORNING = (time(7, 30), time(11, 30))
AFTERNOON = (time(13, 30), time(17, 30))
WEEK = tuple(Hours(weekday=weekday, spans=(MORNING, AFTERNOON)) for weekday in range(5))


def at(text):
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


def make(*, hours=WEEK, **days):
    return WorkingCalendar(hours, {date.fromisoformat(k.replace("_", "-")[1:]): v for k, v in days.items()})


def test_a_weekday_has_a_morning_and_an_afternoon():
    assert make().spans(date(2026, 11, 23)) == (MORNING, AFTERNOON)


def test_a_weekend_has_no_hours():
    assert make().spans(date(2026, 11, 21)) == ()


def test_the_first_hours_that_fit_decide():
    nearer = Hours(weekday=0, spans=(MORNING,), in_force_from=date(2026, 1, 1), in_force_to=date(2026, 6, 30))
    calendar = make(hours=(nearer, *WEEK))
    assert calendar.spans(date(2026, 6, 29)) == (MORNING,)
    assert calendar.spans(date(2026, 7, 6)) == (MORNING, AFTERNOON)
    assert calendar.spans(date(2025, 12, 29)) == (MORNING, AFTERNOON)


def test_a_day_of_the_office_overrules_a_public_holiday():
    holiday = {date(2026, 9, 2): Day(kind=DayKind.CLOSED, reason="Quốc khánh", public=True)}
    calendar = WorkingCalendar(WEEK, {}, lambda year: holiday)
    assert calendar.spans(date(2026, 9, 2)) == ()
    on_duty = {date(2026, 9, 2): Day(kind=DayKind.SPECIAL, spans=(MORNING,))}
    assert WorkingCalendar(WEEK, on_duty, lambda year: holiday).spans(date(2026, 9, 2)) == (MORNING,)


def test_a_make_up_saturday_works_as_a_monday():
    desk = Hours(weekday=5, spans=(MORNING,))
    calendar = make(hours=(*WEEK, desk), _2026_08_22=Day(kind=DayKind.MAKEUP))
    assert calendar.spans(date(2026, 8, 15)) == (MORNING,)
    assert calendar.spans(date(2026, 8, 22)) == (MORNING, AFTERNOON)


@pytest.mark.parametrize(
    ("moment", "opened"),
    [
        ("2026-11-23 06:00", "2026-11-23 07:30"),
        ("2026-11-23 07:30", "2026-11-23 07:30"),
        ("2026-11-23 09:12", "2026-11-23 09:12"),
        ("2026-11-23 11:30", "2026-11-23 13:30"),
        ("2026-11-23 12:00", "2026-11-23 13:30"),
        ("2026-11-23 17:30", "2026-11-24 07:30"),
        ("2026-11-20 20:00", "2026-11-23 07:30"),
        ("2026-11-21 10:00", "2026-11-23 07:30"),
    ],
)
def test_the_next_opening(moment, opened):
    assert working.opening(make(), at(moment)) == at(opened)


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-11-23 07:30", "2026-11-23 17:30", 480),
        ("2026-11-23 10:00", "2026-11-23 14:00", 120),
        ("2026-11-20 16:30", "2026-11-23 08:30", 120),
        ("2026-11-21 00:00", "2026-11-22 23:59", 0),
        ("2026-11-23 14:00", "2026-11-23 10:00", -120),
        ("2026-11-23 12:00", "2026-11-23 12:00", 0),
    ],
)
def test_working_minutes(start, end, minutes):
    assert working.working_minutes(make(), at(start), at(end)) == minutes


def test_minutes_are_counted_in_vietnam_wherever_the_moment_comes_from():
    utc = at("2026-11-23 10:00").astimezone(ZONE).astimezone(tz=None)
    assert working.working_minutes(make(), utc, at("2026-11-23 11:00")) == 60


def test_seconds_are_dropped():
    late = at("2026-11-23 10:00") + timedelta(seconds=59)
    assert working.opening(make(), late) == at("2026-11-23 10:00")


def test_a_working_day_is_as_long_as_the_office_s_own_full_day():
    short = tuple(Hours(weekday=n, spans=(MORNING, (time(13, 30), time(17, 0)))) for n in range(5))
    moment = working.advance(make(hours=short), at("2026-11-23 10:00"), Fraction(10), hourly=False)
    assert moment == at("2026-12-07 10:00")


def test_a_half_day_is_worth_its_half():
    desk = Hours(weekday=5, spans=(MORNING,))
    calendar = make(hours=(*WEEK, desk))
    assert working.advance(calendar, at("2026-11-20 07:30"), Fraction(3, 2), hourly=False) == at(
        "2026-11-21 11:30"
    )
    assert working.worth(calendar, at("2026-11-20 07:30"), at("2026-11-21 11:30"), hourly=False) == Fraction(
        3, 2
    )


def test_longer_days_in_summer_are_still_one_day_each():
    summer = [
        Hours(weekday=n, spans=((time(7), time(11, 30)), AFTERNOON), in_force_from=date(2026, 5, 1))
        for n in range(5)
    ]
    calendar = make(hours=(*summer, *WEEK))
    assert working.advance(calendar, at("2026-04-29 07:30"), Fraction(4), hourly=False) == at(
        "2026-05-04 17:30"
    )


def test_an_office_that_never_opens_is_refused_in_a_sentence():
    with pytest.raises(Refused, match="chưa có giờ làm việc"):
        working.opening(make(hours=()), at("2026-11-23 10:00"))
    with pytest.raises(Refused, match="chưa có giờ làm việc"):
        working.advance(make(hours=()), at("2026-11-23 10:00"), Fraction(1), hourly=True)


def test_a_day_is_worked_out_once():
    asked = []

    def holidays(year):
        asked.append(year)
        return {}

    calendar = WorkingCalendar(WEEK, {}, holidays)
    for _again in range(3):
        calendar.count(date(2026, 11, 23))
    assert asked == [2026]
