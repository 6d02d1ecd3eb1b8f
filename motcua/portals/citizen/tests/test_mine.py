"""Following a filed dossier: the list, the story, the supplement, the withdrawal, the result."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from motcua.base.actor import SYSTEM
from motcua.domain.agencies import queries as agencies
from motcua.domain.agencies.commands import set_bank_account as open_account
from motcua.domain.dossiers import commands
from motcua.domain.dossiers import queries as dossiers
from motcua.domain.dossiers.models import Channel, Handing
from motcua.domain.dossiers.rules import Action, State
from motcua.domain.papers import queries as papers
from motcua.domain.papers.rules import Origin
from motcua.domain.payments import commands as payments
from motcua.domain.payments import queries as bills
from motcua.domain.payments.rules import Method
from motcua.portals.citizen.tests.birth import address, begin, filed
from motcua.portals.citizen.tests.conftest import BIRTH, citizen, document, draft_of, opened, text

FAR = date(2030, 1, 1)


@pytest.fixture
def dossier(lan, mother, library, register):
    return filed(lan, mother)


@pytest.fixture
def hoa(officer):
    """The officer as an actor."""
    return agencies.actor_by_officer(officer.pk, timezone.localdate())


def received(dossier, hoa):
    return commands.receive(dossier=dossier, by=hoa, at=timezone.now())


def asked(dossier, hoa, *items):
    return commands.ask_more(
        dossier=dossier,
        items=items,
        reason="Ảnh giấy chứng sinh bị mờ số.",
        until=FAR,
        by=hoa,
        at=timezone.now(),
    )


def settled(dossier, hoa):
    dossier = received(dossier, hoa)
    dossier = commands.act(action=Action.PROCESS, dossier=dossier, by=hoa, at=timezone.now())
    while not dossiers.facts(dossier).last_step:
        dossier = commands.act(action=Action.FORWARD, dossier=dossier, by=hoa, at=timezone.now())
    return commands.settle(dossier=dossier, by=hoa, at=timezone.now())


def pay(dossier, hoa):
    for bill in bills.of(dossier.subject):
        payments.pay(bill=bill, method=Method.COUNTER, reference="QT-1", by=hoa, at=timezone.now())


NOTE = {"kind": "paper", "name": "birth_note", "title": "Giấy chứng sinh", "why": "mờ số"}
NAME = {"kind": "field", "name": "child_name", "title": "Họ, chữ đệm và tên của trẻ"}
OTHER = {"kind": "other", "name": "other", "title": "Ảnh chụp hai mặt thẻ của cha"}


def page(browser, dossier, name=""):
    return text(browser.get(f"/ho-so/{dossier.code}/" + (f"{name}/" if name else "")))


@pytest.mark.parametrize("name", ["", "da-nop/", "bien-nhan/", "bo-sung/", "rut/", "tiep-tuc/"])
def test_a_dossier_exists_for_nobody_else(toan, dossier, name):
    assert toan.get(f"/ho-so/{dossier.code}/{name}").status_code == 404
    assert toan.post(f"/ho-so/{dossier.code}/{name}", {"reason": "Tôi thử xem sao"}).status_code == 404


def test_a_filed_dossier_says_who_answers_until_when(lan, dossier):
    seen = page(lan, dossier)
    assert "Mới đăng ký" in seen
    assert "Bạn không cần làm gì</h2>" in seen and "Bạn cần làm</h2>" not in seen
    assert "Cơ quan trả lời chậm nhất" in seen
    assert "Đã nộp hồ sơ" in seen
    assert "Bộ phận Một cửa kiểm tra hồ sơ" in seen


def test_a_received_dossier_explains_its_due_time(lan, dossier, hoa):
    received(dossier, hoa)
    seen = page(lan, dossier)
    assert "Được tiếp nhận" in seen
    assert "Hẹn trả: <b>" in seen
    assert "Vì sao hẹn ngày này?" in seen
    assert "Giấy tiếp nhận hồ sơ và hẹn trả kết quả" in seen
    assert "Bạn cần làm</h2>" in seen and "Bạn không cần làm gì</h2>" not in seen
    assert "Nộp 16.000\xa0đ phí, lệ phí trước khi nhận kết quả." in seen
    assert "nội dung ghi" in seen


def test_the_account_for_transfers_is_told_when_there_is_one_with_a_symbol_to_scan(
    lan, toan, dossier, hoa, province
):
    received(dossier, hoa)
    symbol = f"/ho-so/{dossier.code}/vietqr.svg"
    assert "hỏi số tài khoản ở quầy" in page(lan, dossier)
    assert lan.get(symbol).status_code == 404
    account = {"bank": "Kho bạc Nhà nước", "bank_code": "999999", "number": "35110123456", "holder": "UBND"}
    open_account(**account, agency=province, in_force_from=date(2026, 1, 1), by=SYSTEM, at=timezone.now())
    seen = page(lan, dossier)
    assert "Kho bạc Nhà nước" in seen and "35110123456" in seen and symbol in seen
    drawn = lan.get(symbol)
    assert drawn["Content-Type"] == "image/svg+xml" and drawn.content.startswith(b"<?xml")
    assert toan.get(symbol).status_code == 404
    pay(dossier, hoa)
    assert lan.get(symbol).status_code == 404


def test_the_list_puts_first_what_waits_for_the_citizen(lan, dossier, hoa):
    begin(lan)
    asked(dossier, hoa, NOTE)
    seen = text(lan.get("/ho-so/"))
    assert seen.index("Cần bạn làm") < seen.index(dossier.code) < seen.index("Bản nháp")


def test_an_empty_list_leads_to_the_search(toan, library):
    assert "Bạn chưa có hồ sơ nào." in text(toan.get("/ho-so/"))


def test_the_list_asks_the_data_base_no_more_for_more_dossiers(
    lan, mother, library, register, django_assert_num_queries
):
    begin(lan)
    with django_assert_num_queries(2):  # the session and the list
        lan.get("/ho-so/")
    for _more in range(5):
        begin(lan)
    with django_assert_num_queries(2):
        assert len(text(lan.get("/ho-so/")).split("card")) > 6


def test_a_supplement_shows_exactly_what_was_asked(lan, dossier, hoa):
    asked(dossier, hoa, NOTE, NAME)
    seen = page(lan, dossier)
    assert "Bổ sung Giấy chứng sinh; Họ, chữ đệm và tên của trẻ đến hết ngày 01/01/2030." in seen
    seen = page(lan, dossier, "bo-sung")
    assert "Ảnh giấy chứng sinh bị mờ số." in seen
    assert 'name="paper-birth_note"' in seen
    assert 'name="child_name"' in seen
    assert 'name="child_gender"' not in seen
    assert "lần yêu cầu bổ sung thứ" not in seen


def test_answering_a_supplement_puts_the_dossier_back_to_work(lan, dossier, hoa, mother):
    received(dossier, hoa)
    asked(dossier, hoa, NOTE, NAME)
    there = f"/ho-so/{dossier.code}/bo-sung/"
    sent = {"paper-birth_note": document("moi.pdf"), "child_name": "Nguyễn Bảo Ngọc", "send": "1"}
    assert lan.post(there, sent)["Location"] == f"/ho-so/{dossier.code}/"
    again = draft_of(mother)
    assert again.status is State.ACCEPTED
    assert again.values["child_name"] == "Nguyễn Bảo Ngọc"
    assert "Đã nộp bổ sung" in page(lan, dossier)
    # Pressing twice, or coming back by the browser's arrow, leads to the dossier.
    for again in (lan.get(there), lan.post(there, sent)):
        assert again["Location"] == f"/ho-so/{dossier.code}/"


def test_half_a_supplement_keeps_the_files_and_says_what_is_missing(lan, dossier, hoa):
    asked(dossier, hoa, NOTE, OTHER)
    there = f"/ho-so/{dossier.code}/bo-sung/"
    seen = lan.post(there, {"paper-other": document("the.pdf"), "stay": "1"})
    assert seen.status_code == 200
    assert "the.pdf" in text(seen)
    seen = lan.post(there, {"send": "1"})
    assert seen.status_code == 422
    assert "Còn thiếu: Giấy chứng sinh" in text(seen)
    assert "the.pdf" in text(seen)


def test_the_photo_that_was_not_good_enough_is_not_taken_for_a_better_one(lan, dossier, hoa):
    there = f"/ho-so/{dossier.code}/bo-sung/"
    asked(dossier, hoa, OTHER)
    lan.post(there, {"paper-other": document("mo.pdf"), "send": "1"})
    asked(dossier, hoa, OTHER)
    seen = lan.post(there, {"paper-other": document("mo.pdf"), "send": "1"})
    assert seen.status_code == 422
    assert "giống hệt tệp đã nộp lúc trước" in text(seen)


def test_uploading_keeps_what_was_typed_beside_it(lan, dossier, hoa):
    asked(dossier, hoa, NOTE, NAME)
    sent = {"paper-birth_note": document("moi.pdf"), "child_name": "Nguyễn Bảo", "stay": "1"}
    seen = lan.post(f"/ho-so/{dossier.code}/bo-sung/", sent)
    assert seen.status_code == 200
    assert 'value="Nguyễn Bảo"' in text(seen)


def test_mistakes_in_a_supplement_are_told(lan, dossier, hoa):
    asked(dossier, hoa, NAME)
    seen = lan.post(f"/ho-so/{dossier.code}/bo-sung/", {"child_name": "Ngọc", "send": "1"})
    assert seen.status_code == 422
    assert "Nhập đủ họ và tên" in text(seen)
    assert "<title>Lỗi: " in text(seen)


def test_a_second_request_says_that_the_law_counts_it_late(lan, dossier, hoa):
    asked(dossier, hoa, NOTE)
    sent = {"paper-birth_note": document(), "send": "1"}
    lan.post(f"/ho-so/{dossier.code}/bo-sung/", sent)
    dossier.refresh_from_db()
    asked(dossier, hoa, NAME)
    assert "lần yêu cầu bổ sung thứ 2" in page(lan, dossier, "bo-sung")


def test_papers_of_the_filing_cannot_be_changed_in_a_supplement(lan, dossier, hoa):
    asked(dossier, hoa, NOTE)
    old = papers.of(dossier.subject)[0]
    seen = lan.post(f"/ho-so/{dossier.code}/bo-sung/", {"remove": old.pk})
    assert seen.status_code == 409
    assert "đã nộp nên không bỏ" in text(seen)


def test_withdrawing_needs_a_reason_and_can_be_called_off(lan, dossier, mother):
    there = f"/ho-so/{dossier.code}/rut/"
    assert "Rút hồ sơ" in page(lan, dossier)
    assert lan.post(there, {"reason": " "}).status_code == 422
    assert lan.post(there, {"reason": "Tôi khai nhầm nơi sinh"}).status_code == 302
    assert draft_of(mother).status is State.WITHDRAWAL_ASKED
    seen = page(lan, dossier)
    assert "Tôi khai nhầm nơi sinh" in seen
    assert "Tôi đổi ý, tiếp tục giải quyết" in seen
    assert lan.post(f"/ho-so/{dossier.code}/tiep-tuc/", {"reason": "Tôi vẫn cần giấy này"}).status_code == 302
    assert draft_of(mother).status is State.SUBMITTED


def test_what_cannot_be_withdrawn_says_why(lan, dossier, hoa):
    commands.refuse(dossier=dossier, reason="Không thuộc thẩm quyền của phường.", by=hoa, at=timezone.now())
    assert "không thể “Rút hồ sơ”" in page(lan, dossier, "rut")
    answer = lan.post(f"/ho-so/{dossier.code}/rut/", {"reason": "Tôi khai nhầm nơi sinh"})
    assert answer.status_code == 409
    seen = page(lan, dossier)
    assert "Không thuộc thẩm quyền của phường." in seen
    assert "Nộp hồ sơ mới" in seen


def test_the_result_waits_for_the_fee(lan, dossier, hoa):
    settled(dossier, hoa)
    result = next(p for p in papers.of(dossier.subject) if p.origin == Origin.RESULT)
    assert "chưa nộp đủ phí" in page(lan, dossier)
    assert lan.get(f"/ho-so/tep/{dossier.key}/{result.pk}/").status_code == 409
    assert lan.post(f"/ho-so/{dossier.code}/ket-qua/{result.pk}/").status_code == 409


def test_opening_the_result_hands_it_over_once(lan, dossier, hoa, mother):
    settled(dossier, hoa)
    pay(dossier, hoa)
    seen = page(lan, dossier)
    assert "Đã có kết quả. Mở bản điện tử ở dưới để nhận." in seen
    assert "chưa được ký số" in seen
    result = next(p for p in papers.of(dossier.subject) if p.origin == Origin.RESULT)
    for _twice in range(2):
        answer = lan.post(f"/ho-so/{dossier.code}/ket-qua/{result.pk}/", follow=True)
        assert opened(answer) == b"%PDF"
    assert draft_of(mother).status is State.RETURNED
    assert "Bạn đã nhận kết quả" in page(lan, dossier)


def test_a_result_for_the_counter_is_shown_but_not_handed_over(lan, dossier, hoa, mother):
    dossier.handing = Handing.DESK
    dossier.save()
    settled(dossier, hoa)
    pay(dossier, hoa)
    assert "đến UBND phường Long An để nhận" in page(lan, dossier)
    result = next(p for p in papers.of(dossier.subject) if p.origin == Origin.RESULT)
    answer = lan.post(f"/ho-so/{dossier.code}/ket-qua/{result.pk}/", follow=True)
    assert opened(answer) == b"%PDF"
    assert draft_of(mother).status is State.SETTLED


def test_a_look_never_changes_anything(lan, dossier, hoa):
    settled(dossier, hoa)
    pay(dossier, hoa)
    result = next(p for p in papers.of(dossier.subject) if p.origin == Origin.RESULT)
    assert lan.get(f"/ho-so/{dossier.code}/ket-qua/{result.pk}/").status_code == 405
    assert opened(lan.get(f"/ho-so/tep/{dossier.key}/{result.pk}/")) == b"%PDF"
    dossier.refresh_from_db()
    assert dossier.status is State.SETTLED


def test_a_draft_at_the_counter_is_not_the_citizens_yet(lan, mother, library, commune, hoa):
    made = commands.start(
        key=uuid4(),
        version=library[BIRTH],
        applicant=mother,
        agency=commune,
        desk=commune,
        channel=Channel.DIRECT,
        by=hoa,
        at=timezone.now(),
    )
    assert lan.get(address(made)).status_code == 404
    assert "Bạn chưa có hồ sơ nào." in text(lan.get("/ho-so/"))


def test_what_waits_for_the_register_says_so(lan, dossier):
    assert "CSDL dân cư chưa trả lời" not in page(lan, dossier)
    dossier.register_check = "pending"
    dossier.save()
    assert "CSDL dân cư chưa trả lời" in page(lan, dossier)


def test_the_filer_follows_what_she_filed_for_somebody_else(toan, lan, mother, stranger, library):
    told = {"number": mother.number, "name": "Trần Thị Hòa", "born_on_year": "1995"}
    begin(toan, whom="other", **told)
    draft = dossiers.mine(citizen(stranger))[0]
    assert toan.get(address(draft)).status_code == 200
    assert "Trần Thị Hòa" in text(toan.get("/ho-so/"))
    assert timezone.now() - draft.saved_at < timedelta(minutes=1)
