from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from motcua.base import jose
from motcua.domain.accounts.rules import accounts, proofs, requests
from motcua.domain.accounts.rules.accounts import Allowance
from motcua.domain.accounts.rules.requests import Fault, Standing, Step

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
HERE = "https://client.test/tro-ve/"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"  # RFC 7636 appendix B
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"


def params(**changes):
    good = {
        "response_type": "code",
        "scope": "openid profile",
        "state": "s1",
        "nonce": "n1",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **changes,
    }
    given = {name: value for name, value in good.items() if value != ""}
    return {name: value if isinstance(value, list) else [value] for name, value in given.items()}


def read(scopes=tuple(requests.CLAIMS_OF_SCOPE), **changes):
    return requests.read(params(**changes), redirect_uri=HERE, allowed_scopes=scopes)


# ---------------------------------------------------------------- strength of a log-in


@pytest.mark.parametrize(
    ("methods", "level"),
    [
        ([], 0),
        (["pwd"], 1),
        (["otp"], 1),
        (["pwd", "otp"], 2),
        (["demo"], 2),
        (["?"], 0),
        (["pwd", "pwd"], 1),
    ],
)
def test_levels_add_up_as_the_decree_says(methods, level):
    assert accounts.assurance(methods) == level


def test_a_body_part_is_needed_for_levels_3_and_4(monkeypatch):
    monkeypatch.setitem(accounts.METHODS, "face", frozenset({accounts.BODILY}))
    assert accounts.assurance(["face"]) == 1
    assert accounts.assurance(["face", "pwd"]) == 3
    assert accounts.assurance(["face", "pwd", "otp"]) == 4


@pytest.mark.parametrize(
    "password",
    [
        "ngắn",
        "a" * 129,
        "aaaaaaaaaaaaaaaa",
        "xin chao 080190000017 nhe",
        "Tran Thi Hong Nhung 1990",
        "trầnthịhồngnhung!",
    ],
)
def test_weak_passwords_are_refused(password):
    assert accounts.why_not_password(password, number="080190000017", name="Trần Thị Hồng Nhung")


def test_a_long_sentence_is_a_good_password():
    assert accounts.why_not_password("bảy con vịt vàng bơi", number="0", name="Trần Thị Nhung") is None


def test_both_ways_of_composing_vietnamese_letters_are_one_password():
    assert accounts.canonical("vịt") == accounts.canonical("vi\u0323t")


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_equal_the_published_vectors(seconds, code):
    # RFC 6238 appendix B, last six digits
    assert accounts.code(b"12345678901234567890", seconds // 30) == code


def test_a_code_works_within_half_a_minute_and_never_twice():
    secret, step = b"x" * 20, accounts.step_at(AT)
    for drift in (-1, 0, 1):
        typed = accounts.code(secret, step + drift)
        assert accounts.matching_step(secret, typed, at=AT, last=0) == step + drift
        assert accounts.matching_step(secret, typed, at=AT, last=step + drift) is None
    for drift in (-2, 2):
        assert accounts.matching_step(secret, accounts.code(secret, step + drift), at=AT, last=0) is None


@given(st.text(max_size=12))
def test_no_odd_text_is_a_code(typed):
    found = accounts.matching_step(b"x" * 20, typed, at=AT, last=0)
    assert found is None or (len(typed) == 6 and typed.isascii())


@given(
    st.lists(st.integers(0, 5000), max_size=60),
    st.integers(1, 5),
    st.integers(1, 300),
    st.integers(0, 600),
)
def test_no_window_ever_holds_more_tries_than_allowed(moments, tries, window, pause):
    allowance = Allowance(tries, timedelta(seconds=window), timedelta(seconds=pause))
    spent, closed, taken = [], None, []
    for second in sorted(moments):
        at = AT + timedelta(seconds=second)
        spent, closed = accounts.spend(allowance, spent, closed, at)
        if closed is None:
            taken.append(second)
        else:
            assert at <= closed
    for first in taken:
        assert sum(first <= second < first + window for second in taken) <= tries


def test_the_wait_begins_with_one_try_too_many_and_ends():
    allowance = Allowance(2, timedelta(seconds=60), timedelta(minutes=10))
    spent, closed = accounts.spend(allowance, [], None, AT)
    spent, closed = accounts.spend(allowance, spent, closed, AT)
    spent, closed = accounts.spend(allowance, spent, closed, AT)
    assert closed == AT + timedelta(minutes=10)
    spent, closed = accounts.spend(allowance, spent, closed, AT + timedelta(minutes=9))
    assert closed == AT + timedelta(minutes=10)  # trying on does not make it longer
    assert accounts.spend(allowance, spent, closed, AT + timedelta(minutes=10))[1] is None


# ---------------------------------------------------------------- requests


def test_a_good_request_is_read():
    levels = "urn:vn:loa:2 urn:vn:loa:1"
    asked = read(acr_values=levels, max_age="60", prompt="login", scope="openid profile x")
    assert asked.scopes == ("openid", "profile")  # an unknown scope is left out
    assert (asked.levels, asked.max_age, asked.prompts) == ((2, 1), 60, frozenset({"login"}))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"response_type": ""}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge": CHALLENGE + "="}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": ""}, "invalid_request"),
        ({"state": ""}, "invalid_request"),
        ({"nonce": ""}, "invalid_request"),
        ({"nonce": "n\x00"}, "invalid_request"),
        ({"state": "x" * 513}, "invalid_request"),
        ({"state": ["a", "b"]}, "invalid_request"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"scope": ""}, "invalid_scope"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "create"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"max_age": "١"}, "invalid_request"),
        ({"max_age": "1e3"}, "invalid_request"),
        ({"request": "eyJ"}, "request_not_supported"),
        ({"request_uri": "https://x"}, "request_uri_not_supported"),
    ],
)
def test_a_bad_request_names_its_fault(changes, code):
    with pytest.raises(Fault) as fault:
        read(**changes)
    assert fault.value.code == code
    assert fault.value.description.isascii()


def test_a_scope_that_the_client_may_not_ask_for_is_refused():
    with pytest.raises(Fault) as fault:
        read(scopes=("openid", "profile"), scope="openid citizen_number")
    assert fault.value.code == "invalid_scope"


@given(st.dictionaries(st.sampled_from(sorted(params())), st.lists(st.text(), max_size=2)))
def test_no_odd_request_breaks_the_reading(changes):
    try:
        requests.read({**params(), **changes}, redirect_uri=HERE, allowed_scopes=["openid", "profile"])
    except Fault as fault:
        assert fault.code


# ---------------------------------------------------------------- what comes next


def standing(**changes):
    agreed = frozenset(requests.CLAIM_NAMES)
    return Standing(**{"authenticated_at": AT, "level": 2, "reachable": 2, "decided": agreed, **changes})


def step(asked, stands, made_at=AT + timedelta(minutes=1)):
    return requests.next_step(asked, stands, made_at=made_at)


@pytest.mark.parametrize(
    ("asked", "stands", "next_step"),
    [
        ({}, None, Step.LOG_IN),
        ({}, {}, Step.ANSWER),
        ({"prompt": "login"}, {}, Step.LOG_IN),
        ({"prompt": "select_account"}, {}, Step.LOG_IN),
        ({"prompt": "login"}, {"authenticated_at": AT + timedelta(minutes=2)}, Step.ANSWER),
        ({"max_age": "59"}, {}, Step.LOG_IN),
        ({"max_age": "60"}, {}, Step.ANSWER),
        ({"max_age": "0"}, {"authenticated_at": AT + timedelta(minutes=1)}, Step.ANSWER),
        ({"acr_values": "urn:vn:loa:2"}, {"level": 1}, Step.CONFIRM),
        ({"acr_values": "urn:vn:loa:2"}, {}, Step.ANSWER),
        ({"acr_values": "urn:vn:loa:1"}, {"level": 1}, Step.ANSWER),
        ({"acr_values": "urn:vn:loa:2 urn:vn:loa:1"}, {"level": 1, "reachable": 1}, Step.ANSWER),
        ({"acr_values": "urn:example:other"}, {"level": 1}, Step.ANSWER),
        ({}, {"decided": frozenset({"name"})}, Step.CONSENT),
        ({"scope": "openid"}, {"decided": frozenset()}, Step.ANSWER),
        ({"prompt": "consent"}, {"agreed_at": AT}, Step.CONSENT),
        ({"prompt": "consent"}, {"agreed_at": AT + timedelta(minutes=1)}, Step.ANSWER),
        ({"prompt": "none"}, {}, Step.ANSWER),
    ],
)
def test_what_comes_next(asked, stands, next_step):
    assert step(read(**asked), None if stands is None else standing(**stands)) == next_step


@pytest.mark.parametrize(
    ("asked", "stands", "code"),
    [
        ({}, None, "login_required"),
        ({"max_age": "0"}, {}, "login_required"),
        ({"acr_values": "urn:vn:loa:2"}, {"level": 1}, "login_required"),
        ({}, {"decided": frozenset()}, "consent_required"),
    ],
)
def test_a_silent_request_never_shows_a_page(asked, stands, code):
    with pytest.raises(Fault) as fault:
        step(read(prompt="none", **asked), None if stands is None else standing(**stands))
    assert fault.value.code == code


def test_a_level_that_nobody_can_reach_is_not_quietly_lowered():
    with pytest.raises(Fault) as fault:
        step(read(acr_values="urn:vn:loa:3"), standing())
    assert fault.value.code == "unmet_authentication_requirements"


# ---------------------------------------------------------------- addresses, PKCE, assertions


@pytest.mark.parametrize(
    "uri",
    [
        "https://tayninh.gov.vn/dang-nhap/tro-ve/",
        "http://127.0.0.1:8000/x",
        "http://localhost/x",
        "https://a.vn/x?y=1",
    ],
)
def test_full_addresses_can_be_registered(uri):
    assert requests.why_not_redirect_uri(uri) is None


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "http://tayninh.gov.vn/x",
        "https://*.gov.vn/x",
        "https://a.vn/x#y",
        "https://a.vn/x#",
        "https://user:pass@a.vn/",
        "https://a.vn\\@b.vn/",
        "//a.vn/x",
        "/x",
        "javascript:alert(1)",
        "https://",
        "https://a.vn/ x",
        "https://a.vn/\x00",
        "https://tây-ninh.vn/",
        "https://[::1",
        "http://127.0.0.1.evil.vn/",
        "https://a.vn/" + "x" * 500,
    ],
)
def test_other_addresses_cannot_be_registered(uri):
    assert requests.why_not_redirect_uri(uri)


@given(st.text())
def test_no_odd_address_breaks_the_check(uri):
    requests.why_not_redirect_uri(uri)


def test_an_answer_keeps_a_registered_query_and_drops_what_is_empty():
    assert requests.answer("https://a.vn/x?y=1", code="c d", state="") == "https://a.vn/x?y=1&code=c+d"


def test_the_published_verifier_proves_its_challenge():
    assert requests.proves(VERIFIER, CHALLENGE)


@given(st.text())
@example("")
@example(CHALLENGE)
@example(VERIFIER + "\n")
@example(VERIFIER[:-1])
def test_nothing_else_proves_it(verifier):
    assert verifier == VERIFIER or not requests.proves(verifier, CHALLENGE)


def assertion(**changes):
    good = {
        "iss": "c",
        "sub": "c",
        "aud": "https://op.test",
        "jti": "x" * 20,
        "exp": int(AT.timestamp()) + 60,
        **changes,
    }
    claims = {name: value for name, value in good.items() if value is not None}
    return proofs.check_assertion(claims, client="c", audiences=["https://op.test"], at=AT)


def test_a_good_assertion_gives_its_name_and_how_long_to_remember_it():
    jti, until = assertion()
    assert jti == "x" * 20
    assert until > AT + timedelta(seconds=60)


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "other"},
        {"sub": "other"},
        {"iss": None},
        {"aud": "https://other.test"},
        {"aud": ["https://op.test", "https://other.test"]},
        {"aud": []},
        {"aud": ["https://op.test"]},
        {"aud": None},
        {"aud": {"a": 1}},
        {"jti": None},
        {"jti": "short"},
        {"jti": "x" * 201},
        {"jti": 12345678901234567890},
        {"exp": None},
        {"exp": int(AT.timestamp()) - 60},
        {"exp": int(AT.timestamp()) + 3600},
        {"nbf": int(AT.timestamp()) + 120},
    ],
)
def test_a_bad_assertion_is_refused(changes):
    with pytest.raises(jose.BadToken):
        assertion(**changes)


def test_sectors_cannot_compare_the_names_they_have_for_people():
    a, b = requests.pairwise("key", 1, "a.vn"), requests.pairwise("key", 1, "b.vn")
    assert a != b == requests.pairwise("key", 1, "b.vn")
    assert requests.pairwise("key", 11, "a.vn") != requests.pairwise("key", 1, "1a.vn")


def test_nothing_about_a_person_is_opened_by_openid_alone():
    assert requests.claims_of(["openid"]) == ()
    assert "citizen_number" not in requests.claims_of(["openid", "profile", "phone"])
