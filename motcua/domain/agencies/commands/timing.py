"""Office hours and dated exceptions to them."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from motcua.base import events
from motcua.base.actor import Actor
from motcua.base.calendar import DayKind, Spans, local
from motcua.base.errors import Refused
from motcua.base.text import nfc
from motcua.domain.agencies.events import DAY_CLOSED, DAY_OPENED, DAY_RESTORED, HOURS_SET
from motcua.domain.agencies.models import Agency, CalendarDay, CalendarStamp, OfficeHours
from motcua.domain.agencies.rules import administers, administers_province, why_not_spans

#: the log of decisions for the whole province
WHOLE_PROVINCE = "calendar:0"


@transaction.atomic
def set_hours(
    *, agency: Agency, week: Mapping[int, Spans], in_force_from: date, by: Actor, at: datetime, law: str = ""
) -> list[OfficeHours]:
    """Write the hours of some weekdays (0 = Monday) from a day on; weekdays left out stay as they are.

    Empty spans close the weekday. What was written for a later day is refused, not overwritten.
    """
    CalendarStamp.renew()
    if not administers(by, agency.path):
        raise Refused(_("Cơ quan này ngoài phạm vi quản trị của bạn."))
    written = OfficeHours.objects.filter(agency=agency, weekday__in=week)
    if written.filter(in_force_from__gt=in_force_from).exists():
        raise Refused(_("Đã có giờ làm việc áp dụng từ một ngày sau ngày này."))
    written.filter(in_force_from=in_force_from).delete()
    before = Q(in_force_to=None) | Q(in_force_to__gte=in_force_from)
    written.filter(before).update(in_force_to=in_force_from - timedelta(days=1))
    rows = []
    for weekday, spans in sorted(week.items()):
        if reason := why_not_spans(spans):
            raise Refused(reason)
        columns = OfficeHours.columns(spans)
        rows.append(
            OfficeHours(agency=agency, weekday=weekday, in_force_from=in_force_from, law=law, **columns)
        )
    OfficeHours.objects.bulk_create(rows)
    hours = {str(row.weekday): _said(row.spans) for row in rows}
    facts = {"from": in_force_from.isoformat(), "hours": hours, "law": law}
    events.record(HOURS_SET, subject=agency.subject, by=by, at=at, data=facts)
    return rows


@transaction.atomic
def close_day(
    *, agency: Agency | None, day: date, reason: str, by: Actor, at: datetime, law: str = ""
) -> CalendarDay:
    """Close one agency and those below it (or, without an agency, the whole province) on a day."""
    row = CalendarDay(agency=agency, day=day, kind=DayKind.CLOSED, reason=nfc(reason), law=nfc(law))
    return _decide(row, name=DAY_CLOSED, by=by, at=at)


@transaction.atomic
def open_day(
    *,
    agency: Agency | None,
    day: date,
    reason: str,
    by: Actor,
    at: datetime,
    spans: Spans = (),
    makeup: bool = False,
    law: str = "",
) -> CalendarDay:
    """Open on a day off, or at other hours; a make-up day without spans has Monday's hours."""
    kind = DayKind.MAKEUP if makeup else DayKind.SPECIAL
    if kind is DayKind.SPECIAL and not spans:
        raise Refused(_("Chưa ghi giờ làm việc của ngày này."))
    if why := why_not_spans(spans):
        raise Refused(why)
    columns = CalendarDay.columns(spans)
    row = CalendarDay(agency=agency, day=day, kind=kind, reason=nfc(reason), law=nfc(law), **columns)
    return _decide(row, name=DAY_OPENED, by=by, at=at)


@transaction.atomic
def restore_day(*, calendar_day: CalendarDay, by: Actor, at: datetime) -> None:
    """Take a decision about a day back: the week and the public holidays hold again."""
    CalendarStamp.renew()
    row = CalendarDay.objects.select_related("agency").get(pk=calendar_day.pk)
    _check(row.agency, by)
    _record(DAY_RESTORED, row, by=by, at=at)
    row.delete()


def _decide(row: CalendarDay, *, name: str, by: Actor, at: datetime) -> CalendarDay:
    CalendarStamp.renew()
    _check(row.agency, by)
    if not row.reason:
        raise Refused(_("Chưa ghi lý do."))
    if CalendarDay.objects.filter(agency=row.agency, day=row.day).exists():
        said = {"day": f"{row.day:%d/%m/%Y}"}
        raise Refused(_("Ngày %(day)s đã có quyết định; hãy gỡ quyết định cũ trước.") % said)
    row.save(force_insert=True)
    _record(name, row, by=by, at=at)
    return row


def _check(agency: Agency | None, by: Actor) -> None:
    if agency is None and not administers_province(by):
        raise Refused(_("Lịch chung của tỉnh do quản trị cấp tỉnh quyết định."))
    if agency is not None and not administers(by, agency.path):
        raise Refused(_("Cơ quan này ngoài phạm vi quản trị của bạn."))


def _record(name: str, row: CalendarDay, *, by: Actor, at: datetime) -> None:
    facts: dict[str, Any] = {
        "day": row.day.isoformat(),
        "kind": row.kind,
        "hours": _said(row.spans),
        "reason": row.reason,
        "law": row.law,
        # A change of the past moves promises that were already made, so auditors look for it.
        "afterwards": row.day < local(at).date(),
    }
    subject = row.agency.subject if row.agency else WHOLE_PROVINCE
    events.record(name, subject=subject, by=by, at=at, data=facts)


def _said(spans: Spans) -> list[str]:
    return [f"{start:%H:%M}–{end:%H:%M}" for start, end in spans]
