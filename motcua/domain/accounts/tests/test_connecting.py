"""Systems that ask to be let in: what they must show, and who decides."""

import json
from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from motcua.base import events, jose
from motcua.base.actor import SYSTEM, Actor, Role
from motcua.base.errors import Refused
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import connecting
from motcua.domain.accounts.models import AccessToken, Client, Connection
from motcua.domain.accounts.rules.connecting import Evidence, read_keys
from motcua.domain.accounts.tests.conftest import AT, HERE, KEY, answered, redeem, register, told

TODAY = timezone.localdate(AT)
ADMINISTRATOR = Actor(name="Quản trị", roles=frozenset({Role.ADMINISTRATOR}))
CITIZEN = Actor(name="Dân", roles=frozenset({Role.CITIZEN}), person=1)
AUDITOR = Actor(name="Giám sát", roles=frozenset({Role.AUDITOR}))


def shown(**changes):
    good = {
        "level": 3,
        "level_reference": "12/QĐ-UBND",
        "level_on": TODAY - timedelta(days=40),
        "agreement_reference": "01/TT",
        "agreement_on": TODAY - timedelta(days=2),
        "known": False,
    }
    return Evidence(**{**good, **changes})


def file(code="so-y-te", by=ADMINISTRATOR, evidence=None, **changes):
    words = {
        "name": "Sở Y tế",
        "purpose": "Đặt lịch khám.",
        "redirect_uris": [HERE],
        "scopes": ["openid", "profile"],
        "keys": [jose.public(KEY)],
        **changes,
    }
    return connecting.file(code=code, evidence=evidence or shown(), **words, by=by, at=AT)


def approve(client, by=ADMINISTRATOR):
    return connecting.approve(client=client, by=by, at=AT)


# ---------------------------------------------------------------- asking and deciding


def test_a_token_made_in_the_moment_of_suspending_does_not_wake_up_with_its_client(client, session):
    token = redeem(client, answered(client, session)).access_token
    connecting.suspend(client=client, note="Sự cố", by=ADMINISTRATOR, at=AT)
    AccessToken.objects.update(revoked_at=None)  # as one that was just being made
    connecting.resume(client=client, by=ADMINISTRATOR, at=AT)
    assert told(token) is None


def test_a_system_that_asks_is_strict_and_not_let_in_before_it_is_approved(db):
    client = file().client
    assert client.strict and queries.client("so-y-te") is None
    approve(client)
    assert queries.client("so-y-te") == client
    names = [event.name for event in events.history(client.subject)]
    assert names == ["client.register", "client.ask", "client.approve"]


@pytest.mark.parametrize(("known", "due"), [(False, date(2026, 12, 23)), (True, date(2026, 12, 3))])
def test_it_is_appraised_in_30_days_or_in_7_working_days_when_it_is_known(db, known, due):
    assert timezone.localdate(file(evidence=shown(known=known)).due_at) == due


@pytest.mark.parametrize("level", [1, 2])
def test_below_level_3_it_is_not_approved_by_anybody(db, level):
    connection = file(evidence=shown(level=level))
    with pytest.raises(Refused, match="cấp độ 3"):
        approve(connection.client)
    with pytest.raises(IntegrityError), transaction.atomic():
        Connection.objects.update(state="approved")


@pytest.mark.parametrize(
    "changes",
    [
        {"level_reference": " "},
        {"agreement_reference": ""},
        {"level_on": TODAY + timedelta(days=1)},
        {"agreement_on": TODAY + timedelta(days=1)},
    ],
)
def test_without_its_papers_it_is_not_taken_down(db, changes):
    with pytest.raises(Refused):
        file(evidence=shown(**changes))
    assert not Client.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"code": "Sở"},
        {"code": "a"},
        {"code": "x" * 61},
        {"code": "a b c"},
        {"code": "a\0bc"},
        {"redirect_uris": []},
        {"redirect_uris": ["http://a.test/"]},
        {"backchannel_uri": "http://a.test/"},
        {"scopes": ["profile"]},
        {"keys": []},
    ],
)
def test_what_no_client_may_have_is_not_taken_down(db, changes):
    with pytest.raises(Refused):
        file(**changes)
    assert not Client.objects.exists()


def test_a_code_that_is_taken_cannot_be_taken_over(client):
    with pytest.raises(Refused, match="Đã có"):
        file(code=client.code, keys=[jose.public(jose.new_key())])
    assert Client.objects.get().keys == client.keys


def test_an_answer_is_given_once(db):
    client = file().client
    connecting.refuse(client=client, note="Thiếu thỏa thuận", by=ADMINISTRATOR, at=AT)
    with pytest.raises(Refused, match="đã được trả lời"):
        approve(client)
    with pytest.raises(Refused, match="không bị tạm ngừng"):
        connecting.resume(client=client, by=ADMINISTRATOR, at=AT)
    assert queries.client("so-y-te") is None


def test_a_refusal_says_why(db):
    with pytest.raises(Refused, match="lý do"):
        connecting.refuse(client=file().client, note=" ", by=ADMINISTRATOR, at=AT)


@pytest.mark.parametrize("by", [CITIZEN, AUDITOR, Actor(name="")])
def test_nobody_but_an_administrator_decides(client, by):
    asked = file().client
    for act in (
        lambda: file(code="other", by=by),
        lambda: approve(asked, by=by),
        lambda: connecting.refuse(client=asked, note="x", by=by, at=AT),
        lambda: connecting.suspend(client=client, note="x", by=by, at=AT),
        lambda: connecting.resume(client=client, by=by, at=AT),
        lambda: connecting.replace_keys(client=client, keys=[jose.public(KEY)], by=by, at=AT),
    ):
        with pytest.raises(Refused, match="Chỉ quản trị"):
            act()
    assert queries.clients(CITIZEN).count() == 0 and queries.clients(AUDITOR).count() == 2


# ---------------------------------------------------------------- suspending


def test_a_suspended_system_is_out_with_its_tokens_and_may_come_back(client, session):
    redeem(client, answered(client, session))
    connecting.suspend(client=client, note="Lộ khóa", by=ADMINISTRATOR, at=AT)
    assert queries.client(client.code) is None
    assert not AccessToken.objects.filter(revoked_at=None).exists()
    with pytest.raises(Refused):
        connecting.suspend(client=client, note="x", by=ADMINISTRATOR, at=AT)
    connecting.resume(client=client, by=ADMINISTRATOR, at=AT)
    assert queries.client(client.code) == client


def test_registering_again_does_not_let_a_suspended_system_in(client):
    connecting.suspend(client=client, note="Lộ khóa", by=SYSTEM, at=AT)
    register()
    assert queries.client(client.code) is None


# ---------------------------------------------------------------- keys


def jwks(*keys):
    return json.dumps({"keys": list(keys)})


def test_a_set_of_public_keys_is_read(db):
    found = read_keys(jwks(jose.public(KEY), jose.public(jose.new_key())))
    assert found[0] == jose.public(KEY) and len(found) == 2


PUBLIC = jose.public(KEY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        "null",
        '{"keys": {}}',
        '{"keys": []}',
        "[" * 9000,
        jwks(*[jose.public(jose.new_key()) for _ in range(6)]),
        jwks(KEY),
        jwks({**PUBLIC, "kid": None}),
        jwks({**PUBLIC, "kid": ""}),
        jwks({**PUBLIC, "kid": ["x"]}),
        jwks({**PUBLIC, "crv": "P-384"}),
        jwks({**PUBLIC, "kty": "oct", "k": "c2VjcmV0"}),
        jwks({"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "x"}),
        jwks({**PUBLIC, "use": "enc"}),
        jwks({**PUBLIC, "alg": "HS256"}),
        jwks({**PUBLIC, "x": "AAAA"}),
        jwks({**PUBLIC, "y": PUBLIC["x"]}),  # not on the curve
        jwks({**PUBLIC, "x": 5}),
        jwks(PUBLIC, PUBLIC),
        jwks(PUBLIC, {**PUBLIC, "kid": "same key, other name"}),
        jwks("x"),
        jwks(None),
        jwks(PUBLIC) + " " * 20_001,
    ],
)
def test_anything_else_is_no_set_of_public_keys(text):
    with pytest.raises(Refused):
        read_keys(text)


@given(st.dictionaries(st.sampled_from(["kty", "crv", "x", "y", "kid", "use", "alg"]), st.text(max_size=50)))
def test_no_odd_key_breaks_the_reading(odd):
    with suppress(Refused):
        assert read_keys(jwks({**PUBLIC, **odd}))


def test_keys_are_replaced_the_new_beside_the_old(client):
    new = jose.public(jose.new_key())
    connecting.replace_keys(client=client, keys=[PUBLIC, new], by=ADMINISTRATOR, at=AT)
    assert [key["kid"] for key in queries.client(client.code).keys] == [PUBLIC["kid"], new["kid"]]
