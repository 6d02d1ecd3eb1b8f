"""An application is taken back by its applicant, or at a desk on the applicant's word."""

from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connections, transaction

from motcua.base import events
from motcua.base.actor import Actor, Role
from motcua.base.errors import Refused
from motcua.base.web import NOBODY
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import applying, deciding, organizations, sessions, withdrawing
from motcua.domain.accounts.models import Application, Endorsement, Message
from motcua.domain.accounts.rules.applications import MOVES, Action, Check, State, why_not
from motcua.domain.accounts.tests.conftest import AT, later, log_in, texted, texts
from motcua.domain.accounts.tests.taking_in import FIRST, SECOND, activate, begin, filed, in_person, officer

OTHER = "080190000026"


@pytest.fixture
def applicant(person):
    return person()


def withdraw(one, *, key="", by=NOBODY, at=AT):
    return withdrawing.withdraw(application=one, key=key, by=by, at=at)


def at_desk(one, *, by=FIRST, at=AT):
    return withdrawing.withdraw_at_desk(application=one, check=Check.CARD, by=by, at=at)


def citizen(person):
    return Actor(name=person.name, roles=frozenset({Role.CITIZEN}), person=person.pk)


@pytest.mark.parametrize("state", State)
def test_only_what_is_not_finished_is_withdrawn(state):
    hindered = why_not(Action.WITHDRAW, state=state, roles=frozenset({Role.CITIZEN}))
    assert (hindered is None) == (state in {State.DRAFT, State.FILED, State.APPROVED})
    assert State.WITHDRAWN not in set().union(*(move.start for move in MOVES.values()))


def test_an_applicant_withdraws_in_the_browser_and_may_apply_again(applicant):
    one = withdraw(application := filed(), key=application.key)
    assert (one.state, one.withdrawn_at, one.code_hash) == (State.WITHDRAWN, AT, None)
    assert "đã được rút" in texts()[-1].words
    assert events.history(one.subject)[-1].name == "application.withdraw"
    assert queries.line(FIRST, at=AT) == []
    assert filed(later(hours=2)).state == State.FILED


def test_the_term_stops_when_it_is_withdrawn(applicant):
    one = withdraw(application := filed(), key=application.key, at=later(hours=1))
    assert queries.left(one, at=later(days=30)) == queries.left(one, at=later(hours=1)) > 0


def test_an_approved_one_is_withdrawn_and_its_code_opens_nothing(applicant):
    application = filed()
    deciding.approve(application=application, by=FIRST, at=AT)
    code = texted()
    withdraw(application, key=application.key)
    with pytest.raises(Refused):
        activate(code)
    with pytest.raises(Refused, match="không còn ở bước"):
        deciding.reissue(application=application, by=FIRST, at=AT)


def test_a_draft_is_withdrawn_without_a_text_and_cannot_be_filed(applicant):
    begun = begin()
    code, texts = texted(), Message.objects.count()
    withdraw(begun, key=begun.key)
    assert Message.objects.count() == texts
    begun.refresh_from_db()
    with pytest.raises(Refused):
        applying.file_online(application=begun, code=code, photo=None, by=NOBODY, at=AT)


@pytest.mark.parametrize("key", ["", "kẻ lạ", "\0"])
def test_nobody_withdraws_without_the_key_of_the_browser(applicant, key):
    with pytest.raises(Application.DoesNotExist):
        withdraw(filed(), key=key)


def test_the_holder_withdraws_what_was_taken_in_at_a_desk_and_nobody_else(applicant, enrol):
    one = in_person(applicant)
    with pytest.raises(Application.DoesNotExist):
        withdraw(one, by=citizen(enrol(OTHER)))
    assert withdraw(one, by=citizen(applicant)).state == State.WITHDRAWN


def test_an_officer_withdraws_on_the_word_of_who_stands_there_and_the_log_says_so(applicant):
    one = at_desk(in_person(applicant), by=SECOND)
    last = events.history(one.subject)[-1]
    assert (last.by, last.data) == ("person:-2", {"checked_by": "card", "place": "27694"})


def test_the_desk_of_another_commune_or_another_role_withdraws_nothing(applicant):
    one = in_person(applicant)
    with pytest.raises(Application.DoesNotExist):
        at_desk(one, by=officer(-3, "25459"))
    for role in set(Role) - {Role.IDENTITY_OFFICER}:
        with pytest.raises(Refused, match="Chỉ cán bộ"):
            at_desk(one, by=Actor(name="Ai", roles=frozenset({role})))


def test_withdrawing_twice_is_refused_the_second_time(applicant):
    one = filed()
    withdraw(one, key=one.key)
    with pytest.raises(Refused, match="không còn ở bước"):
        withdraw(one, key=one.key)


def test_an_organization_waiting_for_agreement_is_withdrawn_and_waits_no_more(holder):
    head, other = holder(), holder(OTHER, name="Nguyễn Văn Bình")
    session = log_in(head, address="::2")
    session = sessions.confirm(session=session, code=head.code(AT), by=NOBODY, at=AT)
    words = {"code": "0301234567", "name": "Công ty Thử", "known": True, "representatives": [other.number]}
    me = queries.actor_of(session)
    one = organizations.apply(session=session, **words, by=me, at=AT)
    agreeing = log_in(other, address="::3")
    agreeing = sessions.confirm(session=agreeing, code=other.code(AT), by=NOBODY, at=AT)
    with pytest.raises(Application.DoesNotExist):
        withdraw(one, by=queries.actor_of(agreeing))
    assert withdraw(one, by=me).filed_at is None
    with pytest.raises(Endorsement.DoesNotExist):
        organizations.endorse(
            endorsement=one.endorsements.get(), session=agreeing, by=queries.actor_of(agreeing), at=AT
        )
    assert organizations.apply(session=session, **words, by=me, at=later(hours=1)).state == State.DRAFT


def test_the_database_knows_when_it_was_withdrawn(applicant):
    one = filed()
    for facts in ({"state": "withdrawn"}, {"withdrawn_at": AT}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Application.objects.filter(pk=one.pk).update(**facts)


@pytest.mark.django_db(transaction=True)
def test_of_an_approval_and_a_withdrawal_at_once_the_withdrawal_is_the_last_word(applicant):
    one, barrier = filed(), Barrier(2)

    def run(step):
        barrier.wait()
        try:
            step()
        except Refused:
            pass
        finally:
            connections.close_all()

    steps = [
        lambda: deciding.approve(application=one, by=FIRST, at=AT),
        lambda: withdraw(one, key=one.key),
    ]
    threads = [Thread(target=run, args=[step]) for step in steps]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    one.refresh_from_db()
    assert (one.state, one.code_hash) == (State.WITHDRAWN, None)
