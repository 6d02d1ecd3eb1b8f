"""Looking somebody up at an identity desk, as a look-up that the person sees."""

import uuid
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.base import events
from motcua.base.actor import ROLE_NAMES, SYSTEM, Actor, Role
from motcua.base.errors import Refused
from motcua.domain.accounts.events import LOOKED_UP
from motcua.domain.accounts.rules.desk import BASIS, CODE, FIELDS, NAME, PROCEDURE, TITLE, police
from motcua.domain.population import gate
from motcua.domain.population import queries as population
from motcua.domain.population.commands import answering, subscribing
from motcua.domain.population.commands.subscribing import Grant
from motcua.domain.population.models import Person, Subscriber
from motcua.domain.population.rules import AT_DESK, WHY_TEXT, Purpose, Result, Verb


def look(*, number: str, by: Actor, at: datetime) -> Person:
    """Find somebody by the number on the card; who looked stands on the usage log and on the event log."""
    if not by.has(Role.IDENTITY_OFFICER):
        raise Refused(_("Chỉ cán bộ định danh tìm người tại bàn."))
    purpose = Purpose(
        request=str(uuid.uuid4()),
        agency=by.reach,
        procedure=PROCEDURE,
        dossier=f"{AT_DESK}{timezone.localdate(at):%Y-%m-%d}",
        basis=BASIS,
        agency_name=police(by.place),
        officer_name=by.name,
        officer_role=str(ROLE_NAMES[Role.IDENTITY_OFFICER]),
    )
    answer = answering.attributes(
        subscriber=gate.subscriber(CODE) or _subscribed(at),
        purpose=purpose,
        number=number,
        names=FIELDS,
        by=replace(by, name=by.subject),
        at=at,
    )
    if answer.why is not None:
        raise Refused(WHY_TEXT[answer.why])
    person = population.by_number(number) if answer.result == Result.FOUND else None
    if person is None:
        raise Refused(_("Cơ sở dữ liệu dân cư không có số định danh này."))
    return _noted(person, by, at)


@transaction.atomic
def _noted(person: Person, by: Actor, at: datetime) -> Person:
    events.record(LOOKED_UP, subject=f"person:{person.pk}", by=by, at=at, data={"place": by.reach})
    return person


def _subscribed(at: datetime) -> Subscriber:
    # Without keys nobody can ask in its name from outside.
    grant = Grant(procedure=PROCEDURE, verb=Verb.ATTRIBUTES, fields=FIELDS, law=BASIS, title=TITLE)
    return subscribing.subscribe(code=CODE, name=NAME, keys=[], grants=[grant], by=SYSTEM, at=at)
