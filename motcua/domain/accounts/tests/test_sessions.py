import os
import threading
from contextlib import ExitStack

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from motcua.base.actor import SYSTEM
from motcua.base.errors import Refused
from motcua.base.web import NOBODY
from motcua.domain.accounts import passwords, queries
from motcua.domain.accounts.commands import accounts, sessions
from motcua.domain.accounts.models import Account, Factor, Session, Tries
from motcua.domain.accounts.rules.accounts import ALLOWANCES, Ground
from motcua.domain.accounts.tests.conftest import AT, full_kitchen, later, log_in, names

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


def test_strangers_do_not_shut_the_holder_out_of_a_browser_used_before(holder):
    who = holder()
    for index in range(ALLOWANCES["number"].tries + 1):
        with pytest.raises(Refused):
            log_in(who, password="sai mật khẩu rồi nhé", address=f"198.51.100.{index}")
    assert log_in(who, known="máy ở nhà")
    with pytest.raises(Refused):
        log_in(who)


def test_a_browser_used_before_does_not_guess_without_end_either(holder):
    who = holder()
    for index in range(ALLOWANCES["pair"].tries):
        with pytest.raises(Refused, match="không đúng"):
            log_in(who, password="sai mật khẩu rồi nhé", known="máy", address=f"198.51.100.{index}")
    with pytest.raises(Refused) as refused:
        log_in(who, known="máy", address="192.0.2.1")
    assert refused.value.reason == sessions.WAIT
    assert names(who.account)[-1] == "session.fail"


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


def test_whatever_is_wrong_the_database_is_asked_the_same(holder):
    holder()
    locked, app = holder("080190000025", name="Lê Văn Khóa"), holder("080190000033", app=False)
    accounts.lock(account=locked.account, ground=Ground.AUTHORITY, by=SYSTEM, at=AT)
    Account.objects.filter(pk=app.account.pk).update(password="")
    asked = set()
    for number in ("080190000017", "080199999999", locked.number, app.number):
        with CaptureQueriesContext(connection) as statements, pytest.raises(Refused):
            log_in(locked, number=number, password=locked.password + "?" * (number != locked.number))
        asked.add(tuple(query["sql"][:24] for query in statements if "POINT" not in query["sql"]))
    assert len(asked) == 1


def test_no_number_stands_in_the_table_of_tries(holder):
    who = holder()
    with pytest.raises(Refused):
        log_in(who, password="sai mật khẩu rồi nhé")
    assert not any(who.number in row.key or "203.0" in row.key for row in Tries.objects.all())


def test_a_full_kitchen_says_come_back_soon(holder):
    who = holder()
    with full_kitchen(), pytest.raises(passwords.Busy, match="cùng lúc"):
        log_in(who)
    assert log_in(who)


def test_a_full_waiting_room_turns_away_at_once_and_takes_no_try(holder):
    who = holder()
    with ExitStack() as others:
        for _place in range(passwords.PLACES):
            others.enter_context(passwords.place())
        with CaptureQueriesContext(connection) as asked, pytest.raises(passwords.Busy):
            log_in(who)
        assert not asked and not Tries.objects.exists()
    assert log_in(who)


def test_places_are_given_back_however_a_log_in_ends(holder):
    who = holder()
    for _try in range(passwords.PLACES + 1):
        Tries.objects.all().delete()
        with pytest.raises(Refused, match="không đúng"):
            log_in(who, password="sai mật khẩu rồi nhé")
    assert log_in(who)


def test_the_threads_that_hash_give_way_to_those_that_show_pages():
    def own_priority():
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    assert passwords._in_turn(own_priority) == max(own_priority(), passwords.STEP_BACK)


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
