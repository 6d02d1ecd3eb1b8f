"""Officers and the roles they hold."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from motcua.base import events
from motcua.base.actor import OFFICE_ROLES, Actor, Role
from motcua.base.errors import Refused
from motcua.base.text import name_key, nfc
from motcua.domain.agencies.events import APPOINTED, APPOINTMENT_ENDED, ENROLLED
from motcua.domain.agencies.models import Agency, Appointment, Officer
from motcua.domain.agencies.rules import CITIZEN_NUMBER, why_not_appoint


@transaction.atomic
def enrol(*, citizen_number: str, name: str, by: Actor, at: datetime) -> Officer:
    """Put a person on the list of officers; the log names the officer and never the personal number."""
    if not by.has(Role.SYSTEM, Role.ADMINISTRATOR):
        raise Refused(_("Chỉ quản trị được thêm cán bộ."))
    if not CITIZEN_NUMBER.match(citizen_number):
        raise Refused(_("Số định danh cá nhân gồm 12 chữ số."))
    if not nfc(name):
        raise Refused(_("Chưa ghi họ tên cán bộ."))
    if Officer.objects.filter(citizen_number=citizen_number).exists():
        raise Refused(_("Người này đã có trong danh sách cán bộ."))
    officer = Officer.objects.create(citizen_number=citizen_number, name=nfc(name), name_key=name_key(name))
    events.record(ENROLLED, subject=officer.subject, by=by, at=at, data={"name": officer.name})
    return officer


@transaction.atomic
def appoint(
    *,
    officer: Officer,
    agency: Agency,
    role: Role,
    in_force_from: date,
    by: Actor,
    at: datetime,
    title: str = "",
    law: str = "",
) -> Appointment:
    """Give an officer a role in an agency from a day on; roles are held in one agency at a time."""
    officer = Officer.objects.select_for_update().get(pk=officer.pk)
    _check(by=by, officer=officer, agency=agency, role=role)
    if in_force_from < agency.in_force_from or (agency.in_force_to and in_force_from > agency.in_force_to):
        raise Refused(_("Cơ quan không hoạt động vào ngày này."))
    open_then = Q(in_force_to=None) | Q(in_force_to__gte=in_force_from)
    held = Appointment.objects.filter(open_then, officer=officer).select_related("agency")
    for one in held:
        if one.agency_id != agency.pk:
            # Whoever may not see that agency does not learn its name either.
            raise Refused(_("Cán bộ đang giữ vai trò tại cơ quan khác; cần kết thúc vai trò đó trước."))
        if one.role == role:
            raise Refused(_("Cán bộ đã giữ vai trò này."))
    appointment = Appointment.objects.create(
        officer=officer, agency=agency, role=role, in_force_from=in_force_from, title=nfc(title), law=nfc(law)
    )
    _record(APPOINTED, appointment, by=by, at=at, day=in_force_from, law=law)
    return appointment


@transaction.atomic
def engage(
    *,
    citizen_number: str,
    name: str,
    agency: Agency,
    role: Role,
    in_force_from: date,
    by: Actor,
    at: datetime,
    title: str = "",
    law: str = "",
) -> Appointment:
    """Appoint somebody by personal number, enrolling them first when they are new."""
    officer = Officer.objects.filter(citizen_number=citizen_number).first()
    if officer is None:
        officer = enrol(citizen_number=citizen_number, name=name, by=by, at=at)
    return appoint(
        officer=officer,
        agency=agency,
        role=role,
        in_force_from=in_force_from,
        by=by,
        at=at,
        title=title,
        law=law,
    )


@transaction.atomic
def end_appointment(
    *, appointment: Appointment, last_day: date, by: Actor, at: datetime, law: str = ""
) -> Appointment:
    """Let a role end with a day."""
    Officer.objects.select_for_update().get(pk=appointment.officer_id)
    appointment = Appointment.objects.select_related("officer", "agency").get(pk=appointment.pk)
    _check(by=by, officer=appointment.officer, agency=appointment.agency, role=Role(appointment.role))
    if appointment.in_force_to is not None and appointment.in_force_to <= last_day:
        raise Refused(_("Vai trò này đã kết thúc."))
    if last_day < appointment.in_force_from:
        raise Refused(_("Ngày kết thúc trước ngày bắt đầu."))
    appointment.in_force_to = last_day
    appointment.save(update_fields=["in_force_to"])
    _record(APPOINTMENT_ENDED, appointment, by=by, at=at, day=last_day, law=law)
    return appointment


def _check(*, by: Actor, officer: Officer, agency: Agency, role: Role) -> None:
    if role not in OFFICE_ROLES:
        raise Refused(_("Vai trò này không giao cho cán bộ."))
    if reason := why_not_appoint(by=by, officer=officer.pk, path=agency.path, role=role):
        raise Refused(reason)


def _record(name: str, appointment: Appointment, *, by: Actor, at: datetime, day: date, law: str) -> None:
    facts = {
        "agency": appointment.agency_id,
        "role": appointment.role,
        "title": appointment.title,
        "day": day.isoformat(),
        "law": law,
    }
    events.record(name, subject=f"officer:{appointment.officer_id}", by=by, at=at, data=facts)
