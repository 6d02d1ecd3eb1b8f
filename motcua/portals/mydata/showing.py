"""What pages show of a request's story, and of what the site does with personal data."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.base.models import Event
from motcua.base.templatetags.ui import citizen_number, phone, vn_date, vn_datetime
from motcua.domain.privacy import events
from motcua.domain.privacy.law import Doing
from motcua.domain.privacy.rules import Section

#: requests on one page
SHOWN = 100
#: records of one kind on the page of everything
MOST = 10
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d[+-]\d\d:\d\d")
_DAY = re.compile(r"(?<![\w-])\d{4}-\d\d(-\d\d)?(?![\w-])")
_PERSONAL, _PHONE = re.compile(r"\d{12}"), re.compile(r"0\d{9}")
EVENT_NAMES: Mapping[str, Promise] = {
    events.ASKED: _("Gửi yêu cầu"),
    events.TAKEN: _("Nhận xử lý"),
    events.FULFILLED: _("Đã thực hiện"),
    events.REFUSED: _("Từ chối"),
    events.WITHDRAWN: _("Rút lại"),
}


def story(facts: Sequence[Event]) -> list[dict[str, Any]]:
    """Tell what happened, newest first."""
    return [
        {"text": EVENT_NAMES.get(fact.name, fact.name), "at": fact.at, "by_name": fact.by_name}
        for fact in reversed(facts)
    ]


def sections(found: Sequence[Section]) -> list[dict[str, Any]]:
    """Give the first records of each kind as people read them; those without anything to say are left out."""
    return [
        {
            "title": one.title,
            "count": len(one.records),
            "most": MOST if len(one.records) > MOST else 0,
            "records": [
                {label: readable(value) for label, value in record.items() if value}
                for record in one.records[:MOST]
            ],
        }
        for one in found
    ]


def readable(value: Any) -> str:
    """Write moments, days, personal numbers and telephones as people do."""
    text = str(value)
    if _PERSONAL.fullmatch(text):
        return citizen_number(text)
    if _PHONE.fullmatch(text):
        return phone(text)
    text = _MOMENT.sub(lambda found: vn_datetime(datetime.fromisoformat(found[0])), text)
    return _DAY.sub(lambda found: vn_date(found[0]), text)


def doing(found: Doing, *, on: date) -> dict[str, Any]:
    """Give what is done on a day, and the items a–i of the assessment over all of it."""
    now = [
        one
        for one in found.activities
        if one.in_force_from <= on and (one.in_force_to is None or on <= one.in_force_to)
    ]
    items: list[tuple[Promise | str, list[str]]] = [
        (_("Bên kiểm soát, bên xử lý dữ liệu"), [str(found.parties)]),
        (_("Bộ phận bảo vệ dữ liệu cá nhân"), [str(found.officer)]),
        (_("Mục đích xử lý"), [f"{one.title}: {one.purpose}" for one in now]),
        (_("Loại dữ liệu cá nhân"), [f"{one.title}: {one.data}" for one in now]),
        (_("Bên nhận dữ liệu"), [f"{one.title}: {one.recipients}" for one in now]),
        (_("Chuyển dữ liệu ra nước ngoài"), [str(found.cross_border)]),
        (_("Thời gian lưu giữ, xóa, hủy"), [f"{one.title}: {one.retention}" for one in now]),
        (_("Biện pháp bảo vệ"), [str(found.protection)]),
        (_("Tác động, rủi ro và cách giảm"), [str(found.risks)]),
    ]
    return {"doing": found, "activities": now, "items": items, "on": on}


def plain(found: Doing) -> dict[str, Any]:
    """Give the same for machines, both languages of every text side by side."""
    return asdict(found)
