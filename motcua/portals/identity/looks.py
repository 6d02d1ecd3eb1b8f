"""How look-ups are told to the person they were about."""

from collections.abc import Collection, Mapping
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.domain.population.models import Usage
from motcua.domain.population.rules import FIELD_NAMES, SYSTEM_OFFICER, Result, Verb

#: look-ups on one page
PAGE = 20


class ComplaintForm(forms.Form):
    """What somebody finds strange."""

    text = forms.CharField(
        label=gettext_lazy("Bạn thấy lạ ở điểm nào?"),
        help_text=gettext_lazy("Ví dụ: tôi không nộp hồ sơ nào ở nơi này."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def told(row: Usage, titles: Mapping[str, str]) -> dict[str, Any]:
    """Say in plain words who looked, at what, and what for."""
    return {
        "row": row,
        "automatic": row.officer == SYSTEM_OFFICER,
        "agency": row.agency_name or row.agency or row.subscriber.name,
        "officer": _officer(row),
        "what": _what(row),
        "nothing": _nothing(row),
        "procedure": titles.get(row.procedure, ""),
        "complaint": getattr(row, "complaint", None),
    }


def grouped(rows: Collection[Usage], titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """Gather what programs did one after the other, and leave what people did by itself."""
    found: list[dict[str, Any]] = []
    for automatic, several in groupby((told(row, titles) for row in rows), lambda one: one["automatic"]):
        if automatic:
            found.append({"automatic": list(several)})
        else:
            found += [{"look": one} for one in several]
    return found


def _officer(row: Usage) -> str:
    if row.officer == SYSTEM_OFFICER:
        return _("Hệ thống tự động, không có người xem")
    named = ", ".join(part for part in (row.officer_name, row.officer_role) if part)
    return named or _("Mã %(code)s, nơi tra cứu không nêu tên") % {"code": row.officer}


def _what(row: Usage) -> str:
    if row.verb == Verb.STATUS:
        return "" if row.result == Result.DENIED else _("Hỏi người có số định danh này còn sống hay đã mất")
    names = ", ".join(str(FIELD_NAMES.get(name, name)) for name in row.fields)
    if not names:
        return ""
    form = _("Chỉ đối chiếu, không đọc: %(names)s") if row.verb == Verb.MATCH else _("Đọc: %(names)s")
    return form % {"names": names}


def _nothing(row: Usage) -> str:
    if row.result == Result.DENIED:
        return _("Bị từ chối, không xem được gì")
    return _("Không có kết quả") if row.result == Result.UNKNOWN else ""
