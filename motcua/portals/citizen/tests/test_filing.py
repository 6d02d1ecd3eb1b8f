"""Filling a draft in page by page, the last look, and filing."""

import unicodedata

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from motcua.base import events
from motcua.domain.dossiers.rules import State
from motcua.domain.papers import queries as papers
from motcua.portals.citizen.tests.birth import PAGES, address, begin, filed, fill, ready
from motcua.portals.citizen.tests.conftest import LICENCE, RESIDENCE, draft_of, photo, text


def test_a_page_is_kept_and_leads_to_the_next_unfinished_one(lan, mother, library, register):
    begin(lan)
    draft = draft_of(mother)
    answer = lan.post(address(draft, "applicant"), PAGES["applicant"])
    assert answer["Location"] == address(draft, "child")
    assert draft_of(mother).values["applicant_phone"] == "0912345678"
    # Mother was answered by the register: the way leads past her.
    assert lan.post(address(draft, "origin"), PAGES["origin"])["Location"] == address(draft, "copies")


def test_a_page_that_is_not_asked_does_not_exist(lan, mother, library, register):
    begin(lan)
    draft = draft_of(mother)
    assert lan.get(address(draft, "father")).status_code == 404
    assert lan.get(address(draft, "khong-co")).status_code == 404
    lan.post(address(draft, "origin"), {**PAGES["origin"], "father_declared": "yes"})
    assert lan.get(address(draft, "father")).status_code == 200


def test_a_page_that_nobody_opened_is_not_passed_over(lan, mother, library, register):
    begin(lan, RESIDENCE)
    draft = draft_of(mother)
    home = {
        "housing": "own_house",
        "new_address_province": "80",
        "new_address_commune": "27694",
        "new_address_detail": "Số 5",
    }
    there = lan.post(address(draft, "home"), home)["Location"]
    assert there == address(draft, "members")
    # Nobody moves in with her: the page was seen, and the way leads on.
    assert lan.post(there, {"members-rows": ""})["Location"] == address(draft, "household")
    assert "Không bắt buộc" not in text(lan.get(address(draft)))


def test_rows_are_added_and_taken_away_by_buttons(lan, mother, library, register):
    begin(lan, RESIDENCE)
    there = address(draft_of(mother), "members")
    more = lan.post(there, {"members-rows": "", "members-add": "1"})
    assert more.status_code == 200
    assert 'name="members-0-name"' in text(more)
    typed = {"members-rows": "0", "members-0-name": "Nguyễn Văn A"}
    assert 'value="Nguyễn Văn A"' in text(lan.post(there, {**typed, "members-add": "1"}))
    assert "Nguyễn Văn A" not in text(lan.post(there, {**typed, "members-remove": "0"}))
    wrong = lan.post(there, typed)
    assert wrong.status_code == 422
    assert "Dòng 1" in text(wrong)


def test_a_file_that_the_form_asks_for_is_kept_there_and_replaced(lan, mother, library, register):
    begin(lan, LICENCE)
    draft = draft_of(mother)
    there = address(draft, "photo")
    assert lan.post(there, {}).status_code == 422
    assert lan.post(there, {"portrait": photo("a.jpg")}).status_code == 302
    assert lan.post(there, {"portrait": photo("b.jpg")}).status_code == 302
    # Nothing new was chosen: what is there stays.
    assert lan.post(there, {}).status_code == 302
    assert [paper.file.original_name for paper in papers.of(draft.subject)] == ["b.jpg"]
    assert draft_of(mother).values["portrait"]["name"] == "b.jpg"
    assert "b.jpg</a>" in text(lan.get(there))
    broken = SimpleUploadedFile("c.jpg", b"no picture", content_type="image/jpeg")
    answer = lan.post(there, {"portrait": broken})
    assert answer.status_code == 422
    assert "“c.jpg” không dùng được" in text(answer)
    assert draft_of(mother).values["portrait"]["name"] == "b.jpg"


def test_a_file_of_the_form_is_missed_once(lan, mother, library, register):
    begin(lan, LICENCE)
    page = text(lan.get(address(draft_of(mother), "kiem-tra")))
    assert (
        page.count("/photo/?ve=kiem-tra#id_portrait") == 2
    )  # in the list of what is missing, and beside the answer
    assert "#id_paper-portrait" not in page


def test_mistakes_keep_everything_that_was_typed(lan, mother, library, register):
    begin(lan)
    draft = draft_of(mother)
    sent = {**PAGES["child"], "child_born_on_day": "32", "child_gender": ""}
    answer = lan.post(address(draft, "child"), sent)
    page = text(answer)
    assert answer.status_code == 422
    assert "<title>Lỗi: " in page
    assert "Có chỗ cần sửa" in page
    assert 'value="Nguyễn Thị Bảo Ngọc"' in page
    assert 'value="32"' in page
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


def test_every_page_of_a_draft_speaks_english_too(lan, mother, library, register):
    draft = ready(lan, mother)
    lan.cookies["django_language"] = "en"
    for name in ("", "applicant", "giay-to", "kiem-tra"):
        assert 'lang="en"' in text(lan.get(address(draft, name)))
    assert draft.status is State.DRAFT
