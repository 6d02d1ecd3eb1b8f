"""What a system shows before it is let in: its security level, an agreement, its keys (Decree 69/2024)."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.base import jose
from motcua.base.deadline import Term, Unit
from motcua.base.errors import Refused

LAW = "Nghị định 69/2024/NĐ-CP"
#: a system of a lower security level is not connected
LEAST_LEVEL = 3
LEVELS = range(1, 6)
#: for appraisal and inspection: of a system that already asks the population database, of any other
KNOWN = Term(amount=Decimal(7), unit=Unit.WORKING_DAY, law=LAW)
NEW = Term(amount=Decimal(30), unit=Unit.DAY, law=LAW)
#: keys that one client may have at a time: one in use, others on their way in or out
_MOST_KEYS, _LONGEST = 5, 20_000
_CODE = re.compile(r"[a-z0-9](-?[a-z0-9]){2,58}")


class State(StrEnum):
    """How far an application has come."""

    FILED = "filed"
    APPROVED = "approved"
    REFUSED = "refused"


STATE_NAMES: dict[State, Promise] = {
    State.FILED: _("Chờ thẩm định"),
    State.APPROVED: _("Đã chấp thuận"),
    State.REFUSED: _("Không chấp thuận"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a system shows: its security level with the decision on it, and the written agreement."""

    level: int
    level_reference: str
    level_on: date
    agreement_reference: str
    agreement_on: date
    #: it asks the population database already
    known: bool = False


def term(*, known: bool) -> Term:
    """Give the time in which a system is appraised, with its law."""
    return KNOWN if known else NEW


def why_not_file(code: str, evidence: Evidence, *, on: date) -> Promise | None:
    """Say why an application cannot be taken, or None."""
    if not _CODE.fullmatch(code):
        return _("Mã ứng dụng gồm chữ thường không dấu, chữ số và dấu gạch ngang.")
    if not evidence.level_reference.strip() or not evidence.agreement_reference.strip():
        return _("Cần số văn bản phê duyệt cấp độ an toàn và số văn bản thỏa thuận.")
    if evidence.level_on > on or evidence.agreement_on > on:
        return _("Ngày của văn bản chưa đến.")
    return None


def why_not_approve(state: str, level: int) -> Promise | None:
    """Say why an application cannot be approved, or None."""
    if state != State.FILED:
        return _("Đề nghị này đã được trả lời.")
    if level < LEAST_LEVEL:
        return _("Hệ thống phải đạt an toàn thông tin từ cấp độ 3 (Nghị định 69/2024/NĐ-CP).")
    return None


def why_not_refuse(state: str, note: str) -> Promise | None:
    """Say why an application cannot be turned down, or None."""
    if state != State.FILED:
        return _("Đề nghị này đã được trả lời.")
    return None if note.strip() else _("Hãy ghi rõ lý do không chấp thuận.")


def read_keys(text: str) -> list[dict[str, Any]]:
    """Read the public keys that a system hands in (JWK set), or raise Refused saying what is wrong."""
    try:
        found = json.loads(text)["keys"] if len(text) <= _LONGEST else None
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Refused(_("Tệp khóa không phải là bộ khóa JWK (JSON có mục keys).")) from error
    if not isinstance(found, list) or not 1 <= len(found) <= _MOST_KEYS:
        raise Refused(_("Bộ khóa phải có từ 1 đến 5 khóa."))
    return _checked(found)


def _checked(keys: Sequence[Any]) -> list[dict[str, Any]]:
    if any(isinstance(key, dict) and "d" in key for key in keys):
        raise Refused(_("Tệp có khóa bí mật: không được gửi đi. Hãy tạo khóa mới và chỉ gửi khóa công khai."))
    for key in keys:
        if not isinstance(key, dict) or not jose.usable(key):
            raise Refused(_("Chỉ nhận khóa EC P-256 để ký (ES256)."))
    names = [key.get("kid") for key in keys]
    if not all(isinstance(name, str) and 0 < len(name) <= 100 for name in names):
        raise Refused(_("Mỗi khóa phải có tên (kid)."))
    if len(set(names)) < len(names) or len({jose.thumbprint(key) for key in keys}) < len(keys):
        raise Refused(_("Hai khóa trùng nhau."))
    return [jose.public(key) for key in keys]
