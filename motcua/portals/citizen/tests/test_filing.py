"""Filing from home: begin, fill in, check, file."""

import unicodedata
from uuid import uuid4

import pytest
from django.test import Client

from motcua.base import events
from motcua.connectors.population import people
from motcua.domain.dossiers import queries as dossiers
from motcua.domain.dossiers.rules import State
from motcua.portals.citizen.tests.birth import PAGES, address, begin, filed, fill, ready
from motcua.portals.citizen.tests.conftest import BIRTH, citizen, draft_of, photo, text

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


@pytest.mark.parametrize("fault", [{"dead": True}, {"slow": 0.6}, {"wrong": True}])
def test_a_register_that_is_away_stops_nobody(lan, mother, library, register, fault):
    register.be(**fault)
    begin(lan)
    draft = draft_of(mother)
    page = text(lan.get(address(draft)))
    assert "Chưa lấy được thông tin từ CSDL dân cư" in page
    assert "Bạn cứ khai tiếp bằng tay" in page
    register.be()
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


def test_a_page_is_kept_and_leads_to_the_next_unfinished_one(lan, mother, library, register):
    begin(lan)
    draft = draft_of(mother)
    answer = lan.post(address(draft, "applicant"), PAGES["applicant"])
    assert answer["Location"] == address(draft, "child")
    assert draft_of(mother).values["applicant_phone"] == "0912345678"
    # Mother was answered by the register: the way leads past her.
    assert lan.post(address(draft, "origin"), PAGES["origin"])["Location"] == address(draft, "with_father")


def test_a_page_that_is_not_asked_does_not_exist(lan, mother, library, register):
    begin(lan)
    draft = draft_of(mother)
    assert lan.get(address(draft, "father")).status_code == 404
    assert lan.get(address(draft, "khong-co")).status_code == 404
    lan.post(address(draft, "with_father"), {"father_declared": "yes"})
    assert lan.get(address(draft, "father")).status_code == 200


def test_mistakes_keep_everything_that_was_typed(lan, mother, library, register):
    begin(lan)
    draft = draft_of(mother)
    sent = {**PAGES["child"], "child_born_on_day": "31", "child_gender": ""}
    answer = lan.post(address(draft, "child"), sent)
    page = text(answer)
    assert answer.status_code == 422
    assert "<title>Lỗi: " in page
    assert "Có chỗ cần sửa" in page
    assert 'value="Nguyễn Thị Bảo Ngọc"' in page
    assert 'value="31"' in page
    # What is right is safe in the draft even if the browser closes now.
    assert draft_of(mother).values["child_name"] == "Nguyễn Thị Bảo Ngọc"
    assert "child_born_on" not in draft_of(mother).values


def test_later_keeps_a_half_filled_page(lan, mother, library, register):
    begin(lan)
    draft = draft_of(mother)
    answer = lan.post(address(draft, "child"), {"child_name": "Nguyễn Thị Bảo Ngọc", "later": "1"})
    assert answer["Location"] == address(draft)
    assert draft_of(mother).values["child_name"] == "Nguyễn Thị Bảo Ngọc"


def test_later_does_not_swallow_what_is_typed_wrongly(lan, mother, library, register):
    begin(lan)
    answer = lan.post(address(draft_of(mother), "child"), {"child_born_on_day": "99", "later": "1"})
    assert answer.status_code == 422


def test_two_tabs_lose_nothing_of_each_other(lan, mother, library, register):
    begin(lan)
    draft = draft_of(mother)
    lan.get(address(draft, "child"))
    lan.get(address(draft, "copies"))
    fill(lan, mother, "child", "copies")
    values = draft_of(mother).values
    assert values["child_name"] == "Nguyễn Thị Bảo Ngọc"
    assert values["copies"] == 2


def test_decomposed_vietnamese_is_composed(lan, mother, library, register):
    begin(lan)
    typed = unicodedata.normalize("NFD", "Nguyễn Thị Bảo Ngọc")
    lan.post(address(draft_of(mother), "child"), {**PAGES["child"], "child_name": f"  {typed} "})
    assert draft_of(mother).values["child_name"] == "Nguyễn Thị Bảo Ngọc"


@pytest.mark.parametrize(
    "typed", ["NguyÔn ThÞ B¶o Ngäc", "Nguyeãn Thò Baûo Ngoïc", "Nguyá»…n Thá»‹ Báº£o Ngá»c"]
)
def test_old_encodings_are_repaired_or_asked_for_again(lan, mother, library, register, typed):
    begin(lan)
    answer = lan.post(address(draft_of(mother), "child"), {**PAGES["child"], "child_name": typed})
    if answer.status_code == 302:
        assert draft_of(mother).values["child_name"] == "Nguyễn Thị Bảo Ngọc"
    else:
        assert answer.status_code == 422
        assert "phông cũ" in text(answer)
        assert "child_name" not in draft_of(mother).values


def test_a_number_that_contradicts_the_birth_date_is_refused_in_words(lan, mother, library, register):
    begin(lan)
    draft = draft_of(mother)
    told = {"mother_number": "072195000012", "mother_name": "Trần Thị Hòa", "mother_born_on_year": "1985"}
    answer = lan.post(address(draft, "mother"), told)
    assert answer.status_code == 422
    assert "người sinh năm 1995" in text(answer)


def test_the_register_stays_visible_beside_another_answer(lan, mother, library, register):
    begin(lan)
    fill(lan, mother, "applicant")
    draft = draft_of(mother)
    assert "Đã xong – hãy xem lại" in text(lan.get(address(draft)))
    page = text(lan.get(address(draft, "kiem-tra")))
    assert "0912 345 678" in page
    assert "CSDL dân cư ghi: 0545 000 012" in page


def test_the_last_look_says_what_is_missing_and_where(lan, mother, library, register):
    begin(lan)
    draft = draft_of(mother)
    page = text(lan.get(address(draft, "kiem-tra")))
    assert "chỗ cần sửa trước khi nộp" in page
    assert f"{address(draft, 'child')}?ve=kiem-tra#id_child_name" in page
    answer = lan.post(address(draft, "kiem-tra"), {"handing": "electronic", "declared": "on"})
    assert answer.status_code == 422
    assert draft_of(mother).code is None


def test_a_page_opened_from_the_last_look_leads_back_there(lan, mother, library, register):
    draft = ready(lan, mother)
    answer = lan.post(address(draft, "copies") + "?ve=kiem-tra", PAGES["copies"])
    assert answer["Location"] == address(draft, "kiem-tra")


def test_the_last_look_tells_sources_fee_and_the_expected_time(lan, mother, library, register):
    draft = ready(lan, mother)
    page = text(lan.get(address(draft, "kiem-tra")))
    for words in (
        "CSDL dân cư",
        "Bạn khai",
        "Hẹn trả dự kiến",
        "Vì sao hẹn ngày này?",
        "giay-chung-sinh.jpg",
    ):
        assert words in page
    assert "16.000" in page


def test_nothing_is_filed_without_the_declaration(lan, mother, library, register):
    draft = ready(lan, mother)
    answer = lan.post(address(draft, "kiem-tra"), {"handing": "electronic"})
    assert answer.status_code == 422
    assert "Đánh dấu vào lời cam đoan" in text(answer)
    assert draft_of(mother).code is None


def test_filing_twice_is_filing_once(lan, mother, library, register):
    draft = ready(lan, mother)
    sent = {"handing": "desk", "declared": "on"}
    first, second = (lan.post(address(draft, "kiem-tra"), sent)["Location"] for _twice in range(2))
    assert first == second
    dossier = draft_of(mother)
    assert dossier.handing == "desk"
    assert [event.name for event in events.history(dossier.subject)].count("dossier.submit") == 1


def test_filing_ends_on_a_page_with_the_code_and_a_receipt(lan, mother, library, register):
    dossier = filed(lan, mother)
    page = text(lan.get(f"/ho-so/{dossier.code}/da-nop/"))
    assert dossier.code in page
    assert "Bạn không cần làm gì" in page
    receipt = lan.get(f"/ho-so/{dossier.code}/bien-nhan/")
    assert receipt["Content-Type"] == "application/pdf"
    assert receipt.content.startswith(b"%PDF")
    assert dossier.code in receipt["Content-Disposition"]


def test_a_filed_draft_leads_to_its_dossier(lan, mother, library, register):
    dossier = filed(lan, mother)
    for name in ("", "child", "giay-to", "kiem-tra"):
        assert lan.get(address(dossier, name))["Location"] == f"/ho-so/{dossier.code}/"


def test_a_second_tab_cannot_change_what_was_filed(lan, mother, library, register):
    dossier = filed(lan, mother)
    answer = lan.post(address(dossier, "child"), {**PAGES["child"], "child_name": "Nguyễn Khác"})
    assert answer.status_code == 409
    assert "Hồ sơ đã nộp" in text(answer)
    assert draft_of(mother).values["child_name"] == "Nguyễn Thị Bảo Ngọc"


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


def test_every_page_of_a_draft_speaks_english_too(lan, mother, library, register):
    draft = ready(lan, mother)
    lan.cookies["django_language"] = "en"
    for name in ("", "applicant", "giay-to", "kiem-tra"):
        assert 'lang="en"' in text(lan.get(address(draft, name)))
    assert draft.status is State.DRAFT
