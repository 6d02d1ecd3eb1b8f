from pathlib import Path
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connections, transaction

from motcua.base import events
from motcua.base.actor import SYSTEM, Actor, Role
from motcua.base.errors import Refused
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import accounts
from motcua.domain.accounts.models import Account, Session
from motcua.domain.accounts.rules.accounts import Ground, State
from motcua.domain.accounts.rules.locking import ROWS, diagram, why_not_lock, why_not_unlock
from motcua.domain.accounts.tests.conftest import AT, later, log_in, texts

OFFICER = Actor(name="Cán bộ", roles=frozenset({Role.CITIZEN, Role.IDENTITY_OFFICER}), person=-1)
PAPER = "Quyết định 12/QĐ ngày 20/11/2026"


def lock(who, ground, *, note=PAPER, by=OFFICER, at=AT):
    return accounts.lock(account=who.account, ground=ground, note=note, by=by, at=at)


def unlock(who, ground, *, note=PAPER, by=OFFICER, at=AT):
    return accounts.unlock(account=who.account, ground=ground, note=note, by=by, at=at)


def asked(rule, ground, **changes):
    officer = frozenset({Role.IDENTITY_OFFICER})
    words = {"state": State.ACTIVE, "locks": [], "roles": officer, "own": False, "note": PAPER, **changes}
    return rule(ground, **words)


# ---------------------------------------------------------------- the table


def test_every_ground_of_the_law_has_a_row_and_its_letter():
    assert set(ROWS) == set(Ground)
    assert [row.letter for row in ROWS.values()] == ["a", "b", "c", "d", "đ"]


@pytest.mark.parametrize("ground", Ground)
def test_only_officials_lock_except_that_a_holder_locks_the_own_account(ground):
    citizen = frozenset({Role.CITIZEN})
    assert asked(why_not_lock, ground) is None
    assert asked(why_not_lock, ground, roles=citizen)
    mine = asked(why_not_lock, ground, roles=citizen, own=True)
    assert (mine is None) == (ground == Ground.HOLDER)
    for role in set(Role) - {Role.IDENTITY_OFFICER, Role.SYSTEM}:
        assert asked(why_not_lock, ground, roles=frozenset({role}))
        assert asked(why_not_unlock, ground, state=State.LOCKED, locks=[ground], roles=frozenset({role}))


@pytest.mark.parametrize("ground", Ground)
def test_an_officer_locks_and_unlocks_the_own_account_only_as_any_holder_may(ground):
    mine = asked(why_not_lock, ground, own=True)
    assert (mine is None) == (ground == Ground.HOLDER)
    assert asked(why_not_unlock, ground, state=State.LOCKED, locks=[ground], own=True)


@pytest.mark.parametrize("ground", Ground)
def test_grounds_with_a_paper_need_it_named(ground):
    assert (asked(why_not_lock, ground, note=" ") is None) == (not ROWS[ground].paper)
    assert asked(why_not_lock, ground, note="", roles=frozenset({Role.SYSTEM})) is None


@pytest.mark.parametrize("ground", Ground)
@pytest.mark.parametrize("lying", Ground)
def test_only_the_very_ground_of_locking_unlocks_and_death_never(lying, ground):
    reason = asked(why_not_unlock, ground, state=State.LOCKED, locks=[lying])
    assert (reason is None) == (lying == ground != Ground.DEATH)


@pytest.mark.parametrize("ground", Ground)
@pytest.mark.parametrize("lying", Ground)
def test_a_second_ground_may_come_but_nothing_after_death(lying, ground):
    reason = asked(why_not_lock, ground, state=State.LOCKED, locks=[lying])
    assert (reason is None) == (lying not in (ground, Ground.DEATH))


@pytest.mark.parametrize("ground", Ground)
def test_nothing_locks_or_unlocks_a_closed_account(ground):
    assert asked(why_not_lock, ground, state=State.CLOSED)
    assert asked(why_not_unlock, ground, state=State.CLOSED)
    assert asked(why_not_unlock, ground, state=State.ACTIVE)


def test_the_drawing_of_locks_is_fresh():
    assert (Path(__file__).parents[4] / "docs/locks.md").read_text(encoding="utf-8") == diagram()


# ---------------------------------------------------------------- the commands


@pytest.mark.parametrize("ground", set(Ground) - {Ground.DEATH})
def test_the_holder_is_told_at_once_and_everything_is_on_the_log(holder, ground):
    who = holder()
    session = log_in(who)
    lock(who, ground)
    assert queries.session(session.key, at=AT) is None
    assert len(texts()) == 1 and "đã bị khóa" in texts()[0].words
    unlock(who, ground)
    assert "mở khóa" in texts()[1].words
    assert log_in(who, at=later(minutes=1))
    names = [event.name for event in events.history(who.account.subject)]
    assert "account.lock" in names and "account.unlock" in names
    locked = next(event for event in events.history(who.account.subject) if event.name == "account.lock")
    assert (locked.data, locked.note, locked.by) == ({"ground": str(ground)}, PAPER, "person:-1")


def test_nobody_is_told_of_a_lock_after_death(holder):
    lock(holder(), Ground.DEATH)
    assert not texts()


def test_an_account_locked_twice_is_active_when_the_last_ground_has_ended(holder):
    who = holder()
    lock(who, Ground.HOLDER, note="")
    lock(who, Ground.AUTHORITY)
    assert unlock(who, Ground.AUTHORITY).state == State.LOCKED
    assert unlock(who, Ground.HOLDER).state == State.ACTIVE


def test_death_comes_over_every_other_lock_and_ends_all(holder):
    who = holder()
    lock(who, Ground.CARD)
    lock(who, Ground.DEATH)
    for ground in Ground:
        with pytest.raises(Refused, match="không được mở lại"):
            unlock(who, ground)


def test_a_holder_locks_the_own_account_and_cannot_unlock_it_alone(holder):
    who = holder()
    me = queries.actor_of(log_in(who))
    lock(who, Ground.HOLDER, by=me, note="")
    with pytest.raises(Refused, match="Chỉ cán bộ"):
        unlock(who, Ground.HOLDER, by=me)


def test_a_lock_without_telephone_is_a_lock_all_the_same(holder):
    who = holder()
    Account.objects.update(phone="")
    assert lock(who, Ground.CARD).state == State.LOCKED


@pytest.mark.parametrize(
    "facts", [{"state": "locked"}, {"locks": ["holder"]}, {"state": "locked", "locks": ["whim"]}]
)
def test_the_database_knows_no_lock_without_a_ground_of_the_law(holder, facts):
    who = holder()
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.filter(pk=who.account.pk).update(**facts)


@pytest.mark.django_db(transaction=True)
def test_whoever_logs_in_while_the_account_is_locked_stays_outside(holder):
    who = holder()
    for number in range(6):
        barrier, at = Barrier(2), later(hours=number)

        def run(step, barrier=barrier):
            barrier.wait()
            try:
                step()
            except Refused:
                pass
            finally:
                connections.close_all()

        entering = Thread(target=run, args=[lambda at=at: log_in(who, at=at)])
        locking = Thread(target=run, args=[lambda: lock(who, Ground.CARD, by=SYSTEM)])
        [thread.start() for thread in (entering, locking)]
        [thread.join() for thread in (entering, locking)]
        assert not Session.objects.filter(account=who.account, ended_at=None).exists()
        unlock(who, Ground.CARD, by=SYSTEM)
