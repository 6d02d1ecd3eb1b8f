from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from motcua.base import events
from motcua.base.actor import SYSTEM
from motcua.base.errors import Refused
from motcua.base.web import NOBODY
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import accounts, applying, deciding, organizations, sessions
from motcua.domain.accounts.models import Account, Application, Message
from motcua.domain.accounts.rules.accounts import Ground
from motcua.domain.accounts.rules.applications import Case, Check, Holder, State
from motcua.domain.accounts.tests.conftest import AT, later, log_in, texted, texts
from motcua.domain.accounts.tests.taking_in import (
    FIRST,
    NUMBER,
    PASSWORD,
    PHONE,
    SECOND,
    activate,
    begin,
    filed,
    in_person,
    officer,
    photo,
)

# ---------------------------------------------------------------- level 1, online


def test_level_1_goes_from_the_telephone_to_a_working_account(person):
    person()
    application = filed()
    assert (application.state, application.case) == (State.FILED, Case.LEVEL_1)
    deciding.approve(application=application, by=FIRST, at=later(hours=1))
    account = activate(texted(), later(days=6))
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
        applying.file_online(application=begun, code=texted(), photo=photo(), by=NOBODY, at=AT)
    begun.refresh_from_db()
    assert begun.state == State.DRAFT


def test_a_code_is_good_for_thirty_minutes(person):
    person()
    begun = begin()
    with pytest.raises(Refused, match="hết hạn"):
        applying.file_online(application=begun, code=texted(), photo=photo(), by=NOBODY, at=later(minutes=31))
    assert queries.application(begun.key, at=later(minutes=31)) is None


def test_something_that_is_no_picture_is_refused_and_nothing_is_filed(person):
    person()
    begun = begin()
    pdf = SimpleUploadedFile("mat.pdf", b"%PDF-1.4 nothing")
    with pytest.raises(Refused):
        applying.file_online(application=begun, code=texted(), photo=pdf, by=NOBODY, at=AT)
    begun.refresh_from_db()
    assert begun.state == State.DRAFT


def test_a_second_application_waits_for_the_first(person):
    person()
    filed()
    begun = begin(later(hours=1))
    with pytest.raises(Refused, match="chưa xong"):
        applying.file_online(application=begun, code=texted(), photo=photo(), by=NOBODY, at=later(hours=1))


# ---------------------------------------------------------------- at the desk


def test_level_2_is_taken_in_checked_and_approved_by_another_officer(person):
    application = in_person(person())
    assert (application.case, application.checked_by) == (Case.LEVEL_2, "chip")
    with pytest.raises(Refused, match="cán bộ khác"):
        deciding.approve(application=application, by=FIRST, at=AT)
    deciding.approve(application=application, by=SECOND, at=AT)
    assert activate(texted()).level == 2


def test_a_level_1_account_is_raised_and_keeps_its_history(holder):
    who = holder(card_expires_on=date(2030, 1, 1))
    Account.objects.filter(pk=who.account.pk).update(level=1)
    deciding.approve(application=in_person(who.account.person), by=SECOND, at=AT)
    account = activate(texted())
    assert (account.pk, account.level) == (who.account.pk, 2)
    assert "account.raise" in [event.name for event in events.history(account.subject)]


def test_what_opened_the_account_at_level_1_opens_it_no_more_at_level_2(holder):
    who = holder(card_expires_on=date(2030, 1, 1))
    Account.objects.filter(pk=who.account.pk).update(level=1)
    assert queries.code_factor(who.account)
    deciding.approve(application=in_person(who.account.person), by=SECOND, at=AT)
    assert queries.code_factor(activate(texted())) is None


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
    assert "Ảnh không rõ mặt" in texts()[-1].words
    with pytest.raises(Refused, match="không còn ở bước"):
        deciding.approve(application=application, by=SECOND, at=AT)


# ---------------------------------------------------------------- children and organizations


def test_a_parent_applies_for_a_child_and_activates_with_the_own_telephone(person, session):
    child = person("080190000025", born_on="2022-01-01", mother=session.account.person)
    made = applying.file_for_child(
        child=child, session=session, photo=None, by=queries.actor_of(session), at=AT
    )
    assert (made.holder, made.phone) == (Holder.CHILD, session.account.phone)
    deciding.approve(application=made, by=FIRST, at=AT)
    assert activate(texted(), number="080190000025").level == 1


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
