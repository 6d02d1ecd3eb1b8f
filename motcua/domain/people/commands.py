"""Writing persons."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from motcua.base import events
from motcua.base.actor import Actor
from motcua.base.errors import Refused
from motcua.base.text import fold, name_key, nfc
from motcua.domain.people.events import REMEMBERED
from motcua.domain.people.models import Kind, Person, Source


@transaction.atomic
def remember(
    *,
    number: str,
    name: str,
    born_on: str,
    gender: str = "",
    phone: str = "",
    residence: str = "",
    commune: str = "",
    details: Mapping[str, Any] | None = None,
    source: str,
    by: Actor,
    at: datetime,
) -> Person:
    """Keep a copy of what a source says of a person; empty values leave what was known before.

    Writes an event only when something changed, and never the number itself.
    """
    if not (len(number) == 12 and number.isascii() and number.isdigit()):
        raise Refused(_("Số định danh phải có đúng 12 chữ số."))
    said: dict[str, Any] = {
        **_named(name),
        "born_on": born_on,
        "gender": gender,
        "phone": phone,
        "residence": residence,
        "commune": commune,
        "details": dict(details or {}),
    }
    return _kept(Kind.CITIZEN, number, said, source=source, by=by, at=at)


@transaction.atomic
def remember_organization(*, code: str, name: str, source: str, by: Actor, at: datetime) -> Person:
    """Keep a copy of what a source says of an organization."""
    if not re.fullmatch("[0-9A-Z-]{5,20}", code) or not name:
        raise Refused(_("Mã số hoặc tên của tổ chức không đúng."))
    return _kept(Kind.ORGANIZATION, code, _named(name), source=source, by=by, at=at)


def _named(name: str) -> dict[str, Any]:
    return {"name": nfc(name), "name_key": name_key(name)[:800], "name_folded": fold(name)}


def _kept(
    kind: Kind, number: str, said: Mapping[str, Any], *, source: str, by: Actor, at: datetime
) -> Person:
    # Two first log-ins at once: one row is made, both go on with it.
    Person.objects.bulk_create(
        [Person(kind=kind, number=number, source=source, seen_at=at, name="", born_on="")],
        ignore_conflicts=True,
    )
    person = Person.objects.select_for_update(of=("self",)).get(kind=kind, number=number)
    changed = [key for key, value in said.items() if value and getattr(person, key) != value]
    if not changed:
        return person
    for key in changed:
        setattr(person, key, said[key])
    person.source = source
    person.seen_at = at
    person.save()
    events.record(
        REMEMBERED, subject=person.subject, by=by, at=at, data={"changed": changed, "source": source}
    )
    return person


@transaction.atomic
def introduce(*, number: str, name: str, born_on: str, by: Actor, at: datetime) -> Person:
    """Name somebody whom the actor files for; somebody known is found only when name and birth date agree.

    What a stranger types never changes what the province knows, and tells nothing that he did not type.
    """
    known = Person.objects.filter(kind=Kind.CITIZEN, number=number).first()
    if known is None:
        return remember(number=number, name=name, born_on=born_on, source=Source.TYPED, by=by, at=at)
    same_day = known.born_on.startswith(born_on) or born_on.startswith(known.born_on)
    if fold(known.name) != fold(name) or not same_day:
        raise Refused(_("Họ tên hoặc ngày sinh không khớp với số định danh này. Hãy kiểm tra lại cả ba."))
    return known
