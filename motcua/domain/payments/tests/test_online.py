"""Paying online: what the platform says, in every order and as often as it likes."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction

from motcua.base import events, twins
from motcua.base.actor import SYSTEM, Actor, Role
from motcua.base.errors import Refused
from motcua.connectors.payment import Item, Order, Said, State, twin
from motcua.connectors.payment.client import platform
from motcua.domain.payments import commands, jobs, queries
from motcua.domain.payments.models import Attempt, Bill, Difference
from motcua.domain.payments.rules import LIFE, Charge, Method, Progress

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
CASE = "H39.27694-261123-0001"
LINES = [Charge("Phí cấp bản sao", "phí", 24_000, "")]
HOA = Actor(name="Hoà", roles=frozenset({Role.CLERK}), officer=3, agency=12)
BINH = Actor(name="Bình", roles=frozenset({Role.CLERK}), officer=4, agency=13)
OFFICE = Actor(name="Văn phòng", roles=frozenset({Role.PROVINCE_OFFICE}), officer=5, agency=1)
LAN = Actor(name="Lan", roles=frozenset({Role.CITIZEN}), person=7)


def bill(subject="dossier:1"):
    return commands.ask(subject=subject, lines=LINES, by=HOA, at=AT)


def begin(asked, at=AT, case=CASE):
    return commands.begin(bill=asked, case=case, by=LAN, at=at)


def paid(attempt, **said):
    word = Said(attempt.code, State.PAID, attempt.amount, f"FT{attempt.pk}", AT + timedelta(minutes=2))
    return replace(word, **said)


def note(said, at=AT + timedelta(minutes=3)):
    return commands.note(said=said, by=SYSTEM, at=at)


def told(subject="dossier:1"):
    return [event.name for event in events.history(subject)]


# ---- begin ------------------------------------------------------------------------------------------


def test_an_attempt_is_named_by_the_dossier_and_the_second():
    attempt = begin(bill())
    assert (attempt.code, attempt.case) == (f"{CASE}20261123090000", CASE)
    assert (attempt.amount, attempt.state) == (24_000, Progress.INITIATED)
    assert told() == ["bill.ask", "attempt.begin"]


def test_while_one_attempt_is_open_beginning_again_is_the_same_one():
    asked = bill()
    assert begin(asked) == begin(asked, AT + timedelta(minutes=9))
    assert queries.waiting() == [f"{CASE}20261123090000"]


def test_after_one_that_failed_comes_another_even_within_the_second():
    asked = bill()
    note(Said(begin(asked).code, State.FAILED))
    assert begin(asked).code == f"{CASE}20261123090001"


def test_what_is_paid_or_cancelled_is_not_paid_online():
    done, gone = bill(), bill("dossier:2")
    commands.pay(bill=done, method=Method.COUNTER, reference="BL1", by=HOA, at=AT)
    commands.void(bill=gone, reason="Nhầm", by=HOA, at=AT)
    for each, why in ((done, "không thu lần nữa"), (gone, "đã hủy")):
        with pytest.raises(Refused, match=why):
            begin(each)


# ---- note -------------------------------------------------------------------------------------------


def test_money_that_came_pays_the_bill_once_however_often_it_is_told():
    attempt = begin(bill())
    for _time in range(3):
        noted = note(paid(attempt))
    found = queries.of("dossier:1")[0]
    assert (noted.state, noted.received, noted.paid_at) == ("paid", 24_000, AT + timedelta(minutes=2))
    assert (found.state, found.method, found.reference) == ("paid", "online", noted.reference)
    assert found.receipt_number == "0000001/2026"
    assert told() == ["bill.ask", "attempt.begin", "bill.paid", "attempt.paid"]
    assert not Difference.objects.exists()


@pytest.mark.parametrize("state", [State.PENDING, State.UNKNOWN])
def test_what_is_not_paid_yet_stays_open_until_its_time_is_over(state):
    attempt = begin(bill())
    assert note(Said(attempt.code, state), AT + LIFE).state == Progress.INITIATED
    assert note(Said(attempt.code, state), AT + LIFE + timedelta(seconds=1)).state == Progress.EXPIRED
    assert told()[-1] == "attempt.expire"


def test_money_that_comes_after_all_pays_although_the_attempt_had_failed():
    asked = bill()
    attempt = begin(asked)
    note(Said(attempt.code, State.FAILED))
    assert note(paid(attempt)).state == Progress.PAID
    assert queries.due("dossier:1") == 0
    assert note(Said(attempt.code, State.FAILED)).state == Progress.PAID, "money does not go away again"


def test_of_two_attempts_that_were_both_paid_the_second_is_given_back():
    asked = bill()
    first = begin(asked)
    note(Said(first.code, State.FAILED))
    second = begin(asked, AT + timedelta(minutes=1))
    note(paid(second))
    late = note(paid(first))
    assert (late.state, late.why, late.received) == ("refund", "second", 24_000)
    assert queries.to_refund(HOA) == [late] == queries.to_refund(OFFICE)
    assert queries.to_refund(BINH) == []


def test_money_for_a_bill_that_was_cancelled_or_paid_at_the_counter_meanwhile_is_given_back():
    gone, done = bill(), bill("dossier:2")
    attempts = [begin(gone), begin(done, case="H39.27694-261123-0002")]
    commands.void(bill=gone, reason="Nhầm", by=HOA, at=AT)
    commands.pay(bill=done, method=Method.COUNTER, reference="BL1", by=HOA, at=AT)
    assert [note(paid(one)).why for one in attempts] == ["void", "second"]


@pytest.mark.parametrize("amount", [1, 23_999, 24_001])
def test_a_wrong_amount_pays_nothing_and_is_seen(amount):
    attempt = note(paid(begin(bill()), amount=amount))
    assert (attempt.state, attempt.why, attempt.received) == ("refund", "amount", amount)
    assert queries.due("dossier:1") == 24_000
    assert begin(queries.of("dossier:1")[0], AT + timedelta(minutes=5)).state == Progress.INITIATED


def test_one_number_of_a_transaction_pays_one_bill():
    one, other = begin(bill()), begin(bill("dossier:2"), case="H39.27694-261123-0002")
    note(paid(one, reference="FT1"))
    assert note(paid(other, reference="FT1")).why == "reference"
    assert queries.due("dossier:2") == 24_000


def test_money_under_an_unknown_code_is_kept_once_and_everybody_sees_it():
    said = Said("H39.1-261123-0009", State.PAID, 5_000, "FT9", AT)
    assert [note(said), note(said)] == [None, None]
    assert note(Said("H39.1", State.FAILED)) is None
    for actor in (HOA, BINH, OFFICE):
        [found] = queries.differences(actor)
        assert (found.kind, found.theirs, found.ours, found.day) == ("unknown", 5_000, None, AT.date())


def test_another_sum_for_what_was_paid_changes_nothing_and_is_kept():
    attempt = begin(bill())
    note(paid(attempt))
    assert note(paid(attempt, amount=99)).received == 24_000
    [found] = queries.differences(HOA)
    assert (found.kind, found.ours, found.theirs) == ("again", 24_000, 99)
    assert queries.differences(BINH) == []


@pytest.mark.django_db(transaction=True)
def test_the_notice_and_the_reconciler_at_once_pay_once():
    said = paid(begin(bill()))

    def teller(number):
        try:
            return note(said).state
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as tellers:
        assert set(tellers.map(teller, range(4))) == {"paid"}
    assert told().count("bill.paid") == told().count("attempt.paid") == 1


@pytest.mark.django_db(transaction=True)
def test_cash_and_an_online_payment_at_once_pay_once_and_the_other_money_is_known():
    asked = bill()
    said = paid(begin(asked))

    def counter():
        try:
            commands.pay(bill=asked, method=Method.COUNTER, reference="BL1", by=HOA, at=AT)
        except Refused:
            return "refused"
        finally:
            connection.close()
        return "taken"

    def bank():
        try:
            return note(said).state
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        ways = both.submit(counter), both.submit(bank)
    assert tuple(way.result() for way in ways) in {("taken", "refund"), ("refused", "paid")}
    assert told().count("bill.paid") == 1


# ---- giving back ------------------------------------------------------------------------------------


def test_giving_money_back_says_how_and_ends_it():
    attempt = note(paid(begin(bill()), amount=1))
    for wrong, why in ((LAN, "không có quyền"), (HOA, "cách hoàn tiền")):
        with pytest.raises(Refused, match=why):
            commands.refund(attempt=attempt, how=" " if wrong is HOA else "x", by=wrong, at=AT)
    done = commands.refund(attempt=attempt, how="Chuyển trả, UNC 15", by=HOA, at=AT)
    assert (done.state, done.refunded_how) == ("refunded", "Chuyển trả, UNC 15")
    assert queries.to_refund(HOA) == []
    with pytest.raises(Refused, match="không phải hoàn"):
        commands.refund(attempt=done, how="lần nữa", by=HOA, at=AT)


def test_an_attempt_is_found_at_its_own_counter_only():
    attempt = begin(bill())
    assert queries.attempt(HOA, attempt.pk) == attempt == queries.attempt(OFFICE, attempt.pk)
    with pytest.raises(Attempt.DoesNotExist):
        queries.attempt(BINH, attempt.pk)


# ---- asking by ourselves ----------------------------------------------------------------------------


@pytest.fixture
def bank(settings):
    settings.PAYMENT_KEY = "k"
    told = twin.Twin(key="k")
    with twins.serve(told) as url:
        settings.PAYMENT_URL = url
        yield told


def handed_in(asked, **said):
    attempt = begin(asked, **said)
    items = (Item("phí", "x", attempt.amount),)
    words = dict.fromkeys(["dossier", "procedure", "procedure_name", "agency", "agency_name", "payer"], "x")
    later = datetime.now(AT.tzinfo) + timedelta(hours=1)
    order = Order(code=attempt.code, items=items, until=later, back="http://x", notice="http://x", **words)
    platform().begin(order)
    return attempt


def test_the_reconciler_finds_what_no_browser_and_no_notice_told(bank):
    attempt = handed_in(bill())
    jobs.ask(at=AT)
    assert queries.waiting() == [attempt.code]
    bank.take(attempt.code)
    bank.be(dead=True)
    jobs.ask(at=AT)
    assert queries.due("dossier:1") == 24_000
    bank.be()
    jobs.ask(at=AT)
    assert queries.due("dossier:1") == 0
    assert queries.waiting() == []


def test_the_reconciler_asks_about_one_subject_when_its_payer_is_back(bank):
    attempts = [handed_in(bill()), handed_in(bill("dossier:2"), case="H39.27694-261123-0002")]
    for one in attempts:
        bank.take(one.code)
    jobs.ask(at=AT, subject="dossier:2")
    assert (queries.due("dossier:1"), queries.due("dossier:2")) == (24_000, 0)


def test_a_dead_platform_is_asked_three_times_a_round(bank, caplog):
    for number in range(1, 6):
        begin(bill(f"dossier:{number}"), case=f"H39.27694-261123-000{number}")
    bank.be(wrong=True)
    jobs.ask(at=AT)
    assert len(queries.waiting()) == 5
    bank.key = "x"
    bank.be()
    jobs.ask(at=AT)
    assert caplog.text.count("payment platform refused") == 5, "one that is refused keeps no other waiting"


def test_what_is_open_for_long_is_listed(bank):
    attempt = begin(bill())
    assert queries.stuck(HOA, at=AT + timedelta(minutes=14)) == []
    assert queries.stuck(HOA, at=AT + timedelta(minutes=15)) == [attempt]
    assert queries.stuck(BINH, at=AT + timedelta(minutes=15)) == []


# ---- comparing the days -----------------------------------------------------------------------------


def test_a_day_is_compared_and_what_differs_is_kept(bank):
    known, lost = handed_in(bill()), begin(bill("dossier:2"), case="H39.27694-261123-0002")
    bank.take(known.code, at=AT, reference="FT1")
    note(paid(lost, reference="FT2"))
    ours = handed_in(bill("dossier:3"), case="H39.27694-261123-0003")
    bank.take(ours.code, at=AT, reference="FT3")
    Attempt.objects.filter(pk=ours.pk).update(code="H39.27694-261123-000499999999999999")
    for _night in range(2):
        jobs.reconcile(at=AT + timedelta(days=1))
    assert queries.due("dossier:1") == 0, "the list mends what it can"
    found = {one.kind: one for one in queries.differences(HOA)}
    assert set(found) == {"missing", "unknown"}
    assert (found["missing"].code, found["missing"].ours) == (lost.code, 24_000)
    assert found["unknown"].code == ours.code
    [day] = events.history("reconciliation:20261123")[-1:]
    assert day.name == "reconciliation.compare"
    assert day.data == {"payments": 2, "amount": 48_000, "differences": 2}
    assert queries.last_compared(on=AT.date() + timedelta(days=1)) == AT.date()


def test_a_day_is_not_compared_while_the_platform_is_away_and_made_up_for_later(bank):
    bank.be(dead=True)
    with pytest.raises(jobs.Unavailable):
        jobs.reconcile(at=AT)
    assert queries.last_compared(on=AT.date()) is None
    bank.be()
    jobs.reconcile(at=AT + timedelta(days=2))
    assert events.history("reconciliation:20261122")


def test_without_a_platform_no_day_is_compared():
    jobs.reconcile(at=AT)
    assert queries.last_compared(on=AT.date()) is None


def test_a_difference_is_settled_in_words_by_its_own_counter():
    note(Said("H39.1-261123-0009", State.PAID, 5_000, "FT9", AT))
    [found] = queries.differences(HOA)
    for by, how in ((LAN, "x"), (HOA, "  ")):
        with pytest.raises(Refused):
            commands.close(difference=found, how=how, by=by, at=AT)
    for _time in range(2):
        commands.close(difference=found, how="Ngân hàng đã hủy giao dịch", by=HOA, at=AT)
    assert queries.differences(HOA) == []
    assert told("reconciliation:20261123") == ["difference.find", "difference.close"]
    note(Said("H39.1-261123-0009", State.PAID, 5_000, "FT9", AT))
    assert queries.differences(HOA) == [], "what was settled does not come back"


# ---- what the database itself keeps -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "promise"),
    [
        ({"state": "lost"}, "attempt_state_known"),
        ({"state": "paid"}, "attempt_money_says_how_much"),
        ({"received": 5}, "attempt_money_says_how_much"),
        ({"why": "void"}, "attempt_refund_says_why"),
        ({"refunded_how": "x"}, "attempt_refunded_says_how"),
    ],
)
def test_the_database_keeps_the_promise(change, promise):
    begin(bill())
    with pytest.raises(IntegrityError, match=promise), transaction.atomic():
        Attempt.objects.update(**change)


def test_the_database_knows_one_open_attempt_of_a_bill():
    asked: Bill = bill()
    begin(asked)
    with pytest.raises(IntegrityError, match="attempt_one_open"), transaction.atomic():
        Attempt.objects.create(bill=asked, code="x", amount=1, begun_at=AT)
