"""Reading persons."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.base.actor import Actor, Role
from motcua.domain.people.models import Kind, Person
from motcua.domain.privacy.rules import Section


def get(actor: Actor, pk: int) -> Person:
    """Give one person: citizens find only themselves, counter and office those they work for."""
    if not actor.has(Role.CLERK, Role.OFFICER, Role.HEAD, Role.LEADER, Role.SYSTEM) and actor.person != pk:
        raise Person.DoesNotExist
    return Person.objects.get(pk=pk)


def by_number(actor: Actor, number: str) -> Person | None:
    """Find a person whom the province has met by the 12-digit number; for clerks, officers and the system."""
    if not actor.has(Role.CLERK, Role.OFFICER, Role.HEAD, Role.LEADER, Role.SYSTEM):
        return None
    return Person.objects.filter(kind=Kind.CITIZEN, number=number).first()


def held(actor: Actor, *, at: datetime) -> list[Section]:
    """Give the province's own copy of a person, told to that person."""
    if actor.oneself is None:
        return []
    records = [
        {
            _("số định danh cá nhân"): one.number,
            _("họ, chữ đệm và tên"): one.name,
            _("ngày sinh"): one.born_on,
            _("giới tính"): {"male": _("nam"), "female": _("nữ")}.get(one.gender, ""),
            _("số điện thoại"): one.phone,
            _("nơi cư trú"): one.residence,
            _("mã xã"): one.commune,
            _("nguồn"): one.get_source_display(),
            _("lần cuối nhận"): timezone.localtime(one.seen_at).isoformat(timespec="minutes"),
        }
        for one in Person.objects.filter(pk=actor.oneself)
    ]
    return [Section(_("Thông tin cá nhân mà tỉnh giữ"), records)]
