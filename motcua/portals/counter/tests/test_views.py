"""The counter's screens."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from motcua.base.actor import Role
from motcua.connectors.population.twin import Twin, serve
from motcua.domain.dossiers.models import Channel, Dossier
from motcua.domain.dossiers.rules import State
from motcua.domain.papers import queries as papers
from motcua.domain.papers.rules import Slip
from motcua.domain.payments import queries as bills
from tests.roads import BIRTH, RESIDENCE, example

pytestmark = pytest.mark.django_db


@pytest.fixture
def enter(client, log_in):
    return lambda actor: log_in(client, actor)


@pytest.fixture
def clerk(enter, officer, version) -> Client:
    version(BIRTH)
    version(RESIDENCE)
    return enter(officer(Role.CLERK))


@pytest.fixture
def register(settings):
    """The register's twin, to be made slow, wrong or dead."""
    register = Twin()
    with serve(register) as url:
        settings.POPULATION_URL = url
        register.add(
            "080192000123",
            name="Trần Thị Hồng Ánh",
            born_on="1992-08-15",
            gender="female",
            permanent_address={"province": "80", "commune": "27694", "detail": "Số 5"},
        )
        yield register


def opening(number: str = "080192000123", code: str = BIRTH, key: str = "") -> dict[str, Any]:
    return {"key": key or str(uuid4()), "number": number, "procedure": code}


def issued(dossier: Dossier) -> list[str]:
    return [paper.kind for paper in papers.of(dossier.subject) if paper.origin in ("slip", "result")]


@pytest.mark.parametrize("role", [Role.OFFICER, Role.LEADER, Role.AUDITOR])
def test_the_counter_opens_for_clerks_only(enter, officer, place, role) -> None:
    agency = place.root if role is Role.AUDITOR else place.commune
    assert enter(officer(role, agency)).get("/mot-cua/").status_code == 403


def test_the_line_shows_what_waits(enter, road) -> None:
    walked = road(State.SUBMITTED)
    text = enter(walked.clerk).get("/mot-cua/").content.decode()
    assert str(walked.dossier.code) in text
    assert "chờ tiếp nhận" in text


def test_a_number_that_is_no_number_is_refused_and_the_screen_stays(clerk) -> None:
    response = clerk.post("/mot-cua/mo/", opening(number="08019200012"))
    assert response.status_code == 422
    assert "12 chữ số" in response.content.decode()


def test_the_text_of_a_garbled_card_scan_is_ignored_but_for_its_digits(clerk) -> None:
    scan = "080192000123|291234567|Tr?n Th? H?ng |15081992|N?|S? 5|15082021"
    response = clerk.post("/mot-cua/mo/", opening(number=scan))
    assert response.status_code == 302
    assert Dossier.objects.get().applicant.number == "080192000123"


def test_no_personal_number_stands_in_an_address(clerk) -> None:
    response = clerk.post("/mot-cua/mo/", opening())
    assert "080192000123" not in response["Location"]


def test_opening_twice_with_one_key_is_one_draft(clerk) -> None:
    sent = opening()
    first, second = clerk.post("/mot-cua/mo/", sent), clerk.post("/mot-cua/mo/", sent)
    assert first["Location"] == second["Location"]
    assert Dossier.objects.count() == 1


def test_a_dead_register_stops_nobody_at_the_counter(clerk, register) -> None:
    register.be(dead=True)
    response = clerk.post("/mot-cua/mo/", opening(), follow=True)
    assert response.status_code == 200
    assert "CSDL dân cư chưa trả lời" in response.content.decode()


def draft_of(clerk: Client) -> Dossier:
    clerk.post("/mot-cua/mo/", opening())
    return Dossier.objects.get()


def test_the_working_screen_has_the_form_the_papers_and_the_promise(clerk) -> None:
    draft = draft_of(clerk)
    text = clerk.get(f"/mot-cua/nhap/{draft.key}/").content.decode()
    for words in ("Giấy tờ trên bàn", "Nhận và in", "Hẹn trả nếu nhận bây giờ"):
        assert words in text
    clerk.post(f"/mot-cua/nhap/{draft.key}/", {"save": "1", "born_at": "facility"})
    assert "Giấy chứng sinh" in clerk.get(f"/mot-cua/nhap/{draft.key}/").content.decode()


def test_the_register_fills_the_screen_and_names_the_person(clerk, register) -> None:
    text = clerk.post("/mot-cua/mo/", opening(), follow=True).content.decode()
    assert "Trần Thị Hồng Ánh" in text
    assert "So khuôn mặt với thẻ" in text
    assert len(register.calls) == 1


def test_an_unfinished_screen_keeps_what_fits_and_says_what_is_missing(clerk) -> None:
    draft = draft_of(clerk)
    response = clerk.post(f"/mot-cua/nhap/{draft.key}/", {"receive": "1", "handed_in": "birth_note"})
    assert response.status_code == 422
    draft.refresh_from_db()
    assert draft.status is State.DRAFT
    assert draft.handed_in == ["birth_note"]


def test_receiving_walks_from_draft_to_receipt(enter, road) -> None:
    walked = road(State.SUBMITTED)
    response = enter(walked.clerk).post(f"/mot-cua/{walked.dossier.code}/tiep-nhan/", follow=True)
    assert "Giấy tiếp nhận hồ sơ và hẹn trả kết quả" in response.content.decode()
    assert walked.again().status is State.ACCEPTED


def test_a_second_clerk_is_told_that_it_is_already_received(enter, road, officer) -> None:
    walked = road(State.ACCEPTED)
    response = enter(officer(Role.CLERK)).post(f"/mot-cua/{walked.dossier.code}/tiep-nhan/")
    assert response.status_code == 409
    assert "Được tiếp nhận" in response.content.decode()


def test_a_clerk_of_another_commune_finds_nothing(enter, road, officer, place) -> None:
    walked = road(State.SUBMITTED)
    other = enter(officer(Role.CLERK, place.other))
    assert other.get(f"/mot-cua/{walked.dossier.code}/").status_code == 404
    assert other.post(f"/mot-cua/{walked.dossier.code}/tiep-nhan/").status_code == 404
    assert str(walked.dossier.code) not in other.get("/mot-cua/").content.decode()
    found = other.get(f"/mot-cua/tim/?ma={walked.dossier.code}")
    assert "Không có hồ sơ nào của quầy này" in found.content.decode()


def test_refusing_prints_form_03_with_the_reason(enter, road) -> None:
    walked = road(State.SUBMITTED)
    browser = enter(walked.clerk)
    address = f"/mot-cua/{walked.dossier.code}/tu-choi/"
    assert browser.post(address, {"reason": ""}).status_code == 422
    browser.post(address, {"reason": "Trẻ đã được đăng ký khai sinh."})
    assert walked.again().status is State.REFUSED
    assert issued(walked.again()) == [Slip.REFUSAL]


def test_a_guide_is_printed_and_the_draft_stays(clerk) -> None:
    draft = draft_of(clerk)
    response = clerk.post(f"/mot-cua/nhap/{draft.key}/huong-dan/", {"reason": "Mang thêm giấy chứng sinh."})
    assert "Đã in phiếu hướng dẫn" in response.content.decode()
    draft.refresh_from_db()
    assert draft.status is State.DRAFT
    assert issued(draft) == [Slip.SUPPLEMENT]


def test_the_fee_is_taken_once(enter, road) -> None:
    walked = road(State.ACCEPTED, RESIDENCE, channel=Channel.DIRECT)
    bill = bills.open_bill(walked.dossier.subject)
    browser = enter(walked.clerk)
    address = f"/mot-cua/{walked.dossier.code}/thu-phi/"
    sent = {"bill": bill.pk, "method": "counter", "reference": "BL-001"}
    assert browser.post(address, {**sent, "reference": ""}).status_code == 422
    assert browser.post(address, sent).status_code == 302
    assert browser.post(address, sent).status_code == 302
    assert browser.post(address, {**sent, "reference": "BL-002"}).status_code == 409
    assert bills.due(walked.dossier.subject) == 0


def test_a_result_is_handed_over_to_a_named_person(enter, road) -> None:
    walked = road(State.SETTLED)
    browser = enter(walked.clerk)
    address = f"/mot-cua/{walked.dossier.code}/tra-ket-qua/"
    assert browser.post(address, {"to": ""}).status_code == 422
    assert browser.post(address, {"to": "Trần Thị Hồng Ánh"}).status_code == 302
    assert walked.again().status is State.RETURNED


def test_what_was_asked_for_is_taken_at_the_counter(enter, road) -> None:
    walked = road(State.AWAITING_SUPPLEMENT)
    asked = walked.again().supplements.get().items[0]["name"]
    browser = enter(walked.clerk)
    assert browser.post(f"/mot-cua/{walked.dossier.code}/nop-bo-sung/").status_code == 409
    browser.post(f"/mot-cua/{walked.dossier.code}/nop-bo-sung/", {"brought": asked})
    assert walked.again().status is State.PROCESSING
    assert asked in walked.again().handed_in


def test_a_code_is_found_by_its_end(enter, road) -> None:
    walked = road(State.SUBMITTED)
    browser = enter(walked.clerk)
    response = browser.get(f"/mot-cua/tim/?ma={str(walked.dossier.code)[-6:]}")
    assert response["Location"] == f"/mot-cua/{walked.dossier.code}/"
    assert "4 ký tự" in browser.get("/mot-cua/tim/?ma=1").content.decode()


def test_the_books_are_pdf(enter, road) -> None:
    walked = road(State.PROCESSING)
    browser = enter(walked.clerk)
    for address in (
        "so-theo-doi.pdf",
        "so-theo-doi.pdf?thang=2026-13",
        f"{walked.dossier.code}/phieu-kiem-soat.pdf",
    ):
        assert browser.get(f"/mot-cua/{address}").content.startswith(b"%PDF")


def test_the_whole_form_is_filled_and_received_on_one_screen(clerk) -> None:
    draft = draft_of(clerk)
    answers = example(BIRTH)["answers"]
    page = clerk.get(f"/mot-cua/nhap/{draft.key}/")
    assert page.status_code == 200
    assert set(page.context["sheet"].forms[0].fields) <= set(answers) | set(draft.version.spec.by_name)
