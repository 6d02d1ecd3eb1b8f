"""Founding, renaming and dissolving agencies."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from motcua.base import events
from motcua.base.actor import Actor
from motcua.base.errors import Refused
from motcua.base.text import nfc
from motcua.domain.agencies.events import DISSOLVED, FOUNDED, RENAMED
from motcua.domain.agencies.models import Agency, Appointment, in_force
from motcua.domain.agencies.rules import CODE, OFFICIAL_CODE, Kind, administers


@transaction.atomic
def found(
    *,
    code: str,
    name: str,
    name_en: str,
    kind: Kind,
    parent: Agency | None,
    in_force_from: date,
    by: Actor,
    at: datetime,
    division_code: str = "",
    official_code: str = "",
    official_code_verified: bool = False,
    law: str = "",
) -> Agency:
    """Set up an agency below another (or as the root) from a day on."""
    path = f"{parent.path if parent else ''}{code}/"
    _check_place(code, path, official_code, by)
    if parent is not None and in_force_from < parent.in_force_from:
        raise Refused(_("Cơ quan cấp trên chưa được thành lập vào ngày này."))
    if Agency.objects.filter(in_force(in_force_from), path=path).exists():
        raise Refused(_("Đã có cơ quan mang mã %(path)s.") % {"path": path})
    agency = Agency.objects.create(
        code=code,
        official_code=official_code,
        official_code_verified=official_code_verified,
        name=nfc(name),
        name_en=nfc(name_en),
        kind=kind,
        parent=parent,
        path=path,
        division_code=division_code,
        in_force_from=in_force_from,
        law=law,
    )
    facts = {"path": path, "name": agency.name, "from": in_force_from.isoformat(), "law": law}
    events.record(FOUNDED, subject=agency.subject, by=by, at=at, data=facts)
    return agency


def _check_place(code: str, path: str, official_code: str, by: Actor) -> None:
    if not administers(by, path):
        raise Refused(_("Cơ quan này ngoài phạm vi quản trị của bạn."))
    if not CODE.match(code):
        raise Refused(_("Mã cơ quan gồm 1–20 chữ không dấu, chữ số hoặc dấu gạch ngang."))
    if official_code and not (len(official_code) <= 35 and OFFICIAL_CODE.match(official_code)):
        raise Refused(_("Mã định danh cơ quan có dạng H39 hoặc H39.12, nhiều nhất 35 ký tự."))


@transaction.atomic
def rename(
    *,
    agency: Agency,
    name: str,
    name_en: str,
    official_code: str,
    official_code_verified: bool,
    by: Actor,
    at: datetime,
) -> Agency:
    """Correct the names and the official code; a new legal name is a new agency from its day on."""
    agency = Agency.objects.select_for_update().get(pk=agency.pk)
    _check_place(agency.code, agency.path, official_code, by)
    before = {"name": agency.name, "official_code": agency.official_code}
    agency.name, agency.name_en = nfc(name), nfc(name_en)
    agency.official_code, agency.official_code_verified = official_code, official_code_verified
    agency.save()
    facts = {"before": before, "name": agency.name, "official_code": official_code}
    events.record(RENAMED, subject=agency.subject, by=by, at=at, data=facts)
    return agency


@transaction.atomic
def dissolve(*, agency: Agency, last_day: date, law: str, by: Actor, at: datetime) -> Agency:
    """Let an agency end with a day; agencies below it and appointments in it must have ended before."""
    agency = Agency.objects.select_for_update().get(pk=agency.pk)
    if not administers(by, agency.path):
        raise Refused(_("Cơ quan này ngoài phạm vi quản trị của bạn."))
    if agency.in_force_to is not None:
        raise Refused(_("Cơ quan này đã kết thúc hoạt động."))
    if last_day < agency.in_force_from:
        raise Refused(_("Ngày kết thúc trước ngày bắt đầu."))
    after = last_day + timedelta(days=1)
    if Agency.objects.filter(in_force(after), parent=agency).exists():
        raise Refused(_("Còn cơ quan trực thuộc đang hoạt động."))
    if Appointment.objects.filter(in_force(after), agency=agency).exists():
        raise Refused(_("Còn cán bộ giữ vai trò tại cơ quan này."))
    agency.in_force_to = last_day
    agency.save(update_fields=["in_force_to"])
    facts = {"last_day": last_day.isoformat(), "law": law}
    events.record(DISSOLVED, subject=agency.subject, by=by, at=at, data=facts)
    return agency
