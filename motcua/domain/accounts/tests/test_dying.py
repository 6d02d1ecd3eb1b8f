"""A death recorded in the register reaches the account."""

from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import connections

from motcua.base import events
from motcua.base.actor import SYSTEM, Actor, Role
from motcua.base.errors import Refused
from motcua.base.web import NOBODY
from motcua.domain.accounts import jobs, queries
from motcua.domain.accounts.commands import accounts, applying, deciding, mandates, recovering, sessions
from motcua.domain.accounts.models import Account, Application, Mandate, Message, Session
from motcua.domain.accounts.rules.accounts import Ground, State
from motcua.domain.accounts.rules.applications import Check
from motcua.domain.accounts.rules.recovery import COOLING
from motcua.domain.accounts.tests.conftest import AT, answered, later, log_in, names, redeem, told
from motcua.domain.population.commands import changing

DAY = date(2026, 11, 20)
BINH = "080085000017"
OFFICER = Actor(
    name="Cán bộ",
    roles=frozenset({Role.CITIZEN, Role.IDENTITY_OFFICER}),
    person=-1,
    place="Phường Thử",
    reach="27694",
)


def die(person, *, attribute="deceased_on", value=DAY, on=DAY):
    return changing.change(
        person=person.pk,
        attribute=attribute,
        values={attribute: value},
        on=on,
        basis="Trích lục khai tử 7/TLKT",
        by=SYSTEM,
        at=AT,
    )


def told_again(person):
    """Run the job of the last change once more, as a worker does that was killed before it could say so."""
    jobs.note_death(event=events.history(str(person))[-1], at=AT)


def state(who):
    who.account.refresh_from_db()
    return who.account.state, who.account.locks


def mandate(who, other):
    session = log_in(who, address=who.number)
    session = sessions.confirm(session=session, code=who.code(AT), by=NOBODY, at=AT)
    return mandates.offer(
        session=session,
        number=other,
        name="Nguyễn Văn Bình",
        procedures=[],
        months=3,
        by=queries.actor_of(session),
        at=AT,
    )


def test_a_death_in_the_register_locks_the_account_and_tells_nobody(holder, work):
    who = holder()
    session = log_in(who)
    die(who.account.person)
    assert state(who) == (State.ACTIVE, [])
    work()
    assert state(who) == (State.LOCKED, [Ground.DEATH])
    assert queries.session(session.key, at=AT) is None
    assert not Message.objects.exists()
    locked = events.history(who.account.subject)[-1]
    assert (locked.name, locked.by, locked.data) == ("account.lock", "system", {"ground": "death"})
    assert locked.note == "Cơ sở dữ liệu quốc gia về dân cư"
    with pytest.raises(Refused):
        log_in(who)


def test_tokens_end_with_the_life(client, session, work):
    given = redeem(client, answered(client, session))
    assert told(given.access_token)
    die(session.account.person)
    work()
    assert told(given.access_token) is None


@pytest.mark.parametrize("side", ["principal", "agent"])
def test_mandates_of_either_side_end_once(holder, work, side):
    who, binh = holder(), holder(BINH, name="Nguyễn Văn Bình", born_on="1985-03-02", gender="male")
    given = mandate(who, BINH)
    die(getattr(given, side))
    work()
    told_again(getattr(given, side))
    assert Mandate.objects.get().state == "ended"
    assert [event.name for event in events.history(given.subject)] == ["mandate.offer", "mandate.end"]
    alive = binh if side == "principal" else who
    assert state(alive)[0] == State.ACTIVE


def test_mandates_of_somebody_without_an_account_end_too(holder, enrol, work):
    who, binh = holder(), enrol(BINH, name="Nguyễn Văn Bình", born_on="1985-03-02", gender="male")
    mandate(who, BINH)
    die(binh)
    work()
    assert Mandate.objects.get().state == "ended"


def test_the_desk_ends_mandates_when_it_locks_for_a_death(holder):
    who = holder()
    holder(BINH, name="Nguyễn Văn Bình", born_on="1985-03-02", gender="male")
    mandate(who, BINH)
    accounts.lock(account=who.account, ground=Ground.DEATH, note="Giấy báo tử 3", by=OFFICER, at=AT)
    assert Mandate.objects.get().state == "ended"


def test_a_job_that_runs_twice_locks_once(holder, work):
    who = holder()
    die(who.account.person)
    work()
    told_again(who.account.person)
    assert names(who.account).count("account.lock") == 1


def test_a_job_that_is_killed_in_between_leaves_nothing_half_done_and_the_next_one_ends_it(
    holder, work, monkeypatch
):
    who = holder()
    session = log_in(who)
    die(who.account.person)
    with monkeypatch.context() as killed:
        killed.setattr(mandates, "end_all", lambda **words: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            work()
    assert state(who) == (State.ACTIVE, []) and queries.session(session.key, at=AT)
    work()
    assert state(who) == (State.LOCKED, [Ground.DEATH])


def test_death_comes_over_another_lock_and_not_over_a_closed_account(holder, work):
    who, other = holder(), holder(BINH)
    accounts.lock(account=who.account, ground=Ground.CARD, by=SYSTEM, at=AT)
    accounts.close(account=other.account, by=SYSTEM, at=AT)
    die(who.account.person)
    die(other.account.person)
    work()
    assert state(who) == (State.LOCKED, [Ground.CARD, Ground.DEATH])
    assert state(other) == (State.CLOSED, [])


@pytest.mark.parametrize(("attribute", "value"), [("phone", "0912345678"), ("missing_on", DAY)])
def test_no_other_change_of_a_person_locks_anything(holder, work, attribute, value):
    who = holder()
    die(who.account.person, attribute=attribute, value=value)
    work()
    assert state(who) == (State.ACTIVE, [])


def test_a_death_struck_out_before_the_job_runs_locks_nothing(holder, work):
    who = holder()
    die(who.account.person)
    die(who.account.person, value=None, on=date(2026, 11, 21))
    work()
    assert state(who) == (State.ACTIVE, [])


def test_a_death_struck_out_later_unlocks_nothing_because_the_law_does_not(holder, work):
    who = holder()
    die(who.account.person)
    work()
    die(who.account.person, value=None, on=date(2026, 11, 21))
    work()
    assert state(who) == (State.LOCKED, [Ground.DEATH])
    with pytest.raises(Refused, match="không được mở lại"):
        accounts.unlock(account=who.account, ground=Ground.DEATH, note="Bản án 1", by=OFFICER, at=AT)


def test_an_application_of_the_dead_is_not_approved(enrol, work):
    person = enrol(card_expires_on=date(2040, 1, 1))
    words = {"level": 2, "phone": "0900000099", "check": Check.CARD, "guardian": None, "known": True}
    application = applying.file_in_person(person=person, **words, by=OFFICER, at=AT)
    die(person)
    work()
    other = Actor(name="Khác", roles=OFFICER.roles, person=-2, reach="27694")
    with pytest.raises(Refused, match="đã chết"):
        deciding.approve(application=application, by=other, at=AT)
    assert deciding.refuse(application=application, reason="Đã chết", by=other, at=AT).state == "refused"
    assert not Account.objects.exists() and Application.objects.count() == 1


def test_a_recovery_of_a_locked_account_sends_no_code_and_lapses(holder, work):
    who = holder()
    recovering.begin(account=who.account, check=Check.CARD, phone="0911111111", by=OFFICER, at=AT)
    die(who.account.person)
    work()
    assert recovering.ripen(by=SYSTEM, at=AT + COOLING) == 0
    recovering.ripen(by=SYSTEM, at=later(days=9))
    assert queries.recovery(who.account) is None


@pytest.mark.django_db(transaction=True)
def test_whoever_logs_in_while_the_death_is_told_stays_outside(holder):
    who = holder()
    die(who.account.person)
    run_at_once(lambda: log_in(who), lambda: told_again(who.account.person))
    assert not Session.objects.filter(account=who.account, ended_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_an_account_opened_while_the_death_is_told_is_refused_or_locked(enrol):
    for number in range(4):
        person = enrol(f"08019000{number:04}", name=f"Trần Văn {'ABCD'[number]}")
        run_at_once(
            lambda person=person: accounts.open_account(person=person, level=1, by=SYSTEM, at=AT),
            lambda person=person: (die(person), told_again(person)),
        )
        account = Account.objects.filter(person=person).first()
        assert account is None or account.locks == [Ground.DEATH]


def run_at_once(*steps):
    barrier = Barrier(len(steps))

    def run(step):
        barrier.wait()
        try:
            step()
        except Refused:
            pass
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=[step]) for step in steps]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
