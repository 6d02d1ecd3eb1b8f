"""What a strict client may do, and mostly what it may not."""

import time
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client as Browser

from motcua.base import jose
from motcua.base.actor import SYSTEM
from motcua.base.errors import Refused
from motcua.connectors.identity.client import errand
from motcua.domain.accounts import models, queries
from motcua.domain.accounts.commands import clients
from motcua.domain.accounts.rules.requests import PUSHED
from motcua.portals.identity.tests.conftest import (
    ASSERTION_TYPE,
    Agency,
    answer_of,
    assertion,
    authorize,
    code_for,
    params,
    token,
)


@pytest.fixture
def agency(national):
    return Agency(national)


# ---------------------------------------------------------------- the good way


def test_the_whole_way_is_bound_to_one_key(agency, holder):
    who, begun = holder(), errand()
    answer = agency.redeem(begun, agency.code(who, begun))
    body = answer.json()
    assert (answer.status_code, body["token_type"]) == (200, "DPoP")
    claims = jose.opened(body["id_token"], queries.public_keys())
    assert (claims["aud"], claims["nonce"]) == (agency.national.strict_id, begun.nonce)
    assert agency.userinfo(body["access_token"]).json()["citizen_number"] == who.number


def test_a_pushed_request_answers_201_for_no_cache_and_lives_a_minute(agency):
    response = agency.push(errand())
    body = response.json()
    assert (response.status_code, response["Cache-Control"]) == (201, "no-store")
    assert body["request_uri"].startswith(PUSHED) and body["expires_in"] == 60


def test_an_answer_brings_the_nonce_for_the_next_proof(agency, holder):
    begun = errand()
    response = agency.redeem(begun, agency.code(holder(), begun))
    assert response["DPoP-Nonce"] in queries.nonces(at=models.SigningKey.objects.first().made_at)


def test_a_client_asked_for_a_nonce_loses_neither_its_code_nor_its_log_in(agency, holder):
    begun = errand()
    code = agency.code(holder(), begun)
    response = agency.redeem(begun, code, proof=agency.proof(nonce=None))
    assert (response.status_code, response.json()["error"]) == (400, "use_dpop_nonce")
    assert agency.redeem(begun, code, proof=agency.proof(nonce=response["DPoP-Nonce"])).status_code == 200


# ---------------------------------------------------------------- pushing


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"redirect_uri": "https://client.test/tro-ve"}, "invalid_request"),
        ({"redirect_uri": "https://client.test/tro-ve/?x=1"}, "invalid_request"),
        ({"redirect_uri": "https://client.test/tro-ve/../khac/"}, "invalid_request"),
        ({"redirect_uri": "https://client.test@evil.test/tro-ve/"}, "invalid_request"),
        ({"redirect_uri": "HTTPS://client.test/tro-ve/"}, "invalid_request"),
        ({"redirect_uri": None}, "invalid_request"),
        ({"dpop_jkt": None}, "invalid_request"),
        ({"dpop_jkt": "short"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"nonce": None}, "invalid_request"),
        ({"state": None}, "invalid_request"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"request_uri": PUSHED + "x"}, "request_uri_not_supported"),
        ({"request": "eyJhbGciOiJub25lIn0.e30."}, "request_not_supported"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"client_id": "test-client"}, "invalid_client"),
        ({"client_assertion": None}, "invalid_client"),
        ({"client_assertion": "x"}, "invalid_client"),
    ],
)
def test_a_wrong_request_is_not_kept(agency, changes, error):
    response = agency.push(errand(), **changes)
    assert (response.status_code in (400, 401), response.json()["error"]) == (True, error)
    assert not models.AuthorizationRequest.objects.exists()


def test_requests_are_not_pushed_by_get(agency):
    assert agency.browser.get("/oidc/par", params(agency.national)).status_code == 405


def test_a_key_named_beside_another_one_proved_is_refused(agency):
    response = agency.push(errand(), proof=agency.proof(htu="par"), dpop_jkt="x" * 43)
    assert response.json()["error"] == "invalid_request"


def test_a_proof_at_the_push_binds_as_the_name_of_the_key_does(agency, holder):
    who, begun = holder(), errand()
    pushed = agency.push(begun, proof=agency.proof(htu="par"), dpop_jkt=None).json()
    code = agency.log_in(who, pushed["request_uri"])["code"]
    assert agency.redeem(begun, code, key=jose.new_key()).json()["error"] == "invalid_grant"


# ---------------------------------------------------------------- downgrades


def test_a_strict_client_cannot_ask_in_the_address(national):
    begun = errand()
    answer = answer_of(authorize(national, begun, client_id=national.strict_id))
    assert (answer["error"], answer["state"]) == ("invalid_request", begun.state)
    assert not models.AuthorizationRequest.objects.exists()


def test_a_strict_client_gets_no_bearer_token(agency, holder):
    begun = errand()
    response = agency.redeem(begun, agency.code(holder(), begun), proof=None)
    assert (response.status_code, response.json()["error"]) == (400, "invalid_dpop_proof")
    assert not models.AccessToken.objects.exists()


def test_a_bound_token_is_nothing_to_whoever_bears_it(agency, holder):
    begun = errand()
    access = agency.redeem(begun, agency.code(holder(), begun)).json()["access_token"]
    response = agency.browser.get("/oidc/userinfo", headers={"Authorization": f"Bearer {access}"})
    assert (response.status_code, response.json()["error"]) == (401, "invalid_token")
    proof = {"DPoP": agency.proof("GET", "userinfo", access_token=access)}
    response = agency.browser.get("/oidc/userinfo", headers={"Authorization": f"Bearer {access}", **proof})
    assert response.status_code == 401


def test_an_ordinary_clients_token_cannot_pretend_to_be_bound(agency, holder):
    begun = errand()
    access = token(agency.national, begun, code_for(agency.national, holder(), begun)).json()["access_token"]
    assert agency.userinfo(access).json()["error"] == "invalid_token"


def test_a_strict_client_has_keys_and_no_secret(national):
    words = {"name": "A", "purpose": "B", "redirect_uris": ["https://a.test/"], "scopes": ["openid"]}
    with pytest.raises(Refused, match="khóa công khai"):
        clients.register_client(
            code="weak", profile="fapi", **words, by=SYSTEM, at=models.SigningKey.objects.first().made_at
        )
    secret = {"method": "client_secret_basic", "keys": [], "secret": "x" * 64}
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Client.objects.filter(code=national.strict_id).update(**secret)


@pytest.mark.parametrize("aud", ["token", "par", "list", "both"])
def test_a_strict_client_names_the_issuer_and_nothing_else(agency, aud):
    here = agency.national.issuer
    named = {"token": f"{here}/oidc/token", "par": f"{here}/oidc/par", "list": [here], "both": [here, "x"]}
    response = agency.push(errand(), client_assertion=agency.assertion(aud=named[aud]))
    assert response.json()["error"] == "invalid_client"


@pytest.mark.parametrize("typ", ["dpop+jwt", "logout+jwt", "at+jwt", ""])
def test_a_token_of_another_type_is_no_assertion(agency, typ):
    claims = {"iss": agency.client_id, "sub": agency.client_id, "aud": agency.national.issuer}
    claims |= {"jti": errand().state, "exp": int(time.time()) + 60}
    text = jose.sign(claims, agency.national.key, typ=typ)
    assert agency.push(errand(), client_assertion=text).json()["error"] == "invalid_client"


def test_an_assertion_for_pushing_is_used_up_for_redeeming_too(agency, holder):
    begun, text = errand(), agency.assertion()
    code = agency.code(holder(), begun, client_assertion=text)
    assert agency.redeem(begun, code, client_assertion=text).json()["error"] == "invalid_client"


# ---------------------------------------------------------------- the address with the name


def test_a_name_works_once(agency):
    name = agency.push(errand()).json()["request_uri"]
    assert agency.open(name).status_code == 303
    assert agency.open(name).status_code == 404


@pytest.mark.parametrize("seconds", [60, 3600])
def test_a_name_is_forgotten_after_a_minute(agency, seconds):
    name = agency.push(errand()).json()["request_uri"]
    for one in models.AuthorizationRequest.objects.all():
        one.made_at -= timedelta(seconds=seconds)
        one.save()
    assert agency.open(name).status_code == 404


def test_a_name_is_nothing_to_another_client_and_not_used_up_by_it(agency):
    name = agency.push(errand()).json()["request_uri"]
    assert agency.open(name, client_id="test-client").status_code == 404
    assert agency.open(name, client_id="").status_code == 404
    assert agency.open(name).status_code == 303


@pytest.mark.parametrize("name", ["", "x", PUSHED, PUSHED + "x" * 43, "https://evil.test/request", "\0", "é"])
def test_a_made_up_name_leads_nowhere(agency, name):
    response = agency.open(name)
    assert response.status_code == 404 and "Location" not in response


def test_what_the_browser_adds_to_the_name_is_not_read(agency, holder):
    begun = errand()
    name = agency.push(begun).json()["request_uri"]
    extra = {"redirect_uri": "https://evil.test/", "state": "evil", "scope": "openid", "prompt": "none"}
    page = agency.open(name, **extra)["Location"]
    assert page.startswith("/dinh-danh/dang-nhap/")
    kept = models.AuthorizationRequest.objects.get()
    assert (kept.redirect_uri, kept.state, kept.prompts) == (agency.national.redirect_uri, begun.state, [])


def test_a_pushed_request_cannot_be_joined_before_it_is_opened(agency):
    agency.push(errand())
    key = models.AuthorizationRequest.objects.get().key
    assert agency.browser.get(f"/dinh-danh/dang-nhap/?yeu-cau={key}").status_code == 404


# ---------------------------------------------------------------- codes and proofs


def test_a_code_is_nothing_to_another_key(agency, holder):
    begun = errand()
    code = agency.code(holder(), begun)
    assert agency.redeem(begun, code, key=jose.new_key()).json()["error"] == "invalid_grant"
    assert agency.redeem(begun, code).json()["error"] == "invalid_grant"  # used up by the try


def test_a_code_is_nothing_to_an_ordinary_client(agency, holder):
    begun = errand()
    code = agency.code(holder(), begun)
    assert token(agency.national, begun, code).json()["error"] == "invalid_grant"
    assert agency.redeem(begun, code).status_code == 200


def test_a_code_brought_twice_kills_the_tokens(agency, holder):
    begun = errand()
    code = agency.code(holder(), begun)
    access = agency.redeem(begun, code).json()["access_token"]
    assert agency.redeem(begun, code).json()["error"] == "invalid_grant"
    assert agency.userinfo(access).json()["error"] == "invalid_token"


def test_a_proof_works_once_anywhere(agency, holder):
    who, first, second = holder(), errand(), errand()
    proof = agency.proof()
    assert agency.redeem(first, agency.code(who, first), proof=proof).status_code == 200
    response = agency.redeem(second, agency.code(who, second), proof=proof)
    assert response.json()["error_description"] == "the proof was used before"


@pytest.mark.parametrize(
    "changes",
    [
        {"htm": "GET"},
        {"htu": "https://evil.test/oidc/token"},
        {"iat": 0},
        {"jti": ""},
        {"nonce": "stale"},
        {"typ": "JWT"},
    ],
)
def test_a_wrong_proof_gives_no_token_and_leaves_the_code(agency, holder, changes):
    begun = errand()
    code = agency.code(holder(), begun)
    response = agency.redeem(begun, code, proof=agency.proof(**changes))
    assert response.status_code == 400 and response.json()["error"].endswith(("dpop_proof", "dpop_nonce"))
    assert agency.redeem(begun, code).status_code == 200


def test_two_proofs_are_none(agency, holder):
    begun = errand()
    both = f"{agency.proof()}, {agency.proof()}"
    response = agency.redeem(begun, agency.code(holder(), begun), proof=both)
    assert response.json()["error"] == "invalid_dpop_proof"


# ---------------------------------------------------------------- userinfo


@pytest.fixture
def access(agency, holder):
    begun = errand()
    return agency.redeem(begun, agency.code(holder(), begun)).json()["access_token"]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"key": jose.new_key()}, "invalid_token"),
        ({"ath": None}, "invalid_dpop_proof"),
        ({"ath": jose.whole_hash("other")}, "invalid_dpop_proof"),
        ({"htm": "POST"}, "invalid_dpop_proof"),
        ({"htu": "http://testserver/oidc/token"}, "invalid_dpop_proof"),
        ({"nonce": None}, "use_dpop_nonce"),
        ({"iat": 1}, "invalid_dpop_proof"),
    ],
)
def test_a_wrong_proof_opens_nothing(agency, access, changes, error):
    proof = agency.proof(**{"htm": "GET", "htu": "userinfo", "access_token": access, **changes})
    response = agency.userinfo(access, proof=proof)
    assert (response.status_code, response.json()["error"]) == (401, error)
    assert response["WWW-Authenticate"].startswith("DPoP ") and error in response["WWW-Authenticate"]
    assert "citizen_number" not in response.content.decode()


def test_a_proof_opens_once(agency, access):
    proof = agency.proof("GET", "userinfo", access_token=access)
    assert agency.userinfo(access, proof=proof).status_code == 200
    assert agency.userinfo(access, proof=proof).json()["error"] == "invalid_dpop_proof"


def test_without_a_proof_nothing_opens(agency, access):
    response = agency.browser.get("/oidc/userinfo", headers={"Authorization": f"DPoP {access}"})
    assert (response.status_code, response.json()["error"]) == (401, "invalid_token")


def test_a_suspended_client_gets_nothing_anywhere(agency, holder, access):
    begun = errand()
    name = agency.push(begun).json()["request_uri"]
    models.Client.objects.update(active=False)
    assert agency.open(name).status_code == 404
    assert agency.push(errand()).json()["error"] == "invalid_client"
    assert agency.userinfo(access).json()["error"] == "invalid_token"


def test_a_browser_without_the_log_in_of_the_code_learns_nothing_from_the_address(agency, holder):
    who, begun = holder(), errand()
    agency.code(who, begun)
    stranger = Browser()
    name = agency.push(errand()).json()["request_uri"]
    page = stranger.get("/oidc/authorize", {"client_id": agency.client_id, "request_uri": name})
    assert page["Location"].startswith("/dinh-danh/dang-nhap/")


def test_an_ordinary_client_may_push_and_prove_too(national, holder):
    who, begun = holder(), errand()
    body = {**params(national, begun), "client_assertion_type": ASSERTION_TYPE}
    name = national.browser.post("/oidc/par", {**body, "client_assertion": assertion(national)}).json()
    url = f"/oidc/authorize?client_id={national.client_id}&request_uri={name['request_uri']}"
    assert token(national, begun, national.log_in(who, url)["code"]).json()["token_type"] == "Bearer"


# ---------------------------------------------------------------- claims, row by row

VERIFIED = '{"userinfo":{"verified_claims":{"verification":{"trust_framework":null},"claims":{"name":null}}}}'


def test_verified_claims_are_asked_for_in_the_pushed_request(agency, holder):
    begun = errand()
    tokens = agency.redeem(begun, agency.code(holder(), begun, claims=VERIFIED)).json()
    verified = agency.userinfo(tokens["access_token"]).json()["verified_claims"]
    assert verified["claims"] == {"name": "Trần Thị Hồng Nhung"}
    assert agency.push(errand(), claims='{"userinfo":{"name":null}}').json()["error"] == "invalid_request"


def test_a_voluntary_row_is_not_ticked_beforehand_and_says_what_it_is_for(agency, holder):
    reasons = {"gender": "để xưng hô cho đúng", "name": "để ghi giấy hẹn"}
    models.Client.objects.update(voluntary=["gender"], reasons=reasons)
    who, begun = holder(), errand()
    code = None
    url = agency.open(agency.push(begun).json()["request_uri"])["Location"]
    while code is None:
        page = agency.browser.get(url)
        if "dong-y" in url:
            text = page.content.decode()
            assert 'value="gender"' in text and "checked" not in text
            assert all(reason in text for reason in reasons.values())
        url = agency.browser.post(url, agency.national.answers(who))["Location"]
        code = answer_of({"Location": url}).get("code")
    access = agency.redeem(begun, code).json()["access_token"]
    assert "gender" not in agency.userinfo(access).json() and "name" in agency.userinfo(access).json()
