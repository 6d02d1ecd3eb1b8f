import base64
from datetime import timedelta
from urllib.parse import quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.base.actor import SYSTEM
from motcua.connectors.identity import client
from motcua.connectors.identity.client import errand
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import clients, keys
from motcua.domain.accounts.models import AuthorizationRequest, SigningKey
from motcua.portals.identity.tests.conftest import (
    ASSERTION_TYPE,
    assertion,
    authorize,
    code_for,
    params,
    token,
)

# ---------------------------------------------------------------- token


def test_a_token_answer_is_not_for_any_cache(national, holder):
    begun = errand()
    response = token(national, begun, code_for(national, holder(), begun))
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert response.json()["token_type"] == "Bearer"
    assert response.json()["scope"] == "openid profile citizen_number phone"


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"code_verifier": "w" * 43}, 400, "invalid_grant"),
        ({"code_verifier": None}, 400, "invalid_grant"),
        ({"code": "x" * 43}, 400, "invalid_grant"),
        ({"code": "\x00"}, 400, "invalid_request"),
        ({"code": None}, 400, "invalid_request"),
        ({"redirect_uri": "https://client.test/khac/"}, 400, "invalid_grant"),
        ({"redirect_uri": None}, 400, "invalid_grant"),
        ({"grant_type": "client_credentials"}, 400, "unauthorized_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": None}, 400, "unsupported_grant_type"),
        ({"client_assertion": None}, 401, "invalid_client"),
        ({"client_assertion": "eyJhbGciOiJub25lIn0.e30."}, 401, "invalid_client"),
        ({"client_assertion_type": "other"}, 401, "invalid_client"),
        ({"client_id": "another"}, 401, "invalid_client"),
        ({"client_secret": "x", "client_assertion": None}, 401, "invalid_client"),
    ],
)
def test_a_wrong_exchange_gives_an_error_and_no_token(national, holder, changes, status, error):
    begun = errand()
    response = token(national, begun, code_for(national, holder(), begun), **changes)
    assert (response.status_code, response.json()["error"]) == (status, error)
    assert "access_token" not in response.json()
    assert ("WWW-Authenticate" in response) == (status == 401)


def test_repeated_parameters_are_refused(national, holder):
    begun = errand()
    code = code_for(national, holder(), begun)
    assert token(national, begun, code, code=[code, code]).json()["error"] == "invalid_request"


def test_a_code_works_once(national, holder):
    begun = errand()
    code = code_for(national, holder(), begun)
    access = token(national, begun, code).json()["access_token"]
    assert token(national, begun, code).json()["error"] == "invalid_grant"
    bearer = {"Authorization": f"Bearer {access}"}
    assert national.browser.get("/oidc/userinfo", headers=bearer).status_code == 401


def test_an_assertion_works_once(national, holder):
    who, first, second = holder(), errand(), errand()
    text = assertion(national)
    assert token(national, first, code_for(national, who, first), client_assertion=text).status_code == 200
    response = token(national, second, code_for(national, who, second), client_assertion=text)
    assert response.json()["error"] == "invalid_client"


@pytest.mark.parametrize(
    "audience", ["https://client.test", "https://op.test", ["http://testserver", "x"], None]
)
def test_an_assertion_meant_for_somebody_else_is_refused(national, holder, audience):
    begun = errand()
    text = assertion(national, aud=audience)
    response = token(national, begun, code_for(national, holder(), begun), client_assertion=text)
    assert response.json()["error"] == "invalid_client"


def test_the_token_address_is_an_audience_too(national, holder):
    begun = errand()
    text = assertion(national, aud=f"{national.issuer}/oidc/token")
    code = code_for(national, holder(), begun)
    assert token(national, begun, code, client_assertion=text).status_code == 200


def test_an_id_token_is_no_assertion_and_no_access_token(national, holder):
    who, begun = holder(), errand()
    id_token = token(national, begun, code_for(national, who, begun)).json()["id_token"]
    other = errand()
    code = code_for(national, who, other)
    assert token(national, other, code, client_assertion=id_token).status_code == 401
    bearer = {"Authorization": f"Bearer {id_token}"}
    assert national.browser.get("/oidc/userinfo", headers=bearer).status_code == 401


@pytest.fixture
def keyless(national):
    """A second client, which has a secret."""
    _client, secret = clients.register_client(
        code="keyless",
        name="Bộ Thử",
        purpose="Để thử.",
        redirect_uris=[national.redirect_uri],
        scopes=["openid"],
        by=SYSTEM,
        at=SigningKey.objects.first().made_at,
    )
    return secret


def basic(code, secret):
    pair = f"{quote_plus(code)}:{quote_plus(secret)}"
    return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}


def test_a_client_with_a_secret_uses_the_header_and_only_the_header(national, holder, keyless):
    who = holder()
    nothing = {"client_assertion": None, "client_assertion_type": None}
    outcomes = []
    for headers, changes in [
        (basic("keyless", keyless), {}),
        (basic("keyless", "wrong"), {}),
        (basic("keyless\x00", keyless), {}),
        ({"Authorization": "Basic ???"}, {}),
        ({"Authorization": "Bearer x"}, {}),
        (basic("keyless", keyless), {"client_secret": keyless}),
        (None, {"client_id": "keyless", "client_secret": keyless}),
        (basic("keyless", keyless), {"client_assertion": assertion(national)}),
    ]:
        begun = errand()
        url = f"/oidc/authorize?scope=openid&{_query(national, begun)}"
        code = national.log_in(who, url)["code"]
        response = token(national, begun, code, headers=headers, **{**nothing, **changes})
        outcomes.append(response.status_code)
    assert outcomes == [200, *[401] * 7]


def _query(national, begun):
    words = params(national, begun, client_id="keyless", scope=None)
    return "&".join(f"{name}={quote_plus(value)}" for name, value in words.items())


def test_the_code_of_one_client_is_nothing_to_another(national, holder, keyless):
    begun = errand()
    code = code_for(national, holder(), begun)
    changes = {"client_assertion": None, "client_assertion_type": None}
    response = token(national, begun, code, headers=basic("keyless", keyless), **changes)
    assert response.json()["error"] == "invalid_grant"
    assert token(national, begun, code).status_code == 200


# ---------------------------------------------------------------- userinfo


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer x", "Basic eDp5", "Bearer \x7f", "bearer a b"]
)
def test_userinfo_without_a_good_token_says_so_and_nothing_else(national, header):
    response = national.browser.get("/oidc/userinfo", headers={"Authorization": header} if header else {})
    assert (response.status_code, response.json()["error"]) == (401, "invalid_token")
    assert response["WWW-Authenticate"].startswith("Bearer ")


def test_a_token_in_the_address_is_not_looked_at(national, holder):
    begun = errand()
    access = token(national, begun, code_for(national, holder(), begun)).json()["access_token"]
    assert national.browser.get(f"/oidc/userinfo?access_token={access}").status_code == 401
    assert national.browser.post("/oidc/userinfo", {"access_token": access}).status_code == 401
    bearer = {"Authorization": f"bearer {access}"}
    assert national.browser.post("/oidc/userinfo", headers=bearer).json()["name"] == "Trần Thị Hồng Nhung"


# ---------------------------------------------------------------- keys that turn


def test_a_client_follows_the_turns_of_the_keys(national, holder, monkeypatch):
    who, provider = holder(), national.provider()
    monkeypatch.setattr(client, "UNKNOWN_KEY", 0)  # a month passes between two turns
    for _turn in range(3):
        begun = errand()
        answer = national.log_in(who, provider.authorize_url(begun))
        assert provider.exchange(answer["code"], begun.verifier, begun.nonce).number == who.number
        at = SigningKey.objects.latest("turned_at").turned_at + timedelta(seconds=1)
        keys.rotate_keys(by=SYSTEM, at=at)
    assert len(queries.public_keys()) == 5


# ---------------------------------------------------------------- anything at all

WORDS = (
    *(
        "client_id",
        "redirect_uri",
        "response_type",
        "scope",
        "state",
        "nonce",
        "prompt",
        "max_age",
        "acr_values",
    ),
    *("code_challenge", "code_challenge_method", "grant_type", "code", "code_verifier", "client_secret"),
    *("client_assertion", "client_assertion_type", "id_token_hint", "post_logout_redirect_uri"),
)
TOKENLIKE = st.from_regex(r"[A-Za-z0-9_-]{1,30}(\.[A-Za-z0-9_-]{0,30}){2}", fullmatch=True)
ODD = st.dictionaries(st.sampled_from(WORDS), st.one_of(st.text(max_size=50), TOKENLIKE))
HEADER = st.text(st.characters(codec="latin-1"), max_size=60)


@settings(max_examples=60)
@given(odd=ODD, place=st.sampled_from(["authorize", "token", "userinfo", "logout"]), good=st.booleans())
def test_no_request_breaks_the_provider(national, odd, place, good):
    words = {**(params(national) if good and place == "authorize" else {}), **odd}
    if good and place == "token":
        words = {**odd, "client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion(national)}
    for send in (national.browser.get, national.browser.post):
        assert send(f"/oidc/{place}", words).status_code < 500


@settings(max_examples=40)
@given(
    header=st.text(st.characters(codec="latin-1"), max_size=60),
    scheme=st.sampled_from(["Bearer ", "Basic ", ""]),
)
def test_no_header_breaks_the_provider(national, header, scheme):
    headers = {"Authorization": scheme + header}
    assert national.browser.get("/oidc/userinfo", headers=headers).status_code < 500
    assert national.browser.post("/oidc/token", {}, headers=headers).status_code < 500


def test_a_refused_request_keeps_nothing(national):
    authorize(national, scope="profile")
    authorize(national, client_id="unknown")
    assert not AuthorizationRequest.objects.exists()
