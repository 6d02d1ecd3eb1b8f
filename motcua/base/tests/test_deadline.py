"""The deadline ledger against the law's examples, against properties, and against a naive oracle."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.base.calendar import ZONE, Day, DayKind, Hours, WorkingCalendar, working_minutes
from motcua.base.deadline import Pause, Pausing, Term, Unit, deadline, legal_start, minutes_left

MORNING = (time(7, 30), time(11, 30))
AFTERNOON = (time(13, 30), time(17, 30))
FULL = (MORNING, AFTERNOON)


def closed(*days, reason="Nghỉ"):
    return {date.fromisoformat(day): Day(kind=DayKind.CLOSED, reason=reason) for day in days}


DAYS = {
    **closed("2022-09-01", "2022-09-02", reason="Quốc khánh"),
    **closed("2024-04-29", "2024-04-30", "2024-05-01", reason="Ngày Chiến thắng"),
    date(2024, 5, 4): Day(kind=DayKind.MAKEUP, reason="Làm bù"),
}
OFFICE = WorkingCalendar(tuple(Hours(weekday=n, spans=FULL) for n in range(5)), DAYS)
POLICE = WorkingCalendar((*OFFICE.hours, Hours(weekday=5, spans=(MORNING,))), DAYS)


def at(text):
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


def term(amount, unit, cutoff=None):
    return Term(amount=Decimal(str(amount)), unit=unit, cutoff=cutoff)


def pause(began, ended, mode=Pausing.PAUSE):
    return Pause(began_at=at(began), ended_at=at(ended) if ended else None, mode=mode, why="chờ bổ sung")


def due(received, amount, unit, *pauses, cutoff=None, calendar=OFFICE):
    found = deadline(
        received_at=at(received), term=term(amount, unit, cutoff), pauses=pauses, calendar=calendar
    )
    return found.due_at and found.due_at.strftime("%Y-%m-%d %H:%M")


CASES = [
    # the vectors of the fact sheet
    ("2022-08-26 10:00", 3, Unit.WORKING_DAY, None, "2022-08-31 10:00"),
    ("2022-08-31 10:00", 3, Unit.WORKING_DAY, None, "2022-09-07 10:00"),
    ("2024-05-03 10:00", 1, Unit.WORKING_DAY, None, "2024-05-04 10:00"),
    ("2024-04-26 10:00", 1, Unit.WORKING_DAY, None, "2024-05-02 10:00"),
    ("2022-08-26 16:30", 2, Unit.HOUR, None, "2022-08-29 08:30"),
    # cut-off: strictly after 15:00 the next working day begins it
    ("2022-08-26 15:00", 3, Unit.WORKING_DAY, time(15), "2022-08-31 15:00"),
    ("2022-08-26 15:01", 3, Unit.WORKING_DAY, time(15), "2022-08-31 17:30"),
    ("2022-08-26 16:30", 3, Unit.WORKING_DAY, time(15), "2022-08-31 17:30"),
    ("2022-08-27 16:30", 1, Unit.WORKING_DAY, time(15), "2022-08-29 17:30"),
    # outside office hours
    ("2022-08-29 05:00", 1, Unit.HOUR, None, "2022-08-29 08:30"),
    ("2022-08-29 12:00", 1, Unit.HOUR, None, "2022-08-29 14:30"),
    ("2022-08-29 10:30", 1, Unit.HOUR, None, "2022-08-29 11:30"),
    ("2022-08-29 10:31", 1, Unit.HOUR, None, "2022-08-29 13:31"),
    # parts of a day
    ("2022-08-26 07:30", "0.5", Unit.WORKING_DAY, None, "2022-08-26 11:30"),
    ("2022-08-26 10:00", "0.5", Unit.WORKING_DAY, None, "2022-08-26 16:00"),
    # the same day, or the next working day after the cut-off
    ("2022-08-26 10:00", 0, Unit.SAME_DAY, time(15), "2022-08-26 17:30"),
    ("2022-08-26 15:00", 0, Unit.SAME_DAY, time(15), "2022-08-26 17:30"),
    ("2022-08-26 15:01", 0, Unit.SAME_DAY, time(15), "2022-08-29 17:30"),
    ("2022-08-31 15:30", 0, Unit.SAME_DAY, time(15), "2022-09-05 17:30"),
    ("2022-08-27 09:00", 0, Unit.SAME_DAY, time(15), "2022-08-29 17:30"),
    # calendar days: the day of receipt is not counted, a last day off moves to the next working day
    ("2022-08-22 10:00", 3, Unit.DAY, None, "2022-08-25 17:30"),
    ("2022-08-24 10:00", 3, Unit.DAY, None, "2022-08-29 17:30"),
    ("2022-08-22 10:00", 10, Unit.DAY, None, "2022-09-05 17:30"),
    ("2022-08-26 15:30", 1, Unit.DAY, time(15), "2022-08-30 17:30"),
]


@pytest.mark.parametrize(("received", "amount", "unit", "cutoff", "expected"), CASES)
def test_the_due_time(received, amount, unit, cutoff, expected):
    assert due(received, amount, unit, cutoff=cutoff) == expected


@pytest.mark.parametrize(
    ("received", "amount", "unit", "expected"),
    [
        ("2022-08-26 10:00", "1", Unit.WORKING_DAY, "2022-08-27 10:00"),
        ("2022-08-26 10:00", 2, Unit.WORKING_DAY, "2022-08-29 16:00"),
        ("2022-08-26 10:00", 10, Unit.HOUR, "2022-08-29 08:00"),
        ("2022-08-27 09:00", 0, Unit.SAME_DAY, "2022-08-27 11:30"),
        ("2022-08-25 10:00", 2, Unit.DAY, "2022-08-27 11:30"),
        ("2022-08-27 12:00", 1, Unit.HOUR, "2022-08-29 08:30"),
    ],
)
def test_a_saturday_morning_desk(received, amount, unit, expected):
    assert due(received, amount, unit, calendar=POLICE) == expected


PAUSED = [
    # three days, asked after one day, answered two working days later
    (3, Unit.WORKING_DAY, Pausing.PAUSE, "2022-08-23 10:00", "2022-08-25 10:00", "2022-08-29 10:00"),
    (3, Unit.WORKING_DAY, Pausing.RESTART, "2022-08-23 10:00", "2022-08-25 10:00", "2022-08-30 10:00"),
    # a weekend inside the pause costs nothing
    (3, Unit.WORKING_DAY, Pausing.PAUSE, "2022-08-23 10:00", "2022-08-28 10:00", "2022-08-30 17:30"),
    # as long as it lasts nobody knows
    (3, Unit.WORKING_DAY, Pausing.PAUSE, "2022-08-23 10:00", None, None),
    # late stays late
    (3, Unit.WORKING_DAY, Pausing.PAUSE, "2022-08-25 10:00", "2022-08-29 10:00", "2022-08-25 10:00"),
    (3, Unit.WORKING_DAY, Pausing.RESTART, "2022-08-25 10:01", "2022-08-29 10:00", "2022-08-25 10:00"),
    (3, Unit.DAY, Pausing.PAUSE, "2022-08-23 10:00", "2022-08-25 10:00", "2022-08-29 17:30"),
    (3, Unit.DAY, Pausing.RESTART, "2022-08-23 10:00", "2022-08-25 10:00", "2022-08-29 17:30"),
    (0, Unit.SAME_DAY, Pausing.PAUSE, "2022-08-22 11:00", "2022-08-25 10:00", "2022-08-25 17:30"),
    (0, Unit.SAME_DAY, Pausing.PAUSE, "2022-08-22 11:00", "2022-08-25 15:30", "2022-08-26 17:30"),
]


@pytest.mark.parametrize("case", PAUSED, ids=str)
def test_one_pause(case):
    amount, unit, mode, began, ended, expected = case
    one = pause(began, ended, mode)
    assert due("2022-08-22 10:00", amount, unit, one, cutoff=time(15)) == expected


def test_a_pause_on_the_day_a_term_was_moved_to_pushes_it():
    # three days end on Saturday 27/8, so on Monday 29/8; asked that morning, answered on Wednesday
    one = pause("2022-08-29 09:00", "2022-08-31 09:00")
    assert due("2022-08-24 10:00", 3, Unit.DAY, one) == "2022-08-31 17:30"


def test_a_restart_after_the_cut_off_counts_from_the_next_day():
    one = pause("2022-08-23 10:00", "2022-08-25 15:30", Pausing.RESTART)
    assert due("2022-08-22 10:00", 1, Unit.WORKING_DAY, one, cutoff=time(15)) == "2022-08-23 10:00"
    assert due("2022-08-22 10:00", 2, Unit.WORKING_DAY, one, cutoff=time(15)) == "2022-08-29 17:30"


def test_a_pause_before_the_clock_starts_costs_nothing():
    # received on Saturday, so the clock starts on Monday; asked and answered on Saturday
    one = pause("2022-08-27 08:00", "2022-08-27 17:00")
    assert due("2022-08-27 07:00", 3, Unit.DAY, one) == due("2022-08-27 07:00", 3, Unit.DAY)


def test_overlapping_pauses_are_counted_once():
    one, two = pause("2022-08-23 08:00", "2022-08-24 10:00"), pause("2022-08-23 10:00", "2022-08-25 08:00")
    whole = pause("2022-08-23 08:00", "2022-08-25 08:00")
    assert due("2022-08-22 10:00", 3, Unit.WORKING_DAY, two, one) == due(
        "2022-08-22 10:00", 3, Unit.WORKING_DAY, whole
    )


def test_a_pause_cannot_end_before_it_begins():
    with pytest.raises(ValueError, match="ends before"):
        due("2022-08-22 10:00", 3, Unit.WORKING_DAY, pause("2022-08-25 10:00", "2022-08-23 10:00"))


def lines(received, amount, unit, *pauses, **more):
    found = deadline(
        received_at=at(received), term=term(amount, unit, more.get("cutoff")), pauses=pauses, calendar=OFFICE
    )
    return [line.text for line in found.lines]


def test_the_explanation_reads_from_receipt_to_promise():
    one = pause("2022-08-30 10:00", "2022-08-31 10:00")
    assert lines("2022-08-26 16:30", 3, Unit.WORKING_DAY, one, cutoff=time(15)) == [
        "Nhận 16:30 thứ Sáu 26/08/2022, sau 15:00 nên tính từ 07:30 thứ Hai 29/08/2022.",
        "Thời hạn 3 ngày làm việc.",
        "Không tính 4 ngày nghỉ hằng tuần.",
        "Tạm dừng chờ bổ sung từ 10:00 thứ Ba 30/08/2022 đến 10:00 thứ Tư 31/08/2022.",
        "Nghỉ 01–02/09/2022: Quốc khánh.",
        "Hẹn trả 17:30 thứ Hai 05/09/2022.",
    ]


def test_the_explanation_names_the_days_off_before_the_clock_starts():
    assert "Nghỉ 01–02/09/2022: Quốc khánh." in lines("2022-08-31 16:30", 1, Unit.HOUR, cutoff=time(15))


def test_the_explanation_names_make_up_days():
    assert lines("2024-05-03 10:00", 1, Unit.WORKING_DAY)[-2:] == [
        "Làm bù thứ Bảy 04/05/2024: 07:30–11:30, 13:30–17:30.",
        "Hẹn trả 10:00 thứ Bảy 04/05/2024.",
    ]


def test_the_explanation_says_when_the_last_day_is_off():
    assert lines("2022-08-22 10:00", 10, Unit.DAY) == [
        "Nhận 10:00 thứ Hai 22/08/2022, tính từ lúc nhận.",
        "Thời hạn 10 ngày, tính từ ngày tiếp theo.",
        "Ngày cuối 01/09/2022 là ngày nghỉ nên hạn kết thúc vào ngày làm việc tiếp theo.",
        "Nghỉ 01–02/09/2022: Quốc khánh.",
        "Hẹn trả 17:30 thứ Hai 05/09/2022.",
    ]


def test_the_explanation_of_an_open_pause_promises_nothing():
    assert lines("2022-08-22 10:00", 3, Unit.WORKING_DAY, pause("2022-08-23 10:00", None))[-1] == (
        "Tạm dừng chờ bổ sung từ 10:00 thứ Ba 23/08/2022; ngày hẹn được tính lại khi hết tạm dừng."
    )


def test_the_explanation_of_a_restart_says_from_when():
    one = pause("2022-08-23 10:00", "2022-08-24 10:00", Pausing.RESTART)
    assert lines("2022-08-22 10:00", 3, Unit.WORKING_DAY, one)[2:4] == [
        "Dừng chờ bổ sung từ 10:00 thứ Ba 23/08/2022 đến 10:00 thứ Tư 24/08/2022.",
        "Tính lại từ đầu, từ 10:00 thứ Tư 24/08/2022.",
    ]


def test_an_amount_is_written_with_a_vietnamese_comma():
    with translation.override("vi"):
        assert lines("2022-08-22 10:00", "0.50", Unit.WORKING_DAY)[1] == "Thời hạn 0,5 ngày làm việc."


def test_minutes_left_are_negative_when_late():
    assert minutes_left(due_at=at("2022-08-26 10:00"), at=at("2022-08-26 09:00"), calendar=OFFICE) == 60
    assert minutes_left(due_at=at("2022-08-26 10:00"), at=at("2022-08-29 08:00"), calendar=OFFICE) == -360


# ---------------------------------------------------------------- properties

START = datetime(2024, 4, 20, tzinfo=ZONE)
moments = st.integers(0, 20 * 1440).map(lambda minutes: START + timedelta(minutes=minutes))
spans = st.sampled_from([(), (MORNING,), FULL, ((time(7), time(11, 30)), (time(13), time(17))), (AFTERNOON,)])


@st.composite
def calendars(draw):
    week = [Hours(weekday=0, spans=FULL)] + [Hours(weekday=n, spans=draw(spans)) for n in range(1, 7)]
    days = draw(
        st.dictionaries(
            st.integers(0, 40).map(lambda n: START.date() + timedelta(days=n)),
            st.one_of(
                st.just(Day(kind=DayKind.CLOSED, reason="Nghỉ")),
                st.just(Day(kind=DayKind.MAKEUP, reason="Làm bù")),
                st.just(Day(kind=DayKind.SPECIAL, reason="Trực", spans=(MORNING,))),
            ),
            max_size=12,
        )
    )
    return WorkingCalendar(tuple(week), days)


terms = st.one_of(
    st.builds(
        Term,
        amount=st.integers(1, 24).map(lambda n: Decimal(n) / 4),
        unit=st.sampled_from([Unit.WORKING_DAY, Unit.HOUR]),
        cutoff=st.sampled_from([None, time(15)]),
    ),
    st.builds(
        Term,
        amount=st.integers(0, 15).map(Decimal),
        unit=st.sampled_from([Unit.DAY, Unit.SAME_DAY]),
        cutoff=st.sampled_from([None, time(15)]),
    ),
)


@st.composite
def many_pauses(draw, modes=tuple(Pausing)):
    found = []
    for _number in range(draw(st.integers(0, 3))):
        began = draw(moments)
        ended = began + timedelta(minutes=draw(st.integers(0, 4000)))
        found.append(
            Pause(began_at=began, ended_at=ended, mode=draw(st.sampled_from(modes)), why="chờ bổ sung")
        )
    return found


def works(calendar, moment):
    """Tell whether the minute that begins at this moment is worked."""
    return any(start <= moment.time() < end for start, end in calendar.spans(moment.date()))


@cache
def full_day(calendar, day):
    return max(
        sum(
            (datetime.combine(day, b) - datetime.combine(day, a)).seconds // 60
            for a, b in calendar.week(day, n)
        )
        for n in range(7)
    )


def walk_to_work(calendar, moment):
    while not works(calendar, moment):
        moment += timedelta(minutes=1)
    return moment


def naive_start(received, cutoff, calendar):
    if cutoff and received.time() > cutoff:
        received = received.replace(hour=0, minute=0) + timedelta(days=1)
    return walk_to_work(calendar, received)


def close_of(calendar, day):
    while not calendar.spans(day):
        day += timedelta(days=1)
    return datetime.combine(day, calendar.spans(day)[-1][1], tzinfo=ZONE)


def naive(received, term, pauses, calendar):
    """Count minute by minute; pauses in order, cut to what no earlier one covers."""
    moment = naive_start(received, term.cutoff, calendar)
    todo, covered = sorted(pauses, key=lambda one: one.began_at), received
    spent = Fraction(0)
    day = moment.date() + timedelta(days=int(term.amount) if term.unit is Unit.DAY else 0)
    while True:
        while todo and todo[0].began_at <= max(moment, received):
            one = todo.pop(0)
            if one.ended_at <= received or (one.mode is Pausing.PAUSE and one.ended_at <= covered):
                continue
            ended = covered = max(covered, one.ended_at)
            if one.mode is Pausing.RESTART or term.unit is Unit.SAME_DAY:
                moment, spent = naive_start(ended, term.cutoff, calendar), Fraction(0)
                day = moment.date() + timedelta(days=int(term.amount) if term.unit is Unit.DAY else 0)
            else:
                stopped = walk_to_work(calendar, max(one.began_at, moment)).date()
                resumed = walk_to_work(calendar, max(ended, moment))
                day = resumed.date() + max(timedelta(0), day - stopped)
                moment = resumed
        if term.unit in (Unit.DAY, Unit.SAME_DAY) and moment >= close_of(calendar, day):
            return close_of(calendar, day)
        if works(calendar, moment):
            spent += Fraction(1, 60 if term.unit is Unit.HOUR else full_day(calendar, moment.date()))
            if term.unit in (Unit.HOUR, Unit.WORKING_DAY) and spent >= term.amount:
                return moment + timedelta(minutes=1)
        moment += timedelta(minutes=1)


@settings(max_examples=60)
@given(moments, terms, many_pauses(), calendars())
def test_it_equals_a_count_minute_by_minute(received, term, pauses, calendar):
    found = deadline(received_at=received, term=term, pauses=pauses, calendar=calendar)
    assert found.due_at == naive(received, term, pauses, calendar)


@settings(max_examples=100)
@given(moments, st.integers(0, 3000), terms, many_pauses(), calendars())
def test_a_later_receipt_is_never_due_earlier(received, later, term, pauses, calendar):
    first = deadline(received_at=received, term=term, pauses=pauses, calendar=calendar)
    second = deadline(
        received_at=received + timedelta(minutes=later), term=term, pauses=pauses, calendar=calendar
    )
    assert first.due_at <= second.due_at


@settings(max_examples=100)
@given(moments, terms, many_pauses(), calendars())
def test_it_is_never_due_outside_working_time(received, term, pauses, calendar):
    found = deadline(received_at=received, term=term, pauses=pauses, calendar=calendar)
    spans = calendar.spans(found.due_at.date())
    assert any(start <= found.due_at.time() <= end for start, end in spans)


@settings(max_examples=100)
@given(
    moments, st.integers(1, 60), st.lists(st.tuples(st.integers(1, 900), st.integers(0, 3000)), max_size=3)
)
def test_pauses_add_up(received, hours, gaps):
    """The working time between start and due is the term and the working time of the pauses."""
    start = legal_start(received_at=received, cutoff=None, calendar=OFFICE)
    pauses, moment, paused = [], start, 0
    for before, length in gaps:
        began = moment + timedelta(minutes=before)
        moment = began + timedelta(minutes=length)
        pauses.append(Pause(began_at=began, ended_at=moment, mode=Pausing.PAUSE, why="chờ"))
    found = deadline(received_at=received, term=term(hours, Unit.HOUR), pauses=pauses, calendar=OFFICE)
    for one in pauses:
        if one.began_at < found.due_at:
            paused += working_minutes(OFFICE, one.began_at, one.ended_at)
    assert working_minutes(OFFICE, start, found.due_at) == hours * 60 + paused


@settings(max_examples=100)
@given(moments, terms, many_pauses(), calendars())
def test_the_lines_stand_in_the_order_of_time(received, term, pauses, calendar):
    found = deadline(received_at=received, term=term, pauses=pauses, calendar=calendar)
    assert [line.at for line in found.lines] == sorted(line.at for line in found.lines)
    assert found.lines[0].text.startswith("Nhận ")
