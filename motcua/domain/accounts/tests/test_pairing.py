from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction

from motcua.base import events
from motcua.base.actor import SYSTEM
from motcua.base.errors import Refused
from motcua.base.web import NOBODY
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import accounts, grants, pairing, passkeys, sessions
from motcua.domain.accounts.models import Pairing, Session
from motcua.domain.accounts.rules.accounts import Ground, assurance
from motcua.domain.accounts.tests.conftest import AT, later, log_in, names


def begin(*, at=AT, address="203.0.113.9"):
    return pairing.begin(request=None, address=address, agent="Mozilla Firefox", by=NOBODY, at=at)


def answer(waiting, session, number=None, *, at=AT):
    me = queries.actor_of(session)
    return pairing.answer(key=waiting.key, number=number, session=session, by=me, at=at)


def take(waiting, *, at=AT, current=None, **changes):
    words = {"holder": waiting.holder, "agent": "Firefox", **changes}
    return pairing.take(**words, current=current, by=NOBODY, at=at)


def wrong(waiting):
    return next(number for number in waiting.shown if number != waiting.number)


# ---------------------------------------------------------------- it works


def test_the_right_number_lets_the_computer_in_and_every_step_is_one_event(session):
    waiting = begin()
    assert waiting.number in waiting.shown and len(set(waiting.shown)) == 3
    before = len(names(session.account))
    assert answer(waiting, session, waiting.number).state == "approved"
    opened = take(waiting)
    assert (opened.account_id, opened.methods, opened.assurance) == (session.account_id, ["mca"], 2)
    assert opened.assurance <= session.assurance and opened.key != session.key
    assert names(session.account)[before:] == ["pairing.approve", "session.open"]
    assert [event.name for event in events.history(waiting.subject)] == ["pairing.begin"]
    assert set(queries.sessions(queries.actor_of(session), at=AT)) == {session, opened}


def test_no_addition_takes_such_a_log_in_above_level_2():
    assert assurance(["mca", "pwd", "otp", "pop", "uv"]) == 2


def test_another_person_logged_in_there_is_logged_out(session, holder):
    other = log_in(holder("080190000025"))
    waiting = begin()
    answer(waiting, session, waiting.number)
    assert take(waiting, current=other).account_id == session.account_id
    assert queries.session(other.key, at=AT) is None


def test_it_is_forgotten_after_a_day(session):
    begin()
    grants.forget(by=SYSTEM, at=later(days=2))
    assert not Pairing.objects.exists()


# ---------------------------------------------------------------- it is refused


def test_a_wrong_number_ends_the_try_and_is_recorded(session):
    waiting = begin()
    assert answer(waiting, session, wrong(waiting)).state == "mistaken"
    with pytest.raises(Refused, match="bắt đầu lại"):
        answer(waiting, session, waiting.number)
    with pytest.raises(Refused, match="bắt đầu lại"):
        take(waiting)
    assert names(session.account)[-1] == "pairing.mistake"


def test_turning_it_away_ends_the_try_and_is_recorded(session):
    waiting = begin()
    assert answer(waiting, session).state == "declined"
    with pytest.raises(Refused, match="bị từ chối"):
        take(waiting)
    assert names(session.account)[-1] == "pairing.decline"


def test_nobody_is_let_in_before_the_phone_has_answered(db):
    waiting = begin()
    with pytest.raises(Refused) as refused:
        take(waiting)
    assert refused.value.reason is pairing.NOT_YET


def test_after_two_minutes_it_is_neither_answered_nor_taken(session):
    first, second = begin(), begin()
    with pytest.raises(Refused, match="hết hạn"):
        answer(first, session, first.number, at=later(minutes=2))
    answer(second, session, second.number, at=later(seconds=119))
    with pytest.raises(Refused, match="hết hạn"):
        take(second, at=later(minutes=2))


def test_it_is_taken_once(session):
    waiting = begin()
    answer(waiting, session, waiting.number)
    take(waiting)
    with pytest.raises(Refused, match="đã dùng"):
        take(waiting)


@pytest.mark.parametrize("holder_key", ["", "x" * 43])
def test_who_has_only_seen_the_picture_is_not_let_in(session, holder_key):
    waiting = begin()
    answer(waiting, session, waiting.number)
    for guess in (holder_key, waiting.key):
        with pytest.raises(Refused, match="bắt đầu lại"):
            take(waiting, holder=guess)


@pytest.mark.parametrize("key", ["", "x" * 43])
def test_a_guessed_key_opens_nothing(session, key):
    with pytest.raises(Refused, match="bắt đầu lại"):
        answer(Pairing(key=key), session, 10)


def test_a_password_alone_or_an_old_proof_lets_nobody_in(session):
    waiting = begin(at=later(minutes=15, seconds=1))
    with pytest.raises(Refused, match="xác thực lại"):
        answer(waiting, session, waiting.number, at=later(minutes=15, seconds=1))
    session.methods = ["pwd"]
    with pytest.raises(Refused, match="xác thực lại"):
        answer(waiting, session, waiting.number)
    assert Pairing.objects.get().state == "waiting"


def test_a_computer_let_in_lets_in_no_third_device_and_changes_no_factors(session):
    first, second = begin(), begin()
    answer(first, session, first.number)
    opened = take(first)
    with pytest.raises(Refused, match="xác thực lại"):
        answer(second, opened, second.number)
    with pytest.raises(Refused, match="xác thực lại"):
        passkeys.begin_adding(session=opened, by=queries.actor_of(opened), at=AT)


@pytest.mark.parametrize("end", ["lock", "log_out", "log_out_everywhere"])
@pytest.mark.parametrize("answered", [False, True])
def test_whoever_is_locked_or_logged_out_meanwhile_lets_nobody_in(session, end, answered):
    waiting, me = begin(), queries.actor_of(session)
    if answered:
        answer(waiting, session, waiting.number)
    if end == "lock":
        accounts.lock(account=session.account, ground=Ground.HOLDER, by=me, at=AT)
    elif end == "log_out":
        sessions.log_out(session=session, by=me, at=AT)
    else:
        sessions.log_out_everywhere(account=session.account, by=me, at=AT)
    with pytest.raises(Refused):
        take(waiting) if answered else answer(waiting, session, waiting.number)
    assert not queries.sessions(me, at=AT).exists()


def test_too_many_answers_of_one_account_have_to_wait(session):
    for _time in range(10):
        answer(begin(), session)
    waiting = begin()
    with pytest.raises(Refused) as refused:
        answer(waiting, session, waiting.number)
    assert refused.value.reason is sessions.WAIT


def test_too_many_pictures_for_one_address_have_to_wait(db):
    for _time in range(300):
        begin()
    with pytest.raises(Refused) as refused:
        begin()
    assert refused.value.reason is sessions.WAIT and begin(address="203.0.113.10")


def test_the_database_refuses_an_answer_of_nobody(db):
    begin()
    with pytest.raises(IntegrityError), transaction.atomic():
        Pairing.objects.update(state="approved")


def test_the_word_of_a_phone_and_a_code_are_not_two_factors_of_the_computer(holder):
    who = holder()
    phone = sessions.confirm(session=log_in(who), code=who.code(AT), by=NOBODY, at=AT)
    waiting = begin()
    answer(waiting, phone, waiting.number)
    here = take(waiting)
    assert (here.assurance, here.assurance_here) == (2, 0)
    soon = later(minutes=1)
    here = sessions.confirm(session=here, code=who.code(soon), by=queries.actor_of(here), at=soon)
    assert (here.assurance, here.assurance_here) == (2, 1)
    with pytest.raises(Refused, match="xác thực lại"):
        passkeys.begin_adding(session=here, by=queries.actor_of(here), at=soon)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_at_once_one_is_let_in(session):
    waiting, ready, results = begin(), Barrier(2), []
    answer(waiting, session, waiting.number)

    def run():
        ready.wait()
        try:
            results.append(bool(take(waiting)))
        except Refused:
            results.append(False)
        finally:
            connection.close()

    threads = [Thread(target=run) for _number in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(results) == [False, True] and Session.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_log_out_everywhere_that_races_leaves_nobody_logged_in(session):
    waiting, ready, me = begin(), Barrier(2), queries.actor_of(session)
    answer(waiting, session, waiting.number)

    def run(work):
        ready.wait()
        try:
            work()
        except Refused:
            pass
        finally:
            connection.close()

    def leave():
        sessions.log_out_everywhere(account=session.account, by=me, at=AT)

    threads = [Thread(target=run, args=[work]) for work in (leave, lambda: take(waiting))]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert not Session.objects.filter(ended_at=None).exists()
