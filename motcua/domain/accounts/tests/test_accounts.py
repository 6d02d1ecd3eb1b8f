import pytest
from django.db import IntegrityError, transaction

from motcua.base import events
from motcua.base.actor import SYSTEM, Actor, Role
from motcua.base.errors import Refused
from motcua.base.web import NOBODY
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import accounts, keys, sessions
from motcua.domain.accounts.models import Account, Factor, SigningKey
from motcua.domain.accounts.rules.accounts import Ground, State, code, step_at
from motcua.domain.accounts.tests.conftest import AT, later, log_in

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
