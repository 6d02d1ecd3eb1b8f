"""Cancelling bills, giving money back, settling what the bank says otherwise."""

from datetime import timedelta

import pytest
from django.utils import timezone

from motcua.base.actor import SYSTEM, Role
from motcua.connectors.payment import Said, State
from motcua.domain.dossiers.models import Channel
from motcua.domain.dossiers.rules import State as Standing
from motcua.domain.payments import commands
from motcua.domain.payments import queries as bills
from tests.roads import RESIDENCE, citizen_of

PAGE = "/mot-cua/doi-soat/"


@pytest.fixture
def enter(client, log_in):
    return lambda actor: log_in(client, actor)


@pytest.fixture
def walked(road):
    return road(Standing.ACCEPTED, RESIDENCE, channel=Channel.DIRECT)


@pytest.fixture
def attempt(walked):
    """An attempt to pay online what is due for registering a residence."""
    bill = bills.open_bill(walked.dossier.subject)
    by = citizen_of(walked.dossier.applicant)
    return commands.begin(bill=bill, case=walked.dossier.code, by=by, at=timezone.now())


def came(attempt, **said):
    words = {"amount": attempt.amount, "reference": "FT1", "paid_at": timezone.now(), **said}
    return commands.note(said=Said(attempt.code, State.PAID, **words), by=SYSTEM, at=timezone.now())


def text(answer):
    return answer.content.decode()


def test_a_bill_is_cancelled_with_a_reason(enter, walked) -> None:
    browser, bill = enter(walked.clerk), bills.open_bill(walked.dossier.subject)
    there = f"/mot-cua/{walked.dossier.code}/huy-khoan-thu/{bill.pk}/"
    assert there in text(browser.get(f"/mot-cua/{walked.dossier.code}/"))
    assert browser.post(there, {"reason": ""}).status_code == 422
    assert "đang thanh toán trực tuyến" not in text(browser.get(there))
    assert browser.post(there, {"reason": "Thuộc diện miễn"}).status_code == 302
    assert bills.due(walked.dossier.subject) == 0
    assert there not in text(browser.get(f"/mot-cua/{walked.dossier.code}/"))


def test_who_cancels_what_is_being_paid_online_is_warned(enter, walked, attempt) -> None:
    browser = enter(walked.clerk)
    there = f"/mot-cua/{walked.dossier.code}/huy-khoan-thu/{attempt.bill_id}/"
    assert "Người dân đang thanh toán trực tuyến khoản này" in text(browser.get(there))
    assert "Chưa thấy tiền về" in text(browser.get(f"/mot-cua/{walked.dossier.code}/"))


def test_another_counter_neither_cancels_nor_gives_back(enter, walked, attempt, officer, place) -> None:
    other = enter(officer(Role.CLERK, place.other))
    there = f"/mot-cua/{walked.dossier.code}/huy-khoan-thu/{attempt.bill_id}/"
    assert other.post(there, {"reason": "Thử"}).status_code == 404
    came(attempt, amount=1)
    assert "FT1" not in text(other.get(PAGE))
    assert other.post(f"{PAGE}hoan/{attempt.pk}/", {"how": "UNC 1"}).status_code == 404


def test_money_to_give_back_is_listed_until_somebody_says_how(enter, walked, attempt) -> None:
    came(attempt, amount=1)
    browser = enter(walked.clerk)
    assert 'class="count bad">1<' in text(browser.get("/mot-cua/"))
    seen = text(browser.get(PAGE))
    assert "FT1" in seen and "Số tiền khác khoản phải thu" in seen
    assert browser.post(f"{PAGE}hoan/{attempt.pk}/", {"how": " "}).status_code == 409
    assert browser.post(f"{PAGE}hoan/{attempt.pk}/", {"how": "a\0"}).status_code == 409
    assert browser.post(f"{PAGE}hoan/{attempt.pk}/", {"how": "UNC 15"}).status_code == 302
    assert "Không có khoản nào phải hoàn" in text(browser.get(PAGE))
    assert "Đã hoàn tiền" in text(browser.get(f"/mot-cua/{walked.dossier.code}/"))


def test_a_difference_is_listed_until_somebody_says_how_it_was_settled(enter, walked, officer) -> None:
    said = Said("H39.1", State.PAID, 5_000, "FT9", timezone.now())
    commands.note(said=said, by=SYSTEM, at=timezone.now())
    browser = enter(walked.clerk)
    [found] = bills.differences(walked.clerk)
    assert "Ngân hàng có, tỉnh không có mã này" in text(browser.get(PAGE))
    assert browser.post(f"{PAGE}chenh-lech/{found.pk}/", {"how": ""}).status_code == 409
    assert browser.post(f"{PAGE}chenh-lech/{found.pk}/", {"how": "Ngân hàng hủy"}).status_code == 302
    assert "Không có chênh lệch" in text(browser.get(PAGE))


def test_what_hangs_is_listed(enter, walked, attempt) -> None:
    type(attempt)._default_manager.update(begun_at=timezone.now() - timedelta(minutes=16))
    assert attempt.code in text(enter(walked.clerk).get(PAGE))


def test_the_provinces_office_sees_every_counters_money(enter, attempt, officer, place) -> None:
    came(attempt, amount=1)
    browser = enter(officer(Role.PROVINCE_OFFICE, place.root))
    seen = text(browser.get(PAGE))
    assert "FT1" in seen and f'/mot-cua/{attempt.case}/"' not in seen
    assert 'href="/mot-cua/doi-soat/" aria-current' in seen
    assert browser.post(f"{PAGE}hoan/{attempt.pk}/", {"how": "UNC 15"}).status_code == 302


@pytest.mark.parametrize("role", [Role.OFFICER, Role.LEADER, Role.ADMINISTRATOR])
def test_nobody_else_comes_in(enter, officer, role) -> None:
    assert enter(officer(role)).get(PAGE).status_code == 403


def test_a_night_without_comparing_is_seen(enter, walked, settings) -> None:
    settings.PAYMENT_URL = "http://127.0.0.1:9"
    assert "Chưa đối soát ngày nào" in text(enter(walked.clerk).get(PAGE))
    yesterday = timezone.localdate() - timedelta(days=1)
    commands.close_day(day=yesterday, listed=(), total=0, by=SYSTEM, at=timezone.now())
    assert f"đến hết ngày {yesterday:%d/%m/%Y}" in text(enter(walked.clerk).get(PAGE))
