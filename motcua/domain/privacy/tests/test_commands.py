from datetime import datetime, timedelta

import pytest

from motcua.base import events
from motcua.base.actor import SYSTEM, Actor, Role
from motcua.base.calendar import ZONE
from motcua.base.errors import Refused
from motcua.domain.privacy import commands, queries
from motcua.domain.privacy.models import Breach, DataRequest
from motcua.domain.privacy.rules import Action, Kind, State

AT = datetime(2026, 11, 27, 16, 45, tzinfo=ZONE)
ME = Actor(name="Lan", roles=frozenset({Role.CITIZEN}), person=7, assurance=2)
OTHER = Actor(name="Mai", roles=frozenset({Role.CITIZEN}), person=8)
AUDITOR = Actor(name="Kiểm", roles=frozenset({Role.CITIZEN, Role.AUDITOR}), person=9)
LOCAL = Actor(name="Xã", roles=frozenset({Role.ADMINISTRATOR}), officer=1, agency=2, reach="1/2/")


@pytest.fixture
def asked(db):
    return commands.ask(kind=Kind.DELETE, text="Xóa số điện thoại cũ.", by=ME, at=AT)


def move(request, action, by=AUDITOR, **words):
    return commands.move(request=request.pk, action=action, by=by, at=AT + timedelta(hours=1), **words)


def names(request):
    return [event.name.partition(".")[2] for event in events.history(request.subject)]


def test_a_request_is_due_after_72_hours_and_on_the_log_without_its_words(asked):
    assert asked.state == State.RECEIVED and asked.due_at == AT + timedelta(hours=72)
    assert names(asked) == ["ask"] and "điện thoại" not in str(events.history(asked.subject)[0].data)


def test_the_same_thing_is_asked_once_at_a_time(asked):
    with pytest.raises(Refused, match="đang được xử lý"):
        commands.ask(kind=Kind.DELETE, text="Lần nữa.", by=ME, at=AT)
    commands.ask(kind=Kind.DELETE, text="Của tôi.", by=OTHER, at=AT)
    move(asked, Action.WITHDRAW, by=ME)
    assert commands.ask(kind=Kind.DELETE, text="Nghĩ lại.", by=ME, at=AT).pk != asked.pk


@pytest.mark.parametrize("kind", [Kind.ACCESS, Kind.COPY])
def test_seeing_and_copying_are_served_at_once(db, kind):
    asked = commands.ask(kind=kind, text="", by=ME, at=AT)
    assert asked.state == State.DONE and asked.ended_at == AT and names(asked) == ["ask", "fulfil"]


@pytest.mark.parametrize("by", [AUDITOR.__class__(name="x"), SYSTEM, LOCAL])
def test_only_the_person_asks(db, by):
    with pytest.raises(Refused):
        commands.ask(kind=Kind.DELETE, text="Xóa.", by=by, at=AT)


def test_what_is_wanted_must_be_said(db):
    with pytest.raises(Refused, match="viết rõ"):
        commands.ask(kind=Kind.CORRECT, text=" ", by=ME, at=AT)


def test_a_request_is_taken_and_fulfilled(asked):
    assert move(asked, Action.TAKE).state == State.WORKING
    with pytest.raises(Refused, match="câu trả lời"):
        move(asked, Action.FULFIL, answer=" ")
    done = move(asked, Action.FULFIL, answer="Đã xóa.")
    assert (done.state, done.answer) == (State.DONE, "Đã xóa.") and names(asked) == ["ask", "take", "fulfil"]
    with pytest.raises(Refused, match="đã kết thúc"):
        move(asked, Action.REFUSE, answer="Không.", ground="state_duty")


def test_a_refusal_keeps_its_ground(asked):
    with pytest.raises(Refused, match="căn cứ"):
        move(asked, Action.REFUSE, answer="Không.")
    refused = move(asked, Action.REFUSE, answer="Luật buộc giữ.", ground="kept_by_law")
    assert "Luật Căn cước" in refused.refused_on.law
    assert events.history(asked.subject)[-1].data == {"ground": "kept_by_law"}


@pytest.mark.parametrize(
    "by", [ME, OTHER, LOCAL, Actor(name="Hoa", roles=frozenset({Role.CLERK}), reach="1/")]
)
def test_others_do_not_answer(asked, by):
    for action in (Action.TAKE, Action.FULFIL, Action.REFUSE):
        with pytest.raises(Refused):
            move(asked, action, by=by, answer="x", ground="state_duty")
    assert not queries.waiting(by).exists()


def test_nobody_answers_for_themselves_or_withdraws_for_others(asked):
    mine = commands.ask(kind=Kind.DELETE, text="Của tôi.", by=AUDITOR, at=AT)
    with pytest.raises(Refused, match="của mình"):
        move(mine, Action.FULFIL, answer="Xong.")
    with pytest.raises(Refused):
        move(asked, Action.WITHDRAW, by=OTHER)


def test_requests_stand_by_due_time_and_everybody_sees_their_own(asked):
    early = commands.ask(kind=Kind.OBJECT, text="Ngừng.", by=OTHER, at=AT - timedelta(days=9))
    ended = commands.ask(kind=Kind.TELL, text="Cho biết.", by=OTHER, at=AT - timedelta(days=20))
    move(ended, Action.WITHDRAW, by=OTHER)
    assert list(queries.waiting(AUDITOR)) == [early, asked, ended]
    assert list(queries.mine(ME)) == [asked] and list(queries.mine(OTHER)) == [ended, early]
    assert not queries.mine(LOCAL).exists()


def test_a_copy_needs_the_second_step_and_is_on_the_log(db):
    with pytest.raises(Refused, match="bước thứ hai"):
        commands.note_copy(by=OTHER, at=AT)
    commands.note_copy(by=ME, at=AT)
    assert [event.name for event in events.history("person:7")] == ["data_request.copy"]


def test_a_breach_is_reported_once(db):
    breach = commands.notice(text="Lộ một tệp.", people=3, noticed_at=AT, by=AUDITOR, at=AT)
    assert breach.due_at == AT + timedelta(hours=72)
    for by, notice in ((ME, "12/TB"), (AUDITOR, " ")):
        with pytest.raises(Refused):
            commands.report(breach=breach.pk, notice=notice, by=by, at=AT)
    commands.report(breach=breach.pk, notice="12/TB ngày 28/11/2026", by=AUDITOR, at=AT)
    with pytest.raises(Refused, match="đã được báo"):
        commands.report(breach=breach.pk, notice="13/TB", by=AUDITOR, at=AT)
    with pytest.raises(Refused):
        commands.notice(text="x", people=1, noticed_at=AT + timedelta(days=1), by=AUDITOR, at=AT)
    assert Breach.objects.count() == 1 and not queries.breaches(ME).exists()
    assert DataRequest.objects.count() == 0
