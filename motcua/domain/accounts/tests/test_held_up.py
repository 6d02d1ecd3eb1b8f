"""Whoever waited for another's change to be done goes by what holds after it, not by what was read before."""

import pytest

from motcua.base.actor import SYSTEM
from motcua.base.web import NOBODY
from motcua.domain.accounts import passwords, queries
from motcua.domain.accounts.commands import (
    accounts,
    activating,
    connecting,
    deciding,
    factors,
    heading,
    mandates,
    passkeys,
    sessions,
    tokens,
)
from motcua.domain.accounts.models import BackupCode, Mandate, Organization, Passkey, RefreshToken, Session
from motcua.domain.accounts.rules.accounts import Ground
from motcua.domain.accounts.tests.conftest import AT, answered, held_up, log_in, redeem, register, texted
from motcua.domain.accounts.tests.device import Device
from motcua.domain.accounts.tests.taking_in import SECOND, activate, in_person, officer
from motcua.domain.accounts.tests.test_connecting import file
from motcua.domain.accounts.tests.test_mandates import BINH, offer, strong
from motcua.domain.accounts.tests.test_passkeys import add, begun, enter

pytestmark = pytest.mark.django_db(transaction=True)
OPEN = ("openid", "profile", "offline_access")


def everywhere(session):
    me = queries.actor_of(session)
    return lambda: sessions.log_out_everywhere(account=session.account, by=me, at=AT)


def test_a_log_in_that_is_being_ended_makes_no_new_backup_codes(session):
    me = queries.actor_of(session)
    met = held_up(everywhere(session), lambda: factors.make_backup_codes(session=session, by=me, at=AT))
    assert met.reason == sessions.WRONG and not BackupCode.objects.exists()


def test_a_log_in_that_is_being_ended_adds_no_passkey(session):
    met = held_up(everywhere(session), lambda: add(session, Device()))
    assert met.reason == sessions.WRONG and not Passkey.objects.exists()


def test_a_log_in_that_is_being_ended_lets_nobody_act(holder):
    lan = strong(holder())
    holder(BINH, name="Nguyễn Văn Bình", born_on="1985-03-02")
    assert held_up(everywhere(lan), lambda: offer(lan)).reason == sessions.WRONG
    assert not Mandate.objects.exists()


def test_a_log_in_that_is_being_ended_takes_on_no_mandate(holder):
    lan, binh = strong(holder()), strong(holder(BINH, name="Nguyễn Văn Bình", born_on="1985-03-02"))
    given, me = offer(lan), queries.actor_of(binh)
    met = held_up(everywhere(binh), lambda: mandates.accept(mandate=given, session=binh, by=me, at=AT))
    assert met.reason == sessions.WRONG and Mandate.objects.get().state == "offered"


def test_an_old_password_found_right_opens_nothing_once_there_is_a_new_one(holder):
    who, kept = holder(), passwords.hashed("một câu dài khác hẳn")
    met = held_up(
        lambda: accounts.keep_password(account=who.account, kept=kept, by=SYSTEM, at=AT),
        lambda: log_in(who),
    )
    assert met.reason == sessions.WRONG and not Session.objects.exists()


def test_a_passkey_found_right_opens_nothing_once_it_is_removed(session):
    device, me = Device(), queries.actor_of(session)
    mine, (key, value) = add(session, device), begun()
    met = held_up(
        lambda: sessions.locked(session=session, by=me, at=AT),
        lambda: enter(key, device.use(value)),
        then=lambda: passkeys.remove(passkey=mine, session=session, by=me, at=AT),
    )
    assert met.reason == sessions.WRONG
    assert Session.objects.get() == session


def test_a_code_that_was_replaced_meanwhile_activates_nothing(person):
    one = deciding.approve(application=in_person(person()), by=SECOND, at=AT)
    old = texted()
    met = held_up(lambda: deciding.reissue(application=one, by=SECOND, at=AT), lambda: activate(old))
    assert met.reason == activating.WRONG
    assert activate(texted()).level == 2


def test_a_token_renewed_while_its_family_is_given_up_dies_too(client, session):
    client = register(scopes=["openid", "profile", "offline_access"])[0]
    token = redeem(client, answered(client, session, scopes=OPEN)).refresh_token
    held_up(
        lambda: tokens.renew(client=client, refresh_token=token, by=NOBODY, at=AT),
        lambda: tokens.give_up(client=client, token=token, by=NOBODY, at=AT),
    )
    assert RefreshToken.objects.count() == 2
    assert not RefreshToken.objects.filter(revoked_at=None).exists()


def test_nobody_becomes_head_by_an_account_that_is_being_locked(session, holder):
    other = holder("080190000025", name="Người Hai")
    farm = Organization.objects.create(code="1100000001", name="HTX", head=session.account, opened_at=AT)
    met = held_up(
        lambda: accounts.lock(account=other.account, ground=Ground.AUTHORITY, by=SYSTEM, at=AT),
        lambda: heading.change_head(
            organization=farm, number=other.number, note="12/QĐ", by=officer(), at=AT
        ),
    )
    assert met.reason == heading.NO_HEAD


def test_of_two_systems_that_ask_under_one_code_at_once_one_is_told_so(db):
    met = held_up(file, lambda: file(name="Kẻ khác"))
    assert "mang mã này" in str(met.reason)
    assert queries.clients(SYSTEM).get().name == "Sở Y tế"
    assert connecting.approve(client=queries.clients(SYSTEM).get(), by=SYSTEM, at=AT)
