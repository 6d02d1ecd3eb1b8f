"""Paying online: off to the bank, back or not, and what the bank says by itself."""

import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.test import Client
from django.utils import timezone

from motcua.base import twins
from motcua.base.actor import SYSTEM
from motcua.connectors.payment import Said, State, twin
from motcua.connectors.payment.signatures import HEAD, sign
from motcua.domain.agencies import queries as agencies
from motcua.domain.dossiers import commands as dossiers
from motcua.domain.payments import commands, queries
from motcua.domain.payments.rules import Method
from motcua.portals.citizen.tests.birth import filed
from motcua.portals.citizen.tests.conftest import text

NOTICE = "/thanh-toan/bao-tin/"


@pytest.fixture
def bank(settings):
    told = twin.Twin(key=settings.PAYMENT_KEY)
    with twins.serve(told) as url:
        settings.PAYMENT_URL = url
        yield told


@pytest.fixture
def hoa(officer):
    return agencies.actor_by_officer(officer.pk, timezone.localdate())


@pytest.fixture
def dossier(lan, mother, library, register, hoa):
    """A dossier that was received: 16.000 đồng are due for two copies."""
    return dossiers.receive(dossier=filed(lan, mother), by=hoa, at=timezone.now())


def here(dossier, name=""):
    return f"/ho-so/{dossier.code}/{name}"


def pays(browser, dossier, choice="lang"):
    """Go to the bank and choose there; the tab is closed at once."""
    there = browser.post(here(dossier, "thanh-toan/"))["Location"]
    assert httpx.post(there, data={"chon": choice}, trust_env=False).status_code == 200
    return queries.attempts(dossier.subject)[0]


def bill(dossier):
    return queries.of(dossier.subject)[-1]


def told(code, *, amount=16_000, reference="NHTN1", key="only for tests: PAYMENT_KEY", kind="thong-bao"):
    words = {"MaTraCuuTT": code, "TrangThai": "da-thanh-toan", "SoTien": amount, "MaGiaoDich": reference}
    body = json.dumps({**words, "ThoiGian": "2026-11-23T09:05:00+07:00"}).encode()
    heads = {HEAD: sign(kind, body, key)}
    return Client(enforce_csrf_checks=True).post(NOTICE, body, content_type="application/json", headers=heads)


def test_the_dossier_leads_to_a_page_that_says_what_is_paid_and_on_to_the_bank(lan, dossier, bank):
    seen = text(lan.get(here(dossier)))
    assert f'href="{here(dossier, "thanh-toan/")}">Thanh toán trực tuyến</a>' in seen
    seen = text(lan.get(here(dossier, "thanh-toan/")))
    assert 'Số tiền phải trả: <b class="money">16.000\xa0đ</b>' in seen
    assert not queries.attempts(dossier.subject), "a look begins nothing"
    there = lan.post(here(dossier, "thanh-toan/"))["Location"]
    assert there.startswith(f"{bank_url(bank, there)}/trang/")
    [kept] = bank.orders.values()
    assert kept.words["MaHoSo"] == dossier.code and kept.words["SoTien"] == 16_000
    assert "072195000012" not in json.dumps(kept.words), "no personal number goes to the bank"


def bank_url(bank, there):
    return "://".join(urlsplit(there)[:2])


def test_back_from_the_bank_the_dossier_says_that_it_is_paid(lan, dossier, bank):
    pays(lan, dossier)
    answer = lan.get(here(dossier, "thanh-toan/xong/"))
    assert answer["Location"] == f"{here(dossier)}#phi"
    seen = text(lan.get(here(dossier)))
    assert "Đã thanh toán" in seen and "Biên lai số 0000001/" in seen
    assert "Thanh toán trực tuyến</a>" not in seen
    assert lan.get(here(dossier, "thanh-toan/"))["Location"] == here(dossier)


def test_a_browser_that_only_claims_to_come_back_pays_nothing(lan, dossier, bank):
    lan.post(here(dossier, "thanh-toan/"))
    lan.get(here(dossier, "thanh-toan/xong/") + "?TrangThai=da-thanh-toan&error_code=0&SoTien=16000")
    assert queries.due(dossier.subject) == 16_000
    seen = text(lan.get(here(dossier)))
    assert "chưa thấy tiền về" in seen and "đừng trả lại lần nữa" in seen
    assert "Mở lại trang của ngân hàng" in text(lan.get(here(dossier, "thanh-toan/")))


def test_pressing_twice_leads_to_the_same_page_of_the_bank(lan, dossier, bank):
    first, second = (lan.post(here(dossier, "thanh-toan/"))["Location"] for _time in range(2))
    assert first == second and len(bank.orders) == 1


def test_who_cancels_at_the_bank_may_try_again(lan, dossier, bank):
    pays(lan, dossier, "huy")
    lan.get(here(dossier, "thanh-toan/xong/"))
    seen = text(lan.get(here(dossier)))
    assert "không thành công. Ngân hàng không thu khoản tiền nào." in seen
    pays(lan, dossier)
    lan.get(here(dossier, "thanh-toan/xong/"))
    assert queries.due(dossier.subject) == 0


@pytest.mark.parametrize("fault", [{"dead": True}, {"wrong": True}, {"forged": True}])
def test_a_bank_that_is_away_says_so_and_nothing_is_lost(lan, dossier, bank, fault):
    bank.be(**fault)
    answer = lan.post(here(dossier, "thanh-toan/"))
    assert answer.status_code == 503
    assert "Chưa có khoản tiền nào bị trừ" in text(answer)
    assert lan.get(here(dossier, "thanh-toan/xong/")).status_code == 302
    bank.be()
    pays(lan, dossier)
    assert len(queries.attempts(dossier.subject)) == 1


def test_without_a_platform_there_is_no_button(lan, dossier):
    seen = text(lan.get(here(dossier)))
    assert "Thanh toán trực tuyến" not in seen and "Xem cách nộp" in seen
    assert lan.get(here(dossier, "thanh-toan/"))["Location"] == here(dossier)
    assert lan.post(here(dossier, "thanh-toan/"))["Location"] == here(dossier)


def test_nobody_pays_for_or_looks_at_somebody_elses_dossier(toan, dossier, bank):
    for name in ("thanh-toan/", "thanh-toan/xong/"):
        assert toan.get(here(dossier, name)).status_code == 404
        assert toan.post(here(dossier, name)).status_code == 404
    assert Client().post(here(dossier, "thanh-toan/"))["Location"].startswith("/dang-nhap/")


@pytest.mark.usefixtures("bank")
@pytest.mark.parametrize(("level", "age"), [(1, 0), (2, 31)])
def test_a_weak_or_old_log_in_is_raised_first(lan, dossier, level, age):
    store = lan.session
    proved = int((timezone.now() - timedelta(minutes=age)).timestamp())
    key = next(name for name, value in store.items() if isinstance(value, dict) and "entered" in value)
    store[key] = {**store[key], "level": level, "proved": proved}
    store.save()
    for answer in (lan.get(here(dossier, "thanh-toan/")), lan.post(here(dossier, "thanh-toan/"))):
        where = urlsplit(answer["Location"])
        words = {name: values[0] for name, values in parse_qs(where.query).items()}
        assert where.path == "/dang-nhap/"
        assert words == {"muc": "2", "moi": "30", "next": here(dossier, "thanh-toan/")}
    assert not queries.attempts(dossier.subject)


# ---- what the bank tells by itself ------------------------------------------------------------------


def test_a_notice_pays_without_any_browser_and_again_is_harmless(lan, dossier, bank):
    lan.post(here(dossier, "thanh-toan/"))
    [attempt] = queries.attempts(dossier.subject)
    for _time in range(3):
        answer = told(attempt.code)
        assert (answer.status_code, answer.json()) == (200, {"error_code": "0"})
        assert not answer.cookies
    found = bill(dossier)
    assert (found.state, found.method, found.reference) == ("paid", Method.ONLINE, "NHTN1")


@pytest.mark.parametrize("forged", [{"key": "x"}, {"kind": "tra-cuu"}])
def test_a_notice_that_somebody_else_signed_is_refused(lan, dossier, bank, forged):
    lan.post(here(dossier, "thanh-toan/"))
    [attempt] = queries.attempts(dossier.subject)
    assert told(attempt.code, **forged).status_code == 401
    assert queries.due(dossier.subject) == 16_000


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\0", b"x" * 20_000])
def test_nonsense_in_place_of_a_notice_is_refused(db, bank, settings, body):
    heads = {HEAD: sign("thong-bao", body, settings.PAYMENT_KEY)}
    answer = Client().post(NOTICE, body, content_type="application/json", headers=heads)
    assert answer.status_code == 401
    assert Client().get(NOTICE).status_code == 405


def test_a_wrong_amount_is_not_taken_and_the_citizen_reads_what_happens(lan, dossier, bank):
    lan.post(here(dossier, "thanh-toan/"))
    [attempt] = queries.attempts(dossier.subject)
    told(attempt.code, amount=15_999)
    seen = text(lan.get(here(dossier)))
    assert "Đã nhận 15.999\xa0đ" in seen and "Số tiền khác khoản phải thu" in seen
    assert "Cơ quan sẽ hoàn lại" in seen and "Thanh toán trực tuyến</a>" in seen


def test_money_under_an_unknown_code_is_acknowledged_and_kept(dossier, bank, hoa):
    assert told("H39.9-990101-000120260101000000").status_code == 200
    assert [one.kind for one in queries.differences(hoa)] == ["unknown"]


def test_the_twin_tells_what_was_paid_to_whoever_was_named(lan, dossier, bank, settings):
    """The notice that the twin really sends is one that we read."""
    heard = []

    def listening(asked, start):
        heard.append((asked["wsgi.input"].read(int(asked["CONTENT_LENGTH"])), asked["HTTP_X_CHU_KY"]))
        start("200 Answer", [])
        return [b"{}"]

    lan.post(here(dossier, "thanh-toan/"))
    [kept] = bank.orders.values()
    with twins.serve(Listener(listening)) as url:
        kept.words["UrlThongBao"] = url
        bank.be(double=True)
        bank.tell(bank.take(kept.words["MaTraCuuTT"]))
    assert len(heard) == 2
    for body, signature in heard:
        answer = Client().post(NOTICE, body, content_type="application/json", headers={HEAD: signature})
        assert answer.status_code == 200
    assert queries.due(dossier.subject) == 0


class Listener:
    """Something to serve that is told when to stop."""

    def __init__(self, app):
        self.app, self.patience = app, twins.Patience()

    def __call__(self, asked, start):
        return self.app(asked, start)


# ---- the counter meanwhile --------------------------------------------------------------------------


def test_a_bill_that_the_counter_cancelled_is_not_owed_and_its_money_is_given_back(lan, dossier, bank, hoa):
    attempt = pays(lan, dossier)
    commands.void(bill=bill(dossier), reason="Được miễn", by=hoa, at=timezone.now())
    lan.get(here(dossier, "thanh-toan/xong/"))
    seen = text(lan.get(here(dossier)))
    assert "Khoản này đã hủy" in seen and "Cơ quan sẽ hoàn lại" in seen
    [owed] = queries.to_refund(hoa)
    commands.refund(attempt=owed, how="UNC 15", by=hoa, at=timezone.now())
    assert "UNC 15" in text(lan.get(here(dossier)))
    said = Said(attempt.code, State.PAID, 16_000, owed.reference, owed.paid_at)
    assert commands.note(said=said, by=SYSTEM, at=timezone.now()).state == "refunded"


def test_after_filing_the_fee_is_told_and_when_it_is_paid(lan, mother, library, register, bank):
    seen = text(lan.get(f"/ho-so/{filed(lan, mother).code}/da-nop/"))
    assert "Phí, lệ phí 16.000\xa0đ trả sau khi hồ sơ được tiếp nhận" in seen
