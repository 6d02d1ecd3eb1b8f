"""What the register may tell whom: attribute names, purposes, matching. Values in, answers out."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from motcua.base.text import nfc, tone_last


class Gender(StrEnum):
    """Giới tính, as the twelve-digit number encodes it."""

    MALE = "male"
    FEMALE = "female"


class Marital(StrEnum):
    """Tình trạng hôn nhân."""

    SINGLE = "single"
    MARRIED = "married"
    DIVORCED = "divorced"
    WIDOWED = "widowed"


class Relation(StrEnum):
    """Quan hệ với chủ hộ."""

    HEAD = "head"
    SPOUSE = "spouse"
    CHILD = "child"
    PARENT = "parent"
    GRANDCHILD = "grandchild"
    GRANDPARENT = "grandparent"
    SIBLING = "sibling"
    CHILD_IN_LAW = "child_in_law"
    PARENT_IN_LAW = "parent_in_law"
    OTHER = "other"


class Verb(StrEnum):
    """What a subscriber asked."""

    ATTRIBUTES = "attributes"
    MATCH = "match"
    VERIFY = "verify"
    STATUS = "status"
    #: old number and new number
    NUMBERS = "numbers"
    #: who may be meant, without a number
    FIND = "find"
    #: the number of one of those who were shown
    CHOOSE = "choose"


class Result(StrEnum):
    """What a subscriber was told."""

    FOUND = "found"
    UNKNOWN = "unknown"
    MATCH = "match"
    MISMATCH = "mismatch"
    DENIED = "denied"


class Status(StrEnum):
    """How it stands with a number."""

    ALIVE = "alive"
    MISSING = "missing"
    DECEASED = "deceased"
    CANCELLED = "cancelled"


class ComplaintState(StrEnum):
    """How far a complaint has come."""

    RECEIVED = "received"
    #: the agency that looked has been asked
    ASKED = "asked"
    ANSWERED = "answered"


class Why(StrEnum):
    """Why a subscriber was told nothing; also the code in the answer."""

    PURPOSE_MISSING = "purpose_missing"
    PURPOSE_NOT_ALLOWED = "purpose_not_allowed"
    FIELD_NOT_ALLOWED = "field_not_allowed"
    BUDGET_SPENT = "budget_spent"
    REPLAYED = "replayed"
    TOO_WIDE = "too_wide"
    NOT_SHOWN = "not_shown"


#: of the electronic identity, which the register does not keep: what `status` may tell beside the person
ACCOUNT = "account"
#: Law on Identification 26/2023/QH15 art. 9: every attribute the register can hand out, in the law's order
ATTRIBUTES = (
    "name",
    "surname",
    "middle_name",
    "given_name",
    "other_name",
    "born_on",
    "gender",
    "birth_place",
    "birth_registration_place",
    "home_town",
    "ethnicity",
    "religion",
    "nationality",
    "blood_group",
    "old_number",
    "card",
    "father",
    "mother",
    "spouse",
    "children",
    "representative",
    "permanent_address",
    "temporary_address",
    "current_address",
    "absence",
    "residence_number",
    "marital_status",
    "household",
    "deceased_on",
    "missing_on",
    "phone",
    "email",
)
#: what `match` compares; the rest is not something people type
MATCHABLE = ("name", "other_name", "born_on", "gender", "ethnicity", "nationality", "old_number")
NUMBER = re.compile(r"[0-9]{12}")
OLD_NUMBER = re.compile(r"[0-9]{9}")
PARTIAL_DATE = r"^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"
#: agency, officer, procedure, dossier and request codes: letters, digits and a few signs
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,79}")
_PERSONAL = re.compile(r"(?<![0-9])([0-9]{9}|[0-9]{12})(?![0-9])")
#: random, so a run of digits in it means nothing
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: what `officer` says when a program asks and nobody sits in front of it
SYSTEM_OFFICER = "system"
#: how the code of a case begins that has no dossier: somebody stood at an identity desk on a day
AT_DESK = "tai-ban-"


def is_draft(dossier: str) -> bool:
    """Tell whether a dossier was named by the key of its draft, before it had a code."""
    return _UUID.fullmatch(dossier) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """What somebody asks for: nothing is read before each of these words is there and allowed."""

    #: the caller's code of this one message, a UUID
    request: str
    agency: str
    procedure: str
    dossier: str
    #: legal ground
    basis: str
    #: what people call the agency and the officer, and what the officer is; as far as the caller says it
    agency_name: str = ""
    officer_name: str = ""
    officer_role: str = ""


def why_denied(
    purpose: Purpose, *, officer: str, allowed: Collection[str] | None, asked: int, budget: int
) -> Why | None:
    """Give the reason against any answer, or None; `allowed` is None without a right for this procedure.

    `asked` counts the officer's calls of the day so far.
    """
    codes = (purpose.agency, officer, purpose.procedure, purpose.dossier)
    if not purpose.basis.strip() or not all(_CODE.fullmatch(code) for code in codes):
        return Why.PURPOSE_MISSING
    if any(holds_number(text) for text in (*codes, purpose.basis)):
        return Why.PURPOSE_MISSING
    if allowed is None:
        return Why.PURPOSE_NOT_ALLOWED
    if asked >= budget:
        return Why.BUDGET_SPENT
    return None


def differing(held: Mapping[str, str] | None, given: Mapping[str, str]) -> list[str]:
    """List which given values differ from those held; for somebody unknown all of them do."""
    if held is None:
        return list(given)
    return [name for name, value in given.items() if not _same(name, held[name], value)]


def _same(name: str, held: str, given: str) -> bool:
    if name == "born_on":
        # Papers write 1 January when only the year is known.
        return given == held or (len(held) == 4 and given == f"{held}-01-01")
    return same_words(held, given)


def same_words(one: str, other: str) -> bool:
    """Compare words without case, and without where in the syllable the tone mark stands."""
    return one == other or _plain(one) == _plain(other)


def _plain(text: str) -> list[str]:
    """Compare words without case, and without where in the syllable the tone mark stands (hòa, hoà)."""
    return [tone_last(word) for word in nfc(text).split()]


def holds_number(text: str) -> bool:
    """Tell whether a personal number, old or new, stands in a text where none may be."""
    return _PERSONAL.search(_UUID.sub("", text)) is not None


def status(held: Mapping[str, Any]) -> Status:
    """Tell how it stands with the number of somebody who is held; what is final counts first."""
    if held["deceased_on"]:
        return Status.DECEASED
    if held["cancelled_on"]:
        return Status.CANCELLED
    return Status.MISSING if held["missing_on"] else Status.ALIVE


def number_contradicts(number: str, *, gender: str, born_on: str) -> bool:
    """Tell whether a twelve-digit number disagrees with gender or birth year (century and gender digit)."""
    year = int(born_on[:4])
    digit = (year // 100 - 19) * 2 + (gender == Gender.FEMALE)
    return not NUMBER.fullmatch(number) or number[3:6] != f"{digit}{year % 100:02}"


def age(born_on: str, on: date) -> int:
    """Count full years; of a partial date the latest possible day counts, so nobody is made older."""
    parts = [int(part) for part in born_on.split("-")]
    year, month, day = parts + [12, 31][len(parts) - 1 :]
    return on.year - year - ((on.month, on.day) < (month, day))


#: what a person at the other end reads
WHY_TEXT = {
    Why.PURPOSE_MISSING: _(
        "Thiếu mục đích khai thác: cần cơ quan, cán bộ, thủ tục, hồ sơ và căn cứ pháp lý, "
        "không kèm số định danh."
    ),
    Why.PURPOSE_NOT_ALLOWED: _("Cơ quan chưa được cấp quyền khai thác dữ liệu dân cư cho thủ tục này."),
    Why.FIELD_NOT_ALLOWED: _("Có trường thông tin nằm ngoài phạm vi được phép khai thác cho thủ tục này."),
    Why.BUDGET_SPENT: _("Cán bộ đã dùng hết số lượt khai thác trong ngày."),
    Why.REPLAYED: _("Mã yêu cầu này đã được sử dụng."),
    Why.TOO_WIDE: _(
        "Có quá nhiều người như vậy nên không hiện ai. Thêm ngày sinh đầy đủ, xã thường trú, chữ đệm "
        "hoặc số chứng minh nhân dân cũ."
    ),
    Why.NOT_SHOWN: _("Lựa chọn này đã dùng rồi, đã quá 10 phút, hoặc không phải của hồ sơ này. Hãy tìm lại."),
}
COMPLAINT_NAMES = {
    ComplaintState.RECEIVED: _("Đã tiếp nhận"),
    ComplaintState.ASKED: _("Đang hỏi cơ quan đã tra cứu"),
    ComplaintState.ANSWERED: _("Đã trả lời"),
}
#: what a person reads of the attributes
FIELD_NAMES = {
    "name": _("họ, chữ đệm và tên"),
    "surname": _("họ"),
    "middle_name": _("chữ đệm"),
    "given_name": _("tên"),
    "other_name": _("tên gọi khác"),
    "born_on": _("ngày sinh"),
    "gender": _("giới tính"),
    "birth_place": _("nơi sinh"),
    "birth_registration_place": _("nơi đăng ký khai sinh"),
    "home_town": _("quê quán"),
    "ethnicity": _("dân tộc"),
    "religion": _("tôn giáo"),
    "nationality": _("quốc tịch"),
    "blood_group": _("nhóm máu"),
    "old_number": _("số chứng minh nhân dân 9 số"),
    "card": _("ngày cấp và hạn thẻ căn cước"),
    "father": _("cha"),
    "mother": _("mẹ"),
    "spouse": _("vợ hoặc chồng"),
    "children": _("con"),
    "representative": _("người đại diện"),
    "permanent_address": _("nơi thường trú"),
    "temporary_address": _("nơi tạm trú"),
    "current_address": _("nơi ở hiện tại"),
    "absence": _("tạm vắng"),
    "residence_number": _("số hồ sơ cư trú"),
    "marital_status": _("tình trạng hôn nhân"),
    "household": _("hộ gia đình"),
    "deceased_on": _("ngày mất"),
    "missing_on": _("ngày mất tích"),
    "account": _("tài khoản định danh có bị khóa không"),
    "history": _("như ở một ngày trong quá khứ"),
    "age": _("tuổi"),
    "permanent_province": _("tỉnh nơi thường trú"),
    "permanent_commune": _("xã, phường nơi thường trú"),
    "current_province": _("tỉnh nơi ở hiện tại"),
    "current_commune": _("xã, phường nơi ở hiện tại"),
    "phone": _("số điện thoại"),
    "email": _("thư điện tử"),
}
