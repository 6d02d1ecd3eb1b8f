"""When money may be taken, and how an amount is written out in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.base.actor import Actor, Role

#: what a bill belongs to: "dossier:1234"
SUBJECT = r"^[a-z_]+:[0-9]+$"
#: letters and digits that nobody confuses when reading a code aloud
CODE_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class State(StrEnum):
    """Where a bill stands."""

    ASKED = "asked"
    PAID = "paid"
    VOID = "void"


STATE_NAMES = {
    State.ASKED: _("Chờ thanh toán"),
    State.PAID: _("Đã thanh toán"),
    State.VOID: _("Đã hủy"),
}


class Method(StrEnum):
    """How the money came."""

    COUNTER = "counter"
    TRANSFER = "transfer"
    ONLINE = "online"


METHOD_NAMES = {
    Method.COUNTER: _("Nộp tại quầy"),
    Method.TRANSFER: _("Chuyển khoản"),
    Method.ONLINE: _("Thanh toán trực tuyến"),
}
_TAKERS = {
    Method.COUNTER: frozenset({Role.CLERK}),
    Method.TRANSFER: frozenset({Role.CLERK}),
    # only what a bank's own notice says; no person may declare an online payment
    Method.ONLINE: frozenset({Role.SYSTEM}),
}
_VOIDERS = frozenset({Role.CLERK, Role.HEAD, Role.LEADER, Role.SYSTEM})

#: who gives money back and settles what does not agree
SETTLERS = frozenset({Role.CLERK, Role.PROVINCE_OFFICE})
#: how long an order can be paid at the platform
LIFE = timedelta(hours=1)
#: a payment that is open longer than this is listed for the counter: it was asked about several times
STUCK = timedelta(minutes=15)


class Progress(StrEnum):
    """Where one attempt to pay online stands."""

    INITIATED = "initiated"
    PAID = "paid"
    FAILED = "failed"
    EXPIRED = "expired"
    REFUND = "refund"
    REFUNDED = "refunded"


PROGRESS_NAMES = {
    Progress.INITIATED: _("Chưa thấy tiền về"),
    Progress.PAID: _("Đã thanh toán"),
    Progress.FAILED: _("Không thành công"),
    Progress.EXPIRED: _("Hết hạn, không có tiền"),
    Progress.REFUND: _("Phải hoàn tiền"),
    Progress.REFUNDED: _("Đã hoàn tiền"),
}


class Surplus(StrEnum):
    """Why money that came pays nothing and has to be given back."""

    SECOND = "second"
    VOID = "void"
    AMOUNT = "amount"
    REFERENCE = "reference"


SURPLUS_NAMES = {
    Surplus.SECOND: _("Khoản này đã được trả bằng cách khác"),
    Surplus.VOID: _("Khoản này đã hủy"),
    Surplus.AMOUNT: _("Số tiền khác khoản phải thu"),
    Surplus.REFERENCE: _("Mã giao dịch đã dùng cho khoản khác"),
}


class Mismatch(StrEnum):
    """How the platform's word and our book differ (Decree 45/2020 art. 13)."""

    UNKNOWN = "unknown"
    MISSING = "missing"
    AGAIN = "again"


MISMATCH_NAMES = {
    Mismatch.UNKNOWN: _("Ngân hàng có, tỉnh không có mã này"),
    Mismatch.MISSING: _("Tỉnh đã ghi, ngân hàng không có trong ngày"),
    Mismatch.AGAIN: _("Ngân hàng báo khác lần đầu: số tiền hoặc mã giao dịch"),
}


class Line(Protocol):
    """One fee or charge: its name, "phí" or "lệ phí", whole đồng, and the law that sets it."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def amount(self) -> int: ...
    @property
    def law(self) -> str: ...


@dataclass(frozen=True)
class Charge:
    """A line made by hand."""

    name: str
    kind: str
    amount: int
    law: str


def why_not_ask(lines: Iterable[Line]) -> str | Promise | None:
    """Say why these lines make no bill, or None."""
    amounts = [line.amount for line in lines]
    if any(amount < 0 for amount in amounts):
        return _("Khoản thu không được là số âm.")
    if not sum(amounts):
        return _("Không có khoản nào phải thu.")
    return None


def why_not_pay(*, state: str, method: Method, amount: int, due: int, by: Actor) -> str | Promise | None:
    """Say why this payment cannot be taken, or None."""
    if not by.has(*_TAKERS[method]):
        return _("Chỉ bộ phận một cửa ghi nhận khoản nộp tại quầy hoặc chuyển khoản.")
    if state == State.PAID:
        return _("Khoản này đã được thanh toán, không thu lần nữa.")
    if state == State.VOID:
        return _("Khoản này đã hủy, không thu được.")
    if amount != due:
        return _("Số tiền nộp (%(paid)s đồng) khác số tiền phải thu (%(due)s đồng).") % {
            "paid": grouped(amount),
            "due": grouped(due),
        }
    return None


def why_not_void(*, state: str, reason: str, by: Actor) -> str | Promise | None:
    """Say why a bill cannot be cancelled, or None."""
    if not by.has(*_VOIDERS):
        return _("Bạn không có quyền hủy khoản thu.")
    if state == State.PAID:
        return _("Khoản này đã thu tiền, không hủy được.")
    if not reason.strip():
        return _("Hãy ghi lý do hủy khoản thu.")
    return None


def why_not_begin(*, state: str) -> str | Promise | None:
    """Say why a bill cannot be paid online, or None."""
    if state == State.PAID:
        return _("Khoản này đã được thanh toán, không thu lần nữa.")
    if state == State.VOID:
        return _("Khoản này đã hủy, không thu được.")
    return None


def surplus(*, state: str, amount: int, due: int) -> Surplus | None:
    """Say why money that has come cannot pay a bill, or None when it pays it."""
    if state == State.VOID:
        return Surplus.VOID
    if state == State.PAID:
        return Surplus.SECOND
    return None if amount == due else Surplus.AMOUNT


def gone(*, failed: bool, age: timedelta) -> Progress | None:
    """Say how an open attempt ends for which no money came, or None while some may still come."""
    if failed:
        return Progress.FAILED
    return Progress.EXPIRED if age > LIFE else None


def why_not_refund(*, progress: str, how: str, by: Actor) -> str | Promise | None:
    """Say why money cannot be noted as given back, or None."""
    if not by.has(*SETTLERS):
        return _("Bạn không có quyền ghi việc hoàn tiền.")
    if progress != Progress.REFUND:
        return _("Khoản này không phải hoàn tiền.")
    if not how.strip():
        return _("Hãy ghi cách hoàn tiền và số chứng từ.")
    return None


def why_not_close(*, how: str, by: Actor) -> str | Promise | None:
    """Say why a difference cannot be closed, or None."""
    if not by.has(*SETTLERS):
        return _("Bạn không có quyền kết thúc chênh lệch này.")
    if not how.strip():
        return _("Hãy ghi đã xử lý thế nào.")
    return None


def grouped(amount: int) -> str:
    """Write a number the Vietnamese way: 1.250.000."""
    return f"{amount:,}".replace(",", ".")


_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_RANKS = ("", " nghìn", " triệu")


def in_words(amount: int) -> str:
    """Write an amount out as receipts do: 1250000 → "Một triệu hai trăm năm mươi nghìn đồng"."""
    assert amount >= 0
    words = _number(amount) if amount else _DIGITS[0]
    return f"{words[0].upper()}{words[1:]} đồng"


def _number(number: int) -> str:
    billions, rest = divmod(number, 1_000_000_000)
    words = f"{_number(billions)} tỷ" if billions else ""
    for rank in (2, 1, 0):
        if group := rest // 1000**rank % 1000:
            words = f"{words} {_group(group, full=bool(words))}{_RANKS[rank]}".strip()
    return words


def _group(number: int, *, full: bool) -> str:
    """Write 1–999; `full` says "không trăm" too, because something stands before."""
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    words = f"{_DIGITS[hundreds]} trăm" if hundreds or full else ""
    if tens == 0:
        link = " linh " if words else ""
        return words + (link + _DIGITS[ones] if ones else "")
    words += " mười" if tens == 1 else f" {_DIGITS[tens]} mươi"
    if ones == 1 and tens > 1:
        words += " mốt"
    elif ones == 5:
        words += " lăm"
    elif ones:
        words += f" {_DIGITS[ones]}"
    return words.strip()
