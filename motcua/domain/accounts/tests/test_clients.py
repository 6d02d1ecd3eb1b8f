import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from motcua.base import events, jose
from motcua.base.actor import SYSTEM
from motcua.base.errors import Refused
from motcua.base.web import NOBODY
from motcua.domain.accounts import jobs, queries
from motcua.domain.accounts.commands import accounts, clients, grants, keys, sessions, tokens
from motcua.domain.accounts.models import AuthorizationRequest, Client, UsedAssertion
from motcua.domain.accounts.rules.accounts import Ground
from motcua.domain.accounts.rules.requests import Fault
from motcua.domain.accounts.tests.conftest import AT, ISSUER, KEY, answered, redeem, register, told, wanted

# ---------------------------------------------------------------- clients


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uris": ["http://client.test/"]},
        {"redirect_uris": ["https://client.test/*"]},
        {"redirect_uris": []},
        {"logout_uris": ["javascript:alert(1)"]},
        {"scopes": ["profile"]},
        {"scopes": ["openid", "everything"]},
    ],
)
def test_a_client_with_open_doors_is_not_registered(db, changes):
    with pytest.raises(Refused):
        register(**changes)
    assert not Client.objects.exists()


def test_registering_again_brings_up_to_date(client):
    again, secret = register(name="Tên mới", logout_uris=["https://client.test/xong/"])
    assert (again.pk, again.name, secret) == (client.pk, "Tên mới", "")


def test_only_the_public_part_of_a_key_is_kept(client):
    assert "d" in KEY and "d" not in Client.objects.get(pk=client.pk).keys[0]


def test_clients_of_one_sector_know_a_person_by_one_name(client, session):
    same = register("same")[0]
    other = register("other", redirect_uris=["https://other.test/"])[0]
    account = session.account
    assert queries.subject_of(account, same) == queries.subject_of(account, client)
    assert queries.subject_of(account, other) != queries.subject_of(account, client)


def assertion(key=KEY, **changes):
    now = int(AT.timestamp())
    claims = {"iss": "test", "sub": "test", "aud": ISSUER, "jti": "j" * 16, "exp": now + 60, **changes}
    return jose.sign(claims, key)


def prove(text):
    return clients.client_by_assertion(
        assertion=text, issuer=ISSUER, endpoint=f"{ISSUER}/token", by=NOBODY, at=AT
    )


def test_a_client_proves_itself_by_its_key_once_per_assertion(client):
    text = assertion()
    assert prove(text) == client
    with pytest.raises(Fault) as fault:
        prove(text)
    assert (fault.value.code, fault.value.status) == ("invalid_client", 401)
    assert prove(assertion(jti="k" * 16)) == client


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.b.c",
        assertion(key=jose.new_key()),
        assertion(key={**jose.new_key(), "kid": KEY["kid"]}),
        assertion(sub="unknown", iss="unknown"),
        assertion(sub="te\x00st"),
        assertion(iss="other"),
        assertion(aud="https://other.test"),
        assertion(exp=int(AT.timestamp()) - 60),
        assertion(exp=int(AT.timestamp()) + 4000),
        assertion(sub=["test"]),
    ],
)
def test_a_false_assertion_proves_nothing(client, text):
    with pytest.raises(Fault) as fault:
        prove(text)
    assert fault.value.code == "invalid_client"
    assert not UsedAssertion.objects.exists()


def test_a_secret_works_only_for_its_own_client(db):
    _client, secret = register("secret", keys=[])
    register("keyed")
    assert clients.client_by_secret(code="secret", secret=secret, by=NOBODY, at=AT).code == "secret"
    wrong = [("secret", ""), ("secret", secret + "x"), ("keyed", secret), ("keyed", ""), ("x\0", "")]
    for code, typed in wrong:
        with pytest.raises(Fault):
            clients.client_by_secret(code=code, secret=typed, by=NOBODY, at=AT)


def test_a_client_with_a_secret_cannot_use_a_key_instead(db):
    register("test", keys=[])
    with pytest.raises(Fault):
        prove(assertion())


def test_the_database_refuses_a_client_with_two_ways_or_none(client):
    for changes in ({"secret": "x" * 64}, {"keys": []}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Client.objects.filter(pk=client.pk).update(**changes)


# ---------------------------------------------------------------- at the same time


def at_once(count, work):
    """Run the same work in threads, each with its own connection; give what came of it."""
    ready, results = threading.Barrier(count), []

    def run():
        try:
            ready.wait()
            results.append(work())
        except (Fault, Refused) as refused:
            results.append(refused)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_of_two_who_bring_one_code_at_the_same_time_at_most_one_keeps_tokens(client, session):
    code = answered(client, session)
    results = at_once(4, lambda: redeem(client, code))
    given = [one for one in results if isinstance(one, tokens.Tokens)]
    assert len(results) == 4 and len(given) == 1
    assert told(given[0].access_token, at=AT) is None  # the replay killed them


@pytest.mark.django_db(transaction=True)
def test_of_two_browsers_that_bring_one_name_at_the_same_time_one_goes_on(client):
    strict = register("strict", profile="fapi")[0]
    words = {"by": NOBODY, "at": AT}
    name = grants.push(client=strict, asked=wanted(holder="k" * 43), **words)
    results = at_once(4, lambda: grants.open_pushed(client_id=strict.code, name=name, **words))
    assert len(results) == 4 and sum(one is not None for one in results) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_bring_one_assertion_at_the_same_time_one_is_believed(client):
    text = assertion()
    results = at_once(4, lambda: prove(text))
    assert sum(isinstance(one, Client) for one in results) == 1


@pytest.mark.django_db(transaction=True)
def test_a_log_in_that_races_with_a_lock_leaves_no_live_session(client, holder):
    who = holder()
    turn = iter([True, False] * 3)
    lock = threading.Lock()

    def work():
        with lock:
            mine = next(turn)
        if mine:
            return sessions.log_in(number=who.number, password=who.password, address="::1", by=NOBODY, at=AT)
        return accounts.lock(account=who.account, ground=Ground.HOLDER, by=SYSTEM, at=AT)

    at_once(6, work)
    assert not who.account.sessions.filter(ended_at=None).exists()
    assert not list(events.broken(who.account.subject))


@pytest.mark.django_db(transaction=True)
def test_tries_made_at_the_same_time_are_all_counted(client, holder):
    who = holder()

    def work():
        return sessions.log_in(number=who.number, password="sai", address="::1", by=NOBODY, at=AT)

    results = at_once(8, work)
    assert sum(one.reason == sessions.WRONG for one in results) == 5
    assert sum(one.reason == sessions.WAIT for one in results) == 3


@pytest.mark.django_db(transaction=True)
def test_keys_made_at_the_same_time_are_two(db):
    at_once(4, lambda: keys.ensure_keys(by=SYSTEM, at=AT))
    assert len(queries.public_keys()) == 2


def test_the_workers_forget_and_rotate_at_their_hours(client, session):
    redeem(client, answered(client, session))
    old = queries.signing_key()["kid"]
    jobs.forget(at=AT + timedelta(days=2))
    jobs.rotate_keys(at=AT + timedelta(days=30))
    assert not AuthorizationRequest.objects.exists()
    assert queries.signing_key()["kid"] != old
