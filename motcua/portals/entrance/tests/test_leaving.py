"""The provider says that a log-in is over: who is believed, and what ends."""

import pytest
from django.test import Client as Browser
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.base import jose
from motcua.base.models import Visit
from motcua.connectors.identity.client import LOGGED_OUT
from motcua.portals.entrance.tests.conftest import acting, enter, send_off

HERE = "/dang-xuat/tu-xa/"


@pytest.fixture
def entered(browser, twin):
    enter(browser, twin)
    assert acting(browser)
    return browser


def tell(token):
    return Browser().post(HERE, {"logout_token": token})


def test_the_word_of_the_provider_ends_the_session_here(entered, twin):
    response = tell(twin.word_of_leaving())
    assert (response.status_code, response.content) == (200, b"")
    assert "no-store" in response["Cache-Control"]
    assert acting(entered) is None and not Visit.objects.exists()
    assert entered.get("/ho-so/").status_code == 302


def test_every_browser_of_that_log_in_is_logged_out_and_no_other(entered, twin):
    second, other = Browser(), Browser()
    enter(second, twin)
    twin.sid = "another-session"
    enter(other, twin)
    tell(twin.word_of_leaving())
    assert acting(entered) is None and acting(second) is None and acting(other)


def test_a_change_of_roles_does_not_hide_a_session(entered, twin, hire):
    hire()
    browser = Browser()
    enter(browser, twin)
    browser.post("/vai-tro/", {"role": "citizen"})
    assert acting(browser)
    tell(twin.word_of_leaving())
    assert acting(browser) is None


def test_a_log_in_that_is_not_known_here_is_over_as_well(entered, twin):
    assert tell(twin.word_of_leaving(sid="never-heard-of")).status_code == 200
    assert acting(entered)


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://other.invalid"},
        {"iss": None},
        {"aud": "another-client"},
        {"aud": ["tinh-tay-ninh", "another-client"]},
        {"aud": []},
        {"aud": None},
        {"iat": None},
        {"iat": "now"},
        {"iat": 10**12},
        {"exp": 1},
        {"exp": None},
        {"exp": 10**12},
        {"jti": None},
        {"jti": ""},
        {"jti": 12345678},
        {"jti": "x" * 201},
        {"sid": None},
        {"sid": 7},
        {"sid": ["twin-session"]},
        {"nonce": "n"},
        {"nonce": ""},
        {"events": None},
        {"events": {}},
        {"events": [LOGGED_OUT]},
        {"events": {LOGGED_OUT: True}},
        {"events": {"other": {}}},
        {"typ": "JWT"},
        {"typ": "at+jwt"},
    ],
)
def test_a_doubtful_word_ends_nothing(entered, twin, changes):
    given = {"sid": "twin-session", **changes}
    response = tell(twin.word_of_leaving(**given))
    assert (response.status_code, response.json()) == (400, {"error": "invalid_request"})
    assert acting(entered)


@pytest.mark.parametrize("wrong", ["alg_none", "hs256", "signature", "kid"])
def test_a_word_that_is_not_signed_by_the_provider_ends_nothing(entered, twin, wrong):
    twin.wrong = wrong
    assert tell(twin.word_of_leaving()).status_code == 400
    assert acting(entered)


def test_a_word_counts_once(entered, twin):
    word = twin.word_of_leaving()
    assert tell(word).status_code == 200
    browser = Browser()
    enter(browser, twin)
    assert tell(word).status_code == 400
    assert acting(browser)


def test_an_id_token_is_no_word_of_leaving(entered, twin):
    id_token = entered.session["entrance"]["id_token"]
    assert tell(id_token).status_code == 400
    assert acting(entered)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "x" * 20_000, "\0", "é.é.é"])
def test_nonsense_ends_nothing(entered, token):
    assert tell(token).status_code == 400
    assert acting(entered)


def test_only_posts_are_taken(entered, twin):
    assert Browser().get(HERE, {"logout_token": twin.word_of_leaving()}).status_code == 405
    assert acting(entered)


def test_with_the_provider_gone_and_its_keys_unknown_it_may_say_it_again(browser, twin):
    word = twin.word_of_leaving()
    twin.be(dead=True)
    assert tell(word).status_code == 503
    twin.be()
    assert tell(word).status_code == 200


PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9)
ODD = st.recursive(PLAIN, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5)
NAMES = ["iss", "aud", "iat", "exp", "jti", "sid", "events", "sub", "nbf", "azp"]


@settings(max_examples=40)
@given(st.dictionaries(st.sampled_from(NAMES), ODD, min_size=1))
def test_no_odd_claims_break_the_door(browser, twin, claims):
    url = send_off(browser)
    assert url
    token = jose.sign(claims, twin.key, typ="logout+jwt")
    assert tell(token).status_code == 400
