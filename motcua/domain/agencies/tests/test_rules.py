"""Who administers what, hours of a day, and the public holidays."""

from datetime import date, time

import pytest

from motcua.base.actor import SYSTEM, Actor, Role
from motcua.base.calendar import DayKind
from motcua.domain.agencies import rules

HEAD_OFFICE = Actor(name="A", roles=frozenset({Role.ADMINISTRATOR}), officer=1, reach="80/")
COMMUNE = Actor(name="B", roles=frozenset({Role.ADMINISTRATOR}), officer=2, reach="80/27694/")
CLERK = Actor(name="C", roles=frozenset({Role.CLERK}), officer=3, reach="80/")
NOWHERE = Actor(name="D", roles=frozenset({Role.ADMINISTRATOR}), officer=4)


@pytest.mark.parametrize(
    ("by", "path", "may"),
    [
        (HEAD_OFFICE, "80/27694/", True),
        (COMMUNE, "80/27694/", True),
        (COMMUNE, "80/27712/", False),
        (COMMUNE, "80/", False),
        (CLERK, "80/27694/", False),
        (NOWHERE, "80/", False),
        (SYSTEM, "80/", True),
    ],
)
def test_an_administrator_administers_their_branch_of_the_tree(by, path, may):
    assert rules.administers(by, path) is may


@pytest.mark.parametrize(
    ("by", "officer", "path", "role", "words"),
    [
        (HEAD_OFFICE, 9, "80/27694/", Role.AUDITOR, None),
        (COMMUNE, 9, "80/27694/", Role.CLERK, None),
        (COMMUNE, 9, "80/27712/", Role.CLERK, "ngoài phạm vi"),
        (COMMUNE, 2, "80/27694/", Role.LEADER, "chính mình"),
        (COMMUNE, 9, "80/27694/", Role.PROVINCE_OFFICE, "cấp tỉnh"),
        (COMMUNE, 9, "80/27694/", Role.ADMINISTRATOR, "cấp tỉnh"),
        (SYSTEM, 9, "80/", Role.ADMINISTRATOR, None),
    ],
)
def test_who_gives_which_role(by, officer, path, role, words):
    reason = rules.why_not_appoint(by=by, officer=officer, path=path, role=role)
    assert words in str(reason) if words else reason is None


@pytest.mark.parametrize(
    ("spans", "fine"),
    [
        (rules.OFFICE_DAY, True),
        (rules.MORNING, True),
        ((), True),
        (((time(8), time(8)),), False),
        (((time(13), time(17)), (time(7), time(11))), False),
        (((time(7), time(8)), (time(9), time(10)), (time(11), time(12))), False),
    ],
)
def test_hours_of_a_day_are_in_order(spans, fine):
    assert (rules.why_not_spans(spans) is None) is fine


OFF = {
    2022: "0103 0131 0201 0202 0203 0204 0411 0502 0503 0901 0902",
    2023: "0102 0120 0123 0124 0125 0126 0501 0502 0503 0901 0904",
    2024: "0101 0208 0209 0212 0213 0214 0418 0429 0430 0501 0902 0903",
    2025: "0101 0127 0128 0129 0130 0131 0407 0430 0501 0502 0901 0902",
    2026: "0101 0216 0217 0218 0219 0220 0427 0430 0501 0831 0901 0902 1124",
}


@pytest.mark.parametrize("year", OFF)
def test_the_weekdays_off_are_those_that_were_announced(year):
    days = rules.public_days(year)
    off = sorted(d for d, day in days.items() if day.kind is DayKind.CLOSED and d.weekday() < 5)
    assert " ".join(f"{day:%m%d}" for day in off) == OFF[year]


@pytest.mark.parametrize("day", [date(2024, 5, 4), date(2025, 4, 26), date(2026, 8, 22)])
def test_the_make_up_saturdays_are_worked(day):
    assert rules.public_days(day.year)[day].kind is DayKind.MAKEUP
    assert rules.standard_calendar().spans(day) == rules.OFFICE_DAY


def test_holidays_are_named_as_the_law_names_them():
    days = rules.public_days(2026)
    assert days[date(2026, 2, 16)].reason == "Tết Nguyên Đán"
    assert days[date(2026, 4, 27)].reason == "nghỉ bù Giỗ Tổ Hùng Vương"
    assert days[date(2026, 8, 31)].reason == "nghỉ hoán đổi ngày làm việc"
    assert days[date(2026, 11, 24)].reason == "Ngày Văn hóa Việt Nam"


def test_every_holiday_of_the_coming_years_has_one_of_our_names():
    known = {
        *rules.HOLIDAY_NAMES.values(),
        *rules.SUBSTITUTES.values(),
        rules.TET,
        rules.SWAPPED,
        rules.MADE_UP,
    }
    for year in range(2020, 2035):
        assert {day.reason for day in rules.public_days(year).values()} <= known
