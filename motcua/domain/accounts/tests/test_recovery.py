from datetime import timedelta

import pytest

from motcua.base import events
from motcua.base.actor import SYSTEM, Actor, Role
from motcua.base.errors import Refused
from motcua.base.web import NOBODY
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import accounts, recovering, sessions
from motcua.domain.accounts.models import Passkey, Recovery
from motcua.domain.accounts.rules.accounts import Ground
from motcua.domain.accounts.rules.applications import Check
from motcua.domain.accounts.rules.recovery import COOLING
from motcua.domain.accounts.tests.conftest import AT, later, log_in, texted, texts

OFFICER = Actor(
    name="Cán bộ",
    roles=frozenset({Role.CITIZEN, Role.IDENTITY_OFFICER}),
    person=-1,
    place="Phường Thử",
    reach="27694",
)
PHONE, PASSWORD = "0911111111", "một câu dài khác hẳn"
READY = AT + COOLING


def begin(who, *, by=OFFICER, at=AT):
    return recovering.begin(account=who.account, check=Check.CARD, phone=PHONE, by=by, at=at)


def finish(who, typed, *, at=READY, **changes):
    words = {"number": who.number, "password": PASSWORD, "address": "::1", **changes}
    return recovering.finish(code=typed, **words, by=NOBODY, at=at)


def test_an_account_is_recovered_after_a_day_and_everything_old_ends(holder):
    who = holder()
    old = sessions.confirm(session=log_in(who), code=who.code(AT), by=NOBODY, at=AT)
    begin(who)
    assert [text.phone for text in texts()] == ["0900000017", PHONE]
    assert recovering.ripen(by=SYSTEM, at=READY - timedelta(minutes=1)) == 0
    assert recovering.ripen(by=SYSTEM, at=READY) == 1
    assert recovering.ripen(by=SYSTEM, at=READY) == 0
    assert texts()[-1].phone == PHONE
    account = finish(who, texted())
    assert (account.phone, queries.code_factor(account)) == (PHONE, None)
    assert queries.session(old.key, at=READY) is None
    assert not Passkey.objects.filter(account=account, removed_at=None).exists()
    with pytest.raises(Refused):
        log_in(who, at=READY)
    assert log_in(who, at=READY + timedelta(hours=1), password=PASSWORD)
    log = events.history(account.subject)
    assert [event.name for event in log if event.name.startswith("recovery.")] == [
        "recovery.begin",
        "recovery.ripen",
        "recovery.finish",
    ]
    assert not any(secret in str(vars(event)) for event in log for secret in (who.number, PHONE, PASSWORD))


def test_the_holder_cancels_from_any_live_log_in(holder):
    who = holder()
    me = queries.actor_of(log_in(who))
    begin(who)
    recovering.cancel(recovery=queries.own_recovery(me), by=me, at=later(hours=2))
    assert recovering.ripen(by=SYSTEM, at=READY) == 0
    assert queries.own_recovery(me) is None
    assert begin(who, at=later(hours=3))


def test_the_holder_cancels_even_when_the_code_is_sent(holder):
    who = holder()
    me = queries.actor_of(log_in(who))
    begin(who)
    recovering.ripen(by=SYSTEM, at=READY)
    sent = texted()
    recovering.cancel(recovery=queries.own_recovery(me), by=me, at=READY)
    with pytest.raises(Refused) as refused:
        finish(who, sent)
    assert refused.value.reason == recovering.WRONG


def test_nobody_else_cancels(holder):
    who, other = holder(), holder("080190000025")
    recovery = begin(who)
    with pytest.raises(Recovery.DoesNotExist):
        recovering.cancel(recovery=recovery, by=queries.actor_of(log_in(other)), at=AT)


@pytest.mark.parametrize("roles", [{Role.CITIZEN}, {Role.ADMINISTRATOR}, {Role.AUDITOR}, set()])
def test_only_an_officer_at_a_desk_begins(holder, roles):
    who = holder()
    by = Actor(name="Ai đó", roles=frozenset(roles), person=who.account.person_id)
    with pytest.raises(Refused, match="Chỉ cán bộ"):
        begin(who, by=by)


def test_an_officer_does_not_recover_the_own_account(holder):
    who = holder()
    me = Actor(name="Tôi", roles=frozenset({Role.IDENTITY_OFFICER}), person=who.account.person_id)
    with pytest.raises(Refused, match="chính mình"):
        begin(who, by=me)


def test_one_recovery_at_a_time_and_none_of_a_locked_account(holder):
    who = holder()
    begin(who)
    with pytest.raises(Refused, match="đang chờ"):
        begin(who)
    accounts.lock(account=who.account, ground=Ground.HOLDER, by=SYSTEM, at=AT)
    with pytest.raises(Refused, match="mở khóa trước"):
        begin(who)


def test_a_lock_in_between_stops_it(holder):
    who = holder()
    begin(who)
    recovering.ripen(by=SYSTEM, at=READY)
    sent = texted()
    accounts.lock(account=who.account, ground=Ground.AUTHORITY, by=SYSTEM, at=READY)
    with pytest.raises(Refused) as refused:
        finish(who, sent)
    assert refused.value.reason == recovering.WRONG


@pytest.mark.parametrize(
    "changes",
    [{"number": "080190000999"}, {"typed": "00000000"}, {"typed": ""}, {"at": READY + timedelta(days=8)}],
)
def test_a_wrong_or_late_code_gets_one_sentence(holder, changes):
    who = holder()
    begin(who)
    recovering.ripen(by=SYSTEM, at=READY)
    with pytest.raises(Refused) as refused:
        finish(who, **{"typed": texted(), **changes})
    assert refused.value.reason == recovering.WRONG


def test_guessing_codes_comes_to_an_end(holder):
    who = holder()
    begin(who)
    recovering.ripen(by=SYSTEM, at=READY)
    right = texted().replace(" ", "")
    for number in range(10):
        with pytest.raises(Refused, match="không đúng"):
            finish(who, f"{right[:4]}{(int(right[4:]) + 1 + number) % 10**8:08d}", address=f"::{number}")
    with pytest.raises(Refused, match="quá nhiều"):
        finish(who, right, address="192.0.2.1")


def test_strangers_do_not_use_up_the_tries_of_whoever_has_the_text(holder):
    who = holder()
    begin(who)
    recovering.ripen(by=SYSTEM, at=READY)
    right = texted().replace(" ", "")
    for number in range(60):
        with pytest.raises(Refused, match=r"không đúng|quá nhiều"):
            finish(who, f"{(int(right[:4]) + 1) % 10**4:04d}{number:08d}", address=f"::{number}")
    assert finish(who, right)


def test_a_code_that_nobody_uses_lapses_and_the_desk_may_begin_again(holder):
    who = holder()
    begin(who)
    recovering.ripen(by=SYSTEM, at=READY)
    recovering.ripen(by=SYSTEM, at=READY + timedelta(days=8))
    assert queries.recovery(who.account) is None
    assert begin(who, at=READY + timedelta(days=9))
