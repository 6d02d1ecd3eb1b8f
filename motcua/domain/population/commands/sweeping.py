"""Raising the alarm over look-ups that look like sweeping."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from motcua.base import events
from motcua.base.actor import Actor
from motcua.domain.population.events import ALERTED
from motcua.domain.population.models import Alert
from motcua.domain.population.rules.sweeping import Sweep, Tally


@transaction.atomic
def alert(*, tally: Tally, sweep: Sweep, count: int, by: Actor, at: datetime) -> Alert:
    """Raise one alarm a day about an official; raised before, it stands with the highest count seen."""
    found, new = Alert.objects.get_or_create(
        subscriber_id=tally.subscriber,
        officer=tally.officer,
        sweep=sweep.value,
        on=timezone.localdate(at),
        defaults={"agency": tally.agency, "count": count, "at": at},
    )
    if new:
        facts = {"sweep": sweep.value, "officer": tally.officer, "agency": tally.agency, "count": count}
        events.record(ALERTED, subject=found.subject, by=by, at=at, data=facts)
    elif count > found.count:
        found.count = count
        found.save(update_fields=["count"])
    return found
