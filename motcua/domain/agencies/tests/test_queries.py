"""Who sees what, calendars as they are inherited and remembered, and how much is asked of the database."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from motcua.base.actor import SYSTEM, Actor, Role
from motcua.domain.agencies import commands, queries
from motcua.domain.agencies.rules import MORNING, OFFICE_DAY, Kind
from motcua.domain.agencies.tests.conftest import NOW, SINCE, administrator, found

SATURDAY = date(2026, 11, 21)
MONDAY = date(2026, 11, 23)


def hire(agency, number, role=Role.CLERK, name="Nguyễn Thị Hoa"):
    return commands.engage(
        citizen_number=number, name=name, agency=agency, role=role, in_force_from=SINCE, by=SYSTEM, at=NOW
    )


def test_everybody_sees_their_own_branch(province, commune, neighbour):
    seen = {
        actor.name: [one.path for one in queries.visible(actor).order_by("path")]
        for actor in (
            SYSTEM,
            administrator(province),
            Actor(name="Xã", roles=frozenset({Role.AUDITOR}), reach="80/27694/"),
            Actor(name="Không đâu", roles=frozenset({Role.ADMINISTRATOR})),
            Actor(name="Dân", roles=frozenset({Role.CITIZEN}), person=1),
        )
    }
    assert seen["Hệ thống"] == seen["Quản trị"] == ["80/", "80/27694/", "80/27712/"]
    assert seen["Xã"] == ["80/27694/"]
    assert seen["Không đâu"] == seen["Dân"] == []


def test_appointments_of_another_commune_are_not_found(commune, neighbour):
    hire(neighbour, "080195000002")
    actor = administrator(commune)
    assert not queries.appointments(actor, neighbour).exists()
    assert queries.appointments(administrator(neighbour), neighbour).count() == 1


def test_people_are_listed_by_given_name(commune):
    hire(commune, "080195000001", name="Trần Văn Ấn")
    hire(commune, "080195000002", name="Lê Thị Hoa")
    hire(commune, "080195000003", Role.LEADER, name="Phạm Bình")
    assert [one.name for one in queries.officers(commune.pk)] == ["Trần Văn Ấn", "Phạm Bình", "Lê Thị Hoa"]
    assert [one.name for one in queries.officers(commune.pk, Role.LEADER, on=MONDAY)] == ["Phạm Bình"]
    assert not queries.officers(commune.pk, on=SINCE - timedelta(days=1)).exists()


def test_a_commune_inherits_the_hours_of_the_province(province, commune):
    assert queries.calendar(commune.pk).spans(MONDAY) == OFFICE_DAY
    assert queries.calendar(commune.pk).spans(SATURDAY) == ()


def test_a_child_adds_a_weekday_and_keeps_the_others(province, police):
    desk = found("27694", Kind.COMMUNE_POLICE, police)
    commands.set_hours(agency=desk, week={5: MORNING}, in_force_from=SINCE, by=SYSTEM, at=NOW)
    assert queries.calendar(desk.pk).spans(SATURDAY) == MORNING
    assert queries.calendar(desk.pk).spans(MONDAY) == OFFICE_DAY
    assert queries.calendar(police.pk).spans(SATURDAY) == ()


def test_the_nearest_decision_about_a_day_stands(province, commune, neighbour):
    day = date(2026, 12, 7)
    commands.close_day(agency=None, day=day, reason="Bão", by=SYSTEM, at=NOW)
    commands.open_day(agency=commune, day=day, reason="Trực", spans=MORNING, by=SYSTEM, at=NOW)
    assert queries.calendar(commune.pk).spans(day) == MORNING
    assert queries.calendar(neighbour.pk).spans(day) == ()


def test_a_public_holiday_is_closed_unless_the_office_decides_otherwise(province, commune):
    day = date(2026, 11, 24)
    assert queries.calendar(commune.pk).spans(day) == ()
    commands.open_day(agency=commune, day=day, reason="Trực lễ", spans=MORNING, by=SYSTEM, at=NOW)
    assert queries.calendar(commune.pk).spans(day) == MORNING


def test_a_make_up_day_has_the_hours_of_monday(province, commune):
    day = date(2026, 12, 5)
    commands.open_day(agency=None, day=day, reason="Làm bù", makeup=True, by=SYSTEM, at=NOW)
    assert queries.calendar(commune.pk).spans(day) == OFFICE_DAY


def test_a_remembered_calendar_costs_one_query(province, commune, django_assert_num_queries):
    queries.calendar(commune.pk)
    with django_assert_num_queries(1):
        first = queries.calendar(commune.pk)
    with django_assert_num_queries(1):
        assert queries.calendars([commune.pk, commune.pk])[commune.pk] is first


def test_a_new_calendar_costs_four(province, commune, neighbour, django_assert_num_queries):
    queries.calendar(neighbour.pk)
    with django_assert_num_queries(4):
        queries.calendar(commune.pk)


def test_a_change_is_seen_by_the_next_question(province, commune):
    day = date(2026, 12, 8)
    assert queries.calendar(commune.pk).spans(day) == OFFICE_DAY
    row = commands.close_day(agency=province, day=day, reason="Mất điện", by=SYSTEM, at=NOW)
    assert queries.calendar(commune.pk).spans(day) == ()
    commands.restore_day(calendar_day=row, by=SYSTEM, at=NOW)
    assert queries.calendar(commune.pk).spans(day) == OFFICE_DAY


@pytest.mark.django_db(transaction=True)
def test_a_change_that_was_rolled_back_is_not_remembered():
    root = found("80", Kind.PROVINCE)
    commands.set_hours(agency=root, week={0: OFFICE_DAY}, in_force_from=SINCE, by=SYSTEM, at=NOW)
    day = date(2026, 12, 7)

    class Back(Exception):
        pass

    def close_and_fail():
        with transaction.atomic():
            commands.close_day(agency=root, day=day, reason="Nhầm", by=SYSTEM, at=NOW)
            assert queries.calendar(root.pk).spans(day) == ()
            raise Back

    with pytest.raises(Back):
        close_and_fail()
    assert queries.calendar(root.pk).spans(day) == OFFICE_DAY


def test_an_actor_costs_one_query(commune, django_assert_num_queries):
    held = hire(commune, "080195000001")
    with django_assert_num_queries(1):
        assert queries.actor_by_officer(held.officer_id, MONDAY)


def test_who_is_responsible_for_a_place(province, commune, neighbour, police):
    traffic = found("CSGT", Kind.DIVISION, police, division_code="80")
    desk = found("27694", Kind.COMMUNE_POLICE, police, division_code="27694")

    def find(word, place="27694"):
        return queries.responsible(word, division_code=place, on=MONDAY)

    assert find(Kind.COMMUNE) == commune
    assert find(Kind.COMMUNE_POLICE) == desk
    assert find(Kind.COMMUNE_POLICE, "27712") is None
    assert find("CSGT") == traffic
    assert find(Kind.COMMUNE, "27712") == neighbour
    assert queries.responsible(Kind.COMMUNE, division_code="27694", on=date(2022, 8, 9)) is None


def test_agencies_are_found_without_marks_and_within_reach(province, commune, neighbour):
    found("27700", parent=province, name="UBND phường Tân An")

    def codes(actor, **how):
        return [one.code for one in queries.listed(actor, on=MONDAY, **how)]

    assert codes(administrator(province), words="tan an") == ["27700"]
    assert codes(administrator(neighbour), words="tan an") == []
    assert codes(administrator(province), words="27694") == ["27694"]
    assert codes(administrator(province), kind=Kind.PROVINCE) == ["80"]
    found("STP", Kind.DEPARTMENT, province, name="Sở Tư pháp")
    assert codes(administrator(province), below=province) == ["STP", "27694", "27712", "27700"]


def test_a_list_counts_children_and_officers_in_one_query(province, commune, django_assert_num_queries):
    hire(commune, "080195000001")
    hire(commune, "080195000001", Role.OFFICER)
    hire(commune, "080195000002", Role.HEAD)
    with django_assert_num_queries(1):
        rows = queries.listed(SYSTEM, on=MONDAY)
    assert [(one.code, one.children_count, one.officers_count) for one in rows] == [
        ("80", 1, 0),
        ("27694", 0, 2),
    ]


def test_the_way_up_ends_where_the_reach_ends(province, police):
    division = found("CSGT", Kind.DIVISION, police)
    assert queries.above(SYSTEM, division) == [province, police]
    assert queries.above(administrator(police), division) == [police]
    assert queries.top(administrator(police), on=MONDAY) == police


def test_staff_is_found_by_name_and_within_reach(commune, neighbour):
    held = hire(commune, "080195000001", name="Trần Văn Ấn")
    hire(neighbour, "080195000002", name="Lê Thị Hoa")
    assert [one.officer.name for one in queries.staff(SYSTEM, on=MONDAY)] == ["Trần Văn Ấn", "Lê Thị Hoa"]
    assert queries.staff(SYSTEM, on=MONDAY, words="van an") == [held]
    assert queries.staff(administrator(neighbour), on=MONDAY, words="van an") == []
    with pytest.raises(ObjectDoesNotExist):
        queries.appointment(administrator(neighbour), held.pk)


def test_the_days_decided_for_an_agency_come_from_above_too(province, commune, neighbour):
    for agency in (None, province, commune, neighbour):
        day = date(2026, 12, 1)
        commands.close_day(agency=agency, day=day, reason="Bão", by=SYSTEM, at=NOW)
    rows = queries.decided_days(SYSTEM, commune, year=2026)
    assert {row.agency_id for row in rows} == {None, province.pk, commune.pk}
    assert not queries.decided_days(SYSTEM, commune, year=2027).exists()


def test_a_decision_of_another_commune_is_not_found(province, commune, neighbour):
    row = commands.close_day(agency=commune, day=date(2026, 12, 1), reason="Bão", by=SYSTEM, at=NOW)
    assert queries.decided_day(administrator(province), row.pk) == row
    with pytest.raises(ObjectDoesNotExist):
        queries.decided_day(administrator(neighbour), row.pk)
