import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.base.actor import SYSTEM, Actor, Role
from motcua.domain.payments.rules import (
    METHOD_NAMES,
    STATE_NAMES,
    Charge,
    Method,
    State,
    grouped,
    in_words,
    why_not_ask,
    why_not_pay,
    why_not_void,
)


def somebody(role: Role) -> Actor:
    return Actor(name="x", roles=frozenset({role}))


CLERK = somebody(Role.CLERK)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "Không đồng"),
        (1, "Một đồng"),
        (5, "Năm đồng"),
        (10, "Mười đồng"),
        (11, "Mười một đồng"),
        (15, "Mười lăm đồng"),
        (20, "Hai mươi đồng"),
        (21, "Hai mươi mốt đồng"),
        (24, "Hai mươi bốn đồng"),
        (25, "Hai mươi lăm đồng"),
        (55, "Năm mươi lăm đồng"),
        (100, "Một trăm đồng"),
        (101, "Một trăm linh một đồng"),
        (105, "Một trăm linh năm đồng"),
        (110, "Một trăm mười đồng"),
        (115, "Một trăm mười lăm đồng"),
        (131, "Một trăm ba mươi mốt đồng"),
        (1_000, "Một nghìn đồng"),
        (1_001, "Một nghìn không trăm linh một đồng"),
        (1_015, "Một nghìn không trăm mười lăm đồng"),
        (1_500, "Một nghìn năm trăm đồng"),
        (20_000, "Hai mươi nghìn đồng"),
        (100_000, "Một trăm nghìn đồng"),
        (115_000, "Một trăm mười lăm nghìn đồng"),
        (135_000, "Một trăm ba mươi lăm nghìn đồng"),
        (1_000_005, "Một triệu không trăm linh năm đồng"),
        (1_250_000, "Một triệu hai trăm năm mươi nghìn đồng"),
        (21_005_000, "Hai mươi mốt triệu không trăm linh năm nghìn đồng"),
        (1_000_000_000, "Một tỷ đồng"),
        (1_004_005_000, "Một tỷ không trăm linh bốn triệu không trăm linh năm nghìn đồng"),
        (2_500_000_000_000, "Hai nghìn năm trăm tỷ đồng"),
        (1_000_000_000_000_000_000, "Một tỷ tỷ đồng"),
    ],
)
def test_an_amount_is_written_out_as_on_receipts(amount, words):
    assert in_words(amount) == words


_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_ONES = {word: number for number, word in enumerate(_DIGITS)} | {"mốt": 1, "lăm": 5}


def read(words: str) -> int:
    """Read a written-out amount back, by a way of its own: word after word."""
    total = part = digit = 0
    for word in words.removesuffix(" đồng").lower().split():
        if word in _ONES:
            digit = _ONES[word]
        elif word == "mười":
            part, digit = part + 10, 0
        elif word == "mươi":
            part, digit = part + digit * 10, 0
        elif word == "trăm":
            part, digit = part + digit * 100, 0
        elif word in ("nghìn", "triệu"):
            total += (part + digit) * {"nghìn": 1_000, "triệu": 1_000_000}[word]
            part = digit = 0
        elif word == "tỷ":
            total, part, digit = (total + part + digit) * 1_000_000_000, 0, 0
    return total + part + digit


@given(st.integers(min_value=1, max_value=999_999_999_999_999))
def test_every_amount_in_words_is_read_back_as_itself(amount):
    assert read(in_words(amount)) == amount


@pytest.mark.parametrize(("number", "written"), [(0, "0"), (999, "999"), (1_250_000, "1.250.000")])
def test_numbers_are_grouped_by_dots(number, written):
    assert grouped(number) == written


def test_a_bill_of_nothing_or_of_less_than_nothing_is_not_asked():
    assert "Không có khoản nào" in str(why_not_ask([]))
    assert "Không có khoản nào" in str(why_not_ask([Charge("Miễn phí", "phí", 0, "")]))
    assert "số âm" in str(why_not_ask([Charge("a", "phí", 10, ""), Charge("b", "phí", -5, "")]))
    assert why_not_ask([Charge("a", "phí", 0, ""), Charge("b", "phí", 5, "")]) is None


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("method", list(Method))
def test_clerks_note_what_they_saw_and_only_the_system_notes_what_a_bank_said(role, method):
    taker = Role.SYSTEM if method == Method.ONLINE else Role.CLERK
    reason = why_not_pay(state=State.ASKED, method=method, amount=5, due=5, by=somebody(role))
    assert (reason is None) == (role == taker)


@pytest.mark.parametrize(("state", "word"), [(State.PAID, "không thu lần nữa"), (State.VOID, "đã hủy")])
def test_a_closed_bill_takes_no_money(state, word):
    assert word in str(why_not_pay(state=state, method=Method.COUNTER, amount=5, due=5, by=CLERK))


def test_a_wrong_amount_is_refused_with_both_amounts():
    reason = str(why_not_pay(state=State.ASKED, method=Method.COUNTER, amount=15_000, due=20_000, by=CLERK))
    assert "15.000" in reason and "20.000" in reason


def test_a_bill_is_cancelled_unpaid_with_a_reason_by_the_office():
    assert why_not_void(state=State.ASKED, reason="Thu nhầm", by=CLERK) is None
    assert why_not_void(state=State.ASKED, reason="Rút hồ sơ", by=SYSTEM) is None
    assert "lý do" in str(why_not_void(state=State.ASKED, reason="  ", by=CLERK))
    assert "đã thu tiền" in str(why_not_void(state=State.PAID, reason="x", by=CLERK))
    assert "không có quyền" in str(why_not_void(state=State.ASKED, reason="x", by=somebody(Role.CITIZEN)))


def test_every_state_and_method_has_a_name():
    assert set(STATE_NAMES) == set(State)
    assert set(METHOD_NAMES) == set(Method)
