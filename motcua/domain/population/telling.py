"""How one look-up is told in plain words."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.domain.population.models import Usage
from motcua.domain.population.rules import (
    ACCOUNT,
    AT_DESK,
    FIELD_NAMES,
    SYSTEM_OFFICER,
    Result,
    Verb,
    is_draft,
)

_FORMS = {
    Verb.ATTRIBUTES: gettext_lazy("Đọc: %(names)s"),
    Verb.MATCH: gettext_lazy("Chỉ đối chiếu, không đọc: %(names)s"),
    Verb.VERIFY: gettext_lazy("Chỉ hỏi đúng hay sai, không đọc: %(names)s"),
}


def told(row: Usage, titles: Mapping[str, str]) -> dict[str, Any]:
    """Say in plain words who looked, at what, and what for."""
    return {
        "row": row,
        "automatic": row.officer == SYSTEM_OFFICER,
        "agency": row.agency_name or row.agency or row.subscriber.name,
        "officer": _officer(row),
        "what": _what(row),
        "nothing": _nothing(row),
        "dossier": _dossier(row),
        "dossier_page": _dossier_page(row),
        "procedure": titles.get(row.procedure, ""),
        "complaint": getattr(row, "complaint", None),
    }


def _officer(row: Usage) -> str:
    if row.officer == SYSTEM_OFFICER:
        return _("Hệ thống tự động, không có người xem")
    named = ", ".join(part for part in (row.officer_name, row.officer_role) if part)
    return named or _("Mã %(code)s, nơi tra cứu không nêu tên") % {"code": row.officer}


def _dossier(row: Usage) -> str:
    """Name a dossier; one that is not filed has no code that people know, and a desk has only its day."""
    if is_draft(row.dossier):
        return _("Hồ sơ đang khai, chưa nộp")
    if row.dossier.startswith(AT_DESK):
        day = row.dossier.removeprefix(AT_DESK).split("-")
        return _("Tiếp tại bàn ngày %(day)s") % {"day": "/".join(reversed(day))}
    return row.dossier


def _dossier_page(row: Usage) -> str:
    """Give the address where whoever's dossier it is reads of it; a draft and a desk have no page."""
    page = row.subscriber.dossier_page
    if not row.dossier or is_draft(row.dossier) or row.dossier.startswith(AT_DESK):
        return ""
    return page.replace("{code}", quote(row.dossier, safe=""))


def _what(row: Usage) -> str:
    if row.verb == Verb.STATUS:
        return _status(row)
    if row.verb == Verb.FIND:
        return _("Tìm người không nhớ số: thấy họ tên, năm sinh, xã thường trú") if row.fields else ""
    if row.verb == Verb.CHOOSE:
        return _("Chọn đúng người trong kết quả tìm: đọc số định danh") if row.fields else ""
    if row.verb == Verb.NUMBERS:
        return _("Tra số định danh cũ và mới của cùng một người") if row.fields else ""
    names = ", ".join(str(FIELD_NAMES.get(name, name)) for name in row.fields)
    if not names:
        return ""
    if row.result == Result.UNKNOWN:
        return _("Hỏi nhưng không nhận được: %(names)s") % {"names": names}
    return str(_FORMS.get(Verb(row.verb), _FORMS[Verb.ATTRIBUTES])) % {"names": names}


def _status(row: Usage) -> str:
    if row.result == Result.DENIED:
        return ""
    if ACCOUNT in row.fields:
        return _("Hỏi người có số định danh này còn sống hay đã mất, tài khoản định danh có bị khóa không")
    return _("Hỏi người có số định danh này còn sống hay đã mất")


def _nothing(row: Usage) -> str:
    if row.result == Result.DENIED:
        return _("Bị từ chối, không xem được gì")
    return _("Không có kết quả") if row.result == Result.UNKNOWN else ""
