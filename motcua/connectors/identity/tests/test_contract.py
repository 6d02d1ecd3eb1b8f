"""The twin and the real provider give the client the same, and the client believes nothing else."""

import re
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.base import jose
from motcua.base.twins import serve
from motcua.connectors.identity import Invalid, Unavailable, client
from motcua.connectors.identity.client import Provider, errand
from motcua.connectors.identity.twin import WRONGS, Someone, Twin

HERE = "https://client.test/tro-ve/"


@dataclass
class Side:
    """A provider, and a way of logging in there."""

    provider: Provider
    log_in: Any
    number: str

    def exchange(self, begun, answer, **words):
        code = self.provider.check_answer(answer, state=begun.state)
        return self.provider.exchange(code, begun.verifier, begun.nonce, **words)


def ours(twin, **words):
    known = {"issuer": twin.issuer, "client_id": twin.client_id, "redirect_uri": HERE}
    return Provider(**{**known, "key": jose.new_key(), "transport": twin.transport(), **words})


def at_twin(twin, **words):
    browser = httpx.Client(transport=twin.transport())
    return Side(ours(twin, **words), lambda url: twin.log_in(url, browser), twin.who.number)


@pytest.fixture
def twin():
    return Twin()


@pytest.fixture(params=["twin", pytest.param("real", marks=pytest.mark.django_db)])
def side(request):
    if request.param == "twin":
        return at_twin(
            Twin(who=Someone(number="080190000017", name="Trần Thị Hồng Nhung", phone="0900000017"))
        )
    national, who = request.getfixturevalue("national"), request.getfixturevalue("holder")()
    return Side(national.provider(), lambda url: national.log_in(who, url), who.number)


# ---------------------------------------------------------------- what both sides do


def test_a_log_in_gives_claims(side):
    begun = errand()
    claims = side.exchange(begun, side.log_in(side.provider.authorize_url(begun, levels=(2, 1))), level=2)
    assert (claims.number, claims.name) == (side.number, "Trần Thị Hồng Nhung")
    assert re.fullmatch(r"\d{4}(-\d\d-\d\d)?", claims.born_on)
    assert (claims.gender, claims.phone, claims.account_level, claims.acr) == ("female", "0900000017", 2, 2)
    assert abs(claims.auth_time - time.time()) < 60
    assert claims.sub and claims.sid and claims.sub != claims.number


def test_a_request_asks_for_everything_a_careful_client_needs_and_the_address_shows_nothing(twin):
    begun = errand()
    url = ours(twin).authorize_url(begun, levels=(2,), max_age=0, prompt="login")
    assert set(parse_qs(urlsplit(url).query)) == {"client_id", "request_uri"}
    query = twin.request(url)
    assert query["code_challenge_method"] == "S256" and query["code_challenge"] == begun.challenge
    assert (query["state"], query["nonce"]) == (begun.state, begun.nonce)
    assert (query["acr_values"], query["max_age"], query["prompt"]) == ("urn:vn:loa:2", "0", "login")
    assert re.fullmatch(r"[\w-]{43}", query["dpop_jkt"])
    assert begun.verifier not in query.values()


def test_an_address_works_once_and_only_in_time(side):
    url = side.provider.authorize_url(errand())
    side.log_in(url)
    with pytest.raises((AssertionError, KeyError)):
        side.log_in(url)


def test_a_code_works_once(side):
    begun = errand()
    answer = side.log_in(side.provider.authorize_url(begun))
    side.exchange(begun, answer)
    with pytest.raises(Invalid):
        side.exchange(begun, answer)


def test_a_wrong_verifier_gets_nothing(side):
    begun = errand()
    code = side.log_in(side.provider.authorize_url(begun))["code"]
    with pytest.raises(Invalid):
        side.provider.exchange(code, errand().verifier, begun.nonce)


def test_a_made_up_code_gets_nothing(side):
    begun = errand()
    with pytest.raises(Invalid):
        side.provider.exchange("x" * 43, begun.verifier, begun.nonce)


def test_another_nonce_is_not_believed(side):
    begun = errand()
    code = side.log_in(side.provider.authorize_url(begun))["code"]
    with pytest.raises(Invalid, match="nonce"):
        side.provider.exchange(code, begun.verifier, errand().nonce)


def test_a_level_below_the_one_needed_is_not_enough(side):
    begun = errand()
    answer = side.log_in(side.provider.authorize_url(begun, levels=(2,)))
    with pytest.raises(Invalid, match="acr"):
        side.exchange(begun, answer, level=3)


def test_the_way_out_names_the_client_and_the_way_back(side):
    url = side.provider.logout_url(id_token="x.y.z", back_to="https://client.test/xong/")
    query = parse_qs(urlsplit(url).query)
    assert query["id_token_hint"] == ["x.y.z"]
    assert query["post_logout_redirect_uri"] == ["https://client.test/xong/"]


# ---------------------------------------------------------------- answers brought by a browser


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"state": "other"}, "state"),
        ({"state": None}, "state"),
        ({"state": "é"}, "state"),
        ({"iss": "https://other.invalid"}, "iss"),
        ({"iss": None}, "iss"),
        ({"code": None}, "code"),
        ({"error": "access_denied"}, "error: access_denied"),
    ],
)
def test_a_doubtful_answer_is_not_used(twin, changes, why):
    answer = {"state": "s", "iss": twin.issuer, "code": "c", **changes}
    given = {name: value for name, value in answer.items() if value is not None}
    with pytest.raises(Invalid, match=why):
        ours(twin).check_answer(given, state="s")


# ---------------------------------------------------------------- a provider gone wrong


@pytest.mark.parametrize(
    "wrong", sorted(WRONGS - {"denied", "issuer", "not_json", "not_object", "auth_time", "no_request_uri"})
)
def test_whatever_is_wrong_with_an_answer_it_is_not_believed(twin, wrong):
    side, begun = at_twin(twin), errand()
    answer = side.log_in(side.provider.authorize_url(begun))
    twin.be(wrong=wrong)
    with pytest.raises(Invalid):
        side.exchange(begun, answer)
    twin.be()
    begun = errand()
    assert side.exchange(begun, side.log_in(side.provider.authorize_url(begun)))


def test_an_old_log_in_is_not_enough_when_a_fresh_one_was_asked_for(twin):
    side = at_twin(twin)
    twin.be(wrong="auth_time")
    for words, good in [({}, True), ({"max_age": 3600}, False), ({"max_age": 9000}, True)]:
        begun = errand()
        answer = side.log_in(side.provider.authorize_url(begun))
        if good:
            assert side.exchange(begun, answer, **words)
        else:
            with pytest.raises(Invalid, match="auth_time"):
                side.exchange(begun, answer, **words)


@pytest.mark.parametrize("wrong", ["issuer", "not_json", "not_object", "no_request_uri"])
def test_a_provider_that_is_not_itself_is_unavailable(twin, wrong):
    twin.be(wrong=wrong)
    with pytest.raises(Unavailable):
        ours(twin).authorize_url(errand())


def test_a_dead_provider_is_unavailable_at_every_step(twin):
    side, begun = at_twin(twin), errand()
    answer = side.log_in(side.provider.authorize_url(begun))
    twin.be(dead=True)
    with pytest.raises(Unavailable):
        side.exchange(begun, answer)
    with pytest.raises(Unavailable):
        ours(twin).authorize_url(errand())


def test_a_provider_slower_than_our_patience_is_unavailable(twin):
    side, begun = at_twin(twin, timeout=0.5), errand()
    answer = side.log_in(side.provider.authorize_url(begun))
    twin.be(slow=0.6)
    with pytest.raises(Unavailable):
        side.exchange(begun, answer)
    twin.be(slow=0.4)
    assert side.exchange(begun, answer)


def test_an_insecure_address_in_discovery_is_not_used(twin):
    twin._discovery = lambda: {
        "issuer": twin.issuer,
        "pushed_authorization_request_endpoint": "http://twin.invalid/par",
    }
    with pytest.raises(Unavailable, match="https"):
        ours(twin).authorize_url(errand())


def test_nobody_at_the_address_is_unavailable():
    nobody = Provider(
        issuer="http://127.0.0.1:9",
        client_id="x",
        key=jose.new_key(),
        redirect_uri=HERE,
        timeout=1,
    )
    with pytest.raises(Unavailable):
        nobody.authorize_url(errand())


def test_over_a_real_socket_slowness_ends_in_time(twin):
    with serve(twin) as twin.issuer:
        far = ours(twin, transport=None, timeout=30)
        begun = errand()
        with httpx.Client() as browser:
            answer = twin.log_in(far.authorize_url(begun), browser)
        twin.be(slow=60)
        far._http.timeout = 0.2
        with pytest.raises(Unavailable, match="Timeout"):
            far.exchange(answer["code"], begun.verifier, begun.nonce)
        far._http.close()


# ---------------------------------------------------------------- what is remembered


def test_discovery_and_keys_are_read_once(twin):
    side = at_twin(twin)
    for _time in range(3):
        begun = errand()
        side.exchange(begun, side.log_in(side.provider.authorize_url(begun)))
    assert twin.calls.count("/.well-known/openid-configuration") == 1
    assert twin.calls.count("/jwks") == 1


def test_a_new_key_is_fetched_when_it_first_signs(twin, monkeypatch):
    side = at_twin(twin)
    monkeypatch.setattr(client, "UNKNOWN_KEY", 0)
    for _turn in range(3):
        begun = errand()
        assert side.exchange(begun, side.log_in(side.provider.authorize_url(begun)))
        twin.rotate()
    assert twin.calls.count("/jwks") == 3


def test_forged_tokens_do_not_make_us_fetch_the_keys_each_time(twin):
    side, begun = at_twin(twin), errand()
    side.exchange(begun, side.log_in(side.provider.authorize_url(begun)))
    twin.be(wrong="kid")
    for _time in range(5):
        begun = errand()
        answer = side.log_in(side.provider.authorize_url(begun))
        with pytest.raises(Invalid):
            side.exchange(begun, answer)
    assert twin.calls.count("/jwks") == 1


@settings(max_examples=60)
@given(
    st.dictionaries(
        st.sampled_from(["access_token", "id_token", "token_type", "sub", "keys", "citizen_number", "error"]),
        st.recursive(
            st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=20)),
            lambda inner: st.lists(inner, max_size=3),
            max_leaves=5,
        ),
    )
)
def test_no_odd_answer_breaks_the_client(answer):
    twin = Twin()
    side, begun = at_twin(twin), errand()
    code = side.log_in(side.provider.authorize_url(begun))["code"]
    twin._token = lambda params: {"token_type": "DPoP", **answer}
    twin._userinfo = lambda: answer
    with pytest.raises((Invalid, Unavailable)):
        side.provider.exchange(code, begun.verifier, begun.nonce)


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(["sub", "citizen_number", "name", "account_level"]), st.integers()))
def test_facts_of_a_wrong_kind_are_left_out(facts):
    twin = Twin()
    side, begun = at_twin(twin), errand()
    twin._userinfo = lambda: {**facts, "sub": twin.who.sub}
    claims = side.exchange(begun, side.log_in(side.provider.authorize_url(begun)))
    assert (claims.number, claims.name) == ("", "")


CHILD = {"citizen_number": "080315000017", "name": "Trần Bảo An", "tie": "parent"}
FARM = {"organization_code": "1100000001", "name": "Hợp tác xã Thử", "tie": "delegate"}


def entered(twin, **claims):
    twin.who = Someone(**claims)
    side, begun = at_twin(twin), errand()
    return side.exchange(begun, side.log_in(side.provider.authorize_url(begun)))


def test_for_whom_the_person_may_act_is_read(twin):
    given = [{**CHILD, "tie": "mandate", "procedures": ["9.000001"], "until": "2027-01-31"}, CHILD]
    mandate, child = entered(twin, acting_for=given).acting_for
    assert (mandate.tie, mandate.procedures, mandate.until) == ("mandate", ("9.000001",), "2027-01-31")
    assert (child.number, child.name, child.tie, child.procedures) == (*CHILD.values(), ())


def test_organizations_that_the_person_acts_for_are_read(twin):
    given = [{**FARM, "procedures": ["9.000001"], "until": "2027-01-31"}, {**FARM, "tie": "head"}]
    delegate, head = entered(twin, acting_for=given).acting_for
    assert (delegate.number, delegate.name, delegate.tie) == tuple(FARM.values())
    assert (delegate.procedures, delegate.until, head.tie) == (("9.000001",), "2027-01-31", "head")


@pytest.mark.parametrize(
    "said",
    [
        "all",
        [{**FARM, "organization_code": "1100 <b>"}],
        [{**FARM, "organization_code": "110"}],
        [{**FARM, "organization_code": None}],
        [{**FARM, "tie": "mandate"}],
        [{**CHILD, "tie": "head"}],
        {"0": CHILD},
        ["080315000017"],
        [{**CHILD, "citizen_number": "08031500001٧"}],
        [{**CHILD, "citizen_number": None}],
        [{**CHILD, "name": ""}],
        [{**CHILD, "tie": "friend"}],
        [{**CHILD, "tie": ["parent"]}],
        [{**CHILD, "until": "tomorrow"}],
        [{**CHILD, "procedures": "9.000001"}],
        [{**CHILD, "procedures": [1]}],
        [CHILD] * 201,
    ],
)
def test_a_list_of_people_to_act_for_that_is_not_right_is_not_believed(twin, said):
    with pytest.raises(Invalid, match="acting_for"):
        entered(twin, acting_for=said)
