import json
import re
from datetime import date, timedelta
from io import BytesIO
from threading import Barrier, Thread

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from PIL import Image

from motcua.base import events, secrets
from motcua.base.actor import SYSTEM, Actor, Role
from motcua.base.errors import Refused
from motcua.base.web import NOBODY
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import (
    accounts,
    activating,
    applying,
    deciding,
    organizations,
    sessions,
)
from motcua.domain.accounts.commands.accounts import open_account
from motcua.domain.accounts.models import Account, Application, Message
from motcua.domain.accounts.rules.accounts import ALLOWANCES, Ground
from motcua.domain.accounts.rules.applications import (
    Case,
    Check,
    Holder,
    State,
)
from motcua.domain.accounts.tests.conftest import AT, later, log_in

PLACE, NUMBER, PHONE = "27694", "080190000017", "0900000017"
PASSWORD = "một câu dài khác hẳn"


def officer(pk=-1, place=PLACE):
    return Actor(
        name="Cán bộ", roles=frozenset({Role.CITIZEN, Role.IDENTITY_OFFICER}), person=pk, reach=place
    )


FIRST, SECOND = officer(-1), officer(-2)


@pytest.fixture
def person(enrol):
    def make(number=NUMBER, **words):
        words = {"card_expires_on": date(2030, 1, 1), "permanent_commune": PLACE, **words}
        return enrol(number, **words)

    return make


def photo():
    file = BytesIO()
    Image.new("RGB", (40, 40), "tan").save(file, "JPEG")
    return SimpleUploadedFile("mat.jpg", file.getvalue())


def texted(about):
    """The words of the newest text, as the gateway would get them."""
    message = Message.objects.order_by("-pk").first()
    _phone, words = json.loads(secrets.unseal(bytes(message.body), place=f"accounts_message:{message.key}"))
    return re.search(r"\d{4} \d{4} \d{4}|\d{6}", words)[0] if about == "code" else words


def begin(at=AT, **changes):
    words = {"number": NUMBER, "name": "Trần Thị Hồng Nhung", "born_on": "1990-05-19", "phone": PHONE}
    return applying.begin(**{**words, **changes}, address="203.0.113.7", by=NOBODY, at=at)


def filed(at=AT):
    begun = begin(at)
    return applying.file_online(application=begun, code=texted("code"), photo=photo(), by=NOBODY, at=at)


def in_person(someone, level=2, *, by=FIRST, at=AT, **changes):
    words = {"phone": PHONE, "check": Check.CHIP, "known": True, **changes}
    return applying.file_in_person(person=someone, level=level, **words, by=by, at=at)


def activate(code, at=AT, **changes):
    words = {"number": NUMBER, "password": PASSWORD, "address": "::1", **changes}
    return activating.activate(code=code, **words, by=NOBODY, at=at)


# ---------------------------------------------------------------- level 1, online


def test_level_1_goes_from_the_telephone_to_a_working_account(person):
    person()
    application = filed()
    assert (application.state, application.case) == (State.FILED, Case.LEVEL_1)
    deciding.approve(application=application, by=FIRST, at=later(hours=1))
    account = activate(texted("code"), later(days=6))
    assert (account.level, account.phone) == (1, PHONE)
    log_in(type("Who", (), {"number": NUMBER, "password": PASSWORD}), at=later(days=6))
    assert [event.name for event in events.history(application.subject)] == [
        "application.begin",
        "application.file",
        "application.approve",
        "application.activate",
    ]
    log = [*events.history(application.subject), *events.history(account.subject)]
    assert not any(secret in str(vars(event)) for event in log for secret in (NUMBER, PHONE, PASSWORD))


@pytest.mark.parametrize(
    ("facts", "changes"),
    [
        ({}, {"number": "080190000999"}),
        ({}, {"name": "Trần Thị Hồng"}),
        ({}, {"born_on": "1990-05-18"}),
        ({"deceased_on": date(2026, 1, 1)}, {}),
        ({"card_expires_on": date(2026, 1, 1)}, {}),
        ({"card_expires_on": None}, {}),
        ({"born_on": "2020-05-19"}, {"born_on": "2020-05-19"}),
    ],
)
def test_whatever_does_not_fit_gets_the_same_sentence_and_no_text(person, facts, changes):
    person(**facts)
    with pytest.raises(Refused) as refused:
        begin(**changes)
    assert refused.value.reason == applying.NOT_TAKEN
    assert not Message.objects.exists() and not Application.objects.exists()


def test_whoever_has_an_account_learns_nothing_from_applying(holder):
    who = holder(card_expires_on=date(2030, 1, 1))
    with pytest.raises(Refused) as refused:
        begin(number=who.number)
    assert refused.value.reason == applying.NOT_TAKEN


@pytest.mark.parametrize("name", ["trần thị hồng nhung", "TRAN THI HONG NHUNG"])
def test_a_name_may_be_typed_without_marks(person, name):
    person()
    assert begin(name=name).state == State.DRAFT


def test_a_wrong_code_files_nothing_and_guessing_ends(person):
    person()
    begun = begin()
    for _number in range(10):
        with pytest.raises(Refused, match="không đúng"):
            applying.file_online(application=begun, code="000000x", photo=photo(), by=NOBODY, at=AT)
    with pytest.raises(Refused, match="quá nhiều"):
        applying.file_online(application=begun, code=texted("code"), photo=photo(), by=NOBODY, at=AT)
    begun.refresh_from_db()
    assert begun.state == State.DRAFT


def test_a_code_is_good_for_thirty_minutes(person):
    person()
    begun = begin()
    with pytest.raises(Refused, match="hết hạn"):
        applying.file_online(
            application=begun, code=texted("code"), photo=photo(), by=NOBODY, at=later(minutes=31)
        )
    assert queries.application(begun.key, at=later(minutes=31)) is None


def test_something_that_is_no_picture_is_refused_and_nothing_is_filed(person):
    person()
    begun = begin()
    pdf = SimpleUploadedFile("mat.pdf", b"%PDF-1.4 nothing")
    with pytest.raises(Refused):
        applying.file_online(application=begun, code=texted("code"), photo=pdf, by=NOBODY, at=AT)
    begun.refresh_from_db()
    assert begun.state == State.DRAFT


def test_a_second_application_waits_for_the_first(person):
    person()
    filed()
    begun = begin(later(hours=1))
    with pytest.raises(Refused, match="chưa xong"):
        applying.file_online(
            application=begun, code=texted("code"), photo=photo(), by=NOBODY, at=later(hours=1)
        )


# ---------------------------------------------------------------- at the desk


def test_level_2_is_taken_in_checked_and_approved_by_another_officer(person):
    application = in_person(person())
    assert (application.case, application.checked_by) == (Case.LEVEL_2, "chip")
    with pytest.raises(Refused, match="cán bộ khác"):
        deciding.approve(application=application, by=FIRST, at=AT)
    deciding.approve(application=application, by=SECOND, at=AT)
    assert activate(texted("code")).level == 2


def test_a_level_1_account_is_raised_and_keeps_its_history(holder):
    who = holder(card_expires_on=date(2030, 1, 1))
    Account.objects.filter(pk=who.account.pk).update(level=1)
    deciding.approve(application=in_person(who.account.person), by=SECOND, at=AT)
    account = activate(texted("code"))
    assert (account.pk, account.level) == (who.account.pk, 2)
    assert "account.raise" in [event.name for event in events.history(account.subject)]


def test_what_opened_the_account_at_level_1_opens_it_no_more_at_level_2(holder):
    who = holder(card_expires_on=date(2030, 1, 1))
    Account.objects.filter(pk=who.account.pk).update(level=1)
    assert queries.code_factor(who.account)
    deciding.approve(application=in_person(who.account.person), by=SECOND, at=AT)
    assert queries.code_factor(activate(texted("code"))) is None


def test_a_card_of_somebody_over_sixty_is_good_for_life(person):
    old = person(card_issued_on=date(2021, 5, 1), card_expires_on=None, born_on="1950-05-19")
    assert queries.has_card(old, on=AT.date())
    assert in_person(old).case == Case.LEVEL_2


def test_level_1_takes_a_card_also_at_the_desk_but_not_of_the_youngest(person, session):
    with pytest.raises(Refused, match="thẻ căn cước còn hạn"):
        in_person(person("080190000041", card_expires_on=None), 1)
    family = {"mother": session.account.person, "card_expires_on": None}
    pupil = person("080190000025", born_on="2016-01-01", **family)
    with pytest.raises(Refused, match="thẻ căn cước còn hạn"):
        in_person(pupil, 1, guardian=session.account)
    assert in_person(pupil, 2, guardian=session.account).case == Case.LEVEL_2_NO_CARD
    assert in_person(person("080190000033", born_on="2022-01-01", **family), 1, guardian=session.account)


def test_no_officer_approves_for_the_own_child(person, session):
    child = person("080190000025", born_on="2022-01-01", mother=session.account.person)
    application = in_person(child, 1, guardian=session.account)
    with pytest.raises(Refused, match="tự duyệt"):
        deciding.approve(application=application, by=officer(session.account.person_id), at=AT)


def test_a_parent_with_a_locked_account_brings_no_child(person, holder):
    mother = holder("080190000025", name="Mẹ")
    accounts.lock(account=mother.account, ground=Ground.CARD, by=SYSTEM, at=AT)
    mother.account.refresh_from_db()
    with pytest.raises(Refused, match="cha hoặc mẹ"):
        in_person(person(born_on="2016-01-01", mother=mother.account.person), guardian=mother.account)


def test_without_a_valid_card_it_takes_seven_days(person):
    assert in_person(person(card_expires_on=None), check=Check.PHOTO).case == Case.LEVEL_2_NO_CARD


@pytest.mark.parametrize("known", [True, False])
def test_a_foreigners_term_hangs_on_biometrics(person, known):
    case = in_person(person(nationality="Lào"), known=known).case
    assert case == (Case.FOREIGN_2 if known else Case.FOREIGN_2_UNKNOWN)


def test_a_child_comes_with_a_parent_known_to_the_register(person, holder):
    mother = holder("080190000025", name="Mẹ")
    child = person(born_on="2016-01-01", mother=mother.account.person)
    with pytest.raises(Refused, match="cha hoặc mẹ"):
        in_person(child)
    with pytest.raises(Refused, match="cha hoặc mẹ"):
        in_person(child, guardian=holder("080190000033", name="Dì").account)
    assert in_person(child, guardian=mother.account).holder == Holder.MINOR


def test_nobody_takes_in_their_own_application_or_without_the_role(person):
    someone = person()
    for by in (officer(someone.pk), NOBODY):
        with pytest.raises(Refused, match="tại bàn"):
            in_person(someone, by=by)


def test_another_desks_applications_are_out_of_reach(person):
    application = in_person(person())
    with pytest.raises(Application.DoesNotExist):
        deciding.approve(application=application, by=officer(-3, "00004"), at=AT)
    assert not queries.line(officer(-3, "00004"), at=AT)
    assert [one.application for one in queries.line(SECOND, at=AT)] == [application]


def test_the_line_is_sorted_by_time_left_and_knows_the_late(person):
    slow, fast = in_person(person(card_expires_on=None)), in_person(person("080190000025"))
    found = queries.line(FIRST, at=later(days=7))
    assert [one.application for one in found] == [fast, slow]
    assert found[0].left < 0 < found[1].left


def test_a_refusal_needs_a_reason_and_tells_it(person):
    application = filed_at_desk = in_person(person())
    with pytest.raises(Refused, match="lý do"):
        deciding.refuse(application=application, reason=" ", by=SECOND, at=AT)
    deciding.refuse(application=filed_at_desk, reason="Ảnh không rõ mặt", by=SECOND, at=AT)
    assert "Ảnh không rõ mặt" in texted("words")
    with pytest.raises(Refused, match="không còn ở bước"):
        deciding.approve(application=application, by=SECOND, at=AT)


# ---------------------------------------------------------------- activation


def approved(person):
    return deciding.approve(application=in_person(person()), by=SECOND, at=AT)


@pytest.mark.parametrize(
    "changes",
    [{"number": "080190000999"}, {"code": "00000000"}, {"at": later(days=8)}, {"code": ""}],
)
def test_a_wrong_or_late_activation_gets_one_sentence(person, changes):
    approved(person)
    with pytest.raises(Refused) as refused:
        activate(**{"code": texted("code"), **changes})
    assert refused.value.reason == activating.WRONG
    assert not Account.objects.exists()


def beside(code):
    """Give a code that begins in another way."""
    return f"{(int(code[:4]) + 1) % 10**4:04d}{code[4:]}"


def test_strangers_do_not_use_up_the_tries_of_whoever_has_the_text(person):
    approved(person)
    code = texted("code")
    for number in range(ALLOWANCES["number"].tries):
        with pytest.raises(Refused):
            activate(beside(code), address=f"198.51.100.{number}")
    assert activate(code)


def test_whoever_knows_how_the_code_begins_has_ten_tries(person):
    approved(person)
    code = texted("code")
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
    code = texted("code")
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
    assert activate(texted("code"), later(days=9)).level == 2


def opened_meanwhile(someone, level=2):
    return open_account(person=someone, level=level, phone="0911111111", by=SYSTEM, at=AT)


def test_an_account_that_came_meanwhile_is_not_given_another_password(person):
    one = deciding.approve(application=in_person(person(), 1), by=SECOND, at=AT)
    held = opened_meanwhile(one.person)
    with pytest.raises(Refused) as refused:
        activate(texted("code"))
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
        applying.file_online(application=begun, code=texted("code"), photo=photo(), by=NOBODY, at=AT)
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
        activate(texted("code"))
    assert refused.value.reason == activating.WRONG


@pytest.mark.django_db(transaction=True)
def test_of_two_activations_at_once_one_opens_the_account(person):
    approved(person)
    code, barrier, refused = texted("code"), Barrier(2), []

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


# ---------------------------------------------------------------- children and organizations


@pytest.fixture
def parent(session):
    return session


def test_a_parent_applies_for_a_child_and_activates_with_the_own_telephone(person, session):
    child = person("080190000025", born_on="2022-01-01", mother=session.account.person)
    made = applying.file_for_child(
        child=child, session=session, photo=None, by=queries.actor_of(session), at=AT
    )
    assert (made.holder, made.phone) == (Holder.CHILD, session.account.phone)
    deciding.approve(application=made, by=FIRST, at=AT)
    assert activate(texted("code"), number="080190000025").level == 1


@pytest.mark.parametrize("words", [{"born_on": "2010-01-01"}, {"mother": None}])
def test_nobody_applies_for_somebody_elses_child_or_a_grown_one(person, session, words):
    child = person("080190000025", **{"born_on": "2022-01-01", "mother": session.account.person, **words})
    with pytest.raises(Refused, match="không phải con"):
        applying.file_for_child(child=child, session=session, photo=None, by=queries.actor_of(session), at=AT)


def organization(session, *numbers, known=True):
    return organizations.apply(
        session=session,
        code="1100000001",
        name="Hợp tác xã Thử",
        known=known,
        representatives=numbers,
        by=queries.actor_of(session),
        at=AT,
    )


def test_an_organization_waits_for_the_other_representatives_then_for_the_desk(session, holder):
    other = holder("080190000025", name="Người Hai")
    application = organization(session, other.number)
    assert application.state == State.DRAFT
    theirs = sessions.confirm(session=log_in(other), code=other.code(AT), by=NOBODY, at=AT)
    me = queries.actor_of(theirs)
    application = organizations.endorse(
        endorsement=queries.endorsements(me).get(), session=theirs, by=me, at=AT
    )
    assert (application.state, application.case) == (State.FILED, Case.ORGANIZATION)
    deciding.approve(application=application, by=FIRST, at=AT)
    opened = organizations.activate(
        application=application, session=session, by=queries.actor_of(session), at=AT
    )
    assert (opened.head, opened.name) == (session.account, "Hợp tác xã Thử")
    with pytest.raises(Refused, match="đã có tài khoản"):
        organization(session)


def test_nobody_agrees_for_another(session, holder):
    application = organization(session, holder("080190000025", name="Người Hai").number)
    with pytest.raises(application.endorsements.model.DoesNotExist):
        organizations.endorse(
            endorsement=application.endorsements.get(), session=session, by=queries.actor_of(session), at=AT
        )


def test_a_representative_without_a_level_2_account_holds_it_up(session, person):
    person("080190000025")
    with pytest.raises(Refused, match="mức 2"):
        organization(session, "080190000025")


def test_an_organization_without_other_representatives_is_filed_at_once(session):
    assert organization(session, known=False).case == Case.ORGANIZATION_UNKNOWN


def test_a_head_activates_within_seven_days(session):
    application = organization(session)
    deciding.approve(application=application, by=FIRST, at=AT)
    with pytest.raises(Refused, match="quá hạn"):
        organizations.activate(
            application=application,
            session=session,
            by=queries.actor_of(session),
            at=AT + timedelta(days=8),
        )
