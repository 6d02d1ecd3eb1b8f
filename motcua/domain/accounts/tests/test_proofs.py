from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.base import jose
from motcua.domain.accounts.rules import proofs
from motcua.domain.accounts.rules.requests import Fault
from motcua.domain.accounts.tests.conftest import AT

HELD = jose.new_key()
HERE = "https://op.test/oidc/token"
NONCES = proofs.nonces("key", at=AT)
NOW = int(AT.timestamp())


def proof(key=HELD, typ="dpop+jwt", **changes):
    good = {"htm": "POST", "htu": HERE, "jti": "j" * 20, "iat": NOW, "nonce": NONCES[0], **changes}
    return jose.prove({name: value for name, value in good.items() if value is not None}, key, typ=typ)


def check(text, **changes):
    words = {"method": "POST", "address": HERE, "nonces": NONCES, "at": AT, **changes}
    return proofs.check_proof(text, **words)


# ---------------------------------------------------------------- proofs of possession


def test_a_proof_names_its_key_and_how_long_to_remember_it():
    shown = check(proof())
    assert shown.holder == jose.thumbprint(HELD)
    assert shown.forget_at > AT + timedelta(seconds=proofs.PROOF_AGE)


@pytest.mark.parametrize("htu", [HERE + "?a=1", HERE + "#x", "https://OP.test/oidc/token"])
def test_query_fragment_and_capitals_of_the_host_do_not_matter(htu):
    assert check(proof(htu=htu))


@pytest.mark.parametrize(
    "changes",
    [
        {"htm": "GET"},
        {"htm": "post"},
        {"htm": None},
        {"htu": "https://op.test/oidc/par"},
        {"htu": "https://evil.test/oidc/token"},
        {"htu": "https://op.test:444/oidc/token"},
        {"htu": "http://op.test/oidc/token"},
        {"htu": "https://["},
        {"htu": ["https://op.test/oidc/token"]},
        {"htu": None},
        {"iat": NOW - 301},
        {"iat": NOW + 301},
        {"iat": 10**400},
        {"iat": True},
        {"iat": float(NOW)},
        {"iat": str(NOW)},
        {"iat": None},
        {"jti": None},
        {"jti": "short"},
        {"jti": "x" * 201},
        {"jti": 12345678},
        {"typ": "JWT"},
        {"typ": "DPOP+JWT"},
    ],
)
def test_a_proof_of_something_else_proves_nothing(changes):
    with pytest.raises(Fault) as fault:
        check(proof(**changes))
    assert fault.value.code == "invalid_dpop_proof"


@pytest.mark.parametrize("nonce", [None, "", "x", ["x"], proofs.nonces("other", at=AT)[0]])
def test_a_proof_made_beforehand_is_sent_back_for_a_nonce(nonce):
    with pytest.raises(Fault) as fault:
        check(proof(nonce=nonce))
    assert fault.value.code == "use_dpop_nonce"


@pytest.mark.parametrize("ath", [None, "", jose.whole_hash("other"), jose.half_hash("token"), 5])
def test_a_proof_for_another_token_is_refused(ath):
    with pytest.raises(Fault, match="another token"):
        check(proof(ath=ath), access_token="token")
    assert check(proof(ath=jose.whole_hash("token")), access_token="token")


def test_a_proof_that_shows_a_private_key_or_borrows_a_name_is_refused():
    claims = {"htm": "POST", "htu": HERE, "jti": "j" * 20, "iat": NOW, "nonce": NONCES[0]}
    signed = jose.sign(claims, HELD, typ="dpop+jwt")
    for text in (signed, proof() + "x", proof()[:-4], "", "a.b.c", proof().replace(".", "")):
        with pytest.raises(Fault) as fault:
            check(text)
        assert fault.value.code == "invalid_dpop_proof"


def test_a_proof_signed_by_a_key_other_than_the_one_it_shows_is_refused():
    shown, signed = proof().split("."), proof(key=jose.new_key()).split(".")
    with pytest.raises(Fault):
        check(".".join([*shown[:2], signed[2]]))


# ---------------------------------------------------------------- nonces


@given(seconds=st.integers(0, 10**9))
def test_a_nonce_is_good_for_one_turn_at_least_and_two_at_most(seconds):
    given_at = AT + timedelta(seconds=seconds)
    first = proofs.nonces("key", at=given_at)[0]
    assert first in proofs.nonces("key", at=given_at + timedelta(seconds=proofs.NONCE_TURN))
    assert first not in proofs.nonces("key", at=given_at + timedelta(seconds=2 * proofs.NONCE_TURN))


@given(age=st.integers(-2000, 2000))
def test_a_proof_is_remembered_for_as_long_as_it_could_be_used(age):
    made = NOW - age
    try:
        shown = check(proof(iat=made))
    except Fault:
        assert abs(age) > proofs.PROOF_AGE
        return
    later = shown.forget_at
    with pytest.raises(Fault):
        check(proof(iat=made), at=later + timedelta(seconds=1), nonces=[NONCES[0]])


# ---------------------------------------------------------------- whatever the clocks


@given(drift=st.integers(-400, 400), later=st.integers(0, 1300))
def test_a_proof_is_remembered_for_as_long_as_it_would_be_believed(drift, later):
    text, used = proof(iat=NOW + drift), None
    try:
        used = check(text)
    except Fault:
        assert abs(drift) > proofs.PROOF_AGE
        return
    try:
        check(text, at=AT + timedelta(seconds=later))  # even were its nonce good for ever
    except Fault:
        assert later > proofs.PROOF_AGE + drift
    else:
        assert used.forget_at >= AT + timedelta(seconds=later)


@given(
    drift=st.integers(-400, 400), life=st.integers(-10, 400), dated=st.booleans(), later=st.integers(0, 900)
)
def test_an_assertion_is_remembered_for_as_long_as_it_would_be_believed(drift, life, dated, later):
    claims = {"iss": "a", "sub": "a", "aud": HERE, "jti": "j" * 16, "exp": NOW + drift + life}
    claims |= {"iat": NOW + drift} if dated else {}

    def believed(at):
        try:
            return proofs.check_assertion(claims, client="a", audiences=(HERE,), at=at)
        except jose.BadToken:
            return None

    now, then = believed(AT), believed(AT + timedelta(seconds=later))
    if now is not None:
        assert -proofs.SKEW < drift + life <= proofs.ASSERTION_LIFE + proofs.SKEW
        assert not dated or drift <= proofs.SKEW  # a clock five minutes fast is not believed
    if now is not None and then is not None:
        assert now[1] > AT + timedelta(seconds=later)
