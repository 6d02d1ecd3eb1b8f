"""One story per verb, each refusal, and what stays invisible to another agency."""

from datetime import UTC, date, datetime, time

import pytest
from django.db import IntegrityError, transaction

from motcua.base import events
from motcua.base.actor import SYSTEM, Actor, Role
from motcua.base.errors import Refused
from motcua.domain.agencies import commands, queries
from motcua.domain.agencies.models import Agency, OfficeHours
from motcua.domain.agencies.rules import MORNING, OFFICE_DAY, Kind
from motcua.domain.agencies.tests.conftest import NOW, SINCE, administrator, found

NUMBER = "080195012345"


def hire(agency, role=Role.CLERK, by=SYSTEM, number=NUMBER, **more):
    more.setdefault("in_force_from", SINCE)
    return commands.engage(
        citizen_number=number, name="Nguyễn  Thị Hoa", agency=agency, role=role, by=by, at=NOW, **more
    )


# ------------------------------------------------------------------ agencies


def test_an_agency_stands_below_another(province, commune):
    assert (commune.path, commune.depth, commune.parent) == ("80/27694/", 1, province)
    assert [fact.name for fact in events.history(commune.subject)] == ["agency.found"]


def test_the_structure_of_2022_with_districts_stands_beside_that_of_today(db):
    law = {"in_force_from": date(2020, 1, 1)}
    old = found("80", Kind.PROVINCE, name="UBND tỉnh Long An", **law)
    district = found("794", Kind.DISTRICT, old, name="UBND thành phố Tân An", **law)
    ward = found("27694", Kind.COMMUNE, district, name="UBND Phường 5", **law)
    for one in (ward, district, old):
        commands.dissolve(agency=one, last_day=date(2025, 6, 30), law="", by=SYSTEM, at=NOW)
    new = found("80", Kind.PROVINCE, name="UBND tỉnh Tây Ninh")
    found("27694", Kind.COMMUNE, new, name="UBND phường Long An")
    assert [one.path for one in queries.agencies(on=date(2022, 8, 9))] == ["80/", "80/794/", "80/794/27694/"]
    assert [one.path for one in queries.agencies(on=SINCE)] == ["80/", "80/27694/"]
    assert queries.root(on=date(2025, 6, 30)).name == "UBND tỉnh Long An"
    assert queries.root(on=SINCE).name == "UBND tỉnh Tây Ninh"


@pytest.mark.parametrize("code", ["", "80/1", "a b", "x" * 21, "Đ"])
def test_a_code_is_plain(province, code):
    with pytest.raises(Refused, match="Mã cơ quan"):
        found(code, parent=province)


@pytest.mark.parametrize("code", ["39", "h39", "H39-1", "H39..1", "H" * 36])
def test_an_official_code_has_the_form_of_the_decision(province, code):
    with pytest.raises(Refused, match="Mã định danh"):
        found("X", parent=province, official_code=code)


def test_two_agencies_cannot_stand_in_one_place(commune, province):
    with pytest.raises(Refused, match="Đã có cơ quan mang mã 80/27694/"):
        found("27694", parent=province)
    with pytest.raises(IntegrityError), transaction.atomic():
        Agency.objects.create(
            code="27694", path="80/27694/", kind="commune", parent=province, in_force_from=date(2026, 1, 1)
        )


def test_the_database_keeps_path_and_code_together(province):
    with pytest.raises(IntegrityError), transaction.atomic():
        Agency.objects.create(code="X", path="80/Y/", kind="commune", parent=province, in_force_from=SINCE)


def test_an_agency_is_not_older_than_the_one_above(province):
    with pytest.raises(Refused, match="cấp trên"):
        found("X", parent=province, in_force_from=date(2025, 6, 30))


def test_an_agency_with_people_or_children_is_not_dissolved(province, commune):
    end = {"last_day": date(2026, 12, 31), "law": "", "by": SYSTEM, "at": NOW}
    with pytest.raises(Refused, match="trực thuộc"):
        commands.dissolve(agency=province, **end)
    held = hire(commune)
    with pytest.raises(Refused, match="giữ vai trò"):
        commands.dissolve(agency=commune, **end)
    commands.end_appointment(appointment=held, last_day=date(2026, 12, 31), by=SYSTEM, at=NOW)
    assert commands.dissolve(agency=commune, **end).in_force_to == date(2026, 12, 31)
    with pytest.raises(Refused, match="đã kết thúc"):
        commands.dissolve(agency=commune, **end)


def test_a_code_can_be_verified_later(commune):
    commands.rename(
        agency=commune,
        name="UBND phường Long An",
        name_en="Long An",
        official_code="H39.77",
        official_code_verified=True,
        by=SYSTEM,
        at=NOW,
    )
    assert queries.agency(commune.pk).dossier_prefix == "H39.77"
    assert events.history(commune.subject)[-1].data["before"] == {
        "name": "Cơ quan 27694",
        "official_code": "",
    }


def test_a_dossier_code_begins_with_the_path_when_no_official_code_is_known(commune):
    assert commune.dossier_prefix == "80.27694"


def test_an_administrator_of_one_commune_changes_no_other(commune, neighbour):
    by = administrator(commune)
    refusals = [
        lambda: commands.found(
            code="X",
            name="X",
            name_en="X",
            kind=Kind.DIVISION,
            parent=neighbour,
            in_force_from=SINCE,
            by=by,
            at=NOW,
        ),
        lambda: commands.dissolve(agency=neighbour, last_day=SINCE, law="", by=by, at=NOW),
        lambda: commands.set_hours(agency=neighbour, week={5: MORNING}, in_force_from=SINCE, by=by, at=NOW),
        lambda: commands.close_day(agency=neighbour, day=SINCE, reason="Bão", by=by, at=NOW),
        lambda: hire(neighbour, by=by),
    ]
    for refusal in refusals:
        with pytest.raises(Refused, match="ngoài phạm vi"):
            refusal()
    assert not queries.visible(by).filter(pk=neighbour.pk).exists()


# ------------------------------------------------------------------ officers


def test_an_officer_acts_in_the_agency_that_appointed_them(commune):
    held = hire(commune)
    hire(commune, Role.OFFICER)
    actor = queries.actor_of_officer(citizen_number=NUMBER, on=SINCE)
    assert actor.roles == {Role.CLERK, Role.OFFICER}
    assert (actor.name, actor.agency, actor.reach) == ("Nguyễn Thị Hoa", commune.pk, "80/27694/")
    assert queries.actor_by_officer(held.officer_id, SINCE) == actor


def test_the_log_of_an_officer_holds_no_personal_number(commune):
    held = hire(commune)
    history = events.history(held.officer.subject)
    assert [fact.name for fact in history] == ["officer.enrol", "officer.appoint"]
    assert NUMBER not in str([fact.data for fact in history])


def test_a_role_begins_and_ends_with_its_days(commune):
    held = hire(commune, in_force_from=date(2026, 1, 1))
    commands.end_appointment(appointment=held, last_day=date(2026, 3, 31), by=SYSTEM, at=NOW)
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 1)]
    acting = [queries.actor_of_officer(citizen_number=NUMBER, on=day) is not None for day in days]
    assert acting == [False, True, True, False]


def test_a_stranger_is_no_officer(db):
    assert queries.actor_of_officer(citizen_number=NUMBER, on=SINCE) is None


def test_somebody_moves_to_another_agency_only_after_leaving_the_first(commune, neighbour):
    held = hire(commune)
    with pytest.raises(Refused, match="cơ quan khác"):
        hire(neighbour)
    commands.end_appointment(appointment=held, last_day=date(2026, 6, 30), by=SYSTEM, at=NOW)
    hire(neighbour, in_force_from=date(2026, 7, 1))
    assert queries.actor_of_officer(citizen_number=NUMBER, on=date(2026, 6, 30)).agency == commune.pk
    assert queries.actor_of_officer(citizen_number=NUMBER, on=date(2026, 7, 1)).agency == neighbour.pk


def test_the_same_role_is_not_given_twice(commune):
    hire(commune)
    with pytest.raises(Refused, match="đã giữ vai trò này"):
        hire(commune)


def test_nobody_appoints_themselves(commune):
    held = hire(commune, Role.ADMINISTRATOR)
    by = queries.actor_of_officer(citizen_number=NUMBER, on=SINCE)
    with pytest.raises(Refused, match="chính mình"):
        hire(commune, Role.LEADER, by=by)
    with pytest.raises(Refused, match="chính mình"):
        commands.end_appointment(appointment=held, last_day=date(2026, 12, 1), by=by, at=NOW)


def test_a_commune_gives_no_role_that_reaches_further(commune):
    with pytest.raises(Refused, match="cấp tỉnh"):
        hire(commune, Role.PROVINCE_OFFICE, by=administrator(commune))
    assert hire(commune, Role.CLERK, by=administrator(commune)).role == Role.CLERK


@pytest.mark.parametrize("role", [Role.CITIZEN, Role.SYSTEM])
def test_some_roles_are_not_for_officers(commune, role):
    with pytest.raises(Refused, match="không giao"):
        hire(commune, role)


@pytest.mark.parametrize("number", ["", "123", "08019501234x", "0801950123456"])
def test_an_officer_has_a_whole_personal_number(commune, number):
    with pytest.raises(Refused, match="12 chữ số"):
        hire(commune, number=number)


def test_an_officer_is_enrolled_once_and_by_an_administrator(commune):
    hire(commune)
    with pytest.raises(Refused, match="đã có trong danh sách"):
        commands.enrol(citizen_number=NUMBER, name="Khác", by=SYSTEM, at=NOW)
    with pytest.raises(Refused, match="Chỉ quản trị"):
        commands.enrol(citizen_number="080195000001", name="A", by=Actor(name="Ai đó"), at=NOW)
    with pytest.raises(Refused, match="họ tên"):
        commands.enrol(citizen_number="080195000001", name=" ", by=SYSTEM, at=NOW)


def test_a_role_does_not_end_before_it_begins_or_twice(commune):
    held = hire(commune, in_force_from=date(2026, 1, 1))
    with pytest.raises(Refused, match="trước ngày bắt đầu"):
        commands.end_appointment(appointment=held, last_day=date(2025, 12, 31), by=SYSTEM, at=NOW)
    commands.end_appointment(appointment=held, last_day=date(2026, 6, 30), by=SYSTEM, at=NOW)
    with pytest.raises(Refused, match="đã kết thúc"):
        commands.end_appointment(appointment=held, last_day=date(2026, 7, 31), by=SYSTEM, at=NOW)


# ------------------------------------------------------------------ working time


def test_new_hours_close_the_old_ones(commune):
    summer = ((time(7), time(11)), (time(13), time(17)))
    commands.set_hours(agency=commune, week={0: OFFICE_DAY}, in_force_from=SINCE, by=SYSTEM, at=NOW)
    commands.set_hours(agency=commune, week={0: summer}, in_force_from=date(2026, 5, 1), by=SYSTEM, at=NOW)
    calendar = queries.calendar(commune.pk)
    assert calendar.spans(date(2026, 4, 27)) == ()  # the substitute day of the Hùng Kings
    assert calendar.spans(date(2026, 4, 20)) == OFFICE_DAY
    assert calendar.spans(date(2026, 5, 4)) == summer
    assert [fact.name for fact in events.history(commune.subject)].count("calendar.set_hours") == 2


def test_hours_written_for_later_are_not_overwritten(commune):
    commands.set_hours(agency=commune, week={0: MORNING}, in_force_from=date(2027, 1, 1), by=SYSTEM, at=NOW)
    with pytest.raises(Refused, match="sau ngày này"):
        commands.set_hours(agency=commune, week={0: OFFICE_DAY}, in_force_from=SINCE, by=SYSTEM, at=NOW)


def test_hours_of_the_same_day_are_corrected(commune):
    for spans in (MORNING, OFFICE_DAY):
        commands.set_hours(agency=commune, week={0: spans}, in_force_from=SINCE, by=SYSTEM, at=NOW)
    assert OfficeHours.objects.get(agency=commune).spans == OFFICE_DAY


def test_hours_out_of_order_are_refused_by_rule_and_by_the_database(commune):
    wrong = ((time(13), time(17)), (time(7), time(11)))
    with pytest.raises(Refused, match="buổi sáng trước"):
        commands.set_hours(agency=commune, week={0: wrong}, in_force_from=SINCE, by=SYSTEM, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        OfficeHours.objects.create(
            agency=commune, weekday=0, in_force_from=SINCE, **OfficeHours.columns(wrong)
        )


def test_a_closed_day_is_decided_once_and_can_be_taken_back(commune):
    day = date(2026, 12, 1)
    row = commands.close_day(agency=commune, day=day, reason="Bão số 9", by=SYSTEM, at=NOW)
    assert queries.calendar(commune.pk).spans(day) == ()
    with pytest.raises(Refused, match="01/12/2026 đã có quyết định"):
        commands.open_day(
            agency=commune, day=day, reason="Trực", spans=MORNING, by=administrator(commune), at=NOW
        )
    commands.restore_day(calendar_day=row, by=SYSTEM, at=NOW)
    assert queries.calendar(commune.pk).spans(day) == OFFICE_DAY
    assert [fact.name for fact in events.history(commune.subject)][-2:] == [
        "calendar.close_day",
        "calendar.restore_day",
    ]


def test_a_change_of_the_past_is_marked_for_auditors(commune):
    commands.close_day(agency=commune, day=date(2026, 11, 20), reason="Bão", by=SYSTEM, at=NOW)
    assert events.history(commune.subject)[-1].data["afterwards"] is True


@pytest.mark.parametrize(("day", "afterwards"), [(5, True), (6, True), (7, False)])
def test_after_midnight_yesterday_is_the_past_though_it_is_still_today_elsewhere(commune, day, afterwards):
    early = datetime(2026, 12, 6, 17, 30, tzinfo=UTC)  # 00:30 on 7 December here
    commands.close_day(agency=commune, day=date(2026, 12, day), reason="Bão", by=SYSTEM, at=early)
    assert events.history(commune.subject)[-1].data["afterwards"] is afterwards


def test_a_day_needs_a_reason_and_special_hours_need_hours(commune):
    day = date(2026, 12, 5)
    with pytest.raises(Refused, match="lý do"):
        commands.close_day(agency=commune, day=day, reason=" ", by=SYSTEM, at=NOW)
    with pytest.raises(Refused, match="giờ làm việc"):
        commands.open_day(agency=commune, day=day, reason="Trực", by=SYSTEM, at=NOW)


def test_the_whole_province_is_decided_at_the_top(province, commune):
    day = date(2026, 12, 7)
    with pytest.raises(Refused, match="cấp tỉnh"):
        commands.close_day(agency=None, day=day, reason="Bão", by=administrator(commune), at=NOW)
    commands.close_day(agency=None, day=day, reason="Bão", by=administrator(province), at=NOW)
    assert queries.calendar(commune.pk).spans(day) == ()


def test_who_is_no_administrator_changes_no_calendar(province):
    clerk = Actor(name="Hoa", roles=frozenset({Role.CLERK}), officer=1, agency=province.pk, reach="80/")
    with pytest.raises(Refused):
        commands.close_day(agency=None, day=SINCE, reason="Bão", by=clerk, at=NOW)
    with pytest.raises(Refused):
        commands.set_hours(agency=province, week={5: MORNING}, in_force_from=SINCE, by=clerk, at=NOW)
