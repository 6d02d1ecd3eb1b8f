"""Changing what the register holds of a person; what was so before is kept with its dates."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.base import events, text
from motcua.base.actor import Actor, Role
from motcua.base.errors import Refused
from motcua.domain.population.events import CHANGED
from motcua.domain.population.models import PastValue, Person
from motcua.domain.population.rules.changing import CHANGEABLE


@transaction.atomic
def change(
    *,
    person: int,
    attribute: str,
    values: Mapping[str, Any],
    on: date,
    basis: str,
    by: Actor,
    at: datetime,
) -> Person:
    """Let an attribute be something else from a day on.

    Law on Identification 26/2023/QH15 art. 9 and 11: data are kept up to date, and the register says since
    when and by what. The event names the attribute and never a value.
    """
    if not by.has(Role.SYSTEM):
        raise Refused(_("Chỉ cơ quan quản lý cơ sở dữ liệu dân cư được cập nhật dữ liệu."))
    if not basis.strip():
        raise Refused(_("Phải nêu căn cứ của thay đổi."))
    if on > timezone.localdate(at):
        raise Refused(_("Ngày thay đổi không được ở tương lai."))
    found = Person.objects.select_for_update().get(pk=person)
    columns = CHANGEABLE[attribute]
    before = {column: getattr(found, column) for column in columns}
    after = {**before, **{column: values[column] for column in values if column in columns}}
    if after == before:
        raise Refused(_("Không có gì thay đổi."))
    _keep(found, attribute, before, on=on, basis=basis, at=at)
    for column, value in after.items():
        setattr(found, column, value)
    if attribute == "name":
        found.name_folded, found.name_key = text.fold(found.name), text.name_key(found.name)
    found.save(update_fields=[*columns, *(("name_folded", "name_key") if attribute == "name" else ())])
    facts = {"attribute": attribute, "on": on.isoformat()}
    events.record(CHANGED, subject=str(found), by=by, at=at, data=facts)
    return found


def _keep(
    person: Person, attribute: str, before: Mapping[str, Any], *, on: date, basis: str, at: datetime
) -> None:
    """Keep what was so until that day, behind what was so before it."""
    last = PastValue.objects.filter(person=person, attribute=attribute).order_by("-valid_to").first()
    if last and last.valid_to >= on:
        raise Refused(_("Ngày thay đổi phải sau lần thay đổi trước của cùng trường thông tin."))
    PastValue.objects.create(
        person=person,
        attribute=attribute,
        values=json.loads(json.dumps(before, cls=DjangoJSONEncoder)),
        valid_from=last.valid_to if last else None,
        valid_to=on,
        recorded_at=at,
        basis=basis.strip(),
    )
