"""Signing keys take turns without anybody noticing."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.base import jose
from motcua.base.actor import SYSTEM
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import keys
from motcua.domain.accounts.models import SigningKey
from motcua.domain.accounts.tests.conftest import AT, answered, later, redeem


def rotate(at):
    keys.rotate_keys(by=SYSTEM, at=at)


def test_a_token_signed_before_a_turn_is_good_after_it(client, session):
    token = redeem(client, answered(client, session)).id_token
    rotate(later(minutes=1))
    assert jose.opened(token, queries.public_keys())["aud"] == "test"
    assert queries.signing_key()["kid"] != jose.header(token)["kid"]


def test_a_key_is_known_before_it_signs(client, session):
    remembered = queries.public_keys()  # by a client, before the turn
    rotate(later(minutes=1))
    token = redeem(client, answered(client, session)).id_token
    assert jose.opened(token, remembered)["aud"] == "test"


def test_what_a_client_remembers_is_good_for_one_turn_and_not_for_two(client, session):
    remembered = queries.public_keys()
    rotate(later(days=30))
    rotate(later(days=60))
    token = redeem(client, answered(client, session)).id_token
    with pytest.raises(jose.BadToken, match="no such key"):
        jose.opened(token, remembered)  # and reads the keys again
    assert jose.opened(token, queries.public_keys())


def test_an_old_key_is_forgotten_only_long_after_its_last_token_has_expired(client):
    first = queries.signing_key()["kid"]
    rotate(later(days=30))
    rotate(later(days=31))
    assert first in {key["kid"] for key in queries.public_keys()}
    rotate(later(days=33))
    assert first not in {key["kid"] for key in queries.public_keys()}


def test_no_private_part_is_told_or_kept_readable(client):
    assert not any("d" in key for key in queries.public_keys())
    private = queries.signing_key()["d"]
    assert not any(private.encode() in bytes(key.private) for key in SigningKey.objects.all())


@settings(max_examples=30)
@given(waits=st.lists(st.integers(60, 40 * 86400), min_size=1, max_size=5))
def test_whatever_the_hours_of_the_turns_no_living_token_is_orphaned(client, session, waits):
    at = SigningKey.objects.latest("turned_at").turned_at
    for seconds in waits:
        signed = jose.sign({"exp": 0}, queries.signing_key())
        announced = queries.public_keys()
        at += timedelta(seconds=seconds)
        rotate(at)
        assert jose.opened(signed, queries.public_keys()) == {"exp": 0}
        assert jose.opened(jose.sign({"a": 1}, queries.signing_key()), announced) == {"a": 1}
    assert at > AT
