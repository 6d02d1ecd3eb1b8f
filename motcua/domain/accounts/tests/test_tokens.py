"""Tokens renewed, looked into and given up; mostly by those who may not."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.base import events
from motcua.base.actor import SYSTEM
from motcua.base.errors import Refused
from motcua.base.web import NOBODY
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import accounts, grants, sessions, tokens
from motcua.domain.accounts.models import AccessToken, Client, RefreshToken
from motcua.domain.accounts.rules.accounts import Ground
from motcua.domain.accounts.rules.requests import REFRESH_IDLE, REFRESH_LIFE, TOKEN_LIFE, Fault
from motcua.domain.accounts.tests.conftest import AT, ISSUER, answered, ask, later, redeem, register, told

OPEN = ("openid", "profile", "offline_access")
KEY = "k" * 43


@pytest.fixture
def client(client):
    return register(scopes=["openid", "profile", "citizen_number", "offline_access"])[0]


@pytest.fixture
def first(client, session):
    return redeem(client, answered(client, session, scopes=OPEN))


def renew(client, token, *, at=AT, **words):
    return tokens.renew(client=client, refresh_token=token, **words, by=NOBODY, at=at)


def refused(client, token, **words):
    with pytest.raises(Fault) as fault:
        renew(client, token, **words)
    return fault.value.code


def looked(token, client, at=AT):
    return queries.looked_into(token, asker=client, issuer=ISSUER, at=at)


# ---------------------------------------------------------------- who gets one


def test_a_refresh_token_comes_only_with_offline_access(client, session):
    assert not redeem(client, answered(client, session)).refresh_token
    assert redeem(client, answered(client, session, scopes=OPEN)).refresh_token


def test_it_gives_the_next_one_and_an_access_token(client, first):
    second = renew(client, first.refresh_token, at=later(days=1))
    assert told(second.access_token, at=later(days=1))["name"] == "Trần Thị Hồng Nhung"
    assert renew(client, second.refresh_token, at=later(days=2)).scopes == OPEN
    assert second.id_token == ""


def test_fewer_scopes_may_be_asked_for_and_not_more(client, first):
    narrow = renew(client, first.refresh_token, scope="openid")
    assert set(told(narrow.access_token)) == {"sub"}
    assert refused(client, narrow.refresh_token, scope="openid citizen_number") == "invalid_scope"
    assert told(renew(client, narrow.refresh_token).access_token)["name"]  # the refusal used nothing up


# ---------------------------------------------------------------- reuse


def test_one_used_before_kills_the_whole_family_and_is_written_down(client, session, first):
    second = renew(client, first.refresh_token)
    third = renew(client, second.refresh_token)
    assert refused(client, first.refresh_token) == "invalid_grant"
    assert [told(one.access_token) for one in (first, second, third)] == [None] * 3
    assert refused(client, third.refresh_token) == "invalid_grant"
    names = [event.name for event in events.history(session.account.subject)]
    assert names[-3:] == ["token.renew", "token.renew", "token.revoke"]


def test_another_log_in_of_the_same_person_is_another_family(client, session, first):
    other = redeem(client, answered(client, session, scopes=OPEN))
    renew(client, first.refresh_token)
    assert refused(client, first.refresh_token) == "invalid_grant"
    assert renew(client, other.refresh_token)


def test_a_code_brought_twice_ends_the_refresh_token_too(client, session):
    code = answered(client, session, scopes=OPEN)
    given = redeem(client, code)
    with pytest.raises(Fault):
        redeem(client, code)
    assert refused(client, given.refresh_token) == "invalid_grant"


@pytest.mark.django_db(transaction=True)
def test_of_many_who_bring_one_at_the_same_time_at_most_one_gets_tokens_and_keeps_none(client, first):
    ready, given = threading.Barrier(4), []

    def run():
        ready.wait()
        try:
            given.append(renew(client, first.refresh_token))
        except Fault:
            given.append(None)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (only,) = [one for one in given if one]
    assert len(given) == 4 and told(only.access_token) is None
    assert refused(client, only.refresh_token) == "invalid_grant"


# ---------------------------------------------------------------- whose it is


def test_it_is_nothing_to_another_client_and_not_used_up_by_it(client, first):
    other = register("other", scopes=list(OPEN))[0]
    assert refused(other, first.refresh_token) == "invalid_grant"
    assert renew(client, first.refresh_token)


@pytest.mark.parametrize("text", ["", "x", "A" * 43, "é", "x" * 5000])
def test_made_up_ones_renew_nothing(client, first, text):
    assert refused(client, text) == "invalid_grant"


def test_neither_code_nor_access_token_renews(client, session, first):
    for text in (answered(client, session, scopes=OPEN), first.access_token):
        assert refused(client, text) == "invalid_grant"


def test_a_bound_one_is_nothing_to_another_key_and_not_used_up_by_it(client, session):
    strict = register("strict", profile="fapi", scopes=list(OPEN))[0]
    given = redeem(strict, answered(strict, session, scopes=OPEN, holder=KEY), holder=KEY)
    assert refused(strict, given.refresh_token, holder="x" * 43) == "invalid_grant"
    assert refused(strict, given.refresh_token) == "invalid_dpop_proof"
    assert renew(strict, given.refresh_token, holder=KEY).bound


# ---------------------------------------------------------------- what ends it


@pytest.mark.parametrize("end", ["everywhere", "lock", "consent", "client", "scope"])
def test_it_ends_with_what_it_stands_on(client, session, first, end):
    me = queries.actor_of(session)
    if end == "everywhere":
        sessions.log_out_everywhere(account=session.account, by=me, at=AT)
    elif end == "lock":
        accounts.lock(account=session.account, ground=Ground.HOLDER, by=me, at=AT)
    elif end == "consent":
        grants.withdraw_consent(account=session.account, client=client, by=me, at=AT)
    elif end == "client":
        Client.objects.update(active=False)
    else:
        client = register(scopes=["openid", "profile"])[0]
    if end == "client":
        assert queries.client(client.code) is None  # it cannot even say who it is
    else:
        assert refused(client, first.refresh_token) == "invalid_grant"
    assert end == "scope" or told(first.access_token) is None


def test_logging_out_ends_the_access_tokens_and_not_what_is_meant_to_go_on(client, session, first):
    sessions.log_out(session=session, by=queries.actor_of(session), at=AT)
    assert told(first.access_token) is None
    assert told(renew(client, first.refresh_token).access_token)["name"]


def test_whoever_is_asked_again_and_no_longer_agrees_ends_it(session):
    client = register(scopes=list(OPEN), voluntary=["offline_access"])[0]
    me, request = queries.actor_of(session), ask(client, scopes=OPEN)
    grants.agree(session=session, request=request, ticked=["offline_access"], by=me, at=AT)
    given = redeem(client, grants.answer(request=request, session=session, by=me, at=AT))
    second = renew(client, given.refresh_token)
    grants.agree(session=session, request=ask(client, scopes=OPEN), ticked=[], by=me, at=later(minutes=1))
    assert refused(client, second.refresh_token, at=later(minutes=2)) == "invalid_grant"


def test_without_offline_access_in_the_consent_there_is_none(client, session):
    me = queries.actor_of(session)
    grants.agree(session=session, request=ask(client), by=me, at=AT)
    code = grants.answer(request=ask(client, scopes=OPEN), session=session, by=me, at=AT)
    assert not redeem(client, code).refresh_token


# ---------------------------------------------------------------- lifetimes


@settings(max_examples=40)
@given(waits=st.lists(st.integers(0, int(REFRESH_IDLE.total_seconds() * 1.2)), min_size=1, max_size=8))
def test_whatever_the_waits_a_family_outlives_neither_its_idle_time_nor_its_end(client, session, waits):
    given_at = at = AT
    token = redeem(client, answered(client, session, scopes=OPEN)).refresh_token
    for seconds in waits:
        at += timedelta(seconds=seconds)
        alive = seconds < REFRESH_IDLE.total_seconds() and at < given_at + REFRESH_LIFE
        if not alive:
            assert refused(client, token, at=at) == "invalid_grant"
            return
        given = renew(client, token, at=at)
        assert told(given.access_token, at=at + TOKEN_LIFE - timedelta(seconds=1))
        assert told(given.access_token, at=at + TOKEN_LIFE) is None
        token = given.refresh_token


def test_what_is_over_is_forgotten_and_what_is_not_is_kept(client, session, first):
    renew(client, first.refresh_token, at=later(days=1))
    grants.forget(by=SYSTEM, at=later(days=3))
    assert RefreshToken.objects.count() == 2 and not AccessToken.objects.exists()
    assert refused(client, first.refresh_token, at=later(days=3)) == "invalid_grant"  # reuse is still seen
    assert not RefreshToken.objects.filter(revoked_at=None).exists()
    grants.forget(by=SYSTEM, at=later(days=32))
    assert not RefreshToken.objects.exists()


def test_no_token_is_kept_readable(client, first):
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(t)::text FROM accounts_refreshtoken t")
        assert first.refresh_token not in cursor.fetchone()[0]


# ---------------------------------------------------------------- looking into one


def test_its_own_client_learns_about_a_token_without_a_word_about_the_person(client, first):
    facts = looked(first.access_token, client)
    assert (facts["active"], facts["client_id"], facts["iss"]) == (True, "test", ISSUER)
    assert facts["exp"] == int((AT + TOKEN_LIFE).timestamp()) and facts["token_type"] == "Bearer"
    assert set(facts) == {"active", "iss", "client_id", "sub", "scope", "exp", "token_type"}
    assert looked(first.refresh_token, client)["active"] is True


def test_a_server_that_tokens_are_brought_to_knows_the_person_by_its_own_name(client, session, first):
    server = register("server", scopes=["openid"], serves=["test"], redirect_uris=["https://s.test/"])[0]
    facts = looked(first.access_token, server)
    assert facts["active"] and facts["sub"] == queries.subject_of(session.account, server)
    assert facts["sub"] != queries.subject_of(session.account, client)
    assert looked(first.refresh_token, server) == {"active": False}


@pytest.mark.parametrize("why", ["stranger", "expired", "revoked", "used", "unknown", "locked"])
def test_of_anything_else_one_learns_only_that_it_is_not_good(client, session, first, why):
    asker, text, at = client, first.access_token, AT
    if why == "stranger":
        asker = register("other", scopes=["openid"])[0]
    elif why == "expired":
        at = AT + TOKEN_LIFE
    elif why == "revoked":
        tokens.give_up(client=client, token=text, by=NOBODY, at=AT)
    elif why == "used":
        text = first.refresh_token
        renew(client, text)
    elif why == "unknown":
        text = "x" * 43
    else:
        accounts.lock(account=session.account, ground=Ground.AUTHORITY, by=SYSTEM, at=AT)
    assert looked(text, asker, at=at) == {"active": False}


# ---------------------------------------------------------------- giving one up


def test_a_refresh_token_given_up_takes_its_family_along(client, session, first):
    second = renew(client, first.refresh_token)
    tokens.give_up(client=client, token=second.refresh_token, by=NOBODY, at=AT)
    assert told(first.access_token) is None and told(second.access_token) is None
    assert refused(client, second.refresh_token) == "invalid_grant"
    assert events.history(session.account.subject)[-1].name == "token.give_up"


def test_an_access_token_given_up_leaves_the_rest(client, first):
    tokens.give_up(client=client, token=first.access_token, by=NOBODY, at=AT)
    assert told(first.access_token) is None
    assert renew(client, first.refresh_token)


def test_nobody_gives_up_what_is_another_clients(client, first):
    other = register("other", scopes=list(OPEN))[0]
    for text in (first.access_token, first.refresh_token, "x"):
        tokens.give_up(client=other, token=text, by=NOBODY, at=AT)
    assert told(first.access_token) and renew(client, first.refresh_token)


def test_a_client_cannot_be_registered_for_what_does_not_exist(db):
    with pytest.raises(Refused):
        register(scopes=["openid", "offline"])
