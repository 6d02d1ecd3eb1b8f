"""The clock, the steps, supplements, withdrawal, payment and the decision."""

import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal

import pypdfium2 as pdfium
import pytest

from motcua.base import events, files
from motcua.base.actor import SYSTEM, Role
from motcua.base.errors import Refused
from motcua.domain.agencies import commands as agencies
from motcua.domain.dossiers import commands, queries
from motcua.domain.dossiers.models import Channel, Dossier, Handing, RegisterCheck
from motcua.domain.dossiers.rules import Action, State
from motcua.domain.papers import queries as papers
from motcua.domain.papers.models import Paper
from motcua.domain.papers.rules import Slip
from motcua.domain.payments import commands as payments
from motcua.domain.payments import queries as bills
from motcua.domain.payments.rules import Method
from motcua.domain.payments.rules import State as Standing
from tests.roads import BIRTH, MORNING, RESIDENCE, ZONE, forward_to_leader

NEXT = MORNING + timedelta(hours=1)
ITEMS = [{"kind": "paper", "name": "birth_note", "title": "Giấy chứng sinh"}]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def text_of(paper: Paper) -> str:
    pages = pdfium.PdfDocument(files.path(paper.file).read_bytes())
    return unicodedata.normalize("NFC", " ".join(page.get_textpage().get_text_bounded() for page in pages))


def issued(dossier: Dossier) -> list[str]:
    return [paper.kind for paper in papers.of(dossier.subject) if paper.origin in ("slip", "result")]


def ask(walked, *, when: datetime, by=None) -> Dossier:
    return commands.ask_more(
        dossier=walked.again(),
        items=ITEMS,
        reason="Ảnh mờ, xin chụp lại.",
        until=date(2026, 12, 10),
        by=by or walked.officer,
        at=when,
    )


def test_a_birth_received_in_the_morning_is_promised_for_the_same_day(road) -> None:
    received = road(State.ACCEPTED).dossier
    assert received.due_at == at("2026-11-23T17:30")
    assert received.promised_at == received.due_at
    assert issued(received) == [Slip.RECEIPT]


def test_a_birth_received_after_three_is_promised_for_the_next_working_day(road) -> None:
    received = road(State.ACCEPTED, at=at("2026-11-23T15:10")).dossier
    # 24 November 2026 is a public holiday.
    assert received.due_at == at("2026-11-25T17:30")
    lines = [line.text for line in queries.explained(received).lines]
    assert any("15:00" in line for line in lines)


def test_a_second_clerk_receiving_the_same_dossier_is_told_that_it_is_received(road, officer) -> None:
    walked = road(State.ACCEPTED)
    with pytest.raises(Refused, match="Được tiếp nhận"):
        commands.receive(dossier=walked.dossier, by=officer(Role.CLERK), at=NEXT)
    assert issued(walked.again()) == [Slip.RECEIPT]


def test_an_officer_of_another_commune_cannot_even_find_it(road, officer, place) -> None:
    walked = road(State.ACCEPTED)
    for role in (Role.CLERK, Role.OFFICER, Role.HEAD, Role.LEADER):
        with pytest.raises(Dossier.DoesNotExist):
            commands.act(
                action=Action.PROCESS, dossier=walked.dossier, by=officer(role, place.other), at=NEXT
            )


def test_taking_it_up_puts_it_on_the_officers_desk_with_a_time_for_the_step(road) -> None:
    walked = road(State.PROCESSING)
    assert walked.dossier.assignee_id == walked.officer.officer
    assert (walked.dossier.step, walked.dossier.step_role) == ("check", "officer")
    assert walked.dossier.step_due_at == MORNING + timedelta(minutes=3 + 45)


def test_the_steps_lead_to_the_leader_and_back(road) -> None:
    walked = road(State.PROCESSING)
    forward_to_leader(walked, at=NEXT)
    assert walked.again().step_role == Role.LEADER
    sent = commands.act(
        action=Action.SEND_BACK, dossier=walked.again(), reason="Sai quê quán.", by=walked.leader, at=NEXT
    )
    assert sent.step == "enter"
    assert events.history(sent.subject)[-1].note == "Sai quê quán."


def test_a_supplement_stops_the_clock_and_the_answer_starts_it_again(road) -> None:
    walked = road(State.PROCESSING, RESIDENCE)
    before = walked.dossier.due_at
    asked = commands.ask_more(
        dossier=walked.again(),
        items=[{"kind": "other", "name": "other", "title": "Giải thích"}],
        reason="Cần giải thích thêm.",
        until=date(2026, 12, 10),
        by=walked.officer,
        at=NEXT,
    )
    assert asked.status is State.AWAITING_SUPPLEMENT
    assert asked.due_at is None
    assert queries.minutes_left(asked, at=NEXT) is None
    back = commands.supplement(dossier=asked, values={}, by=walked.citizen, at=NEXT + timedelta(days=2))
    assert back.status is State.PROCESSING
    assert back.due_at > before
    assert any("bổ sung" in line.text for line in queries.explained(back).lines)


def test_a_supplement_is_answered_only_with_everything_it_asked_for(road) -> None:
    walked = road(State.PROCESSING)
    asked = ask(walked, when=NEXT)
    with pytest.raises(Refused, match="Giấy chứng sinh"):
        commands.supplement(dossier=asked, values={}, by=walked.citizen, at=NEXT)
    back = commands.supplement(
        dossier=asked, values={}, brought=["birth_note"], by=walked.clerk, at=NEXT + timedelta(minutes=5)
    )
    assert back.status is State.PROCESSING
    assert issued(back) == [Slip.RECEIPT, Slip.SUPPLEMENT]


def test_a_supplement_before_receipt_comes_back_to_the_counter(road) -> None:
    walked = road(State.SUBMITTED)
    asked = ask(walked, when=NEXT, by=walked.clerk)
    assert asked.received_at is None
    back = commands.supplement(dossier=asked, values={}, brought=["birth_note"], by=walked.clerk, at=NEXT)
    assert back.status is State.SUBMITTED
    assert back.step_due_at == queries.after_hours(back, hours=Decimal(8), start=NEXT)


def test_only_what_was_asked_can_be_changed_by_a_supplement(road) -> None:
    walked = road(State.PROCESSING)
    asked = commands.ask_more(
        dossier=walked.again(),
        items=[{"kind": "field", "name": "child_home_town", "title": "Quê quán"}],
        reason="Ghi rõ tỉnh.",
        until=date(2026, 12, 10),
        by=walked.officer,
        at=NEXT,
    )
    values = {"child_home_town": "Tây Ninh", "child_name": "Tên Khác Hẳn"}
    back = commands.supplement(dossier=asked, values=values, by=walked.citizen, at=NEXT)
    assert back.values["child_home_town"] == "Tây Ninh"
    assert back.values["child_name"] == "Nguyễn Bảo Ngọc"


def test_a_second_supplement_is_allowed_and_counted(road) -> None:
    walked = road(State.PROCESSING)
    commands.supplement(
        dossier=ask(walked, when=NEXT), values={}, brought=["birth_note"], by=walked.clerk, at=NEXT
    )
    again = ask(walked, when=NEXT)
    assert [s.number for s in again.supplements.order_by("number")] == [1, 2]


def test_a_withdrawal_that_is_called_off_returns_to_the_same_pause(road) -> None:
    walked = road(State.AWAITING_SUPPLEMENT, RESIDENCE)
    asked = commands.act(
        action=Action.ASK_WITHDRAWAL, dossier=walked.again(), reason="Tôi bận.", by=walked.citizen, at=NEXT
    )
    assert asked.status is State.WITHDRAWAL_ASKED
    kept = commands.act(action=Action.KEEP, dossier=asked, reason="Tôi nộp tiếp.", by=walked.citizen, at=NEXT)
    assert kept.status is State.AWAITING_SUPPLEMENT
    assert kept.due_at is None
    assert kept.pauses.count() == 1


def test_stopping_ends_it_with_form_05_and_closes_the_pause(road) -> None:
    stopped = road(State.STOPPED).dossier
    assert stopped.ended_at is not None
    assert issued(stopped)[-1] == Slip.STOP


def test_waiting_for_money_pauses_the_clock_until_the_bill_is_paid(road, work) -> None:
    walked = road(State.PROCESSING, RESIDENCE)
    waiting = commands.act(action=Action.ASK_PAYMENT, dossier=walked.again(), by=walked.officer, at=NEXT)
    assert (waiting.status, waiting.due_at) == (State.AWAITING_PAYMENT, None)
    bill = bills.open_bill(waiting.subject)
    payments.pay(bill=bill, method=Method.TRANSFER, reference="FT123", by=walked.clerk, at=NEXT)
    work()
    again = walked.again()
    assert again.status is State.PROCESSING
    assert again.due_at is not None


def test_a_fee_depends_on_the_channel(road) -> None:
    online = road(State.ACCEPTED, RESIDENCE).dossier
    desk = road(State.ACCEPTED, RESIDENCE, channel=Channel.DIRECT).dossier
    assert (bills.due(online.subject), bills.due(desk.subject)) == (10_000, 20_000)


def test_nothing_is_due_for_a_birth_registered_on_time(road) -> None:
    assert bills.of(road(State.ACCEPTED).dossier.subject) == []


def test_a_later_date_is_promised_once_with_form_04_and_the_law_stays(road) -> None:
    walked = road(State.PROCESSING)
    later = at("2026-11-27T16:00")
    moved = commands.postpone(
        dossier=walked.again(), until=later, reason="Chờ xác minh nơi sinh.", by=walked.leader, at=NEXT
    )
    assert (moved.promised_at, moved.due_at) == (later, walked.dossier.due_at)
    assert issued(moved)[-1] == Slip.APOLOGY
    with pytest.raises(Refused, match="một lần"):
        commands.postpone(
            dossier=moved, until=later + timedelta(days=1), reason="Chờ thêm.", by=walked.leader, at=NEXT
        )


def test_a_dossier_that_is_late_is_promised_no_time_that_has_gone(road) -> None:
    walked = road(State.PROCESSING)
    assert walked.dossier.promised_at < at("2026-12-10T09:00")
    words = {"reason": "Chờ xác minh.", "by": walked.leader, "at": at("2026-12-10T09:00")}
    with pytest.raises(Refused, match="phía trước"):
        commands.postpone(dossier=walked.again(), until=at("2026-12-10T08:00"), **words)
    assert commands.postpone(dossier=walked.again(), until=at("2026-12-10T16:00"), **words).postponed


def test_a_decision_waits_for_the_register(road) -> None:
    walked = road(State.PROCESSING, checked=False)
    forward_to_leader(walked, at=NEXT)
    with pytest.raises(Refused, match="CSDL dân cư"):
        commands.settle(dossier=walked.again(), by=walked.leader, at=NEXT)
    commands.check_register(dossier=walked.again(), record=None, by=SYSTEM, at=NEXT)
    assert walked.again().register_check == RegisterCheck.UNKNOWN
    assert commands.settle(dossier=walked.again(), by=walked.leader, at=NEXT).status is State.SETTLED


def test_the_result_is_issued_under_the_dossiers_code(road) -> None:
    settled = road(State.SETTLED).dossier
    result = next(paper for paper in papers.of(settled.subject) if paper.origin == "result")
    assert result.number == f"{settled.code}-KQ(1)"
    assert "nguyễn bảo ngọc" in text_of(result).lower()


def test_a_citizen_takes_an_electronic_result_herself_but_not_a_paper_one(road) -> None:
    walked = road(State.SETTLED)
    assert walked.dossier.handing == Handing.ELECTRONIC
    taken = commands.hand_over(dossier=walked.dossier, by=walked.citizen, at=NEXT)
    assert taken.status is State.RETURNED
    paper = road(State.SETTLED, channel=Channel.DIRECT)
    with pytest.raises(Refused):
        commands.hand_over(dossier=paper.dossier, by=paper.citizen, at=NEXT)


def test_a_reason_must_say_something(road) -> None:
    walked = road(State.SUBMITTED)
    with pytest.raises(Refused, match="lý do"):
        commands.refuse(dossier=walked.dossier, reason="  ", by=walked.clerk, at=NEXT)


def test_a_refusal_at_the_counter_is_numbered_and_printed(road) -> None:
    walked = road(State.DRAFT, channel=Channel.DIRECT)
    refused = commands.refuse_draft(
        dossier=walked.dossier, reason="Không thuộc thẩm quyền của phường.", by=walked.clerk, at=NEXT
    )
    assert refused.status is State.REFUSED
    assert refused.code
    assert issued(refused) == [Slip.REFUSAL]


def test_a_guide_is_printed_for_a_draft_that_stays_open(road) -> None:
    walked = road(State.DRAFT, channel=Channel.DIRECT)
    paper = commands.guide(dossier=walked.dossier, reason="Mang thêm giấy tờ.", by=walked.clerk, at=NEXT)
    assert paper.kind == Slip.SUPPLEMENT
    assert walked.again().status is State.DRAFT


def test_taking_in_at_the_counter_files_and_receives_at_once(road) -> None:
    walked = road(State.DRAFT, channel=Channel.DIRECT)
    taken = commands.take_in(dossier=walked.dossier, handing=Handing.DESK, by=walked.clerk, at=NEXT)
    assert taken.status is State.ACCEPTED
    assert issued(taken) == [Slip.RECEIPT]


def test_the_worklist_is_ordered_by_time_left_and_scoped(road, officer, place) -> None:
    early = road(State.PROCESSING)
    late = road(State.PROCESSING, RESIDENCE)
    paused = road(State.AWAITING_SUPPLEMENT, RESIDENCE)
    boss = officer(Role.PROVINCE_OFFICE, place.root)
    found = queries.worklist(boss, filters=queries.Filters(), at=NEXT)
    assert found == [early.dossier, late.dossier, paused.dossier]
    assert queries.worklist(early.officer, filters=queries.Filters(), at=NEXT) == [early.dossier]
    after = (early.dossier.due_at, early.dossier.pk)
    assert queries.worklist(boss, filters=queries.Filters(), after=after, at=NEXT) == found[1:]


def test_the_worklist_takes_two_queries_however_long_it_is(
    road, officer, place, django_assert_num_queries
) -> None:
    for _ in range(3):
        road(State.PROCESSING)
    boss = officer(Role.PROVINCE_OFFICE, place.root)
    with django_assert_num_queries(1):
        queries.worklist(boss, filters=queries.Filters(words="nguyen"), at=NEXT)


def test_the_public_look_up_needs_the_code_and_the_phone(road) -> None:
    filed = road(State.SUBMITTED).dossier
    assert queries.public_state(str(filed.code), "5678") == filed
    assert queries.public_state(str(filed.code), "0000") is None
    assert queries.public_state("H80.27694-261123-9999", "5678") is None
    assert queries.public_state(str(filed.code), "%") is None


def test_a_birth_code_is_not_reused_after_a_failed_filing(road) -> None:
    first = road(State.SUBMITTED, BIRTH)
    broken = road(State.DRAFT, BIRTH)
    with pytest.raises(Refused):
        commands.save_answers(dossier=broken.dossier, values={"child_name": None}, by=broken.citizen, at=NEXT)
        commands.submit(dossier=broken.dossier, by=broken.citizen, at=NEXT)
    second = road(State.SUBMITTED, BIRTH)
    assert [d.dossier.code[-4:] for d in (first, second)] == ["0001", "0002"]


def test_nobody_is_asked_to_pay_for_what_was_stopped(road) -> None:
    walked = road(State.WITHDRAWAL_ASKED, RESIDENCE)
    assert bills.due(walked.dossier.subject)
    commands.act(action=Action.STOP, dossier=walked.dossier, by=walked.officer, at=NEXT)
    assert bills.due(walked.dossier.subject) == 0
    [bill] = bills.of(walked.dossier.subject)
    assert (bill.state, bill.void_reason) == (Standing.VOID, "Hồ sơ đã dừng giải quyết.")


def test_what_was_paid_before_stays_paid_when_a_dossier_is_stopped(road) -> None:
    walked = road(State.WITHDRAWAL_ASKED, RESIDENCE)
    [bill] = bills.of(walked.dossier.subject)
    payments.pay(bill=bill, method=Method.COUNTER, reference="BL 1", by=walked.clerk, at=NEXT)
    commands.act(action=Action.STOP, dossier=walked.dossier, by=walked.officer, at=NEXT)
    assert bills.of(walked.dossier.subject)[0].state == Standing.PAID


def test_a_dossier_whose_citizen_never_answers_is_returned_after_the_day_and_not_before(road) -> None:
    walked = road(State.AWAITING_SUPPLEMENT)
    until = walked.dossier.supplements.get().until
    said = {"action": Action.RETURN, "reason": "Quá thời hạn bổ sung.", "by": walked.leader}
    with pytest.raises(Refused, match="còn trong thời hạn bổ sung"):
        commands.act(dossier=walked.dossier, **said, at=at(f"{until}T17:00"))
    late = at(f"{until + timedelta(days=1)}T08:00")
    stopped = commands.act(dossier=walked.again(), **said, at=late)
    assert stopped.status is State.STOPPED
    assert issued(stopped)[-1] == Slip.STOP
    assert not stopped.pauses.filter(ended_at=None).exists()
    with pytest.raises(Refused):
        commands.supplement(dossier=stopped, values={}, by=walked.citizen, at=late)


def test_a_promise_stands_when_a_day_is_closed_afterwards_and_the_explanation_says_so(road, place) -> None:
    walked = road(State.ACCEPTED, RESIDENCE)
    before = queries.explained(walked.dossier)
    assert before.due_at == walked.dossier.due_at
    closed = date(2026, 11, 26)
    agencies.close_day(agency=None, day=closed, reason="Bão", by=SYSTEM, at=NEXT)
    after = queries.explained(walked.again())
    assert after.due_at == walked.again().due_at == before.due_at
    assert after.lines[-1].text.startswith("Lịch làm việc đã thay đổi sau khi hẹn; hạn đã hẹn 09:02 ")
