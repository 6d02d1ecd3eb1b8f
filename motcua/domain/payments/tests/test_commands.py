from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.translation import override

from motcua.base import events
from motcua.base.actor import SYSTEM, Actor, Role
from motcua.base.errors import Refused
from motcua.domain.payments import commands, queries
from motcua.domain.payments.models import Bill
from motcua.domain.payments.rules import CODE_SIGNS, Charge, Method, State

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 3, 8, 15, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
HOA = Actor(name="Trần Văn Hoà", roles=frozenset({Role.CLERK}), officer=1, agency=12)
BINH = Actor(name="Lê Bình", roles=frozenset({Role.CLERK}), officer=2, agency=13)
LAN = Actor(name="Nguyễn Thị Lan", roles=frozenset({Role.CITIZEN}), person=1)
LINES = [
    Charge("Lệ phí đăng ký cư trú", "lệ phí", 20_000, "Thông tư 75/2022/TT-BTC"),
    Charge("Phí bản sao", "phí", 8_000, "Thông tư 281/2016/TT-BTC"),
]


def ask(subject: str = "dossier:1", **said) -> Bill:
    return commands.ask(**{"subject": subject, "lines": LINES, "by": HOA, "at": AT, **said})


def pay(bill: Bill, reference: str = "QUAY-1", **said) -> Bill:
    said = {"method": Method.COUNTER, "by": HOA, "at": AT, **said}
    return commands.pay(bill=bill, reference=reference, **said)


def told(subject: str = "dossier:1") -> list[str]:
    return [event.name for event in events.history(subject)]


# ---- ask --------------------------------------------------------------------------------------------


def test_asking_keeps_the_lines_with_their_law_and_sums_them():
    bill = ask()
    assert (bill.amount, bill.state, bill.agency) == (28_000, State.ASKED, 12)
    assert bill.lines[0] == {
        "name": "Lệ phí đăng ký cư trú",
        "kind": "lệ phí",
        "amount": 20_000,
        "law": "Thông tư 75/2022/TT-BTC",
    }
    [event] = events.history("dossier:1")
    assert (event.name, event.data["bill"], event.data["amount"]) == ("bill.ask", bill.pk, 28_000)
    assert queries.due("dossier:1") == 28_000
    assert queries.open_bill("dossier:1") == bill


def test_a_code_is_short_enough_to_write_and_not_guessable_from_the_next():
    codes = {ask(f"dossier:{number}").code for number in range(1, 21)}
    assert len(codes) == 20
    assert all(len(code) == 10 and set(code) <= set(CODE_SIGNS) for code in codes)


def test_asking_the_same_twice_is_one_bill():
    assert ask() == ask()
    assert told() == ["bill.ask"]


def test_a_second_sum_waits_until_the_first_is_paid_or_cancelled():
    other = [Charge("Phí khác", "phí", 5_000, "")]
    bill = ask()
    with pytest.raises(Refused, match="chưa thanh toán"):
        ask(lines=other)
    pay(bill)
    assert ask(lines=other) != bill
    assert [bill.amount for bill in queries.of("dossier:1")] == [28_000, 5_000]


def test_a_subject_that_owes_nothing_has_nothing_due():
    assert queries.due("dossier:1") == 0
    assert queries.open_bill("dossier:1") is None
    with pytest.raises(Refused, match="Không có khoản nào"):
        ask(lines=[])


@pytest.mark.django_db(transaction=True)
def test_two_clerks_who_ask_at_once_make_one_bill():
    def clerk(_number: int) -> Bill:
        try:
            return ask()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as clerks:
        assert len(set(clerks.map(clerk, range(4)))) == 1
    assert told() == ["bill.ask"]


# ---- pay --------------------------------------------------------------------------------------------


def test_paying_closes_the_bill_and_numbers_the_receipt():
    bill = pay(ask())
    assert (bill.state, bill.method, bill.reference, bill.paid_at) == ("paid", "counter", "QUAY-1", AT)
    assert (bill.receipt_number, bill.receipt_agency, bill.paid_to) == ("0000001/2026", 12, "Trần Văn Hoà")
    assert queries.due("dossier:1") == 0
    event = events.history("dossier:1")[-1]
    assert (event.name, event.data["amount"], event.data["receipt"]) == ("bill.paid", 28_000, "0000001/2026")


def test_the_same_reference_twice_is_one_payment():
    bill = ask()
    first, second = pay(bill), pay(bill)
    assert first.receipt_number == second.receipt_number
    assert told() == ["bill.ask", "bill.paid"]


def test_paying_twice_is_refused():
    bill = pay(ask())
    with pytest.raises(Refused, match="không thu lần nữa"):
        pay(bill, "QUAY-2")
    assert told() == ["bill.ask", "bill.paid"]


def test_a_reference_pays_one_bill_only():
    pay(ask(), "FT26307123", method=Method.TRANSFER)
    with pytest.raises(Refused, match="đã dùng cho một khoản khác"):
        pay(ask("dossier:2"), "FT26307123", method=Method.TRANSFER)


def test_a_payment_without_a_reference_or_of_another_amount_is_refused():
    bill = ask()
    with pytest.raises(Refused, match="số chứng từ"):
        pay(bill, "  ")
    with pytest.raises(Refused, match=r"27\.999.*28\.000"):
        pay(bill, amount=27_999)
    assert pay(bill, amount=28_000).state == State.PAID


def test_a_citizen_cannot_declare_a_payment():
    with pytest.raises(Refused, match="bộ phận một cửa"):
        pay(ask(), by=LAN)


def test_an_online_payment_comes_from_the_system_and_is_numbered_by_the_agency_that_asked():
    bill = ask(by=LAN, agency=14)
    paid = pay(bill, "BANK-1", method=Method.ONLINE, by=SYSTEM)
    assert (paid.receipt_agency, paid.receipt_number) == (14, "0000001/2026")


def test_receipts_of_one_agency_and_year_are_numbered_without_gaps():
    def receipt(number: int, **said) -> str:
        return pay(ask(f"dossier:{number}"), f"QUAY-{number}", **said).receipt_number

    assert [receipt(1), receipt(2)] == ["0000001/2026", "0000002/2026"]
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        receipt(3)
        raise ZeroDivisionError
    assert receipt(4) == "0000003/2026"
    assert receipt(5, by=BINH) == "0000001/2026"
    assert receipt(6, at=AT.replace(year=2027)) == "0000001/2027"


@pytest.mark.django_db(transaction=True)
def test_two_clerks_who_take_the_same_money_at_once_take_it_once():
    bill = ask()

    def clerk(number: int) -> str:
        try:
            return pay(bill, f"QUAY-{number}").reference
        except Refused as refused:
            return str(refused)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as clerks:
        answers = sorted(clerks.map(clerk, range(3)))
    assert sum(answer.startswith("QUAY") for answer in answers) == 1
    assert sum("không thu lần nữa" in answer for answer in answers) == 2
    assert told() == ["bill.ask", "bill.paid"]


@pytest.mark.django_db(transaction=True)
def test_one_transfer_noted_for_two_dossiers_at_once_pays_one():
    bills = [ask("dossier:1"), ask("dossier:2")]

    def clerk(bill: Bill) -> bool:
        try:
            return bool(pay(bill, "FT26307123", method=Method.TRANSFER))
        except Refused:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as clerks:
        assert sorted(clerks.map(clerk, bills)) == [False, True]


# ---- void -------------------------------------------------------------------------------------------


def test_a_cancelled_bill_is_owed_no_more_and_says_why():
    bill = ask()
    for _time in range(2):
        void = commands.void(bill=bill, reason="Được miễn lệ phí", by=HOA, at=AT)
    assert (void.state, void.void_reason) == ("void", "Được miễn lệ phí")
    assert queries.due("dossier:1") == 0
    assert told() == ["bill.ask", "bill.void"]
    with pytest.raises(Refused, match="đã hủy"):
        pay(bill)


def test_a_paid_bill_is_not_cancelled():
    with pytest.raises(Refused, match="đã thu tiền"):
        commands.void(bill=pay(ask()), reason="Nhầm", by=HOA, at=AT)


# ---- what the database itself keeps, and reading ----------------------------------------------------


@pytest.mark.parametrize(
    ("change", "promise"),
    [
        ({"subject": "Hồ sơ 1"}, "bill_subject_format"),
        ({"amount": 0}, "bill_of_something"),
        ({"state": "paid"}, "bill_paid_says_how"),
        ({"state": "void"}, "bill_void_says_why"),
        ({"paid_at": AT}, "bill_paid_says_how"),
        ({"state": "lost"}, "bill_state_known"),
    ],
)
def test_the_database_keeps_the_promise(change, promise):
    ask()
    with pytest.raises(IntegrityError, match=promise), transaction.atomic():
        Bill.objects.update(**change)


def test_a_bill_is_found_inside_its_own_subject_only():
    bill = ask()
    assert queries.get("dossier:1", bill.pk) == bill
    with pytest.raises(Bill.DoesNotExist):
        queries.get("dossier:2", bill.pk)


def test_a_receipt_says_what_was_paid_in_figures_and_in_words():
    with override("en"):
        said = queries.receipt(pay(ask()))
    assert said["words"] == "Hai mươi tám nghìn đồng"
    assert (said["amount"], said["number"], said["method"]) == (28_000, "0000001/2026", "Nộp tại quầy")
    assert [line["amount"] for line in said["lines"]] == [20_000, 8_000]
    assert (said["paid_at"], said["taken_by"]) == (AT, "Trần Văn Hoà")
