"""A browser in which somebody was logged in before, and what one person leaves to the next."""

import pytest
from django.test import Client

from motcua.domain.accounts.rules.accounts import ALLOWANCES, Allowance
from motcua.portals.identity.tests.conftest import LOG_IN

FEW = 3


@pytest.fixture(autouse=True)
def few(monkeypatch):
    """Fifty tries a number would take long to use up."""
    pause = ALLOWANCES["number"].pause
    monkeypatch.setitem(ALLOWANCES, "number", Allowance(FEW, pause, pause))


def enter(browser, who, address="203.0.113.7", **changes):
    words = {"number": who.number, "password": who.password, **changes}
    return browser.post(LOG_IN, words, REMOTE_ADDR=address)


def shut_out(who):
    """Let strangers at many addresses use up what the number may be tried."""
    for index in range(FEW + 1):
        last = enter(Client(), who, f"198.51.100.{index}", password="sai mật khẩu nhé")
    assert last.status_code == 429


@pytest.fixture
def at_home(national, holder, settings):
    """The holder's own browser, logged out again, and the holder."""
    who, browser = holder(), Client()
    enter(browser, who)
    browser.post("/dinh-danh/dang-xuat/")
    assert browser.get("/").status_code == 302
    return browser, who


def test_strangers_shut_nobody_out_of_the_own_browser(at_home):
    browser, who = at_home
    shut_out(who)
    assert enter(Client(), who).status_code == 429
    assert enter(browser, who).status_code == 303


def test_the_mark_is_not_another_persons_and_cannot_be_made_up(at_home, holder, settings):
    browser, who = at_home
    cookie = browser.cookies[settings.KNOWN_COOKIE_NAME]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and who.number not in cookie.value
    device, mark = cookie.value.split(".")
    other = holder("080190000025", name="Lê Văn Hai", phone="0900000018")
    shut_out(who)
    shut_out(other)
    assert enter(browser, other).status_code == 429
    nothing = "0" * 32
    for made_up in (f"{device}.{nothing}", f"{nothing}.{mark}", device, f"{device}.", "x.y", "é", "." * 4000):
        stranger = Client()
        stranger.cookies[settings.KNOWN_COOKIE_NAME] = made_up
        assert enter(stranger, who).status_code == 429


def test_a_family_shares_one_browser(at_home, holder, settings):
    browser, who = at_home
    for number in range(4):
        enter(browser, holder(f"0801900001{number}0", name="Người Nhà"))
    marks = browser.cookies[settings.KNOWN_COOKIE_NAME].value.split(".")
    assert len(marks) == len(set(marks)) == 6
    browser.post("/dinh-danh/dang-xuat/")
    shut_out(who)
    assert enter(browser, who).status_code == 303


def test_the_next_person_finds_nothing_of_the_one_before(national, holder, settings):
    first, second = holder(), holder("080190000025", name="Lê Văn Hai")
    browser = Client(enforce_csrf_checks=True)

    def token():
        browser.get(LOG_IN)
        return browser.cookies[settings.CSRF_COOKIE_NAME].value

    def post(who):
        words = {"number": who.number, "password": who.password}
        return browser.post(LOG_IN, {**words, "csrfmiddlewaretoken": token()})

    post(first)
    kept = browser.session
    kept["desk_person"] = [1, 1]
    kept.save()
    before = token()
    post(first)
    assert browser.session["desk_person"] == [1, 1] and token() == before
    post(second)
    assert "desk_person" not in browser.session and token() != before
    form = {"mandate": "1", "csrfmiddlewaretoken": before}
    assert browser.post("/dinh-danh/dai-dien/cham-dut/", form).status_code == 403
