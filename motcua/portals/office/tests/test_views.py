"""The office's screens."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from motcua.base.actor import Role
from motcua.base.errors import Refused
from motcua.base.tests.dates import boxes
from motcua.domain.dossiers import commands
from motcua.domain.dossiers.models import RegisterCheck
from motcua.domain.dossiers.rules import Action, State
from tests.roads import MORNING, RESIDENCE, forward_to_leader

pytestmark = pytest.mark.django_db


@pytest.fixture
def enter(client, log_in):
    return lambda actor: log_in(client, actor)


def test_a_stranger_is_sent_to_log_in(client) -> None:
    response = client.get("/xu-ly/")
    assert response.status_code == 302
    assert response["Location"].startswith("/dang-nhap/")


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.OFFICER, 200),
        (Role.HEAD, 200),
        (Role.LEADER, 200),
        (Role.AUDITOR, 200),
        (Role.PROVINCE_OFFICE, 200),
        (Role.CLERK, 403),
        (Role.ADMINISTRATOR, 403),
    ],
)
def test_the_worklist_opens_for_office_roles_only(enter, officer, place, role, status) -> None:
    agency = place.root if role in (Role.AUDITOR, Role.PROVINCE_OFFICE, Role.ADMINISTRATOR) else place.commune
    assert enter(officer(role, agency)).get("/xu-ly/").status_code == status


def test_the_worklist_names_the_dossier_its_step_and_its_person(enter, road) -> None:
    walked = road(State.PROCESSING)
    text = enter(walked.officer).get("/xu-ly/").content.decode()
    assert str(walked.dossier.code) in text
    assert walked.dossier.applicant_name in text
    assert "Kiểm tra hồ sơ" in text


def test_the_worklist_asks_a_fixed_number_of_questions(enter, road, django_assert_max_num_queries) -> None:
    for _ in range(3):
        walked = road(State.PROCESSING)
    browser = enter(walked.officer)
    browser.get("/xu-ly/")
    with django_assert_max_num_queries(12):
        browser.get("/xu-ly/")


def test_filters_that_do_not_fit_are_left_out(enter, road) -> None:
    walked = road(State.PROCESSING)
    browser = enter(walked.officer)
    for query in ("?han=hack", "?trang_thai=99", "?sau=abc~def", "?sau=2026~1", "?tim=%00x", "?trang_thai=x"):
        assert browser.get("/xu-ly/" + query).status_code == 200


def test_a_dossier_of_another_commune_is_not_found(enter, road, officer, place) -> None:
    walked = road(State.PROCESSING)
    stranger = enter(officer(Role.OFFICER, place.other))
    for address in ("", "lam/forward/", "bo-sung/", "phan-cong/", "du-thao.pdf", "giay-to/1/"):
        assert stranger.get(f"/xu-ly/{walked.dossier.code}/{address}").status_code == 404


def test_one_dossier_shows_answers_papers_clock_and_log(enter, road) -> None:
    walked = road(State.PROCESSING)
    text = enter(walked.officer).get(f"/xu-ly/{walked.dossier.code}/").content.decode()
    for words in (
        "Nguyễn Bảo Ngọc",
        "Vì sao hẹn ngày này?",
        "Giấy tiếp nhận",
        "Hồ sơ được tiếp nhận",
        "Dòng không có nhãn là do người nộp khai",
    ):
        assert words in text
    assert "Chuyển bước tiếp theo" in text


def test_a_button_that_cannot_be_pressed_says_why(enter, road) -> None:
    walked = road(State.PROCESSING)
    text = enter(walked.leader).get(f"/xu-ly/{walked.dossier.code}/").content.decode()
    assert "Hồ sơ chưa đến bước phê duyệt." in text


def test_a_simple_move_is_one_press(enter, road) -> None:
    walked = road(State.ACCEPTED)
    response = enter(walked.officer).post(f"/xu-ly/{walked.dossier.code}/lam/process/", follow=True)
    assert response.status_code == 200
    assert walked.again().status is State.PROCESSING


def test_a_move_with_a_reason_asks_for_it_and_keeps_what_was_typed(enter, road) -> None:
    walked = road(State.PROCESSING)
    browser = enter(walked.leader)
    address = f"/xu-ly/{walked.dossier.code}/lam/return/"
    assert "Lý do" in browser.get(address).content.decode()
    assert browser.post(address, {"reason": ""}).status_code == 422
    assert walked.again().status is State.PROCESSING
    browser.post(address, {"reason": "Trẻ đã được đăng ký khai sinh nơi khác."})
    assert walked.again().status is State.STOPPED


def test_a_refused_move_is_a_sentence_and_409(enter, road) -> None:
    walked = road(State.ACCEPTED)
    response = enter(walked.officer).post(f"/xu-ly/{walked.dossier.code}/lam/forward/")
    assert response.status_code == 409
    assert "trạng thái" in response.content.decode()


def test_an_unknown_action_is_not_found(enter, road) -> None:
    walked = road(State.ACCEPTED)
    assert enter(walked.officer).post(f"/xu-ly/{walked.dossier.code}/lam/hack/").status_code == 404


def test_asking_for_more_takes_all_at_once(enter, road) -> None:
    walked = road(State.PROCESSING)
    browser = enter(walked.officer)
    address = f"/xu-ly/{walked.dossier.code}/bo-sung/"
    assert "một lần" in browser.get(address).content.decode()
    sent = {
        "papers": ["birth_note"],
        "fields_asked": ["child_home_town"],
        "reason": "Ảnh mờ và thiếu tên tỉnh.",
        **boxes("until", timezone.localdate() + timedelta(days=20)),
    }
    assert browser.post(address, sent).status_code == 302
    asked = walked.again().supplements.get()
    assert [item["name"] for item in asked.items] == ["birth_note", "child_home_town"]


def test_a_second_request_warns_that_it_counts_as_late(enter, road) -> None:
    walked = road(State.AWAITING_SUPPLEMENT)
    text = enter(walked.officer).get(f"/xu-ly/{walked.dossier.code}/bo-sung/").content.decode()
    assert "766/QĐ-TTg" in text


def test_assigning_offers_the_officers_of_the_agency(enter, road) -> None:
    walked = road(State.PROCESSING)
    browser = enter(walked.officer)
    address = f"/xu-ly/{walked.dossier.code}/phan-cong/"
    assert walked.leader.name in browser.get(address).content.decode()
    browser.post(address, {"officer": walked.leader.officer})
    assert walked.again().assignee_id == walked.leader.officer


def test_a_leader_sees_what_waits_and_approves_it(enter, road) -> None:
    walked = road(State.PROCESSING)
    forward_to_leader(walked, at=MORNING)
    browser = enter(walked.leader)
    text = browser.get("/xu-ly/phe-duyet/").content.decode()
    assert str(walked.dossier.code) in text
    response = browser.post(f"/xu-ly/{walked.dossier.code}/lam/settle/", {"next_one": "1"})
    assert response["Location"] == "/xu-ly/phe-duyet/"
    assert walked.again().status is State.SETTLED


def stale(browser) -> None:
    store = browser.session
    store["entrance"] = {**store["entrance"], "proved": store["entrance"]["proved"] - 3600}
    store.save()


def test_a_leader_who_proved_long_ago_proves_again_before_approving(enter, road) -> None:
    walked = road(State.PROCESSING)
    forward_to_leader(walked, at=MORNING)
    browser, settle = enter(walked.leader), f"/xu-ly/{walked.dossier.code}/lam/settle/"
    stale(browser)
    assert browser.get("/xu-ly/phe-duyet/").status_code == 200
    one = browser.post(settle, {"next_one": "1"})["Location"]
    assert one == "/dang-nhap/?moi=30&next=%2Fxu-ly%2Fphe-duyet%2F"
    noted = browser.post(settle, {"reason": "Đồng ý cấp"})["Location"]
    assert noted.startswith("/dang-nhap/?moi=30&next=%2Fxu-ly%2F") and "settle" in noted
    assert walked.again().status is State.PROCESSING
    enter(walked.leader)
    assert "Đồng ý cấp" in browser.get(settle).content.decode()
    browser.post(settle, {"reason": "Đồng ý cấp"})
    assert walked.again().status is State.SETTLED


def test_the_command_itself_refuses_an_old_proof(road) -> None:
    walked = road(State.PROCESSING)
    forward_to_leader(walked, at=MORNING)
    old = replace(walked.leader, proved_at=MORNING - timedelta(minutes=31))
    with pytest.raises(Refused, match="xác nhận lại bạn là ai"):
        commands.settle(dossier=walked.again(), by=old, at=MORNING)
    assert walked.again().status is State.PROCESSING


def test_what_the_register_has_not_answered_cannot_be_approved(enter, road) -> None:
    walked = road(State.PROCESSING, checked=False)
    forward_to_leader(walked, at=MORNING)
    assert walked.again().register_check == RegisterCheck.PENDING
    browser = enter(walked.leader)
    assert "chưa đối chiếu được CSDL dân cư" in browser.get("/xu-ly/phe-duyet/").content.decode()
    assert browser.post(f"/xu-ly/{walked.dossier.code}/lam/{Action.SETTLE}/").status_code == 409


def test_the_draft_of_a_result_is_a_pdf_that_is_not_kept(enter, road) -> None:
    walked = road(State.PROCESSING)
    response = enter(walked.officer).get(f"/xu-ly/{walked.dossier.code}/du-thao.pdf")
    assert response.content.startswith(b"%PDF")
    assert "no-store" in response["Cache-Control"]


def test_an_officer_opens_a_paper_only_when_it_is_scanned_clean(enter, road, work) -> None:
    walked = road(State.PROCESSING)
    browser = enter(walked.officer)
    page = browser.get(f"/xu-ly/{walked.dossier.code}/")
    paper = next(paper for paper in page.context["papers"])
    address = f"/xu-ly/{walked.dossier.code}/giay-to/{paper.pk}/"
    assert browser.get(address).status_code == 409
    work()
    response = browser.get(address)
    assert response["Content-Type"] == "image/jpeg"
    response.close()


def promise(days: int, reason: str) -> dict[str, str]:
    """Fill in the page that promises a date so many days ahead."""
    return {**boxes("on", timezone.localdate() + timedelta(days=days)), "hour": "10:00", "reason": reason}


def test_a_promise_is_moved_once_with_an_apology(enter, road) -> None:
    walked = road(State.PROCESSING, RESIDENCE)
    address = f"/xu-ly/{walked.dossier.code}/hen-lai/"
    browser = enter(walked.leader)
    assert browser.post(address, promise(30, "Chờ xác minh chỗ ở.")).status_code == 302
    assert browser.post(address, promise(31, "Chờ thêm nữa.")).status_code == 409
