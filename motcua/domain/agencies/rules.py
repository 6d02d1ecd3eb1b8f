"""Kinds of agencies, who administers what, and the public holidays."""

import re
from collections.abc import Mapping
from datetime import date, time
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

import holidays
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from motcua.base.actor import Actor, Role
from motcua.base.calendar import Day, DayKind, Hours, Spans, WorkingCalendar


class Kind(StrEnum):
    """What sort of agency it is; procedures name the kind (or the code) of the agency that resolves them."""

    PROVINCE = "province"
    #: only until 30 June 2025
    DISTRICT = "district"
    COMMUNE = "commune"
    DEPARTMENT = "department"
    DIVISION = "division"
    SERVICE_CENTRE = "service_centre"
    POLICE = "police"
    COMMUNE_POLICE = "commune_police"


KIND_NAMES: dict[Kind, Promise] = {
    Kind.PROVINCE: _("UBND tỉnh"),
    Kind.DISTRICT: _("UBND huyện"),
    Kind.COMMUNE: _("UBND xã, phường"),
    Kind.DEPARTMENT: _("Sở, ban, ngành"),
    Kind.DIVISION: _("Phòng, ban trực thuộc"),
    Kind.SERVICE_CENTRE: _("Trung tâm Phục vụ hành chính công"),
    Kind.POLICE: _("Công an tỉnh"),
    Kind.COMMUNE_POLICE: _("Công an xã, phường"),
}

#: there is one of these for each commune
PER_COMMUNE = frozenset({Kind.COMMUNE, Kind.COMMUNE_POLICE})

#: reach beyond their own agency's dossiers, so only the province's administrator gives them
WIDE_ROLES = frozenset({Role.PROVINCE_OFFICE, Role.ADMINISTRATOR, Role.AUDITOR})

CODE = re.compile(r"^[A-Za-z0-9-]{1,20}$")
#: agency codes of Decision 20/2020/QĐ-TTg: at most 35 characters in groups between dots
#: six digits of a bank, and an account there, as transfers write them
BANK_CODE = re.compile(r"^[0-9]{6}$")
BANK_NUMBER = re.compile(r"^[0-9A-Z]{4,19}$")
OFFICIAL_CODE = re.compile(r"^[A-Y]\d{2}(\.[A-Z0-9]+)*$")
CITIZEN_NUMBER = re.compile(r"^\d{12}$")

OFFICE_DAY: Spans = ((time(7, 30), time(11, 30)), (time(13, 30), time(17, 30)))
MORNING: Spans = OFFICE_DAY[:1]


def administers(by: Actor, path: str) -> bool:
    """Tell whether the actor may change the agency at this path and what belongs to it."""
    if by.has(Role.SYSTEM):
        return True
    return by.has(Role.ADMINISTRATOR) and bool(by.reach) and path.startswith(by.reach)


def at_root(by: Actor) -> bool:
    """Tell whether the actor stands at the top of the tree, so that whole-province matters are theirs."""
    return by.has(Role.SYSTEM) or by.reach.count("/") == 1


def administers_province(by: Actor) -> bool:
    """Tell whether the actor decides for the whole province."""
    return at_root(by) and administers(by, by.reach)


def why_not_appoint(*, by: Actor, officer: int, path: str, role: Role) -> Promise | None:
    """Say why the actor may not give or take away this role here, or None."""
    if not administers(by, path):
        return _("Cơ quan này ngoài phạm vi quản trị của bạn.")
    if by.officer is not None and by.officer == officer:
        return _("Không tự giao hoặc thu hồi vai trò của chính mình.")
    if role in WIDE_ROLES and not at_root(by):
        return _("Vai trò này do quản trị cấp tỉnh giao.")
    return None


def why_not_spans(spans: Spans) -> Promise | None:
    """Say why these are no office hours of a day, or None: at most a morning and an afternoon, in order."""
    if len(spans) > 2:
        return _("Mỗi ngày có nhiều nhất hai buổi.")
    edges = [edge for span in spans for edge in span]
    if any(later <= earlier for earlier, later in pairwise(edges)):
        return _("Giờ bắt đầu phải trước giờ kết thúc, buổi sáng trước buổi chiều.")
    return None


TET = gettext_noop("Tết Nguyên Đán")
SWAPPED = gettext_noop("nghỉ hoán đổi ngày làm việc")
MADE_UP = gettext_noop("làm bù ngày nghỉ hoán đổi")
#: what the library calls a holiday → what the law calls it (Labour Code 2019 art. 112)
HOLIDAY_NAMES = {
    "Tết Dương lịch": gettext_noop("Tết Dương lịch"),
    "Ngày Chiến thắng": gettext_noop("Ngày Chiến thắng"),
    "Ngày Giỗ Tổ Hùng Vương": gettext_noop("Giỗ Tổ Hùng Vương"),
    "Ngày Quốc tế Lao động": gettext_noop("Quốc tế Lao động"),
    "Ngày Văn hóa Việt Nam": gettext_noop("Ngày Văn hóa Việt Nam"),
    "Quốc khánh": gettext_noop("Quốc khánh"),
}
SUBSTITUTES = {
    "Tết Dương lịch": gettext_noop("nghỉ bù Tết Dương lịch"),
    "Ngày Chiến thắng": gettext_noop("nghỉ bù Ngày Chiến thắng"),
    "Ngày Giỗ Tổ Hùng Vương": gettext_noop("nghỉ bù Giỗ Tổ Hùng Vương"),
    "Ngày Quốc tế Lao động": gettext_noop("nghỉ bù Quốc tế Lao động"),
    "Ngày Văn hóa Việt Nam": gettext_noop("nghỉ bù Ngày Văn hóa Việt Nam"),
    "Quốc khánh": gettext_noop("nghỉ bù Quốc khánh"),
}


@lru_cache(maxsize=64)
def public_days(year: int) -> Mapping[date, Day]:
    """List the public holidays of a year with substitute days and make-up Saturdays.

    Years for which nothing has been announced yet follow the Labour Code alone; what the Prime
    Minister decides later is typed into the dated table and overrules these days.
    """
    # The eve of Tết and swapped days of early January are announced with the year before.
    found = holidays.country_holidays("VN", years=(year, year + 1), language="vi")
    days = {
        day: Day(kind=DayKind.CLOSED, reason=_reason(name), public=True)
        for day, name in found.items()
        if day.year == year
    }
    for day in found.weekend_workdays:
        if day.year == year:
            days[day] = Day(kind=DayKind.MAKEUP, reason=MADE_UP, public=True)
    return days


def _reason(name: str) -> str:
    first = name.split("; ", maxsplit=1)[0]
    if "thay cho ngày" in first:
        return SWAPPED
    if "Tết" in first and "Dương lịch" not in first:
        return TET
    plain = first.removesuffix(" (nghỉ bù)")
    return (SUBSTITUTES if plain != first else HOLIDAY_NAMES).get(plain, first)


def office_week(spans: Spans = OFFICE_DAY) -> tuple[Hours, ...]:
    """Give Monday to Friday at these hours, for ever."""
    return tuple(Hours(weekday=weekday, spans=spans) for weekday in range(5))


def standard_calendar() -> WorkingCalendar:
    """Give the calendar of an office with usual hours and no decisions of its own."""
    return WorkingCalendar(office_week(), {}, public_days)
