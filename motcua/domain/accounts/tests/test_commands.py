from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from motcua.base import events
from motcua.base.actor import SYSTEM, Actor, Role
from motcua.base.errors import Refused
from motcua.base.web import NOBODY
from motcua.domain.accounts import passwords, queries
from motcua.domain.accounts.commands import accounts, keys, sessions
from motcua.domain.accounts.models import Account, Factor, Session, SigningKey, Tries
from motcua.domain.accounts.rules.accounts import ALLOWANCES, Ground, State, code, step_at

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)


def later(**words):
    return AT + timedelta(**words)


def log_in(who, *, at=AT, **changes):
    words = {"number": who.number, "password": who.password, "address": "203.0.113.7", **changes}
    return sessions.log_in(**words, by=NOBODY, at=at)


def names(account):
    return [event.name for event in events.history(account.subject)]


# ---------------------------------------------------------------- accounts


def test_an_account_is_opened_once_per_person(holder):
    who = holder()
    with pytest.raises(Refused, match="đã có tài khoản"):
        accounts.open_account(person=who.account.person, level=1, by=SYSTEM, at=AT)


def test_nobody_opens_an_account_for_the_dead(enrol):
    person = enrol(deceased_on=AT.date())
    with pytest.raises(Refused, match="đã chết"):
        accounts.open_account(person=person, level=1, by=SYSTEM, at=AT)


def test_every_step_of_an_account_is_on_the_log_without_number_or_secret(holder):
    who = holder()
    log_in(who)
    log = events.history(who.account.subject)
    assert [event.name for event in log] == [
        "account.open",
        "account.set_password",
        "account.add_factor",
        "session.open",
    ]
    assert not list(events.broken(who.account.subject))
    assert not any(secret in str(vars(event)) for event in log for secret in (who.number, who.password))


def test_a_weak_password_is_refused_and_nothing_changes(holder):
    who = holder()
    with pytest.raises(Refused, match="12 đến 128"):
        accounts.set_password(account=who.account, password="ngắn", by=SYSTEM, at=AT)
    assert log_in(who)


def test_a_new_password_ends_the_sessions_of_the_old_one(holder):
    who = holder()
    session = log_in(who)
    accounts.set_password(account=who.account, password="một câu dài khác hẳn", by=SYSTEM, at=AT)
    assert queries.session(session.key, at=AT) is None
    with pytest.raises(Refused):
        log_in(who)


def test_nobody_changes_the_account_of_another(holder):
    who = holder()
    stranger = Actor(name="Người khác", roles=frozenset({Role.CITIZEN}), person=who.account.person_id + 1)
    with pytest.raises(Account.DoesNotExist):
        accounts.lock(account=who.account, ground=Ground.HOLDER, by=stranger, at=AT)


def test_the_database_refuses_a_lock_without_a_ground(holder):
    who = holder()
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.filter(pk=who.account.pk).update(state=State.LOCKED)


@pytest.mark.parametrize("end", [accounts.lock, accounts.close])
def test_locking_and_closing_end_every_session_at_once(holder, end):
    who = holder()
    session = log_in(who)
    words = {"ground": Ground.HOLDER} if end is accounts.lock else {}
    end(account=who.account, **words, by=SYSTEM, at=AT)
    assert queries.session(session.key, at=AT) is None
    with pytest.raises(Refused) as refused:
        log_in(who)
    assert refused.value.reason == sessions.WRONG


def test_an_account_unlocked_by_its_own_ground_works_again(holder):
    who = holder()
    accounts.lock(account=who.account, ground=Ground.CARD, by=SYSTEM, at=AT)
    with pytest.raises(Refused, match="lý do khóa"):
        accounts.unlock(account=who.account, ground=Ground.HOLDER, by=SYSTEM, at=AT)
    accounts.unlock(account=who.account, ground=Ground.CARD, by=SYSTEM, at=AT)
    assert log_in(who)


def test_death_is_final(holder):
    who = holder()
    accounts.lock(account=who.account, ground=Ground.DEATH, by=SYSTEM, at=AT)
    with pytest.raises(Refused, match="không được mở lại"):
        accounts.unlock(account=who.account, ground=Ground.DEATH, by=SYSTEM, at=AT)


# ---------------------------------------------------------------- logging in


def test_number_and_password_open_a_session_of_level_1(holder):
    who = holder()
    session = log_in(who, agent="Firefox\x00\n" + "x" * 300)
    assert (session.assurance, session.methods) == (1, ["pwd"])
    assert session.agent == ("Firefox" + "x" * 300)[:200]
    assert queries.actor_of(session).person == who.account.person_id


def test_whatever_is_wrong_the_answer_is_the_same(holder):
    who, other = holder(), holder("080190000025", name="Lê Văn Khóa")
    accounts.lock(account=other.account, ground=Ground.AUTHORITY, by=SYSTEM, at=AT)
    reasons = set()
    for number, password in [
        (who.number, "sai mật khẩu rồi nhé"),
        (who.number, ""),
        ("080190009999", who.password),
        (other.number, other.password),
    ]:
        with pytest.raises(Refused) as refused:
            log_in(who, number=number, password=password)
        reasons.add(str(refused.value))
    assert reasons == {str(sessions.WRONG)}


def test_an_unknown_number_costs_as_much_as_a_wrong_password(holder):
    who = holder()
    with CaptureQueriesContext(connection) as known, pytest.raises(Refused):
        log_in(who, password="sai mật khẩu rồi nhé")
    with CaptureQueriesContext(connection) as unknown, pytest.raises(Refused):
        log_in(who, number="080190009999", address="203.0.113.8")
    # One row less to lock; the writes, which are what takes time, are the same.
    assert len(known) - len(unknown) in (0, 1)
    assert writes(known) == writes(unknown)


def writes(captured):
    return [query["sql"].split()[0] for query in captured if query["sql"].startswith(("INSERT", "UPDATE"))]


def test_a_failure_is_on_the_log_of_the_account(holder):
    who = holder()
    with pytest.raises(Refused):
        log_in(who, password="sai mật khẩu rồi nhé")
    assert names(who.account)[-1] == "session.fail"


def test_after_five_bad_tries_in_a_minute_even_the_right_password_waits_ten_minutes(holder):
    who = holder()
    for second in range(5):
        with pytest.raises(Refused) as refused:
            log_in(who, password="sai mật khẩu rồi nhé", at=later(seconds=second))
        assert refused.value.reason == sessions.WRONG
    for moment in (later(seconds=6), later(minutes=9)):
        with pytest.raises(Refused) as refused:
            log_in(who, at=moment)
        assert refused.value.reason == sessions.WAIT
    assert log_in(who, at=later(minutes=11))


def test_the_wait_of_one_address_does_not_lock_the_holder_out(holder):
    who = holder()
    for second in range(6):
        with pytest.raises(Refused):
            log_in(who, password="sai mật khẩu rồi nhé", at=later(seconds=second))
    assert log_in(who, address="198.51.100.2", at=later(seconds=7))


def test_guessing_from_many_addresses_is_stopped_too(holder):
    who = holder()
    for index in range(ALLOWANCES["number"].tries):
        with pytest.raises(Refused) as refused:
            log_in(who, password="sai mật khẩu rồi nhé", address=f"198.51.100.{index}")
        assert refused.value.reason == sessions.WRONG
    with pytest.raises(Refused) as refused:
        log_in(who, address="192.0.2.1")
    assert refused.value.reason == sessions.WAIT


def test_one_address_cannot_try_many_numbers(holder, monkeypatch):
    who = holder()
    monkeypatch.setitem(ALLOWANCES, "address", ALLOWANCES["pair"])
    for index in range(5):
        with pytest.raises(Refused):
            log_in(who, number=f"08019000990{index}")
    with pytest.raises(Refused) as refused:
        log_in(who)
    assert refused.value.reason == sessions.WAIT


def test_a_successful_log_in_forgets_the_mistakes_before_it(holder):
    who = holder()
    for _round in range(3):
        for _try in range(4):
            with pytest.raises(Refused):
                log_in(who, password="sai mật khẩu rồi nhé")
        assert log_in(who)


def test_no_number_stands_in_the_table_of_tries(holder):
    who = holder()
    with pytest.raises(Refused):
        log_in(who, password="sai mật khẩu rồi nhé")
    assert not any(who.number in row.key or "203.0" in row.key for row in Tries.objects.all())


def test_a_full_kitchen_says_come_back_soon(holder, monkeypatch):
    who = holder()
    monkeypatch.setattr(passwords, "PATIENCE", 0.01)
    for _place in range(passwords.AT_WORK):
        passwords._working.acquire()
    try:
        with pytest.raises(passwords.Busy, match="cùng lúc"):
            log_in(who)
    finally:
        for _place in range(passwords.AT_WORK):
            passwords._working.release()
    assert log_in(who)


def test_a_full_waiting_room_turns_away_at_once(holder):
    who = holder()
    places = passwords.AT_WORK + passwords.WAITING
    for _place in range(places):
        passwords._inside.acquire()
    try:
        with pytest.raises(passwords.Busy):
            log_in(who)
    finally:
        for _place in range(places):
            passwords._inside.release()


def test_an_old_hash_is_made_anew_at_the_next_log_in(holder, settings):
    who = holder()
    old = Account.objects.get(pk=who.account.pk).password
    settings.IDENTITY_ARGON2 = {"memory_cost": 128, "time_cost": 1, "parallelism": 1}
    passwords._hasher.cache_clear()
    try:
        log_in(who)
        new = Account.objects.get(pk=who.account.pk).password
        assert new != old and "m=128" in new
        assert log_in(who)
    finally:
        passwords._hasher.cache_clear()


def test_the_same_person_goes_on_in_the_same_session(holder):
    who = holder()
    first = log_in(who)
    again = log_in(who, current=first, at=later(minutes=5))
    assert (again.pk, again.authenticated_at) == (first.pk, later(minutes=5))


def test_logging_in_again_does_not_keep_a_second_factor_of_before(holder):
    who = holder()
    session = log_in(who)
    sessions.confirm(session=session, code=who.code(AT), by=NOBODY, at=AT)
    assert log_in(who, current=session).assurance == 1


def test_another_person_in_the_same_browser_ends_the_first_session(holder):
    who, other = holder(), holder("080190000025", name="Lê Văn Khác")
    first = log_in(who)
    second = log_in(other, current=first)
    assert queries.session(first.key, at=AT) is None
    assert queries.session(second.key, at=AT).account == other.account


def test_a_session_ends_after_twelve_hours(holder):
    session = log_in(holder())
    assert queries.session(session.key, at=later(hours=11, minutes=59))
    assert queries.session(session.key, at=later(hours=12)) is None


def test_logging_out_twice_writes_one_fact(holder):
    who = holder()
    session = log_in(who)
    for _twice in range(2):
        sessions.log_out(session=session, by=NOBODY, at=AT)
    assert names(who.account).count("session.end") == 1
    assert queries.session(session.key, at=AT) is None


# ---------------------------------------------------------------- the second factor


def test_a_code_raises_the_session_to_level_2(holder):
    who = holder()
    session = sessions.confirm(session=log_in(who), code=who.code(AT), by=NOBODY, at=AT)
    assert Session.objects.get(pk=session.pk).assurance == 2
    assert names(who.account)[-1] == "session.raise"


def test_a_code_works_once_even_in_another_session(holder):
    who = holder()
    sessions.confirm(session=log_in(who), code=who.code(AT), by=NOBODY, at=AT)
    with pytest.raises(Refused) as refused:
        sessions.confirm(session=log_in(who), code=who.code(AT), by=NOBODY, at=AT)
    assert refused.value.reason == sessions.WRONG_CODE


@pytest.mark.parametrize("typed", ["", "000000", "abcdef", "１２３４５６", "\x00"])
def test_wrong_codes_are_refused_and_logged(holder, typed):
    who = holder()
    session = log_in(who)
    with pytest.raises(Refused):
        sessions.confirm(session=session, code=typed, by=NOBODY, at=AT)
    assert names(who.account)[-1] == "session.fail"
    assert Session.objects.get(pk=session.pk).assurance == 1


def test_codes_cannot_be_tried_without_end(holder):
    who = holder()
    session = log_in(who)
    for _try in range(ALLOWANCES["code"].tries):
        with pytest.raises(Refused):
            sessions.confirm(session=session, code="000000", by=NOBODY, at=AT)
    with pytest.raises(Refused) as refused:
        sessions.confirm(session=session, code=who.code(AT), by=NOBODY, at=AT)
    assert refused.value.reason == sessions.WAIT


def test_an_ended_session_cannot_be_raised(holder):
    who = holder()
    session = log_in(who)
    sessions.log_out(session=session, by=NOBODY, at=AT)
    with pytest.raises(Refused):
        sessions.confirm(session=session, code=who.code(AT), by=NOBODY, at=AT)


def test_a_new_factor_takes_the_place_of_the_old_one(holder):
    who = holder()
    accounts.add_code_factor(account=who.account, by=SYSTEM, at=AT)
    assert Factor.objects.filter(account=who.account, ended_at=None).count() == 1
    with pytest.raises(Refused):
        sessions.confirm(session=log_in(who), code=who.code(AT), by=NOBODY, at=AT)


def test_the_secret_of_a_factor_is_sealed(holder):
    who = holder()
    factor = Factor.objects.get(account=who.account)
    assert who.app not in bytes(factor.secret)
    assert queries.secret_of(factor) == who.app


# ---------------------------------------------------------------- demo people


@pytest.fixture
def demo(enrol, settings):
    settings.DEMO = True
    person = enrol("080190000033", name="Đỗ Thị Dùng Thử")
    account = accounts.open_account(person=person, level=2, demo_role=Role.CLERK, by=SYSTEM, at=AT)
    accounts.add_code_factor(account=account, by=SYSTEM, at=AT)
    return accounts.set_password(account=account, password="bảy con vịt vàng bơi", by=SYSTEM, at=AT)


def test_a_demo_lets_its_people_in_by_one_click(demo):
    session = sessions.log_in_as_demo(account=demo, by=NOBODY, at=AT)
    assert (session.methods, session.assurance) == (["demo"], 2)


def test_outside_a_demo_nobody_gets_in_by_one_click(demo, settings):
    settings.DEMO = False
    with pytest.raises(Refused, match="bản trình diễn"):
        sessions.log_in_as_demo(account=demo, by=NOBODY, at=AT)
    assert not queries.demo_accounts().exists()


def test_in_a_demo_no_real_account_opens_by_one_click(demo, holder):
    with pytest.raises(Refused):
        sessions.log_in_as_demo(account=holder().account, by=NOBODY, at=AT)


def test_outside_a_demo_the_accounts_of_its_people_are_dead(demo, settings):
    session = sessions.log_in_as_demo(account=demo, by=NOBODY, at=AT)
    settings.DEMO = False
    assert queries.session(session.key, at=AT) is None
    with pytest.raises(Refused):
        sessions.log_in(
            number="080190000033", password="bảy con vịt vàng bơi", address="::1", by=NOBODY, at=AT
        )


def test_the_code_of_a_demo_person_is_shown_only_to_them_and_only_in_a_demo(demo, holder, settings):
    me = queries.actor_of(sessions.log_in_as_demo(account=demo, by=NOBODY, at=AT))
    factor = Factor.objects.get(account=demo)
    assert queries.demo_code(me, at=AT) == code(queries.secret_of(factor), step_at(AT))
    assert queries.demo_code(queries.actor_of(log_in(holder())), at=AT) == ""
    settings.DEMO = False
    assert queries.demo_code(me, at=AT) == ""


# ---------------------------------------------------------------- the provider's keys


def turns():
    return {key.kid: key.turn for key in SigningKey.objects.all()}


def test_there_is_always_a_current_and_a_next_key(db):
    keys.ensure_keys(by=SYSTEM, at=AT)
    first = turns()
    assert sorted(first.values()) == ["current", "next"]
    keys.ensure_keys(by=SYSTEM, at=AT)
    assert turns() == first


def test_a_key_is_published_before_its_turn_and_for_two_days_after_it(db):
    keys.ensure_keys(by=SYSTEM, at=AT)
    before = {key["kid"] for key in queries.public_keys()}
    old = queries.signing_key()["kid"]
    keys.rotate_keys(by=SYSTEM, at=later(days=30))
    assert queries.signing_key()["kid"] in before - {old}
    assert old in {key["kid"] for key in queries.public_keys()}
    keys.rotate_keys(by=SYSTEM, at=later(days=60))
    assert old not in {key["kid"] for key in queries.public_keys()}


def test_the_private_key_is_sealed_and_never_published(db):
    keys.ensure_keys(by=SYSTEM, at=AT)
    private = queries.signing_key()
    for key in SigningKey.objects.all():
        assert private["d"].encode() not in bytes(key.private)
        assert "d" not in key.public
