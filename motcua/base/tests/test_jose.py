import base64
import json
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OctKey

from motcua.base import jose

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
NOW = int(AT.timestamp())
KEY = jose.new_key()
OTHER = jose.new_key()


def b64(value):
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def test_a_signed_token_opens_with_the_public_key():
    token = jose.sign({"name": "Nguyễn Văn Đức"}, KEY)
    assert jose.opened(token, [jose.public(OTHER), jose.public(KEY)]) == {"name": "Nguyễn Văn Đức"}


def test_the_public_part_holds_no_secret():
    assert "d" in KEY and "d" not in jose.public(KEY)


def test_a_token_of_another_key_is_refused():
    with pytest.raises(jose.BadToken):
        jose.opened(jose.sign({"a": 1}, OTHER), [jose.public(KEY)])


def test_a_key_under_a_borrowed_name_is_refused():
    stolen = {**OTHER, "kid": KEY["kid"]}
    with pytest.raises(jose.BadToken):
        jose.opened(jose.sign({"a": 1}, stolen), [jose.public(KEY)])


def test_changed_claims_are_refused():
    head, _, tail = jose.sign({"a": 1}, KEY).split(".")
    with pytest.raises(jose.BadToken):
        jose.opened(f"{head}.{b64({'a': 2})}.{tail}", [jose.public(KEY)])


def test_none_is_refused():
    for alg in ("none", "None", "NONE", "", None):
        token = f"{b64({'alg': alg, 'kid': KEY['kid']})}.{b64({'a': 1})}."
        with pytest.raises(jose.BadToken):
            jose.opened(token, [jose.public(KEY)])


def test_the_public_key_used_as_a_shared_secret_is_refused():
    secret = OctKey.import_key(json.dumps(jose.public(KEY)).encode())
    token = jws.serialize_compact({"alg": "HS256", "kid": KEY["kid"]}, b'{"a": 1}', secret, ["HS256"])
    with pytest.raises(jose.BadToken):
        jose.opened(token, [jose.public(KEY)])


def test_a_key_brought_along_in_the_header_is_not_used():
    header = {"alg": "ES256", "jwk": jose.public(OTHER), "kid": OTHER["kid"]}
    token = jose.sign({"a": 1}, OTHER)
    forged = b64(header) + token[token.index(".") :]
    with pytest.raises(jose.BadToken):
        jose.opened(forged, [jose.public(KEY)])


def test_critical_headers_are_refused():
    head = {"alg": "ES256", "kid": KEY["kid"], "crit": ["b64"], "b64": False}
    with pytest.raises(jose.BadToken):
        jose.opened(f"{b64(head)}.{b64({})}.AA", [jose.public(KEY)])


def test_without_a_name_only_a_single_key_may_be_meant():
    key = {name: value for name, value in KEY.items() if name != "kid"}
    token = jws.serialize_compact({"alg": "ES256"}, b'{"a": 1}', jose.ECKey.import_key(key), ["ES256"])
    assert jose.opened(token, [jose.public(KEY)]) == {"a": 1}
    with pytest.raises(jose.BadToken):
        jose.opened(token, [jose.public(KEY), jose.public(OTHER)])


def test_claims_that_are_no_object_are_refused():
    key = jose.ECKey.import_key(KEY)
    for payload in (b"[1]", b"1", b"null", b"\xff", b"", b"[" * 4000):
        token = jws.serialize_compact({"alg": "ES256", "kid": KEY["kid"]}, payload, key, ["ES256"])
        with pytest.raises(jose.BadToken):
            jose.opened(token, [jose.public(KEY)])


@given(st.one_of(st.text(), st.from_regex(r"[A-Za-z0-9_-]{0,40}\.[A-Za-z0-9_-]{0,40}\.[A-Za-z0-9_-]{0,90}")))
@example(b64(b"[" * 5000) + "..")
@example(b64({"alg": "ES256", "kid": {"a": []}}) + ".e30.AA")
@example(b64({"alg": ["ES256"]}) + ".e30.AA")
@example("." * 9000)
def test_no_garbage_gets_past_or_breaks_anything(token):
    with pytest.raises(jose.BadToken):
        jose.opened(token, [jose.public(KEY), {"kty": "EC"}, {}])


@given(
    st.dictionaries(
        st.sampled_from(["exp", "iat", "nbf"]),
        st.one_of(st.none(), st.booleans(), st.text(), st.floats(), st.integers(), st.lists(st.integers())),
    )
)
def test_odd_times_are_refused_or_understood_never_a_crash(claims):
    try:
        jose.check_times(claims, at=AT, skew=30, longest=600)
    except jose.BadToken:
        return
    assert NOW - 30 < claims["exp"] <= NOW + 630


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"exp": NOW - 31},
        {"exp": NOW + 631},
        {"exp": NOW + 60, "iat": NOW + 31},
        {"exp": NOW + 60, "nbf": NOW + 31},
        {"exp": str(NOW + 60)},
        {"exp": True},
        {"exp": float("inf")},
        {"exp": float("nan")},
    ],
)
def test_wrong_times_are_refused(claims):
    with pytest.raises(jose.BadToken):
        jose.check_times(claims, at=AT, skew=30, longest=600)


def test_a_clock_a_little_off_is_forgiven():
    jose.check_times({"exp": NOW - 20, "iat": NOW - 300}, at=AT, skew=30, longest=600)
    jose.check_times({"exp": NOW + 300, "iat": NOW + 20}, at=AT, skew=30, longest=600)


def test_at_hash_equals_the_published_example():
    # OpenID Connect Core 1.0, appendix A.3
    token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"
    assert jose.half_hash(token) == "77QmUPtjPfzWtF2AnpK9RQ"
