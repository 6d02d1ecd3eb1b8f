from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections

from motcua.base import events
from motcua.base.actor import SYSTEM, Actor, Role
from motcua.base.errors import Refused
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import accounts, duties
from motcua.domain.accounts.models import Duty
from motcua.domain.accounts.rules.duties import ROLES, why_not_assign
from motcua.domain.accounts.tests.conftest import AT, later, log_in

TODAY = AT.date()
COMMUNE = "27694"


def assign(who, role=Role.ADMINISTRATOR, *, place="", by=SYSTEM, on=TODAY):
    return duties.assign(account=who.account, role=role, place_code=place, in_force_from=on, by=by, at=AT)


def entered(session, who, role=Role.ADMINISTRATOR, **words):
    duties.take_up(session=session, duty=assign(who, role, **words), by=SYSTEM, at=AT)
    return queries.actor_of(queries.session(session.key, at=AT), on=TODAY)


@pytest.fixture
def me(session):
    """The holder of the log-in that conftest opens."""

    class Me:
        account = session.account

    return Me


def test_somebody_given_a_duty_acts_in_it_only_after_choosing_it(session, me):
    duty = assign(me)
    assert queries.actor_of(session, on=TODAY).roles == {Role.CITIZEN}
    duties.take_up(session=session, duty=duty, by=SYSTEM, at=AT)
    acting = queries.actor_of(queries.session(session.key, at=AT), on=TODAY)
    assert (acting.roles, acting.place) == ({Role.CITIZEN, Role.ADMINISTRATOR}, "Cả nước")
    duties.lay_down(session=session, by=acting, at=AT)
    assert queries.actor_of(queries.session(session.key, at=AT), on=TODAY).roles == {Role.CITIZEN}
    assert [event.name for event in events.history(session.account.subject)][-3:] == [
        "duty.assign",
        "duty.take_up",
        "duty.lay_down",
    ]


def test_without_a_day_an_actor_has_no_duty(session, me):
    entered(session, me)
    assert queries.actor_of(queries.session(session.key, at=AT)).roles == {Role.CITIZEN}


def test_an_identity_officer_serves_at_one_commune(session, me):
    acting = entered(session, me, Role.IDENTITY_OFFICER, place=COMMUNE)
    assert acting.reach == COMMUNE and acting.place.startswith(("Xã", "Phường"))


@pytest.mark.parametrize("place", ["", "80", "99999", "abc"])
def test_an_identity_officer_without_a_real_commune_is_refused(holder, place):
    with pytest.raises(Refused):
        assign(holder(), Role.IDENTITY_OFFICER, place=place)


def test_a_password_alone_lets_nobody_act_in_a_duty(holder):
    who = holder()
    session, duty = log_in(who), assign(who)
    with pytest.raises(Refused, match="bước thứ hai"):
        duties.take_up(session=session, duty=duty, by=SYSTEM, at=AT)
    session.duty = duty
    assert queries.actor_of(session, on=TODAY).roles == {Role.CITIZEN}


def test_nobody_takes_up_the_duty_of_another(session, holder):
    other = assign(holder("080190000025"))
    with pytest.raises(Duty.DoesNotExist):
        duties.take_up(session=session, duty=other, by=queries.actor_of(session), at=AT)


def test_a_duty_that_ends_is_gone_at_once_from_who_acts_in_it(session, me, holder):
    entered(session, me, Role.AUDITOR)
    duties.end(duty=Duty.objects.get(), by=SYSTEM, at=AT)
    assert queries.actor_of(queries.session(session.key, at=AT), on=TODAY).roles == {Role.CITIZEN}
    assert not queries.own_duties(session.account, on=TODAY).exists()
    with pytest.raises(Refused, match="đã kết thúc"):
        duties.end(duty=Duty.objects.get(), by=SYSTEM, at=AT)


def test_a_duty_begins_on_its_day(session, me):
    duty = assign(me, on=later(days=2).date())
    with pytest.raises(Duty.DoesNotExist):
        duties.take_up(session=session, duty=duty, by=SYSTEM, at=AT)


def test_only_an_administrator_gives_duties_and_never_to_oneself(session, me, holder):
    other = holder("080190000025")
    citizen = queries.actor_of(session)
    with pytest.raises(Refused, match="Chỉ quản trị"):
        assign(other, by=citizen)
    administrator = entered(session, me)
    assign(other, Role.AUDITOR, by=administrator)
    with pytest.raises(Refused, match="tự giao"):
        assign(me, Role.IDENTITY_OFFICER, place=COMMUNE, by=administrator)


def test_who_audits_holds_nothing_else(holder):
    who = holder()
    assign(who, Role.AUDITOR)
    with pytest.raises(Refused, match="kiểm tra"):
        assign(who, Role.ADMINISTRATOR)


def test_who_is_to_be_something_else_soon_does_not_begin_to_audit(holder):
    who = holder()
    assign(who, Role.ADMINISTRATOR, on=TODAY + timedelta(days=30))
    with pytest.raises(Refused, match="kiểm tra"):
        assign(who, Role.AUDITOR)


def test_the_same_duty_is_not_given_twice(holder):
    who = holder()
    assign(who)
    with pytest.raises(Refused, match="đang giữ"):
        assign(who)


def test_a_locked_account_is_given_no_duty(holder):
    who = holder()
    accounts.lock(account=who.account, ground="holder", by=SYSTEM, at=AT)
    with pytest.raises(Refused, match="đang hoạt động"):
        assign(who)


def test_the_last_administrator_stays(holder):
    first = assign(holder())
    with pytest.raises(Refused, match="cuối cùng"):
        duties.end(duty=first, by=SYSTEM, at=AT)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_end_each_others_duty_at_once(holder):
    held = [assign(holder()), assign(holder("080190000025"))]
    barrier, refused = Barrier(2), []

    def end(duty):
        barrier.wait()
        try:
            duties.end(duty=duty, by=SYSTEM, at=AT)
        except Refused as why:
            refused.append(str(why))
        finally:
            connections.close_all()

    threads = [Thread(target=end, args=[duty]) for duty in held]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(refused) == 1 and "cuối cùng" in refused[0]
    assert queries.in_force(TODAY).count() == 1


def test_an_administrator_sees_no_accounts_and_an_officer_finds_them(session, me, holder):
    holder("080190000025")
    administrator = Actor(name="Q", roles=frozenset({Role.CITIZEN, Role.ADMINISTRATOR}), person=-1)
    officer = Actor(name="C", roles=frozenset({Role.CITIZEN, Role.IDENTITY_OFFICER}), person=-1)
    assert not queries.visible(administrator).exists()
    assert queries.visible(officer).count() == 2
    assert not queries.own(officer).exists() and not queries.sessions(officer, at=AT).exists()


@pytest.mark.parametrize("role", set(Role) - set(ROLES))
def test_no_other_role_is_given_here(role):
    assert why_not_assign(role, level=2, state="active", place="", held=[], own=False)


def test_duties_in_force_are_listed_to_who_may_know(holder):
    assign(holder())
    auditor = Actor(name="K", roles=frozenset({Role.AUDITOR}), person=-1)
    officer = Actor(name="C", roles=frozenset({Role.IDENTITY_OFFICER}), person=-1)
    assert queries.duties(auditor, on=TODAY).count() == 1
    assert not queries.duties(officer, on=TODAY).exists()
    assert not queries.duties(auditor, on=date(2020, 1, 1)).exists()
