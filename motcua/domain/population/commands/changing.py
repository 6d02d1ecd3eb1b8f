"""Changing what the register holds of a person; what was so before is kept with its dates."""

import json
from collections.abc import Mapping, Sequence
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
from motcua.domain.population.models import Household, PastValue, Person
from motcua.domain.population.rules.changing import HISTORIC, HOUSEHOLD


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
    _check(on, basis, by, at)
    found = Person.objects.select_for_update().get(pk=person)
    columns = HISTORIC[attribute]
    _put(found, {"person": found}, attribute, columns, values, on=on, basis=basis, at=at)
    if attribute == "name":
        found.name_folded, found.name_key = text.fold(found.name), text.name_key(found.name)
    found.save(update_fields=[*columns, *(("name_folded", "name_key") if attribute == "name" else ())])
    facts = {"attribute": attribute, "on": on.isoformat()}
    events.record(CHANGED, subject=str(found), by=by, at=at, data=facts)
    return found


@transaction.atomic
def change_household(
    *,
    household: int,
    attribute: str,
    values: Mapping[str, Any],
    on: date,
    basis: str,
    by: Actor,
    at: datetime,
) -> Household:
    """Let a household have another address or another head from a day on (Law on Residence 68/2020/QH14)."""
    _check(on, basis, by, at)
    found = Household.objects.select_for_update(of=("self",)).get(pk=household)
    columns = HOUSEHOLD[attribute]
    _put(found, {"household": found}, attribute, columns, values, on=on, basis=basis, at=at)
    found.save(update_fields=columns)
    facts = {"attribute": attribute, "on": on.isoformat()}
    events.record(CHANGED, subject=f"household:{found.pk}", by=by, at=at, data=facts)
    return found


def _check(on: date, basis: str, by: Actor, at: datetime) -> None:
    if not by.has(Role.SYSTEM):
        raise Refused(_("Chỉ cơ quan quản lý cơ sở dữ liệu dân cư được cập nhật dữ liệu."))
    if not basis.strip():
        raise Refused(_("Phải nêu căn cứ của thay đổi."))
    if on > timezone.localdate(at):
        raise Refused(_("Ngày thay đổi không được ở tương lai."))


def _put(
    row: Person | Household,
    whose: Mapping[str, Any],
    attribute: str,
    columns: Sequence[str],
    values: Mapping[str, Any],
    *,
    on: date,
    basis: str,
    at: datetime,
) -> None:
    """Put new values into a row, and keep what was so until that day behind what was so before it."""
    before = {column: getattr(row, column) for column in columns}
    after = {**before, **{column: values[column] for column in values if column in columns}}
    if after == before:
        raise Refused(_("Không có gì thay đổi."))
    last = PastValue.objects.filter(**whose, attribute=attribute).order_by("-valid_to").first()
    if last and last.valid_to >= on:
        raise Refused(_("Ngày thay đổi phải sau lần thay đổi trước của cùng trường thông tin."))
    PastValue.objects.create(
        **whose,
        attribute=attribute,
        values=json.loads(json.dumps(before, cls=DjangoJSONEncoder)),
        valid_from=last.valid_to if last else None,
        valid_to=on,
        recorded_at=at,
        basis=basis.strip(),
    )
    for column, value in after.items():
        setattr(row, column, value)
