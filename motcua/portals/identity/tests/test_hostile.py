"""Whatever is sent to the provider's machines: one shape of error, no crash, nothing told."""

import base64
import json
import time
from contextlib import suppress

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client as Browser
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey, OctKey

from motcua.base import jose
from motcua.connectors.identity.client import errand
from motcua.domain.accounts import models
from motcua.portals.identity import reading
from motcua.portals.identity.tests.conftest import ASSERTION_TYPE, Agency

PLACES = ["par", "token", "introspect", "revoke", "userinfo"]
NAMES = (
    *("client_id", "redirect_uri", "response_type", "scope", "state", "nonce", "prompt", "max_age"),
    *("acr_values", "code_challenge", "code_challenge_method", "dpop_jkt", "request", "request_uri"),
    *("grant_type", "code", "code_verifier", "refresh_token", "token", "token_type_hint", "claims"),
    *("client_secret", "client_assertion", "client_assertion_type"),
)
FUZZ = settings(max_examples=50)
TOKENLIKE = st.from_regex(r"[A-Za-z0-9_-]{1,30}(\.[A-Za-z0-9_-]{0,30}){2}", fullmatch=True)


@pytest.fixture
def agency(national):
    return Agency(national)


def b64(value):
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def refused(response):
    """Tell the error, which has one shape everywhere."""
    assert 400 <= response.status_code < 500
    assert response["Content-Type"] == "application/json" and response["Cache-Control"] == "no-store"
    body = response.json()
    assert set(body) == {"error", "error_description"}
    assert "Traceback" not in body["error_description"] and len(body["error_description"]) < 100
    return body["error"]


# ---------------------------------------------------------------- huge and malformed


@pytest.mark.parametrize("place", PLACES[:4])
@pytest.mark.parametrize(
    "assertion",
    [
        "x" * 100_000,
        "." * 10_000,
        "a.b.c.d.e",
        "\0.\0.\0",
        "ké.ké.ké",
        f"{b64(b'[' * 5000)}.{b64({})}.x",
        f"{b64({'alg': 'ES256', 'crit': ['x']})}.{b64({'sub': 'test-agency'})}.x",
        f"{b64({'alg': 'ES256', 'jwk': {'kty': 'EC'}})}.{b64({'sub': 'test-agency'})}.x",
        f"{b64({'alg': 'ES256', 'kid': ['x']})}.{b64({'sub': 'test-agency'})}.x",
        f"{b64({'alg': 'ES256'})}.{b64(b'[1')}.x",
        f"{b64({'alg': 'ES256'})}.{b64({'sub': {'a': 1}})}.x",
        f"{b64({'alg': 'ES256'})}.{b64({'sub': 'test-agency'})}.{'A' * 86}",
        f"{b64({'alg': 'none'})}.{b64({'sub': 'test-agency'})}.",
    ],
)
def test_a_monstrous_assertion_is_an_unknown_client(agency, place, assertion):
    words = {"token": "x", "client_assertion": assertion, "client_assertion_type": ASSERTION_TYPE}
    assert refused(agency.browser.post(f"/oidc/{place}", words)) == "invalid_client"


@pytest.mark.parametrize("alg", ["HS256", "HS512"])
def test_the_clients_public_key_is_no_shared_secret(agency, alg):
    now = int(time.time())
    claims = {"iss": agency.client_id, "sub": agency.client_id, "aud": agency.national.issuer}
    claims |= {"jti": errand().state, "exp": now + 60}
    for secret in (json.dumps(jose.public(agency.national.key)), agency.national.key["x"]):
        key = OctKey.import_key(secret.encode())
        head = {"alg": alg, "kid": agency.national.key["kid"]}
        text = jws.serialize_compact(head, json.dumps(claims).encode(), key, [alg])
        assert refused(agency.push(errand(), client_assertion=text)) == "invalid_client"


@pytest.mark.parametrize("proof", ["x" * 60_000, "a.b.c", "..", "é", "\x7f", "Bearer x", "[]", "{}" * 5000])
def test_a_monstrous_proof_proves_nothing(agency, holder, proof):
    begun = errand()
    assert refused(agency.redeem(begun, agency.code(holder(), begun), proof=proof)) == "invalid_dpop_proof"


@pytest.mark.parametrize("place", PLACES[:4])
@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"client_id": "test-agency"}'),
        ("application/json", b"[" * 100_000),
        ("text/plain", b"\xff\xfe"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=\r\n\r\n"),
        ("multipart/form-data", b"no boundary"),
        ("application/x-www-form-urlencoded", b"a=1&" * 4000),
        ("application/x-www-form-urlencoded", b"client_id=" + b"x" * 3_000_000),
        ("application/x-www-form-urlencoded; charset=nonsense", b"client_id=x"),
        ("application/x-www-form-urlencoded", b"%ff%fe=%00"),
    ],
)
def test_a_monstrous_body_is_refused_in_the_one_shape(agency, place, kind, body):
    response = agency.browser.generic("POST", f"/oidc/{place}", body, content_type=kind)
    assert refused(response) in ("invalid_client", "invalid_request")


# ---------------------------------------------------------------- anything at all


@FUZZ
@given(
    words=st.dictionaries(st.sampled_from(NAMES), st.text(max_size=40) | TOKENLIKE),
    place=st.sampled_from(PLACES),
    known=st.booleans(),
)
def test_no_words_break_a_machine(agency, words, place, known):
    given = {**words, "client_assertion_type": ASSERTION_TYPE} if known else words
    if known:
        given["client_assertion"] = agency.assertion()
    response = agency.browser.post(f"/oidc/{place}", given)
    if response.status_code != 200:
        assert refused(response)
    else:  # only an unknown token is nothing bad
        assert known and response.json() in ({}, {"active": False})


@FUZZ
@given(
    proof=st.text(st.characters(codec="latin-1"), max_size=60),
    scheme=st.sampled_from(["DPoP ", "Bearer ", "Basic ", "dpop", ""]),
    rest=st.text(st.characters(codec="latin-1"), max_size=60),
    place=st.sampled_from(PLACES),
)
def test_no_headers_break_a_machine(agency, proof, scheme, rest, place):
    headers = {"Authorization": scheme + rest, "DPoP": proof}
    assert refused(agency.browser.post(f"/oidc/{place}", {"token": "x"}, headers=headers))


CLAIMS = ("iss", "sub", "aud", "jti", "exp", "iat", "nbf", "htm", "htu", "ath", "nonce")
ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@FUZZ
@given(claims=st.dictionaries(st.sampled_from(CLAIMS[:7]), ODD, min_size=1))
def test_no_signed_claims_break_the_reading_of_assertions(agency, claims):
    good = {"iss": agency.client_id, "sub": agency.client_id, "aud": agency.national.issuer}
    text = jose.sign({**good, "jti": errand().state, **claims}, agency.national.key)
    response = agency.push(errand(), client_assertion=text)
    assert response.status_code == 201 or refused(response) == "invalid_client"


@FUZZ
@given(claims=st.dictionaries(st.sampled_from(CLAIMS[3:]), ODD, min_size=1))
def test_no_signed_claims_break_the_reading_of_proofs(agency, claims):
    response = agency.push(errand(), proof=agency.proof(**{"htu": "par", **_text(claims)}))
    if response.status_code != 201:
        assert refused(response) in ("invalid_dpop_proof", "use_dpop_nonce")


HEAD = ("typ", "kid", "jku", "x5u", "x5c", "x5t", "cty", "zip", "b64", "epk", "iv", "p2c", "jwk")
KEY = ("kty", "crv", "x", "y", "use", "alg", "kid", "key_ops", "ext", "d")


@FUZZ
@given(head=st.dictionaries(st.sampled_from(HEAD), ODD), key=st.dictionaries(st.sampled_from(KEY), ODD))
def test_no_head_breaks_the_reading_of_a_token(head, key):
    held = jose.new_key()
    shown = {name: held[name] for name in ("kty", "crv", "x", "y")} | key
    text = f"{b64({'alg': 'ES256', 'typ': 'dpop+jwt', 'jwk': shown, **head})}.{b64({'jti': 'x'})}"
    made = ECKey.import_key(held).private_key.sign(text.encode(), ECDSA(SHA256()))
    text += "." + b64(b"".join(part.to_bytes(32, "big") for part in decode_dss_signature(made)))
    for read in (lambda: jose.proven(text, typ="dpop+jwt"), lambda: jose.opened(text, [jose.public(held)])):
        with suppress(jose.BadToken):
            read()
    assert jose.usable(shown) in (True, False)


def _text(claims):
    return {name: value for name, value in claims.items() if name != "htu" or isinstance(value, str)}


def test_after_all_that_nothing_was_kept(agency):
    for place in PLACES:
        agency.browser.post(f"/oidc/{place}", {"client_assertion": "x" * 9000, "code": "y"})
    assert not models.AuthorizationRequest.objects.exists() and not models.UsedAssertion.objects.exists()


# ---------------------------------------------------------------- who fails over and over


@pytest.mark.parametrize("place", ["par", "token", "introspect", "revoke"])
def test_who_fails_over_and_over_is_told_to_wait_and_the_honest_are_not(agency, place, monkeypatch):
    monkeypatch.setattr(reading, "FAILURES", {"times": 3, "seconds": 300})
    statuses = [agency.call(place, {"client_assertion": "x"}).status_code for _try in range(3)]
    assert statuses == [401] * 3
    for words in ({"client_assertion": "x"}, {"client_assertion": None}, {"client_secret": "x"}):
        response = agency.call(place, words)
        assert (response.status_code, response["Retry-After"]) == (429, "300")
        assert response.json()["error"] == "invalid_client"
    # whoever proves to be a client is heard, from the very same address
    assert agency.call(place, {}).status_code in (200, 400)
    elsewhere = Browser(REMOTE_ADDR="203.0.113.9")
    assert elsewhere.post(f"/oidc/{place}", {"client_assertion": "x"}).status_code == 401


def test_two_ways_of_saying_who_one_is_are_none(agency):
    for words in ({"client_secret": "x"}, {"client_secret": ""}):
        response = agency.call("introspect", {"token": "x", **words})
        assert (response.status_code, response.json()["error"]) == (401, "invalid_client")
