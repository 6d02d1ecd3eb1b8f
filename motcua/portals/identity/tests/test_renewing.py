"""Refresh, introspection and revocation over HTTP, by a strict client."""

import pytest

from motcua.base import jose
from motcua.connectors.identity.client import errand
from motcua.domain.accounts import models
from motcua.portals.identity.tests.conftest import ASSERTION_TYPE, Agency, assertion

SCOPE = "openid profile offline_access"


@pytest.fixture
def agency(national):
    return Agency(national)


@pytest.fixture
def given(agency, holder):
    begun = errand()
    return agency.redeem(begun, agency.code(holder(), begun, scope=SCOPE)).json()


def renew(agency, refresh, *, proof="", **changes):
    words = {"grant_type": "refresh_token", "refresh_token": refresh, **changes}
    return agency.call("token", words, proof=agency.proof() if proof == "" else proof)


def test_a_refresh_token_gives_newer_ones_bound_to_the_same_key(agency, given):
    response = renew(agency, given["refresh_token"])
    body = response.json()
    assert (response.status_code, body["token_type"], body["expires_in"]) == (200, "DPoP", 600)
    assert "id_token" not in body and body["refresh_token"] != given["refresh_token"]
    assert agency.userinfo(body["access_token"]).json()["name"] == "Trần Thị Hồng Nhung"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"refresh_token": None}, "invalid_request"),
        ({"refresh_token": "x" * 43}, "invalid_grant"),
        ({"refresh_token": ["x", "y"]}, "invalid_request"),
        ({"refresh_token": "\0"}, "invalid_request"),
        ({"scope": "openid phone"}, "invalid_scope"),
        ({"proof": None}, "invalid_dpop_proof"),
        ({"client_assertion": None}, "invalid_client"),
        ({"client_id": "test-client"}, "invalid_client"),
        ({"grant_type": "client_credentials"}, "invalid_request"),
        ({"grant_type": "urn:ietf:params:oauth:grant-type:device_code"}, "unsupported_grant_type"),
    ],
)
def test_a_wrong_renewal_gives_nothing(agency, given, changes, error):
    response = renew(agency, given["refresh_token"], **changes)
    assert (response.status_code in (400, 401), response.json()["error"]) == (True, error)
    assert "access_token" not in response.json()
    assert renew(agency, given["refresh_token"]).status_code == 200


def test_another_key_renews_nothing(agency, given):
    response = renew(agency, given["refresh_token"], proof=agency.proof(key=jose.new_key()))
    assert response.json()["error"] == "invalid_grant"


def test_one_used_twice_ends_everything(agency, given):
    newer = renew(agency, given["refresh_token"]).json()
    assert renew(agency, given["refresh_token"]).json()["error"] == "invalid_grant"
    assert renew(agency, newer["refresh_token"]).json()["error"] == "invalid_grant"
    assert agency.userinfo(newer["access_token"]).status_code == 401


def test_a_token_can_be_looked_into_and_given_up(agency, given):
    facts = agency.call("introspect", {"token": given["access_token"]}).json()
    assert facts["active"] and facts["cnf"] == {"jkt": jose.thumbprint(agency.held)}
    response = agency.call("revoke", {"token": given["refresh_token"]})
    assert (response.status_code, response.json()) == (200, {})
    assert agency.call("introspect", {"token": given["access_token"]}).json() == {"active": False}
    assert agency.call("revoke", {"token": given["refresh_token"]}).status_code == 200


def test_a_client_learns_nothing_about_anothers_token(agency, national, given):
    other = {"client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion(national)}
    answer = national.browser.post("/oidc/introspect", {"token": given["access_token"], **other})
    assert answer.json() == {"active": False}
    other["client_assertion"] = assertion(national)
    assert national.browser.post("/oidc/revoke", {"token": given["access_token"], **other}).status_code == 200
    assert agency.userinfo(given["access_token"]).status_code == 200


@pytest.mark.parametrize("place", ["introspect", "revoke"])
@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"token": None}, "invalid_request"),
        ({"token": ["a", "b"]}, "invalid_request"),
        ({"client_assertion": None}, "invalid_client"),
        ({"client_assertion": "x.y.z"}, "invalid_client"),
    ],
)
def test_who_asks_wrongly_is_told_so(agency, place, changes, error):
    assert agency.call(place, {"token": "x", **changes}).json()["error"] == error
    assert agency.browser.get(f"/oidc/{place}").status_code == 405


def test_a_client_without_leave_cannot_ask_for_it(agency):
    models.Client.objects.update(scopes=["openid", "profile"])
    assert agency.push(errand(), scope=SCOPE).json()["error"] == "invalid_scope"
