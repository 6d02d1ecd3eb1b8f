"""The life of an account, the strength of a log-in, and how often one may try."""

import hashlib
import hmac
import struct
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.base.text import fold


class State(StrEnum):
    """Where an account is in its life."""

    ACTIVE = "active"
    LOCKED = "locked"
    CLOSED = "closed"


STATE_NAMES: dict[State, Promise] = {
    State.ACTIVE: _("Đang hoạt động"),
    State.LOCKED: _("Đang khóa"),
    State.CLOSED: _("Đã hủy"),
}


class Ground(StrEnum):
    """Why an account is locked (Law on Identification 2023 art. 34.1, letters a–đ)."""

    HOLDER = "holder"
    BREACH = "breach"
    CARD = "card"
    DEATH = "death"
    AUTHORITY = "authority"


GROUND_NAMES: dict[Ground, Promise] = {
    Ground.HOLDER: _("Chủ tài khoản yêu cầu"),
    Ground.BREACH: _("Vi phạm thỏa thuận sử dụng"),
    Ground.CARD: _("Thẻ căn cước bị thu hồi hoặc bị giữ"),
    Ground.DEATH: _("Chủ tài khoản đã chết"),
    Ground.AUTHORITY: _("Cơ quan có thẩm quyền yêu cầu"),
}


#: what a method proves: something known, something held, something one is
KNOWN, HELD, BODILY = "known", "held", "bodily"
#: another device let this one in, see rules/pairing.py
CROSSED = "mca"
#: method (RFC 8176 `amr`; `demo` and `uv` are ours) → what it proves; of `pop` and `uv` see rules/passkeys.py
METHODS: dict[str, frozenset[str]] = {
    "pwd": frozenset({KNOWN}),
    "otp": frozenset({HELD}),
    "sms": frozenset({HELD}),
    "pop": frozenset({HELD}),
    "uv": frozenset({KNOWN}),
    CROSSED: frozenset({KNOWN, HELD}),
    "demo": frozenset({KNOWN, HELD}),
}


def assurance(methods: Iterable[str]) -> int:
    """Give the authentication level 1–4 that the methods add up to (Decree 69/2024 art. 20); 0 for none."""
    proven = frozenset().union(*(METHODS.get(method, frozenset()) for method in methods))
    if proven == {KNOWN, HELD, BODILY}:
        return 4
    if BODILY in proven and len(proven) > 1:
        return 3
    return min(len(proven), 2)


#: authentication levels as `acr` values of OpenID Connect
ACR = {level: f"urn:vn:loa:{level}" for level in (1, 2, 3, 4)}
LEVEL_OF_ACR = {acr: level for level, acr in ACR.items()}

SHORTEST, LONGEST = 12, 128


def why_not_password(password: str, *, number: str, name: str) -> Promise | None:
    """Say why a password will not do, or None: long, not the number or the name, not repetitive."""
    if not SHORTEST <= len(password) <= LONGEST:
        return _("Mật khẩu cần từ 12 đến 128 ký tự.")
    plain = fold(password).replace(" ", "")
    if number in plain or (name and fold(name).replace(" ", "") in plain):
        return _("Mật khẩu không được chứa số định danh hoặc họ tên của bạn.")
    if len(set(plain)) < 5:
        return _("Mật khẩu lặp lại quá ít ký tự khác nhau.")
    return None


def canonical(password: str) -> str:
    """Write a password one way, however the keyboard composed the Vietnamese letters."""
    return unicodedata.normalize("NFKC", password)


#: RFC 6238: a new code every 30 seconds, one step of clock drift either way
STEP = 30
DRIFT = 1


def code(secret: bytes, step: int) -> str:
    """Give the six-digit code of one step (RFC 6238 with SHA-1, as authenticator apps expect)."""
    digest = hmac.digest(secret, struct.pack(">Q", step), hashlib.sha1)
    start = digest[-1] & 15
    return f"{int.from_bytes(digest[start : start + 4]) % 2**31 % 10**6:06d}"


def step_at(at: datetime) -> int:
    """Give the number of the 30-second step in which a moment lies."""
    return int(at.timestamp()) // STEP


def matching_step(secret: bytes, typed: str, *, at: datetime, last: int) -> int | None:
    """Find the step whose code was typed; a step that was used, or one before it, does not count again."""
    now = step_at(at)
    for step in range(now - DRIFT, now + DRIFT + 1):
        if step > last and hmac.compare_digest(code(secret, step).encode(), typed.encode()):
            return step
    return None


#: digits of a code that opens an account without a log-in, and how many of the first ones only name it
LONG_CODE, NAMED_BY = 12, 4


def grouped(code: str) -> str:
    """Write a long code as people read it out of a text."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def tries_of(purpose: str, *, number: str, code: str, address: str) -> dict[str, str]:
    """Say by what guesses at a long code are counted: by the address, and by the first digits of the code.

    They came in the text: whoever does not have it hardly uses up the tries of whoever has, and to be guessed
    there are still eight digits in ten tries (decision 0049).
    """
    return {"address": f"{purpose} {address}", "code": f"{purpose} {number} {code[:NAMED_BY]}"}


#: codes by text: how long one is good, and wrong guesses at it
TEXT_LIFE, TEXT_GUESSES = timedelta(minutes=10), 10


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many tries within a window, and how long to wait once they are gone."""

    tries: int
    window: timedelta
    pause: timedelta


#: Login.gov's published numbers, except `number`, which bounds guessing from many addresses
ALLOWANCES: dict[str, Allowance] = {
    "pair": Allowance(5, timedelta(seconds=60), timedelta(minutes=10)),
    "address": Allowance(300, timedelta(minutes=5), timedelta(minutes=5)),
    "number": Allowance(50, timedelta(minutes=10), timedelta(minutes=10)),
    "code": Allowance(10, timedelta(minutes=10), timedelta(minutes=10)),
    "pairing": Allowance(10, timedelta(minutes=10), timedelta(minutes=10)),
    "mandate": Allowance(10, timedelta(days=1), timedelta(hours=1)),
    "text": Allowance(3, timedelta(minutes=10), timedelta(minutes=10)),
    "texts": Allowance(10, timedelta(days=1), timedelta(hours=1)),
}


def spend(
    allowance: Allowance, spent: Sequence[datetime], closed_until: datetime | None, at: datetime
) -> tuple[list[datetime], datetime | None]:
    """Take one try: give the tries that still count and, when this one is too many, until when to wait."""
    if closed_until is not None and at < closed_until:
        return list(spent), closed_until
    kept = [moment for moment in spent if moment > at - allowance.window]
    if len(kept) >= allowance.tries:
        return kept, at + allowance.pause
    return [*kept, at], None


#: how long a session lives without a sign of life, and at all (Login.gov: 15 minutes, 12 hours)
IDLE = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=12)
