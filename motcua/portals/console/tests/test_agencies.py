"""The tree, one agency, and who may change it."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from motcua.base.actor import Role
from motcua.base.tests.dates import boxes
from motcua.domain.agencies import queries
from motcua.domain.agencies.tests.conftest import found

DAY = date(2026, 12, 31)


def address(name, *args, **query):
    return reverse(f"console:{name}", args=args, query=query)


def test_a_stranger_is_sent_to_log_in(province):
    answer = Client().get(address("tree"))
    assert answer.status_code == 302
    assert "next=" in answer["Location"]


@pytest.mark.parametrize("role", [Role.CLERK, Role.OFFICER, Role.HEAD, Role.LEADER, Role.PROVINCE_OFFICE])
def test_other_roles_do_not_enter(sit, province, role):
    assert sit(province, role).get(address("tree")).status_code == 403


READING = ["agency", "calendar"]
WRITING = ["names", "found", "dissolve", "bank_account", "engage", "hours", "decide"]


@pytest.mark.parametrize("name", [*READING, *WRITING])
def test_an_agency_of_another_branch_is_not_found(sit, commune, neighbour, name):
    assert sit(commune, Role.ADMINISTRATOR).get(address(name, neighbour.pk)).status_code == 404
    assert sit(commune, Role.ADMINISTRATOR).get(address(name, commune.pk)).status_code == 200


@pytest.mark.parametrize("name", WRITING)
def test_an_auditor_reads_and_changes_nothing(auditor, commune, name):
    assert auditor.get(address(name, commune.pk)).status_code == 403
    assert auditor.post(address(name, commune.pk)).status_code == 403


def test_an_auditor_is_offered_no_change(auditor, admin, commune):
    assert "Giao vai trò" in admin.get(address("agency", commune.pk)).text
    text = auditor.get(address("agency", commune.pk)).text
    assert "Giao vai trò" not in text
    assert "Sửa tên" not in text


def test_the_tree_shows_what_stands_below(admin, province, commune, police):
    found("CSGT", "division", police, name="Phòng Cảnh sát giao thông")
    text = admin.get(address("tree")).text
    assert commune.name in text
    assert "Phòng Cảnh sát giao thông" not in text
    assert "Phòng Cảnh sát giao thông" in admin.get(address("tree", duoi=police.pk)).text


def test_the_tree_is_searched_without_marks(admin, commune):
    found("27700", parent=commune.parent, name="UBND phường Tân An")
    text = admin.get(address("tree", tim="tan an")).text
    assert "UBND phường Tân An" in text
    assert commune.name not in text
    assert "Không có cơ quan nào khớp" in admin.get(address("tree", tim="không có")).text
    assert admin.get(address("tree", loai="la", tim="")).status_code == 200


def test_the_tree_of_a_commune_begins_at_the_commune(sit, commune, neighbour):
    text = sit(commune, Role.ADMINISTRATOR).get(address("tree")).text
    assert commune.name in text
    assert neighbour.name not in text


def test_a_long_tree_costs_as_many_queries_as_a_short_one(
    admin, province, commune, django_assert_max_num_queries
):
    for number in range(20):
        found(f"3{number:04d}", parent=province)
    with django_assert_max_num_queries(6):
        admin.get(address("tree"))


def test_one_agency_shows_hours_people_and_log(admin, commune, hire):
    hire(commune, Role.CLERK)
    text = admin.get(address("agency", commune.pk)).text
    for words in ("07:30–11:30, 13:30–17:30", "Trần Thị Hoa", "…2345", "Cán bộ một cửa", "Thành lập"):
        assert words in text, words
    assert "080195012345" not in text


def test_one_agency_costs_few_queries(admin, commune, hire, django_assert_max_num_queries):
    for number in range(5):
        hire(commune, Role.CLERK, f"08019501000{number}")
    with django_assert_max_num_queries(12):
        admin.get(address("agency", commune.pk))


def test_a_code_is_corrected(admin, commune):
    sent = {"name": "UBND phường Long An", "name_en": "Long An", "official_code": "H39.77"}
    assert admin.post(address("names", commune.pk), sent).status_code == 302
    assert queries.agency(commune.pk).dossier_prefix == "H39.77"
    assert "chưa đối chiếu" in admin.get(address("agency", commune.pk)).text


def test_a_refusal_keeps_what_was_typed(admin, commune):
    sent = {"name": "UBND phường Long An", "name_en": "Long An", "official_code": "39-77"}
    answer = admin.post(address("names", commune.pk), sent)
    assert answer.status_code == 409
    assert "Mã định danh cơ quan có dạng" in answer.text
    assert "39-77" in answer.text


def test_a_form_with_gaps_comes_back(admin, commune):
    answer = admin.post(address("found", commune.pk), {})
    assert answer.status_code == 422
    assert "Có chỗ cần sửa" in answer.text


def test_an_agency_is_founded_and_dissolved(admin, province):
    sent = {"code": "STP", "kind": "department", "name": "Sở Tư pháp", "name_en": "Justice"}
    since = boxes("in_force_from", date(2026, 1, 1))
    assert admin.post(address("found", province.pk), {**sent, **since}).status_code == 302
    made = queries.by_path("80/STP/", on=DAY)
    assert admin.post(address("dissolve", made.pk), boxes("last_day", DAY)).status_code == 302
    assert queries.agency(made.pk).in_force_to == DAY
    assert admin.post(address("dissolve", made.pk), boxes("last_day", DAY)).status_code == 409


def test_somebody_is_engaged_and_leaves(admin, commune):
    sent = {"citizen_number": "080 195 012 345", "name": "Trần Thị Hoa", "role": "clerk"}
    answer = admin.post(address("engage", commune.pk), {**sent, **boxes("in_force_from", date(2026, 1, 1))})
    assert answer.status_code == 302
    actor = queries.actor_of_officer(citizen_number="080195012345", on=date(2026, 1, 1))
    assert actor.roles == {Role.CLERK}
    held = queries.appointments(actor, commune).get()
    assert "Trần Thị Hoa thôi giữ vai trò" in admin.get(address("end", held.pk)).text
    assert admin.post(address("end", held.pk), boxes("last_day", DAY)).status_code == 302
    assert queries.actor_of_officer(citizen_number="080195012345", on=date(2027, 1, 1)) is None


def test_a_wrong_personal_number_is_named_at_its_field(admin, commune):
    sent = {"citizen_number": "123", "name": "Trần Thị Hoa", "role": "clerk"}
    answer = admin.post(address("engage", commune.pk), {**sent, **boxes("in_force_from", DAY)})
    assert answer.status_code == 422
    assert "gồm 12 chữ số" in answer.text


def test_a_commune_cannot_make_somebody_its_auditor(sit, commune):
    sent = {"citizen_number": "080195012345", "name": "Trần Thị Hoa", "role": "auditor"}
    client = sit(commune, Role.ADMINISTRATOR)
    answer = client.post(address("engage", commune.pk), {**sent, **boxes("in_force_from", DAY)})
    assert answer.status_code == 409
    assert "quản trị cấp tỉnh" in answer.text


def test_a_role_of_another_branch_is_not_found(sit, commune, neighbour, hire):
    held = hire(neighbour)
    client = sit(commune, Role.ADMINISTRATOR)
    assert client.get(address("end", held.pk)).status_code == 404
    assert client.post(address("end", held.pk), boxes("last_day", DAY)).status_code == 404


def test_staff_is_listed_within_reach(sit, admin, commune, neighbour, hire):
    hire(commune)
    hire(neighbour, number="080195000002", name="Lê Văn Ấn")
    text = admin.get(address("staff")).text
    assert "Trần Thị Hoa" in text
    assert "Lê Văn Ấn" in text
    assert "Trần Thị Hoa" not in admin.get(address("staff", tim="an")).text
    assert "Lê Văn Ấn" not in sit(commune, Role.AUDITOR).get(address("staff")).text


def test_a_full_staff_costs_few_queries(admin, commune, hire, django_assert_max_num_queries):
    for number in range(8):
        hire(commune, Role.CLERK, f"08019501000{number}")
    with django_assert_max_num_queries(5):
        admin.get(address("staff"))


def test_the_account_for_transfers_is_written_and_shown_below_too(admin, province, commune):
    sent = {"bank": "Kho bạc", "bank_code": "99999", "number": "35110123456", "holder": "UBND tỉnh"}
    sent |= boxes("in_force_from", DAY)
    assert admin.post(address("bank_account", province.pk), sent).status_code == 409
    assert admin.post(address("bank_account", province.pk), {}).status_code == 422
    sent["bank_code"] = "999999"
    assert admin.post(address("bank_account", province.pk), sent).status_code == 302
    assert queries.bank_account(commune, on=DAY).number == "35110123456"
    assert "Đặt tài khoản thu phí" in admin.get(address("agency", province.pk)).text
