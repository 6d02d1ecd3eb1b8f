"""Telling connected systems that a log-in is over."""

from datetime import timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from motcua.base import events, jose
from motcua.base.actor import SYSTEM
from motcua.base.errors import Refused
from motcua.base.web import NOBODY
from motcua.connectors.logout import Unavailable
from motcua.connectors.logout.twin import Twin, serve
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import accounts, ending, sessions
from motcua.domain.accounts.models import Client, LogoutNotice
from motcua.domain.accounts.rules.accounts import Ground
from motcua.domain.accounts.rules.requests import logout_token
from motcua.domain.accounts.tests.conftest import AT, ISSUER, answered, redeem, register


@pytest.fixture
def system(db, settings):
    settings.NATIONAL_URL = ISSUER
    twin = Twin(list, ISSUER, "test")
    with serve(twin) as twin.address:
        yield twin


@pytest.fixture
def client(client, system):
    keys = queries.public_keys()  # here: the system answers in a thread without our transaction
    system.keys = lambda: keys
    return register(backchannel_uri=system.address)[0]


@pytest.fixture
def entered(client, session, work):
    redeem(client, answered(client, session))
    return session


def leave(session, at=None):
    """Log out by the real clock, which workers and the system go by."""
    sessions.log_out(session=session, by=queries.actor_of(session), at=at or timezone.now())


def sid(session):
    """Give the name under which the system knows a log-in."""
    return queries.sid_of(session, queries.client("test"))


def names(session):
    return [event.name for event in events.history(session.account.subject)]


def test_a_system_that_was_entered_is_told_by_a_worker(entered, system, work):
    leave(entered)
    assert system.told == []  # nobody waits for it
    work()
    assert system.told == [sid(entered)]
    assert names(entered)[-3:] == ["logout.queue", "session.end", "logout.send"]


def test_a_system_that_was_not_entered_or_does_not_want_to_know_is_not(client, session, system, work):
    answered(client, session)  # a code that nobody used
    other = register("quiet", backchannel_uri="")[0]
    redeem(other, answered(other, session))
    leave(session)
    work()
    assert system.told == [] and not LogoutNotice.objects.exists()


def test_however_often_it_was_entered_it_is_told_once(client, entered, system, work):
    redeem(client, answered(client, entered))
    leave(entered)
    leave(entered)
    work()
    assert system.told == [sid(entered)]


@pytest.mark.parametrize("end", ["everywhere", "lock", "close", "password"])
def test_every_end_of_a_log_in_is_told(entered, system, work, end):
    account, me, now = entered.account, queries.actor_of(entered), timezone.now()
    if end == "everywhere":
        sessions.log_out_everywhere(account=account, by=me, at=now)
    elif end == "lock":
        accounts.lock(account=account, ground=Ground.HOLDER, by=me, at=now)
    elif end == "close":
        accounts.close(account=account, by=SYSTEM, at=now)
    else:
        accounts.set_password(account=account, password="ba con vịt vàng bơi", by=SYSTEM, at=now)
    work()
    assert system.told == [sid(entered)]


@pytest.mark.parametrize("mood", [{"dead": True}, {"slow": 30}])
def test_a_dead_system_holds_up_nobody_and_is_told_when_it_is_back(entered, system, mood, monkeypatch):
    monkeypatch.setattr("motcua.connectors.logout.client._messenger.http.timeout", 0.2)
    system.be(**mood)
    leave(entered)
    assert queries.session(entered.key, at=AT) is None
    notice = LogoutNotice.objects.get()
    with pytest.raises(Unavailable):
        ending.deliver(notice=notice, issuer=ISSUER, by=SYSTEM, at=timezone.now())
    assert (notice.sent_at, notice.failed_at) == (None, None)


def test_one_dead_system_keeps_no_other_waiting(client, session, system, work):
    dead = register("dead", backchannel_uri="http://127.0.0.1:9/")[0]
    for one in (dead, client):
        redeem(one, answered(one, session))
    leave(session)
    assert ProcrastinateJob.objects.filter(task_name="react").count() >= 2
    for notice in LogoutNotice.objects.exclude(client=dead):
        ending.deliver(notice=notice, issuer=ISSUER, by=SYSTEM, at=timezone.now())
    assert system.told == [sid(session)]


def test_telling_twice_is_telling_once(entered, system):
    leave(entered)
    notice = LogoutNotice.objects.get()
    for _time in range(3):
        ending.deliver(notice=queries.notice(notice.pk), issuer=ISSUER, by=SYSTEM, at=timezone.now())
    assert system.told == [sid(entered)]


def test_a_refusal_is_final_and_written_down(entered, system, work):
    system.be(wrong=True)
    leave(entered)
    work()
    system.be()
    ending.deliver(notice=LogoutNotice.objects.get(), issuer=ISSUER, by=SYSTEM, at=AT)
    assert system.told == [] and names(entered)[-1] == "logout.fail"


@pytest.mark.parametrize("why", ["late", "suspended"])
def test_after_half_a_day_or_for_a_suspended_client_there_is_nothing_to_tell(entered, system, why):
    leave(entered, at=AT)
    if why == "suspended":
        Client.objects.update(active=False)
    at = AT + timedelta(hours=12 if why == "late" else 0)
    ending.deliver(notice=queries.notice(LogoutNotice.objects.get().pk), issuer=ISSUER, by=SYSTEM, at=at)
    assert system.told == [] and LogoutNotice.objects.get().failed_at == at


def test_the_token_says_who_left_under_the_clients_own_name_and_nothing_more():
    claims = logout_token(issuer=ISSUER, client="c", sub="s", sid="i", jti="j", at=AT)
    assert claims["events"] == {"http://schemas.openid.net/event/backchannel-logout": {}}
    assert claims["exp"] - claims["iat"] == 120
    assert set(claims) == {"iss", "aud", "sub", "sid", "jti", "iat", "exp", "events"}


def test_a_logout_token_is_neither_hint_nor_assertion(client, entered):
    claims = logout_token(issuer=ISSUER, client="test", sub="test", sid=sid(entered), jti="j" * 20, at=AT)
    token = jose.sign(claims, queries.signing_key(), typ="logout+jwt")
    with pytest.raises(jose.BadToken):
        jose.opened(token, queries.public_keys(), types=("JWT",))


@pytest.mark.parametrize("uri", ["http://client.test/out", "javascript:x", "https://a.test/*", "//a.test"])
def test_only_a_safe_address_is_told(db, uri):
    with pytest.raises(Refused):
        register(backchannel_uri=uri)


def test_a_log_out_that_nobody_ordered_twice_ends_once(entered):
    leave(entered)
    assert ending.end(sessions=entered.account.sessions.all(), by=NOBODY, at=AT) == 0
