"""Hours of the clock, which no night and no holiday stops."""

import pytest

from motcua.base.deadline import Pause, Pausing, Unit, deadline
from motcua.base.tests.test_deadline import OFFICE, at, term


@pytest.mark.parametrize(
    ("received", "hours", "due"),
    [
        ("2022-09-01 23:59", 72, "2022-09-04 23:59"),
        ("2022-09-01 00:00", 24, "2022-09-02 00:00"),
        ("2022-09-02 03:15", 1, "2022-09-02 04:15"),
        ("2024-02-28 12:00", 48, "2024-03-01 12:00"),
    ],
)
def test_hours_of_the_clock_run_through_nights_and_days_off(received, hours, due):
    found = deadline(received_at=at(received), term=term(hours, Unit.CLOCK_HOUR), pauses=(), calendar=OFFICE)
    assert found.due_at == at(due)
    assert not any("Quốc khánh" in line.text for line in found.lines)


def test_a_pause_stops_the_hours_of_the_clock():
    pause = Pause(
        began_at=at("2022-09-01 10:00"), ended_at=at("2022-09-03 10:00"), mode=Pausing.PAUSE, why="chờ"
    )
    found = deadline(
        received_at=at("2022-09-01 08:00"), term=term(72, Unit.CLOCK_HOUR), pauses=[pause], calendar=OFFICE
    )
    assert found.due_at == at("2022-09-06 08:00")
