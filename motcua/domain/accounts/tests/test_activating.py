from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import connections

from motcua.base.actor import SYSTEM
from motcua.base.errors import Refused
from motcua.base.web import NOBODY
from motcua.domain.accounts.commands import activating, applying, deciding, sessions
from motcua.domain.accounts.commands.accounts import open_account
from motcua.domain.accounts.models import Account
from motcua.domain.accounts.rules.accounts import ALLOWANCES
from motcua.domain.accounts.rules.applications import State
from motcua.domain.accounts.tests.conftest import AT, later, texted
from motcua.domain.accounts.tests.taking_in import SECOND, activate, begin, in_person, photo


def approved(person):
    return deciding.approve(application=in_person(person()), by=SECOND, at=AT)


@pytest.mark.parametrize(
    "changes",
    [{"number": "080190000999"}, {"code": "00000000"}, {"at": later(days=8)}, {"code": ""}],
)
def test_a_wrong_or_late_activation_gets_one_sentence(person, changes):
    approved(person)
    with pytest.raises(Refused) as refused:
        activate(**{"code": texted(), **changes})
    assert refused.value.reason == activating.WRONG
    assert not Account.objects.exists()


def beside(code):
    """Give a code that begins in another way."""
    return f"{(int(code[:4]) + 1) % 10**4:04d}{code[4:]}"


def test_strangers_do_not_use_up_the_tries_of_whoever_has_the_text(person):
    approved(person)
    code = texted()
    for number in range(ALLOWANCES["number"].tries):
        with pytest.raises(Refused):
            activate(beside(code), address=f"198.51.100.{number}")
    assert activate(code)


def test_whoever_knows_how_the_code_begins_has_ten_tries(person):
    approved(person)
    code = texted()
    for number in range(ALLOWANCES["code"].tries):
        wrong = (int(code[4:].replace(" ", "")) + 1 + number) % 10**8
        with pytest.raises(Refused) as refused:
            activate(f"{code[:4]}{wrong:08d}", address=f"198.51.100.{number}")
        assert refused.value.reason == activating.WRONG
    with pytest.raises(Refused) as refused:
        activate(code, address="192.0.2.1")
    assert refused.value.reason == sessions.WAIT


def test_a_weak_password_spends_no_code(person):
    approved(person)
    code = texted()
    with pytest.raises(Refused, match="12 đến 128"):
        activate(code, password="ngắn")
    assert activate(code)


def test_after_seven_days_it_lapses_and_the_desk_sends_a_new_code(person):
    application = approved(person)
    assert deciding.lapse(by=SYSTEM, at=later(days=6)) == 0
    assert deciding.lapse(by=SYSTEM, at=later(days=7, hours=1)) == 1
    application.refresh_from_db()
    assert application.state == State.LAPSED
    deciding.reissue(application=application, by=SECOND, at=later(days=8))
    assert activate(texted(), later(days=9)).level == 2


def opened_meanwhile(someone, level=2):
    return open_account(person=someone, level=level, phone="0911111111", by=SYSTEM, at=AT)


def test_an_account_that_came_meanwhile_is_not_given_another_password(person):
    one = deciding.approve(application=in_person(person(), 1), by=SECOND, at=AT)
    held = opened_meanwhile(one.person)
    with pytest.raises(Refused) as refused:
        activate(texted())
    held.refresh_from_db()
    assert refused.value.reason == activating.WRONG
    assert (held.phone, held.password) == ("0911111111", "")


def test_what_lapsed_is_not_renewed_for_whoever_has_an_account_by_now(person):
    one = approved(person)
    deciding.lapse(by=SYSTEM, at=later(days=8))
    opened_meanwhile(one.person)
    with pytest.raises(Refused, match="ở mức này"):
        deciding.reissue(application=one, by=SECOND, at=later(days=8))


def test_what_lapsed_is_not_renewed_beside_another_application(person):
    one = approved(person)
    deciding.lapse(by=SYSTEM, at=later(days=8))
    in_person(one.person, at=later(days=8))
    with pytest.raises(Refused, match="chưa xong"):
        deciding.reissue(application=one, by=SECOND, at=later(days=8))


def test_nobody_files_for_an_account_that_came_while_the_telephone_was_proved(person):
    someone, begun = person(), begin()
    opened_meanwhile(someone, level=1)
    with pytest.raises(Refused) as refused:
        applying.file_online(application=begun, code=texted(), photo=photo(), by=NOBODY, at=AT)
    assert refused.value.reason == applying.NOT_TAKEN


def test_what_was_filed_before_an_account_came_is_not_approved(person):
    application = in_person(person())
    opened_meanwhile(application.person)
    with pytest.raises(Refused, match="ở mức này"):
        deciding.approve(application=application, by=SECOND, at=AT)


def test_whoever_guesses_names_uses_up_no_texts_of_a_telephone(person):
    person()
    for _try in range(ALLOWANCES["texts"].tries):
        with pytest.raises(Refused):
            begin(name="Ai Đó")
    assert begin()


def test_nobody_whose_death_is_known_activates_a_raised_account(holder):
    who = holder(card_expires_on=date(2030, 1, 1))
    Account.objects.filter(pk=who.account.pk).update(level=1)
    deciding.approve(application=in_person(who.account.person), by=SECOND, at=AT)
    type(who.account.person).objects.update(deceased_on=AT.date())
    with pytest.raises(Refused) as refused:
        activate(texted())
    assert refused.value.reason == activating.WRONG


@pytest.mark.django_db(transaction=True)
def test_of_two_activations_at_once_one_opens_the_account(person):
    approved(person)
    code, barrier, refused = texted(), Barrier(2), []

    def run():
        barrier.wait()
        try:
            activate(code)
        except Refused as why:
            refused.append(why.reason)
        finally:
            connections.close_all()

    threads = [Thread(target=run) for _number in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert refused == [activating.WRONG] and Account.objects.count() == 1
