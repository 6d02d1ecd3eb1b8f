"""Hours, the year, decisions about days, and trying a deadline."""

from datetime import date, time

import pytest
from django.urls import reverse

from motcua.base.actor import Role
from motcua.base.tests.dates import boxes
from motcua.domain.agencies import commands, queries
from motcua.domain.agencies.rules import MORNING, OFFICE_DAY
from motcua.domain.agencies.tests.conftest import NOW, administrator

DAY = date(2026, 12, 7)
TRIAL = {
    "gio": "16:30",
    "so": "3",
    "don_vi": "working_day",
    "chot": "15:00",
    **boxes("ngay", date(2026, 8, 28)),
}


def address(name, *args, **query):
    return reverse(f"console:{name}", args=args, query=query)


def decide(client, agency, kind="closed", **words):
    sent = {"kind": kind, "reason": "Bão số 9", **boxes("day", DAY), **words}
    return client.post(address("decide", agency.pk), sent)


def test_the_year_shows_holidays_and_decisions(admin, commune):
    decide(admin, commune)
    text = admin.get(address("calendar", commune.pk, nam=2026)).text
    for words in (
        "Tháng 12",
        "Ngày Văn hóa Việt Nam",
        "làm bù ngày nghỉ hoán đổi",
        "Bão số 9",
        "Tết Nguyên Đán",
    ):
        assert words in text, words


@pytest.mark.parametrize("year", ["", "2022", "abc", "99999999999", "-1", "0", "٣"])
def test_any_year_may_be_asked_for(admin, commune, year):
    assert admin.get(address("calendar", commune.pk, nam=year)).status_code == 200


def test_the_year_costs_few_queries(admin, commune, django_assert_max_num_queries):
    for number in range(1, 9):
        commands.close_day(
            agency=commune, day=date(2026, 12, number), reason="Bão", by=administrator(commune), at=NOW
        )
    with django_assert_max_num_queries(9):
        admin.get(address("calendar", commune.pk, nam=2026))


def test_a_day_is_closed_and_opened_again(admin, commune):
    assert decide(admin, commune).status_code == 302
    assert queries.calendar(commune.pk).spans(DAY) == ()
    row = queries.decided_days(administrator(commune), commune, year=2026).get()
    assert admin.post(address("restore", commune.pk, row.pk)).status_code == 302
    assert queries.calendar(commune.pk).spans(DAY) == OFFICE_DAY


def test_a_day_gets_its_own_hours(admin, commune):
    hours = {"morning_from": "7h30", "morning_to": "11:30"}
    assert decide(admin, commune, "special", **hours).status_code == 302
    assert queries.calendar(commune.pk).spans(DAY) == MORNING


def test_a_saturday_is_made_up_for(admin, commune):
    assert decide(admin, commune, "makeup", **boxes("day", date(2026, 12, 5))).status_code == 302
    assert queries.calendar(commune.pk).spans(date(2026, 12, 5)) == OFFICE_DAY


def test_the_whole_province_is_closed_by_its_administrator_only(admin, sit, commune, neighbour):
    local = sit(commune, Role.ADMINISTRATOR)
    answer = decide(local, commune, everywhere="on")
    assert answer.status_code == 409
    assert "cấp tỉnh" in answer.text
    assert decide(admin, commune, everywhere="on").status_code == 302
    assert queries.calendar(neighbour.pk).spans(DAY) == ()
    row = queries.decided_days(administrator(commune), commune, year=2026).get()
    assert local.post(address("restore", commune.pk, row.pk)).status_code == 409


@pytest.mark.parametrize(
    ("kind", "words", "said"),
    [
        ("special", {}, "Nhập giờ làm việc của ngày này"),
        ("special", {"morning_from": "7:30"}, "Nhập cả giờ bắt đầu và giờ kết thúc"),
        ("special", {"morning_from": "sáng", "morning_to": "11:30"}, "Nhập giờ và phút"),
        ("closed", {"reason": ""}, "Bạn chưa trả lời"),
        ("closed", {"day_day": "31", "day_month": "2"}, "không có trong lịch"),
    ],
)
def test_mistakes_are_named_at_their_field(admin, commune, kind, words, said):
    answer = decide(admin, commune, kind, **words)
    assert answer.status_code == 422
    if said != "Bạn chưa trả lời":
        assert said in answer.text


def test_hours_out_of_order_are_refused_with_what_was_typed(admin, commune):
    sent = {"weekdays": ["5"], "morning_from": "11:30", "morning_to": "07:30", **boxes("in_force_from", DAY)}
    answer = admin.post(address("hours", commune.pk), sent)
    assert answer.status_code == 409
    assert "Giờ bắt đầu phải trước giờ kết thúc" in answer.text
    assert 'value="11:30"' in answer.text


def test_a_saturday_desk_opens_from_a_day_on(admin, commune):
    sent = {"weekdays": ["5"], "morning_from": "0730", "morning_to": "11:30", **boxes("in_force_from", DAY)}
    assert admin.post(address("hours", commune.pk), sent).status_code == 302
    calendar = queries.calendar(commune.pk)
    assert calendar.spans(date(2026, 12, 5)) == ()
    assert calendar.spans(date(2026, 12, 12)) == ((time(7, 30), time(11, 30)),)


def test_a_decision_of_another_branch_is_not_found(sit, admin, commune, neighbour):
    decide(admin, neighbour)
    row = queries.decided_days(administrator(neighbour), neighbour, year=2026).get()
    client = sit(commune, Role.ADMINISTRATOR)
    assert client.post(address("restore", commune.pk, row.pk)).status_code == 404


def test_a_decision_is_taken_back_by_post_only_and_not_by_an_auditor(admin, auditor, commune):
    decide(admin, commune)
    row = queries.decided_days(administrator(commune), commune, year=2026).get()
    assert admin.get(address("restore", commune.pk, row.pk)).status_code == 405
    assert auditor.post(address("restore", commune.pk, row.pk)).status_code == 403


def test_a_deadline_is_tried_with_its_explanation(auditor, commune):
    text = auditor.get(address("calendar", commune.pk, **TRIAL)).text
    assert "sau 15:00 nên tính từ 07:30 thứ Năm 03/09/2026" in text
    assert "Nghỉ 31/08–02/09/2026: nghỉ hoán đổi ngày làm việc; Quốc khánh." in text
    assert "Hẹn trả 17:30 thứ Hai 07/09/2026." in text


def test_a_trial_before_any_hours_were_set_says_so(admin, commune):
    asked = {**TRIAL, **boxes("ngay", date(2022, 8, 26))}
    answer = admin.get(address("calendar", commune.pk, **asked))
    assert answer.status_code == 200
    assert "chưa có giờ làm việc" in answer.text


@pytest.mark.parametrize(
    "wrong",
    [{"so": "nhiều"}, {"so": "-1"}, {"so": "99999"}, {"gio": "25:00"}, {"ngay_day": "32"}, {"don_vi": "x"}],
)
def test_a_wrong_trial_names_the_mistake(admin, commune, wrong):
    text = admin.get(address("calendar", commune.pk, **{**TRIAL, **wrong})).text
    assert "Có chỗ cần sửa" in text
    assert "Hẹn trả" not in text
