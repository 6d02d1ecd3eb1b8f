"""What a strict client may ask for itself, and mostly what it may not."""

import time
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from motcua.base import events, jose
from motcua.base.actor import SYSTEM
from motcua.base.errors import Refused
from motcua.connectors.identity.client import errand
from motcua.domain.accounts import models, queries
from motcua.domain.accounts.commands import clients, connecting, tokens
from motcua.domain.accounts.rules.requests import Fault
from motcua.portals.identity.tests.conftest import Agency, assertion

NOW = timezone.now


@pytest.fixture
def agency(national):
    return Agency(national)


def ask(agency, *, proof="", **changes):
    words = {"grant_type": "client_credentials", **changes}
    return agency.call("token", words, proof=agency.proof() if proof == "" else proof)


def read(agency, access, *, scheme="DPoP", proof=""):
    headers = {"Authorization": f"{scheme} {access}"}
    if proof is not None:
        headers["DPoP"] = proof or agency.proof("GET", "registration", access_token=access)
    return agency.browser.get("/oidc/registration", headers=headers)


def looked(agency, access):
    return agency.call("introspect", {"token": access}).json()


def row(agency):
    return models.Client.objects.get(code=agency.client_id)


def again(agency, **changes):
    """Bring the registration up to date."""
    known = row(agency)
    given = {
        "code": known.code,
        "name": known.name,
        "purpose": known.purpose,
        "profile": known.profile,
        "redirect_uris": known.redirect_uris,
        "scopes": known.scopes,
        "machine_scopes": known.machine_scopes,
        "keys": known.keys,
        **changes,
    }
    return clients.register_client(**given, by=SYSTEM, at=NOW())


def refused(response, status, error):
    assert (response.status_code, response.json()["error"]) == (status, error), response.content
    return True


# ---------------------------------------------------------------- the good way


def test_a_system_gets_a_token_for_itself_bound_to_its_key_and_nothing_else(agency):
    response = ask(agency, scope="registration")
    body = response.json()
    assert set(body) == {"access_token", "token_type", "expires_in", "scope"}
    assert (body["token_type"], body["scope"]) == ("DPoP", "registration") and body["expires_in"] <= 300
    assert (response.status_code, response["Cache-Control"]) == (200, "no-store")
    said = looked(agency, body["access_token"])
    assert said["active"] and said["sub"] == said["client_id"] == agency.client_id
    assert said["cnf"]["jkt"] == jose.thumbprint(agency.held) and said["token_type"] == "DPoP"
    assert said["exp"] <= time.time() + 300
    assert not models.RefreshToken.objects.exists()


def test_a_system_that_names_no_scope_gets_all_it_was_allowed(agency):
    assert ask(agency).json()["scope"] == "registration"


def test_a_system_reads_its_own_registration_with_the_ends_of_its_keys(agency):
    end = int(time.time()) + 86400
    again(agency, keys=[{**jose.public(agency.national.key), "exp": end}])
    response = read(agency, ask(agency).json()["access_token"])
    body = response.json()
    assert (response.status_code, response["Cache-Control"]) == (200, "no-store")
    assert (body["client_id"], body["security_profile"]) == (agency.client_id, "fapi")
    assert body["redirect_uris"] == row(agency).redirect_uris
    assert [key["exp"] for key in body["jwks"]["keys"]] == [end] and "d" not in body["jwks"]["keys"][0]
    assert body["registration_client_uri"].endswith("/oidc/registration")
    assert body["logouts_undelivered"] == 0 and "secret" not in response.content.decode()


def test_log_outs_that_did_not_arrive_are_told_and_those_just_under_way_are_not(agency, holder):
    begun = errand()
    agency.redeem(begun, agency.code(holder(), begun))
    session = models.Session.objects.get()
    for minutes, heard in ((1, False), (30, False), (40, True)):
        made_at = NOW() - timedelta(minutes=minutes)
        known = {"client": row(agency), "session": session, "made_at": made_at}
        models.LogoutNotice.objects.create(**known, sent_at=made_at if heard else None)
    assert read(agency, ask(agency).json()["access_token"]).json()["logouts_undelivered"] == 1


def test_it_stands_on_the_log_and_not_in_the_story_of_decisions(agency):
    before = len(events.history(row(agency).subject))
    ask(agency)
    assert [event.name for event in events.history(f"{row(agency).subject}:tokens")] == ["token.issue"]
    assert len(events.history(row(agency).subject)) == before


def test_the_provider_says_that_it_does_this(national):
    said = national.browser.get("/.well-known/openid-configuration").json()
    assert "client_credentials" in said["grant_types_supported"]
    assert "password" not in said["grant_types_supported"]
    assert "registration" in said["scopes_supported"]
    assert said["client_configuration_endpoint"].endswith("/oidc/registration")


# ---------------------------------------------------------------- who may not have one


def test_an_ordinary_client_may_not(agency):
    for scope in ("registration", "openid", ""):
        words = {"client_assertion": assertion(agency.national), "scope": scope}
        assert refused(ask(agency, **words), 400, "unauthorized_client")


def test_a_strict_client_that_was_allowed_nothing_may_not(agency):
    again(agency, machine_scopes=[])
    assert refused(ask(agency), 400, "unauthorized_client")
    assert not models.AccessToken.objects.exists()


@pytest.mark.parametrize(
    "scope", ["openid", "profile", "offline_access", "citizen_number", "registration openid", "admin"]
)
def test_a_scope_that_was_not_allowed_is_refused_and_one_of_people_always(agency, scope):
    assert refused(ask(agency, scope=scope), 400, "invalid_scope")
    assert not models.AccessToken.objects.exists()


@pytest.mark.parametrize(
    "words",
    [
        {"code": "x"},
        {"code_verifier": "x" * 43},
        {"redirect_uri": "https://client.test/tro-ve/"},
        {"refresh_token": "x"},
        {"username": "a", "password": "b"},
        {"assertion": "x"},
        {"nonce": "x"},
        {"grant_type": ["client_credentials", "authorization_code"]},
        {"grant_type": ["client_credentials", "client_credentials"]},
        {"scope": ["registration", "registration"]},
    ],
)
def test_words_of_another_grant_smuggled_in_are_refused(agency, words):
    assert refused(ask(agency, **words), 400, "invalid_request")
    assert not models.AccessToken.objects.exists()


def test_a_persons_code_is_not_used_up_by_the_wrong_grant(agency, holder):
    begun = errand()
    code = agency.code(holder(), begun)
    assert refused(ask(agency, code=code, code_verifier=begun.verifier), 400, "invalid_request")
    assert agency.redeem(begun, code).status_code == 200


@pytest.mark.parametrize("grant", ["password", "implicit", "CLIENT_CREDENTIALS", ""])
def test_other_grants_are_not_spoken(agency, grant):
    assert refused(ask(agency, grant_type=grant), 400, "unsupported_grant_type")


def test_without_a_proof_there_is_no_token(agency):
    assert refused(ask(agency, proof=None), 400, "invalid_dpop_proof")
    assert not models.AccessToken.objects.exists()


def test_a_proof_or_an_assertion_works_once(agency):
    proof, said = agency.proof(), agency.assertion()
    assert ask(agency, proof=proof, client_assertion=said).status_code == 200
    assert refused(ask(agency, proof=proof), 400, "invalid_dpop_proof")
    assert refused(ask(agency, client_assertion=said), 401, "invalid_client")
    assert models.AccessToken.objects.count() == 1


@pytest.mark.parametrize(
    "changes", [{"htm": "GET"}, {"htu": "userinfo"}, {"iat": 0}, {"typ": "JWT"}, {"jti": "x"}]
)
def test_a_proof_made_for_something_else_is_refused(agency, changes):
    assert refused(ask(agency, proof=agency.proof(**changes)), 400, "invalid_dpop_proof")


def test_a_proof_without_our_nonce_is_sent_back_for_one(agency):
    response = ask(agency, proof=agency.proof(nonce=None))
    assert refused(response, 400, "use_dpop_nonce")
    assert ask(agency, proof=agency.proof(nonce=response["DPoP-Nonce"])).status_code == 200


@pytest.mark.parametrize("changes", [{"aud": "https://other.test"}, {"exp": 1}, {"iss": "test-client"}])
def test_an_assertion_that_is_not_quite_right_is_refused(agency, changes):
    assert refused(ask(agency, client_assertion=agency.assertion(**changes)), 401, "invalid_client")


def test_the_address_of_the_token_is_no_audience_for_a_strict_client(agency):
    said = agency.assertion(aud=f"{agency.national.issuer}/oidc/token")
    assert refused(ask(agency, client_assertion=said), 401, "invalid_client")


def test_a_key_that_nobody_registered_opens_nothing(agency):
    said = assertion(agency.national, {**jose.new_key()}, iss=agency.client_id, sub=agency.client_id)
    assert refused(ask(agency, client_assertion=said), 401, "invalid_client")


def test_a_key_that_came_to_its_end_opens_nothing(agency):
    again(agency, keys=[{**jose.public(agency.national.key), "exp": int(time.time()) - 1}])
    assert refused(ask(agency), 401, "invalid_client")
    assert refused(agency.push(errand()), 401, "invalid_client")


# ---------------------------------------------------------------- what such a token does not open


def test_it_tells_nothing_about_anybody(agency):
    assert refused(agency.userinfo(ask(agency).json()["access_token"]), 401, "invalid_token")


def test_a_persons_token_does_not_open_the_registration(agency, holder):
    begun = errand()
    access = agency.redeem(begun, agency.code(holder(), begun)).json()["access_token"]
    assert refused(read(agency, access), 401, "invalid_token")


def test_it_is_nothing_to_whoever_bears_it(agency):
    access = ask(agency).json()["access_token"]
    assert refused(read(agency, access, scheme="Bearer", proof=None), 401, "invalid_token")
    assert refused(read(agency, access, scheme="Bearer"), 401, "invalid_token")
    assert refused(read(agency, access, proof=None), 401, "invalid_token")


def test_it_opens_nothing_with_another_key_another_token_or_a_proof_used_before(agency):
    access, other = (ask(agency).json()["access_token"] for _ in range(2))
    borrowed = agency.proof("GET", "registration", key=jose.new_key(), access_token=access)
    assert refused(read(agency, access, proof=borrowed), 401, "invalid_token")
    foreign = agency.proof("GET", "registration", access_token=other)
    assert refused(read(agency, access, proof=foreign), 401, "invalid_dpop_proof")
    elsewhere = agency.proof("GET", "userinfo", access_token=access)
    assert refused(read(agency, access, proof=elsewhere), 401, "invalid_dpop_proof")
    good = agency.proof("GET", "registration", access_token=access)
    assert read(agency, access, proof=good).status_code == 200
    assert refused(read(agency, access, proof=good), 401, "invalid_dpop_proof")


def test_a_token_without_the_scope_does_not_open_the_registration(agency):
    access = ask(agency).json()["access_token"]
    models.AccessToken.objects.update(scopes=[])
    assert refused(read(agency, access), 403, "insufficient_scope")


def test_nothing_is_written_at_the_address_of_the_registration(agency):
    access = ask(agency).json()["access_token"]
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        proof = agency.proof(method, "registration", access_token=access)
        headers = {"Authorization": f"DPoP {access}", "DPoP": proof}
        assert agency.browser.generic(method, "/oidc/registration", "{}", headers=headers).status_code == 405


def test_it_cannot_be_renewed_or_redeemed(agency):
    access = ask(agency).json()["access_token"]
    words = {"grant_type": "refresh_token", "refresh_token": access}
    assert refused(agency.call("token", words, proof=agency.proof()), 400, "invalid_grant")
    assert refused(agency.redeem(errand(), access), 400, "invalid_grant")


# ---------------------------------------------------------------- its end


def test_it_ends_when_it_is_given_up_and_only_by_its_own_client(agency):
    access = ask(agency).json()["access_token"]
    words = {"client_assertion": assertion(agency.national)}
    assert agency.call("revoke", {"token": access, **words}).status_code == 200
    assert looked(agency, access)["active"]
    assert agency.call("revoke", {"token": access}).status_code == 200
    assert looked(agency, access) == {"active": False}
    assert refused(read(agency, access), 401, "invalid_token")


def test_others_do_not_learn_that_it_is_good(agency):
    access = ask(agency).json()["access_token"]
    words = {"client_assertion": assertion(agency.national)}
    assert agency.call("introspect", {"token": access, **words}).json() == {"active": False}


def test_it_ends_with_its_minutes(agency):
    access = ask(agency).json()["access_token"]
    models.AccessToken.objects.update(expires_at=NOW() - timedelta(seconds=1))
    assert refused(read(agency, access), 401, "invalid_token")


def test_it_ends_when_the_system_is_shut_out_and_does_not_come_back_with_it(agency):
    access, client = ask(agency).json()["access_token"], row(agency)
    connecting.suspend(client=client, note="Nghi lộ khóa.", by=SYSTEM, at=NOW())
    assert refused(read(agency, access), 401, "invalid_token")
    assert refused(ask(agency), 401, "invalid_client")
    connecting.resume(client=client, by=SYSTEM, at=NOW())
    assert refused(read(agency, access), 401, "invalid_token")


def test_it_ends_when_the_key_it_was_got_with_is_withdrawn(agency):
    access, new = ask(agency).json()["access_token"], jose.public(jose.new_key())
    connecting.replace_keys(client=row(agency), keys=[new], by=SYSTEM, at=NOW())
    assert refused(read(agency, access), 401, "invalid_token")
    assert refused(ask(agency), 401, "invalid_client")


def test_it_ends_when_the_system_may_no_longer_ask(agency):
    access = ask(agency).json()["access_token"]
    again(agency, machine_scopes=[])
    assert refused(read(agency, access), 401, "invalid_token")


@pytest.mark.parametrize("change", [{"active": False}, {"keys": [{"kid": "new"}]}, {"machine_scopes": []}])
def test_a_system_changed_while_it_was_asking_gets_nothing(agency, change):
    as_it_was = row(agency)
    models.Client.objects.filter(pk=as_it_was.pk).update(**change)
    with pytest.raises(Fault, match="invalid_client"):
        tokens.issue_to_machine(
            client=as_it_was, scopes=["registration"], holder="x" * 43, by=SYSTEM, at=NOW()
        )
    assert not models.AccessToken.objects.exists()


# ---------------------------------------------------------------- what is registered


@pytest.mark.parametrize(
    "changes", [{"machine_scopes": ["openid"]}, {"machine_scopes": ["all"]}, {"profile": "plain"}]
)
def test_only_known_scopes_and_only_strict_clients_are_registered_for_asking(agency, changes):
    with pytest.raises(Refused):
        again(agency, **changes)


def test_the_database_holds_both_promises(agency):
    client = row(agency)
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Client.objects.filter(pk=client.pk).update(profile="plain")
    known = {"client": client, "scopes": [], "hash": "x", "family": "", "expires_at": NOW()}
    with pytest.raises(IntegrityError), transaction.atomic():
        models.AccessToken.objects.create(**known, holder="")


def test_a_system_is_not_registered_with_a_key_whose_end_is_none(agency):
    with pytest.raises(Refused):
        again(agency, keys=[{**jose.public(agency.national.key), "exp": "2030"}])


@pytest.mark.parametrize("end", ["2030", True, None, 1.5, -(2**40), [1]])
def test_a_key_with_an_odd_end_is_not_taken_and_would_be_none(end):
    key = {**jose.public(jose.new_key()), "exp": end}
    assert not jose.usable(key)
    assert type(end) is float or not jose.lasts(key, at=NOW())


def test_a_key_lasts_to_its_very_end():
    now = NOW()
    assert jose.lasts({}, at=now) and jose.lasts({"exp": now.timestamp()}, at=now)
    assert not jose.lasts({"exp": now.timestamp() - 1}, at=now)


def test_nobodys_token_is_found_by_its_hash(agency):
    access = ask(agency).json()["access_token"]
    assert queries.machine_token(access, at=NOW()) and not queries.access_token(access, at=NOW())
    assert not queries.machine_token(models.AccessToken.objects.get().hash, at=NOW())
