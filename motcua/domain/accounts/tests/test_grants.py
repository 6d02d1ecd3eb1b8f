from datetime import timedelta

import pytest
from django.db import connection

from motcua.base import events, jose
from motcua.base.actor import SYSTEM
from motcua.base.errors import Refused
from motcua.base.web import NOBODY
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import accounts, grants, sessions
from motcua.domain.accounts.models import AccessToken, AuthorizationRequest, Client
from motcua.domain.accounts.rules.accounts import Ground
from motcua.domain.accounts.rules.requests import Fault
from motcua.domain.accounts.tests.conftest import (
    AT,
    CHALLENGE,
    HERE,
    ISSUER,
    answered,
    ask,
    redeem,
    register,
    told,
)

# ---------------------------------------------------------------- redeeming


def test_a_code_gives_a_signed_id_token_and_what_was_agreed(client, session):
    tokens = redeem(client, answered(client, session))
    claims = jose.opened(tokens.id_token, queries.public_keys())
    now = int(AT.timestamp())
    assert (claims["iss"], claims["aud"], claims["nonce"]) == (ISSUER, "test", "n")
    assert (claims["acr"], claims["amr"]) == ("urn:vn:loa:2", ["pwd", "otp", "mfa"])
    assert (claims["iat"], claims["exp"], claims["auth_time"]) == (now, now + 300, now)
    assert claims["sid"] == queries.sid_of(session, client)
    assert claims["at_hash"] == jose.half_hash(tokens.access_token)
    facts = told(tokens.access_token, at=AT)
    assert facts == {
        "sub": claims["sub"],
        "name": "Trần Thị Hồng Nhung",
        "birthdate": "1990-05-19",
        "gender": "female",
        "account_level": 2,
    }


def test_two_sectors_cannot_find_out_by_their_tokens_that_they_know_the_same_person(client, session):
    other = register("other", sector="other.test")[0]
    mine, theirs = (jose.unverified(redeem(one, answered(one, session)).id_token) for one in (client, other))
    for claim in ("sub", "sid"):
        assert mine[claim] != theirs[claim] and session.key not in (mine[claim], theirs[claim])


def test_the_number_is_given_under_its_own_scope_only(client, session):
    tokens = redeem(client, answered(client, session, scopes=("openid", "citizen_number")))
    assert told(tokens.access_token, at=AT)["citizen_number"] == "080190000017"


def test_a_birth_year_alone_stays_a_year(client, holder):
    who = holder("080150000018", born_on="1950")
    session = sessions.log_in(number=who.number, password=who.password, address="::1", by=NOBODY, at=AT)
    tokens = redeem(client, answered(client, session))
    assert told(tokens.access_token, at=AT)["birthdate"] == "1950"


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
    assert told(tokens.access_token, at=AT) is None
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
    assert told(tokens.access_token, at=AT + timedelta(minutes=9))
    assert told(tokens.access_token, at=AT + wait) is None


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
    assert told(tokens.access_token, at=AT) is None


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
    assert queries.standing(session, client).decided == {
        "citizen_number", "name", "birthdate", "gender", "account_level",
    }  # fmt: skip
    grants.withdraw_consent(account=session.account, client=client, by=me, at=AT)
    assert queries.standing(session, client).decided == frozenset()
    with pytest.raises(Refused, match="hiện không chia sẻ"):
        grants.withdraw_consent(account=session.account, client=client, by=me, at=AT)


def test_one_persons_consent_is_not_anothers(client, session, holder):
    grants.agree(session=session, request=ask(client), by=NOBODY, at=AT)
    other = holder("080190000025", name="Lê Văn Khác")
    stranger = sessions.log_in(number=other.number, password=other.password, address="::2", by=NOBODY, at=AT)
    assert queries.standing(stranger, client).decided == frozenset()
    assert not queries.consents(queries.actor_of(stranger)).exists()
