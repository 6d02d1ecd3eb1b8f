import json
from dataclasses import replace
from urllib.parse import quote

import httpx
import pytest
from django.test import Client as Browser
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.base.actor import Actor, Role
from motcua.domain.people.models import Person
from motcua.portals.entrance.tests.conftest import acting, bring_back, enter, send_off, words

# ---------------------------------------------------------------- the way in


def test_a_citizen_comes_in_as_themselves_and_is_remembered(browser, twin):
    response = enter(browser, twin, "?next=/ho-so/")
    person = Person.objects.get()
    assert response["Location"] == "/ho-so/"
    assert (person.number, person.name, person.source) == (twin.who.number, twin.who.name, "identity")
    assert replace(acting(browser), proved_at=None) == Actor(
        name=twin.who.name, roles=frozenset({Role.CITIZEN}), person=person.pk, assurance=2
    )


def test_the_provider_is_asked_with_fresh_secrets_each_time(browser, twin):
    first, second = send_off(browser), send_off(browser)
    for name in ("state", "nonce", "code_challenge"):
        values = [twin.request(url)[name] for url in (first, second)]
        assert values[0] != values[1] and min(map(len, values)) >= 43


def test_the_number_stands_in_no_session_and_no_address(browser, twin):
    enter(browser, twin)
    assert twin.who.number not in json.dumps(dict(browser.session.items()))


def test_logging_in_changes_the_cookie_and_forgets_the_errand(browser, twin, settings):
    url = send_off(browser)
    before = browser.session.session_key
    bring_back(browser, twin, url)
    assert browser.session.session_key != before
    assert not browser.session["entrance_errands"]
    cookie = browser.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"


def test_two_tabs_can_log_in_at_the_same_time(browser, twin):
    first, second = send_off(browser, "?next=/ho-so/1/"), send_off(browser, "?next=/ho-so/2/")
    assert bring_back(browser, twin, first)["Location"] == "/ho-so/1/"
    assert bring_back(browser, twin, second)["Location"] == "/ho-so/2/"


def test_many_tabs_leave_only_the_last_five(browser, twin):
    urls = [send_off(browser) for _tab in range(7)]
    assert bring_back(browser, twin, urls[0]).status_code == 400
    assert bring_back(browser, twin, urls[-1]).status_code == 302


@pytest.mark.parametrize(
    "onward",
    ["https://evil.test/", "//evil.test/", "/\\evil.test", "javascript:alert(1)", "evil", "\x00", "///x"],
)
def test_nobody_is_sent_to_another_site(browser, twin, onward):
    assert enter(browser, twin, f"?next={quote(onward)}")["Location"] == "/"


def test_who_is_in_already_is_not_asked_again_unless_more_is_needed(browser, twin):
    enter(browser, twin)
    assert send_off(browser, "?next=/ho-so/") == "/ho-so/"
    assert send_off(browser, "?next=/ho-so/&muc=2") == "/ho-so/"
    assert twin.request(send_off(browser, "?muc=3"))["acr_values"] == "urn:vn:loa:3"


@pytest.mark.parametrize("level", ["", "0", "5", "x", "-1", "²"])
def test_an_odd_level_asks_for_the_usual(browser, twin, level):
    asked = twin.request(send_off(browser, f"?muc={level}"))
    assert asked["acr_values"] == "urn:vn:loa:2 urn:vn:loa:1"


def test_a_level_that_was_asked_for_must_be_reached(browser, twin):
    twin.who.acr = 1
    assert enter(browser, twin, "?muc=2").status_code == 400
    assert acting(browser) is None


# ---------------------------------------------------------------- the way in, refused


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "other"},
        {"state": None},
        {"iss": "https://other.invalid"},
        {"iss": None},
        {"code": None},
        {"code": "x"},
    ],
)
def test_a_doubtful_answer_lets_nobody_in(browser, twin, changes):
    response = bring_back(browser, twin, send_off(browser), **changes)
    assert response.status_code == 400
    assert "đăng nhập lại từ đầu" in words(response)
    assert acting(browser) is None


def test_an_answer_works_once(browser, twin):
    url = send_off(browser)
    answer = twin.log_in(url, httpx.Client(transport=twin.transport()))
    assert browser.get("/dang-nhap/tro-ve/", answer).status_code == 302
    assert browser.get("/dang-nhap/tro-ve/", answer).status_code == 400


def test_an_answer_brought_by_another_browser_lets_nobody_in(browser, twin):
    answer = twin.log_in(send_off(browser), httpx.Client(transport=twin.transport()))
    victim = Browser()
    assert victim.get("/dang-nhap/tro-ve/", answer).status_code == 400
    assert acting(victim) is None


def test_an_errand_is_forgotten_after_half_an_hour(browser, twin):
    url = send_off(browser)
    store = browser.session
    for begun in store["entrance_errands"].values():
        begun["at"] -= 1801
    store.save()
    assert bring_back(browser, twin, url).status_code == 400


@pytest.mark.parametrize(
    "wrong", ["nonce", "iss", "aud", "hs256", "alg_none", "expired", "at_hash", "userinfo_sub"]
)
def test_a_token_that_is_not_right_lets_nobody_in(browser, twin, wrong):
    url = send_off(browser)
    twin.be(wrong=wrong)
    assert bring_back(browser, twin, url).status_code == 400
    assert not Person.objects.exists()


def test_who_declined_reads_what_that_means(browser, twin):
    url = send_off(browser)
    twin.be(wrong="denied")
    response = bring_back(browser, twin, url)
    assert response.status_code == 400
    assert "Bạn đã chọn không chia sẻ" in words(response)


def test_without_a_number_nobody_gets_in(browser, twin):
    twin.who.number = ""
    assert enter(browser, twin).status_code == 409
    assert acting(browser) is None


@pytest.mark.parametrize("mood", [{"dead": True}, {"slow": 60}, {"wrong": "not_json"}])
def test_with_the_provider_gone_one_reads_a_clear_page_and_the_rest_goes_on(browser, twin, mood):
    twin.be(**mood)
    response = browser.get("/dang-nhap/")
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert "Hệ thống định danh quốc gia không trả lời" in words(response)
    assert browser.get("/").status_code == 200


def test_a_provider_that_dies_in_between_loses_nothing_but_the_log_in(browser, twin):
    url = send_off(browser)
    answer = twin.log_in(url, httpx.Client(transport=twin.transport()))
    twin.be(dead=True)
    assert browser.get("/dang-nhap/tro-ve/", answer).status_code == 503
    twin.be()
    assert enter(browser, twin).status_code == 302


@settings(max_examples=60)
@given(
    st.dictionaries(
        st.sampled_from(["state", "code", "iss", "error", "next", "muc", "role"]), st.text(max_size=60)
    )
)
def test_no_odd_answer_breaks_the_entrance(browser, query):
    for path in ("/dang-nhap/", "/dang-nhap/tro-ve/", "/vai-tro/", "/dang-xuat/xong/"):
        assert browser.get(path, query).status_code < 500
