import hashlib
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from motcua.base import events, jose
from motcua.base.actor import SYSTEM
from motcua.base.errors import Refused
from motcua.base.web import NOBODY
from motcua.domain.accounts import jobs, queries
from motcua.domain.accounts.commands import accounts, clients, grants, keys, sessions
from motcua.domain.accounts.models import AccessToken, AuthorizationRequest, Client, UsedAssertion
from motcua.domain.accounts.rules.accounts import Ground
from motcua.domain.accounts.rules.requests import Asked, Fault

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
ISSUER = "https://op.test"
HERE = "https://client.test/tro-ve/"
VERIFIER = "v" * 43
CHALLENGE = jose.base64url(hashlib.sha256(VERIFIER.encode()).digest())
KEY = jose.new_key()


def register(code="test", **changes):
    words = {
        "name": "Tỉnh Thử",
        "purpose": "Để biết bạn là ai.",
        "redirect_uris": [HERE],
        "scopes": ["openid", "profile", "citizen_number"],
        "keys": [KEY],
        **changes,
    }
    return clients.register_client(code=code, **words, by=SYSTEM, at=AT)


@pytest.fixture
def client(db):
    keys.ensure_keys(by=SYSTEM, at=AT)
    return register()[0]


@pytest.fixture
def session(holder):
    who = holder()
    opened = sessions.log_in(number=who.number, password=who.password, address="::1", by=NOBODY, at=AT)
    return sessions.confirm(session=opened, code=who.code(AT), by=NOBODY, at=AT)


def ask(client, **changes):
    words = {
        "redirect_uri": HERE,
        "scopes": ("openid", "profile"),
        "state": "s",
        "nonce": "n",
        "challenge": CHALLENGE,
        "prompts": frozenset(),
        "max_age": None,
        "levels": (2,),
        **changes,
    }
    return grants.ask(client=client, asked=Asked(**words), by=NOBODY, at=AT)


def answered(client, session, **changes):
    return grants.answer(request=ask(client, **changes), session=session, by=queries.actor_of(session), at=AT)


def redeem(client, code, *, at=AT, **changes):
    words = {"redirect_uri": HERE, "verifier": VERIFIER, "issuer": ISSUER, **changes}
    return grants.redeem(client=client, code=code, **words, by=NOBODY, at=at)


# ---------------------------------------------------------------- redeeming


def test_a_code_gives_a_signed_id_token_and_what_was_agreed(client, session):
    tokens = redeem(client, answered(client, session))
    claims = jose.opened(tokens.id_token, queries.public_keys())
    now = int(AT.timestamp())
    assert (claims["iss"], claims["aud"], claims["nonce"]) == (ISSUER, "test", "n")
    assert (claims["acr"], claims["amr"]) == ("urn:vn:loa:2", ["pwd", "otp", "mfa"])
    assert (claims["iat"], claims["exp"], claims["auth_time"]) == (now, now + 300, now)
    assert (claims["sid"], claims["at_hash"]) == (session.key, jose.half_hash(tokens.access_token))
    facts = queries.userinfo(tokens.access_token, at=AT)
    assert facts == {
        "sub": claims["sub"],
        "name": "Trần Thị Hồng Nhung",
        "birthdate": "1990-05-19",
        "gender": "female",
        "account_level": 2,
    }


def test_the_number_is_given_under_its_own_scope_only(client, session):
    tokens = redeem(client, answered(client, session, scopes=("openid", "citizen_number")))
    assert queries.userinfo(tokens.access_token, at=AT)["citizen_number"] == "080190000017"


def test_a_birth_year_alone_stays_a_year(client, holder):
    who = holder("080150000018", born_on="1950")
    session = sessions.log_in(number=who.number, password=who.password, address="::1", by=NOBODY, at=AT)
    tokens = redeem(client, answered(client, session))
    assert queries.userinfo(tokens.access_token, at=AT)["birthdate"] == "1950"


@pytest.mark.parametrize(
    "changes",
    [
        {"verifier": "w" * 43},
        {"verifier": ""},
        {"verifier": CHALLENGE},
        {"redirect_uri": HERE + "x"},
        {"redirect_uri": ""},
        {"at": AT + timedelta(seconds=60)},
    ],
)
def test_a_wrong_try_gives_nothing_and_uses_the_code_up(client, session, changes):
    code = answered(client, session)
    for words in (changes, {}):
        with pytest.raises(Fault) as fault:
            redeem(client, code, **words)
        assert fault.value.code == "invalid_grant"
    assert not AccessToken.objects.filter(revoked_at=None).exists()


def test_a_code_used_twice_gives_nothing_and_kills_the_first_tokens(client, session):
    code = answered(client, session)
    tokens = redeem(client, code)
    with pytest.raises(Fault):
        redeem(client, code)
    assert queries.userinfo(tokens.access_token, at=AT) is None
    assert events.history(session.account.subject)[-1].name == "token.revoke"


def test_the_code_of_one_client_is_nothing_to_another_and_not_used_up_by_it(client, session):
    code = answered(client, session)
    with pytest.raises(Fault):
        redeem(register("other")[0], code)
    assert redeem(client, code)


def test_made_up_codes_give_nothing(client, session):
    answered(client, session)
    for code in ("", "x", "A" * 43):
        with pytest.raises(Fault):
            redeem(client, code)


def test_a_code_dies_with_the_session(client, session):
    code = answered(client, session)
    sessions.log_out(session=session, by=NOBODY, at=AT)
    with pytest.raises(Fault):
        redeem(client, code)


def test_a_code_dies_with_the_locking_of_the_account(client, session):
    code = answered(client, session)
    accounts.lock(account=session.account, ground=Ground.AUTHORITY, by=SYSTEM, at=AT)
    with pytest.raises(Fault):
        redeem(client, code)


def test_a_request_is_answered_once(client, session):
    request = ask(client)
    grants.answer(request=request, session=session, by=NOBODY, at=AT)
    with pytest.raises(Refused, match="đã được trả lời"):
        grants.answer(request=request, session=session, by=NOBODY, at=AT)


def test_a_declined_request_is_gone(client):
    request = ask(client)
    assert queries.request(request.key, at=AT)
    grants.decline(request=request, by=NOBODY, at=AT)
    assert queries.request(request.key, at=AT) is None


def test_a_request_waits_half_an_hour_and_no_longer(client):
    request = ask(client)
    assert queries.request(request.key, at=AT + timedelta(minutes=29))
    assert queries.request(request.key, at=AT + timedelta(minutes=30)) is None


@pytest.mark.parametrize("wait", [timedelta(minutes=10), timedelta(days=1)])
def test_an_access_token_ends_after_ten_minutes(client, session, wait):
    tokens = redeem(client, answered(client, session))
    assert queries.userinfo(tokens.access_token, at=AT + timedelta(minutes=9))
    assert queries.userinfo(tokens.access_token, at=AT + wait) is None


@pytest.mark.parametrize("end", ["log_out", "lock", "client", "consent"])
def test_an_access_token_ends_with_what_it_stands_on(client, session, end):
    tokens = redeem(client, answered(client, session))
    me = queries.actor_of(session)
    if end == "log_out":
        sessions.log_out(session=session, by=me, at=AT)
    elif end == "lock":
        accounts.lock(account=session.account, ground=Ground.HOLDER, by=me, at=AT)
    elif end == "client":
        Client.objects.update(active=False)
    else:
        grants.agree(session=session, request=ask(client), by=me, at=AT)
        grants.withdraw_consent(account=session.account, client=client, by=me, at=AT)
    assert queries.userinfo(tokens.access_token, at=AT) is None


def test_neither_code_nor_token_is_kept_readable(client, session):
    code = answered(client, session)
    tokens = redeem(client, code)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(t)::text FROM accounts_accesstoken t")
        rows = cursor.fetchall()
        cursor.execute("SELECT row_to_json(t)::text FROM accounts_authorizationcode t")
        rows += cursor.fetchall()
    assert rows and not any(secret in row[0] for row in rows for secret in (code, tokens.access_token))


def test_old_rows_are_forgotten_and_the_log_stays(client, session):
    redeem(client, answered(client, session))
    before = len(events.history(session.account.subject))
    grants.forget(by=SYSTEM, at=AT + timedelta(hours=23))
    assert AuthorizationRequest.objects.exists()
    grants.forget(by=SYSTEM, at=AT + timedelta(hours=25))
    assert not AuthorizationRequest.objects.exists() and not AccessToken.objects.exists()
    assert len(events.history(session.account.subject)) == before


# ---------------------------------------------------------------- consent


def test_consent_grows_with_what_is_agreed_and_is_remembered_until_withdrawn(client, session):
    me = queries.actor_of(session)
    grants.agree(session=session, request=ask(client, scopes=("openid", "citizen_number")), by=me, at=AT)
    grants.agree(session=session, request=ask(client), by=me, at=AT)
    assert queries.standing(session, client).agreed == {
        "citizen_number", "name", "birthdate", "gender", "account_level",
    }  # fmt: skip
    grants.withdraw_consent(account=session.account, client=client, by=me, at=AT)
    assert queries.standing(session, client).agreed == frozenset()
    with pytest.raises(Refused, match="không đang chia sẻ"):
        grants.withdraw_consent(account=session.account, client=client, by=me, at=AT)


def test_one_persons_consent_is_not_anothers(client, session, holder):
    grants.agree(session=session, request=ask(client), by=NOBODY, at=AT)
    other = holder("080190000025", name="Lê Văn Khác")
    stranger = sessions.log_in(number=other.number, password=other.password, address="::2", by=NOBODY, at=AT)
    assert queries.standing(stranger, client).agreed == frozenset()
    assert not queries.consents(queries.actor_of(stranger)).exists()


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
    return clients.client_by_assertion(assertion=text, audiences=[ISSUER], by=NOBODY, at=AT)


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
    given = [one for one in results if isinstance(one, grants.Tokens)]
    assert len(results) == 4 and len(given) == 1
    assert queries.userinfo(given[0].access_token, at=AT) is None  # the replay killed them


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
