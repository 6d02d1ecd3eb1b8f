"""Giving duties, ending them, and acting in them."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from motcua.base import events
from motcua.base.actor import Actor, Role
from motcua.base.errors import Refused
from motcua.domain.accounts import queries
from motcua.domain.accounts.events import DUTY_ASSIGNED, DUTY_ENDED, DUTY_LAID_DOWN, DUTY_TAKEN_UP
from motcua.domain.accounts.models import Account, Duty, Session
from motcua.domain.accounts.rules.duties import why_not_act, why_not_assign
from motcua.domain.agencies import places

#: what the place of a duty for the whole country is called
NATION = gettext_noop("Cả nước")


@transaction.atomic
def assign(
    *, account: Account, role: str, place_code: str = "", in_force_from: date, by: Actor, at: datetime
) -> Duty:
    """Give an account's holder a duty from a day on; only an administrator does, and never to oneself."""
    _check_administrator(by)
    account = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    place = places.place(place_code)
    if place_code and (place is None or len(place_code) != 5):
        raise Refused(_("Không có xã, phường nào mang mã này."))
    held = [Role(one.role) for one in queries.duties_from(account, on=in_force_from)]
    reason = why_not_assign(
        Role(role),
        level=account.level,
        state=account.state,
        place=place_code,
        held=held,
        own=account.person_id == by.person,
    )
    if reason:
        raise Refused(reason)
    name = place.full_name if place else NATION
    duty, made = Duty.objects.get_or_create(
        account=account,
        role=role,
        place_code=place_code,
        in_force_to=None,
        defaults={"place_name": name, "in_force_from": in_force_from},
    )
    if not made:
        raise Refused(_("Người này đang giữ nhiệm vụ ấy."))
    _record(DUTY_ASSIGNED, duty, by, at)
    return duty


@transaction.atomic
def end(*, duty: Duty, by: Actor, at: datetime) -> Duty:
    """End a duty at once, for those acting in it now too; one administrator must remain."""
    _check_administrator(by)
    today = timezone.localdate(at)
    # In one order, so that two administrators cannot end each other's duty at once.
    held = queries.in_force(today).filter(role=duty.role).select_for_update().order_by("pk")
    found = {one.pk: one for one in held}
    if duty.pk not in found:
        raise Refused(_("Nhiệm vụ này đã kết thúc."))
    if duty.role == Role.ADMINISTRATOR and len(found) == 1:
        raise Refused(_("Đây là người quản trị cuối cùng: hãy giao cho người khác trước."))
    duty = found[duty.pk]
    duty.in_force_to = today
    duty.save(update_fields=["in_force_to"])
    Session.objects.filter(duty=duty).update(duty=None)
    _record(DUTY_ENDED, duty, by, at)
    return duty


@transaction.atomic
def take_up(*, session: Session, duty: Duty, by: Actor, at: datetime) -> Session:
    """Let a log-in act in one of its holder's duties from now on."""
    duty = queries.own_duties(session.account, on=timezone.localdate(at)).get(pk=duty.pk)
    if reason := why_not_act(level=session.account.level, assurance=session.assurance):
        raise Refused(reason)
    session.duty = duty
    session.save(update_fields=["duty"])
    _record(DUTY_TAKEN_UP, duty, by, at)
    return session


@transaction.atomic
def lay_down(*, session: Session, by: Actor, at: datetime) -> Session:
    """Let a log-in be only its holder's own again."""
    if session.duty is not None:
        _record(DUTY_LAID_DOWN, session.duty, by, at)
    session.duty = None
    session.save(update_fields=["duty"])
    return session


def _check_administrator(by: Actor) -> None:
    if not by.has(Role.SYSTEM, Role.ADMINISTRATOR):
        raise Refused(_("Chỉ quản trị hệ thống định danh giao và kết thúc nhiệm vụ."))


def _record(name: str, duty: Duty, by: Actor, at: datetime) -> None:
    facts = {"duty": duty.pk, "role": duty.role, "place": duty.place_code}
    events.record(name, subject=duty.account.subject, by=by, at=at, data=facts)
