"""Beginning a draft: who, where, for whom, with or without the register."""

from uuid import uuid4

import pytest
from django.test import Client

from motcua.connectors.population import people
from motcua.domain.dossiers import queries as dossiers
from motcua.portals.citizen.tests.birth import address, begin, fill
from motcua.portals.citizen.tests.conftest import BIRTH, LICENCE, RESIDENCE, citizen, draft_of, photo, text

START = f"/thu-tuc/{BIRTH}/bat-dau/"


def test_whoever_begins_is_sent_to_log_in(library):
    answer = Client().get(START)
    assert answer.status_code == 302
    assert answer["Location"] == f"/dang-nhap/?next=%2Fthu-tuc%2F{BIRTH}%2Fbat-dau%2F"


def test_a_weak_log_in_is_sent_to_a_stronger_one(library, log_in, mother):
    answer = log_in(Client(), mother, level=1).get(START)
    assert answer.status_code == 302
    assert "muc=2" in answer["Location"]


def test_an_officer_cannot_file_as_a_citizen(library, log_in, officer):
    assert log_in(Client(), officer).get(START).status_code == 403


def test_the_commune_of_residence_is_proposed(lan, library, neighbour):
    page = text(lan.get(START))
    assert '<option value="27694" selected>' in page
    assert "Phường Tân An" in page


def test_beginning_fills_in_what_the_register_knows(lan, mother, library, register):
    answer = begin(lan)
    draft = draft_of(mother)
    assert answer["Location"] == address(draft)
    assert draft.answers["mother_name"]["source"] == "register"
    assert draft.answers["father_name"]["value"] == "Nguyễn Minh Khôi"
    page = text(lan.get(address(draft)))
    assert "Đã xong (CSDL dân cư)" in page
    assert "Cần xong mục" in page


def test_the_register_is_asked_with_the_draft_as_purpose(lan, mother, library, register):
    begin(lan)
    assert {call.dossier for call in register.calls} == {str(draft_of(mother).key)}
    assert {call.procedure for call in register.calls} == {BIRTH}


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("fault", [{"dead": True}, {"slow": 60}, {"wrong": True}])
def test_a_register_that_is_away_stops_nobody(lan, mother, register, settings, fault):
    register.be(**fault)
    settings.POPULATION_TIMEOUT = 0.3 if "slow" in fault else 30
    begin(lan)
    draft = draft_of(mother)
    page = text(lan.get(address(draft)))
    assert "Chưa lấy được thông tin từ CSDL dân cư" in page
    assert "Bạn cứ khai tiếp bằng tay" in page
    register.be()
    settings.POPULATION_TIMEOUT = 30
    assert lan.post(address(draft, "dien-san")).status_code == 302
    assert draft_of(mother).answers["mother_name"]["source"] == "register"
    assert "Chưa lấy được thông tin" not in text(lan.get(address(draft)))


def test_a_dossier_filed_without_the_register_waits_to_be_checked(lan, mother, library):
    begin(lan)
    fill(lan, mother, "applicant")
    by_hand = {
        "mother_number": people.MOTHER,
        "mother_name": "Trần Thị Hòa",
        "mother_born_on_year": "1995",
        "mother_ethnicity": "Kinh",
        "mother_nationality": "Việt Nam",
        "mother_address_province": "80",
        "mother_address_commune": "27694",
        "mother_address_detail": "Số 12",
    }
    draft = draft_of(mother)
    assert lan.post(address(draft, "mother"), by_hand).status_code == 302
    fill(lan, mother)
    lan.post(address(draft, "giay-to"), {"paper-birth_note": photo(), "next": "1"})
    answer = lan.post(address(draft, "kiem-tra"), {"handing": "electronic", "declared": "on"})
    assert draft_of(mother).register_check == "pending"
    assert "đối chiếu sau" in text(lan.get(answer["Location"]))


def test_pressing_begin_twice_makes_one_draft(lan, mother, library, register):
    key = str(uuid4())
    assert begin(lan, key=key)["Location"] == begin(lan, key=key)["Location"]
    assert len(dossiers.mine(citizen(mother))) == 1


def test_another_citizens_key_opens_nothing(lan, toan, mother, library, register):
    key = str(uuid4())
    begin(lan, key=key)
    assert begin(toan, key=key).status_code == 404


def test_unfinished_drafts_are_offered_first(lan, mother, library, register):
    begin(lan)
    page = text(lan.get(START))
    assert "Bạn có bản nháp của thủ tục này" in page
    assert address(draft_of(mother)) in page
    assert page.index("Bạn có bản nháp") < page.index("Bạn nộp hồ sơ cho ai?")


@pytest.mark.parametrize(
    "name", ["", "applicant", "giay-to", "kiem-tra", "noi-nop", "xoa"], ids=lambda name: name or "tasks"
)
def test_a_draft_exists_for_nobody_else(lan, toan, mother, library, name):
    begin(lan)
    there = address(draft_of(mother), name)
    assert lan.get(there).status_code == 200
    assert toan.get(there).status_code == 404
    assert toan.post(there).status_code == 404
    assert Client().get(there).status_code == 302


def test_one_office_for_the_whole_province_leaves_nothing_to_choose(lan, mother, library, register):
    assert 'name="commune"' not in text(lan.get(f"/thu-tuc/{LICENCE}/bat-dau/"))
    assert begin(lan, LICENCE, commune="").status_code == 302
    assert draft_of(mother).agency.code == "CSGT"


def test_another_place_than_home_is_not_guessed(lan, library):
    assert '<option value="27694">' in text(lan.get(f"/thu-tuc/{RESIDENCE}/bat-dau/"))


def test_a_draft_can_be_thrown_away_after_a_question(lan, mother, library, register):
    begin(lan)
    draft = draft_of(mother)
    assert "Xóa bản nháp này?" in text(lan.get(address(draft, "xoa")))
    assert lan.post(address(draft, "xoa"))["Location"] == "/ho-so/"
    assert not dossiers.mine(citizen(mother))


def test_a_draft_can_go_to_another_commune(lan, mother, library, neighbour, register):
    begin(lan)
    draft = draft_of(mother)
    assert lan.post(address(draft, "noi-nop"), {"commune": "27712"}).status_code == 302
    assert draft_of(mother).desk == neighbour
    assert lan.post(address(draft, "noi-nop"), {"commune": "99999"}).status_code == 422


def test_the_last_look_warns_when_another_commune_answers_for_the_place(
    lan, mother, library, neighbour, register
):
    begin(lan, commune="27712")
    draft = draft_of(mother)
    page = text(lan.get(address(draft, "kiem-tra")))
    assert "Nơi nộp có thể chưa đúng" in page
    assert '<option value="27694" selected>' in text(lan.get(address(draft, "noi-nop")))


def test_filing_for_somebody_else_asks_who_and_for_an_authorisation(
    toan, mother, stranger, library, register
):
    page = toan.post(START, {"key": str(uuid4()), "whom": "other", "commune": "27694"})
    assert page.status_code == 200
    assert "Số định danh của người đó" in text(page)
    assert "Lỗi:" not in text(page)
    told = {"whom": "other", "number": "072 195 000 012", "name": "Tran Thi Hoa", "born_on_year": "1995"}
    assert begin(toan, **told).status_code == 302
    draft = dossiers.mine(citizen(stranger))[0]
    assert draft.applicant == mother
    assert draft.filer == stranger
    # The register tells nobody about another person: the form is empty.
    assert not draft.answers
    assert not register.calls
    assert "Văn bản ủy quyền" in text(toan.get(address(draft, "giay-to")))


@pytest.mark.parametrize("wrong", [{"name": "Trần Thị Khác"}, {"born_on_year": "1995", "born_on_month": "3"}])
def test_somebody_else_is_found_only_when_everything_agrees(toan, mother, stranger, library, wrong):
    told = {"number": "072195000012", "name": "Trần Thị Hòa", "born_on_year": "1995", **wrong}
    answer = begin(toan, whom="other", **told)
    assert answer.status_code == 422
    assert "không khớp với số định danh này" in text(answer)
    assert not dossiers.mine(citizen(stranger))


def test_somebody_elses_number_must_fit_the_birth_date(toan, mother, library):
    told = {"whom": "other", "number": "072195000012", "name": "Trần Thị Hòa", "born_on_year": "1985"}
    answer = begin(toan, **told)
    assert answer.status_code == 422
    assert "người sinh năm 1995" in text(answer)
