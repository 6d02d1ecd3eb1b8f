import pytest

from motcua.connectors.identity.client import errand
from motcua.domain.accounts.commands import clients
from motcua.domain.accounts.models import SigningKey
from motcua.portals.identity.tests.conftest import answer_of, authorize, code_for, params, strict_code

# ---------------------------------------------------------------- discovery and keys


def test_discovery_names_addresses_that_answer(national):
    document = national.browser.get("/.well-known/openid-configuration").json()
    assert document["issuer"] == national.issuer
    for name in ("jwks_uri", "end_session_endpoint"):
        assert national.browser.get(document[name]).status_code in (200, 303)
    assert national.browser.get(document["authorization_endpoint"]).status_code == 400
    for name in ("token", "introspection", "revocation", "pushed_authorization_request"):
        assert national.browser.post(document[f"{name}_endpoint"]).status_code == 401
    assert national.browser.get(document["userinfo_endpoint"]).status_code == 401


def test_discovery_offers_nothing_weak(national):
    document = national.browser.get("/.well-known/openid-configuration").json()
    assert document["code_challenge_methods_supported"] == ["S256"]
    assert document["id_token_signing_alg_values_supported"] == ["ES256"]
    assert document["response_types_supported"] == ["code"]
    assert document["authorization_response_iss_parameter_supported"] is True
    assert document["dpop_signing_alg_values_supported"] == ["ES256"]
    for name in ("token", "introspection", "revocation"):
        methods = document[f"{name}_endpoint_auth_methods_supported"]
        assert methods == ["private_key_jwt", "client_secret_basic"]
    grants = ["authorization_code", "refresh_token", "client_credentials"]
    assert document["grant_types_supported"] == grants


def test_discovery_promises_only_what_is_there(national):
    document = national.browser.get("/.well-known/openid-configuration").json()
    assert not any(name.endswith("_endpoint") and "oidc" not in url for name, url in document.items())
    for absent in ("registration_endpoint", "device_authorization_endpoint", "check_session_iframe"):
        assert absent not in document
    assert document["backchannel_logout_supported"] and document["backchannel_logout_session_supported"]
    assert document["request_parameter_supported"] is document["request_uri_parameter_supported"] is False
    assert "offline_access" in document["scopes_supported"]
    assert "offline_access" not in document["claims_supported"]


def test_the_keys_are_public_p256_keys_and_made_when_there_are_none(national):
    SigningKey.objects.all().delete()
    found = national.browser.get("/oidc/jwks").json()["keys"]
    assert len(found) == 2
    assert all((key["crv"], key["alg"], key["use"]) == ("P-256", "ES256", "sig") for key in found)
    assert not any("d" in key for key in found)


# ---------------------------------------------------------------- authorize


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": None},
        {"client_id": "unknown"},
        {"client_id": "test-client\x00"},
        {"redirect_uri": None},
        {"redirect_uri": "https://evil.test/"},
        {"redirect_uri": "https://client.test/tro-ve"},
        {"redirect_uri": "https://client.test/tro-ve/?x=1"},
        {"redirect_uri": "https://client.test/tro-ve/../khac/"},
        {"redirect_uri": "https://client.test/tro-ve/%2e%2e/"},
        {"redirect_uri": "https://client.test@evil.test/tro-ve/"},
        {"redirect_uri": "https://CLIENT.test/tro-ve/"},
        {"redirect_uri": "https://client.test:443/tro-ve/"},
        {"redirect_uri": ["https://client.test/tro-ve/", "https://evil.test/"]},
        {"client_id": ["test-client", "test-client"]},
    ],
)
def test_nobody_is_sent_to_an_address_that_is_not_registered(national, changes):
    response = authorize(national, **changes)
    assert response.status_code == 400
    assert "chưa đăng ký" in response.content.decode()
    assert "Location" not in response


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"nonce": None}, "invalid_request"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"request": "eyJhbGciOiJub25lIn0.e30."}, "request_not_supported"),
        ({"prompt": "none"}, "login_required"),
    ],
)
def test_a_registered_client_learns_what_is_wrong_with_its_request(national, changes, error):
    begun = errand()
    response = authorize(national, begun, **changes)
    answer = answer_of(response)
    assert response.status_code == 303
    assert (answer["error"], answer["state"], answer["iss"]) == (error, begun.state, national.issuer)
    assert "code" not in answer


def test_a_client_that_is_no_longer_active_is_unknown(national):
    clients.Client.objects.update(active=False)
    assert authorize(national).status_code == 400


def test_a_request_may_also_be_posted(national):
    response = national.browser.post("/oidc/authorize", params(national))
    assert response.status_code == 303
    assert response["Location"].startswith("/dinh-danh/dang-nhap/?yeu-cau=")


def test_the_whole_way_gives_claims_once_agreed_without_asking_again(national, holder):
    who, begun = holder(), errand()
    provider = national.provider()
    claims = provider.exchange(strict_code(national, who, begun), begun.verifier, begun.nonce, level=2)
    assert (claims.number, claims.name, claims.born_on) == (who.number, "Trần Thị Hồng Nhung", "1990-05-19")
    assert (claims.acr, claims.account_level, claims.phone) == (2, 2, "0900000017")
    again = errand()
    response = national.browser.get(provider.authorize_url(again, levels=(2, 1)))
    assert "code" in answer_of(response)  # logged in and agreed: no page at all


def test_an_account_without_a_second_factor_gets_in_at_level_1_when_that_will_do(national, holder):
    who, begun = holder(app=False), errand()
    claims = national.provider().exchange(strict_code(national, who, begun), begun.verifier, begun.nonce)
    assert claims.acr == 1


def test_a_level_out_of_reach_is_refused_to_the_client(national, holder):
    who, begun = holder(app=False), errand()
    answer = national.log_in(who, national.provider().authorize_url(begun, levels=(2,)))
    assert answer["error"] == "unmet_authentication_requirements"


def test_a_log_in_that_was_enough_for_one_request_is_stepped_up_for_another(national, holder):
    who, low, high = holder(), errand(), errand()
    provider = national.provider()
    answer = national.log_in(who, provider.authorize_url(low, levels=(1,)))
    assert provider.exchange(answer["code"], low.verifier, low.nonce).acr == 1
    response = national.browser.get(provider.authorize_url(high, levels=(2,)))
    assert response["Location"].startswith("/dinh-danh/ma-xac-thuc/")
    answer = national.log_in(who, provider.authorize_url(high, levels=(2,)))
    assert provider.exchange(answer["code"], high.verifier, high.nonce, level=2).acr == 2


@pytest.mark.parametrize("words", [{"prompt": "login"}, {"max_age": 0}])
def test_a_fresh_log_in_is_asked_for_and_then_is_fresh_enough(national, holder, words):
    who = holder()
    provider = national.provider()
    national.log_in(who, provider.authorize_url(errand()))
    response = national.browser.get(provider.authorize_url(errand(), **words))
    assert response["Location"].startswith("/dinh-danh/dang-nhap/")
    assert "code" in national.log_in(who, provider.authorize_url(errand(), **words))


def test_a_person_who_says_no_sends_the_client_away_without_anything(national, holder):
    who, begun = holder(), errand()
    page = national.browser.get(national.provider().authorize_url(begun))["Location"]
    national.browser.post(page, national.answers(who))
    consent = national.browser.get(national.provider().authorize_url(begun))["Location"]
    answer = answer_of(national.browser.post(consent, {"decline": "1"}))
    assert (answer["error"], answer["state"]) == ("access_denied", begun.state)
    assert national.browser.post(consent, {"agree": "1"}).status_code == 404  # too late to agree


def test_codes_go_only_to_the_session_that_agreed(national, holder):
    who, other = holder(), holder("080190000025", name="Lê Văn Khác")
    begun = errand()
    code_for(national, who, begun)
    national.browser.cookies.clear()
    waiting = national.browser.get(national.provider().authorize_url(errand()))["Location"]
    response = national.browser.post(waiting, national.answers(other))
    assert response["Location"].startswith("/dinh-danh/dong-y/")
