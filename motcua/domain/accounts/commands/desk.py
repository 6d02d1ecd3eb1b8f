"""Looking somebody up at an identity desk."""

from datetime import datetime

from django.db import transaction

from motcua.base import events
from motcua.base.actor import Actor
from motcua.domain.accounts.events import LOOKED_UP
from motcua.domain.population.models import Person


@transaction.atomic
def look(*, person: Person, by: Actor, at: datetime) -> Person:
    """Note that an officer looked somebody up by the number on the card."""
    events.record(LOOKED_UP, subject=f"person:{person.pk}", by=by, at=at, data={"place": by.reach})
    return person
