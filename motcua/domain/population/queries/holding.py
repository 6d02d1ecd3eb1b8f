"""What the register holds of a person, told to that person; of relatives nothing but their names."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.base.actor import Actor, Role
from motcua.domain.agencies import places
from motcua.domain.population import queries, telling
from motcua.domain.population.models import Complaint, PastValue, Person
from motcua.domain.population.queries import past
from motcua.domain.population.rules import ATTRIBUTES, FIELD_NAMES, Gender, Marital
from motcua.domain.privacy.rules import Section

_WORDS = {
    Gender.MALE.value: gettext_lazy("nam"),
    Gender.FEMALE.value: gettext_lazy("nữ"),
    Marital.SINGLE.value: gettext_lazy("chưa kết hôn"),
    Marital.MARRIED.value: gettext_lazy("đã kết hôn"),
    Marital.DIVORCED.value: gettext_lazy("đã ly hôn"),
    Marital.WIDOWED.value: gettext_lazy("góa"),
}
#: look-ups in one copy; the newest ones, older ones stand on the page
MOST = 10_000


def held(actor: Actor, *, at: datetime) -> list[Section]:
    """Give the register's row, the look-ups that may be seen by now, and complaints about them."""
    if actor.person is None or not actor.has(Role.CITIZEN):
        return []
    people = Person.objects.filter(pk=actor.person)
    rows = list(queries.looks(actor, at=at)[:MOST])
    titles = queries.procedure_titles(rows)
    complaints = Complaint.objects.filter(usage__in=[row.pk for row in rows]).select_related("usage")
    return [
        Section(_("Dữ liệu dân cư"), [_facts(person) for person in people]),
        Section(_("Dữ liệu dân cư trước đây"), _past(actor.person)),
        Section(_("Ai đã xem dữ liệu của bạn"), [_look(telling.told(row, titles)) for row in rows]),
        Section(_("Phản ánh của bạn"), [_complaint(one) for one in complaints.order_by("pk")]),
    ]


def _facts(person: Person) -> dict[str, Any]:
    values = queries.attributes(person, ATTRIBUTES)
    told = {_("số định danh cá nhân"): person.number}
    for name, value in values.items():
        if text := _text(name, value):
            told[str(FIELD_NAMES[name])] = text
    return told


def _past(person: int) -> list[dict[str, Any]]:
    rows = PastValue.objects.filter(person=person).order_by("attribute", "-valid_to")
    return [
        {
            _("Thông tin"): str(FIELD_NAMES[row.attribute]),
            _("Trước đây là"): _text(row.attribute, past.value(row)),
            _("Từ ngày"): row.valid_from.isoformat() if row.valid_from else "",
            _("Đến trước ngày"): row.valid_to.isoformat(),
            _("Căn cứ"): row.basis,
        }
        for row in rows
    ]


def _text(name: str, value: Any) -> str:
    """Say one attribute in words; of relatives their names, of the household only its book."""
    if isinstance(value, list):
        return ", ".join(_text(name, one) for one in value)
    if not isinstance(value, dict):
        return str(_WORDS.get(value, value)) if value else ""
    if name == "household":
        return _("Sổ %(code)s") % {"code": value["code"]}
    if "detail" in value:
        place = places.place(value["commune"])
        where = f"{place.full_name} ({value['commune']})" if place else value["commune"]
        return ", ".join(part for part in (value["detail"], where) if part)
    if "number" in value:
        return str(value["name"])
    return ", ".join(str(part) for part in value.values() if part)


def _look(one: dict[str, Any]) -> dict[str, Any]:
    row = one["row"]
    return {
        _("Lúc"): _moment(row.at),
        _("Cơ quan"): one["agency"],
        _("Người xem"): one["officer"],
        _("Đã xem"): one["what"] or one["nothing"],
        _("Để làm"): one["procedure"] or row.procedure,
        _("Hồ sơ"): one["dossier"],
        _("Căn cứ"): row.basis,
    }


def _complaint(one: Complaint) -> dict[str, Any]:
    return {
        _("Gửi lúc"): _moment(one.made_at),
        _("Bạn viết"): one.text,
        _("Trạng thái"): one.get_state_display(),
        _("Trả lời"): one.answer,
    }


def _moment(at: datetime) -> str:
    return timezone.localtime(at).isoformat(timespec="minutes")
