"""Reading what was kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import QuerySet
from django.utils.functional import Promise
from prometheus_client.core import GaugeMetricFamily, Metric

from motcua.base.actor import SYSTEM, Actor, Role
from motcua.base.models import Event
from motcua.connectors.identity import Registration
from motcua.domain.witness.models import Alarm, KeptHead
from motcua.domain.witness.rules import TROUBLE_NAMES, Trouble

#: what the event log calls our registration at the identity provider
REGISTRATION = "witness:registration"


@dataclass(frozen=True, slots=True)
class Checked:
    """What the identity provider had registered of us when it was last asked."""

    at: datetime
    troubles: tuple[Trouble, ...]
    #: None: it did not take us
    seen: Registration | None

    @property
    def words(self) -> list[Promise]:
        """Say what is amiss."""
        return [TROUBLE_NAMES[trouble] for trouble in self.troubles]

    @property
    def key_ends_at(self) -> datetime | None:
        """Tell when the key we sign with ends, if an end was agreed."""
        return datetime.fromtimestamp(self.seen.key_ends, UTC) if self.seen and self.seen.key_ends else None


def newest() -> KeptHead | None:
    """Give the head that later ones are held against."""
    rows = KeptHead.objects.order_by("-size", "-pk")
    if fresh := Alarm.objects.filter(anew=True).order_by("-closed_at").first():
        rows = rows.filter(kept_at__gt=fresh.closed_at)
    return rows.first()


def heads(actor: Actor) -> QuerySet[KeptHead]:
    """List kept heads, newest first, for those who watch over data."""
    if not actor.has(Role.ADMINISTRATOR, Role.AUDITOR, Role.SYSTEM):
        return KeptHead.objects.none()
    return KeptHead.objects.order_by("-kept_at", "-size")


def alarms(actor: Actor) -> QuerySet[Alarm]:
    """List alarms, open ones first, for those who watch over data."""
    if not actor.has(Role.ADMINISTRATOR, Role.AUDITOR, Role.SYSTEM):
        return Alarm.objects.none()
    return Alarm.objects.select_related("kept").order_by("closed_at", "-raised_at")


def registration(actor: Actor) -> Checked | None:
    """Give what was last noted of our registration at the identity provider, for those who run the site."""
    if not actor.has(Role.ADMINISTRATOR, Role.AUDITOR, Role.SYSTEM):
        return None
    noted = Event.objects.filter(subject=REGISTRATION).order_by("-number").first()
    if noted is None:
        return None
    seen = noted.data["seen"]
    troubles = tuple(Trouble(trouble) for trouble in noted.data["troubles"])
    return Checked(noted.at, troubles, Registration(**seen) if seen else None)


def numbers() -> Iterable[Metric]:
    """Count what is amiss with our registration for whoever watches the site."""
    checked = registration(SYSTEM)
    words = "What is amiss with our registration at the identity provider"
    return [GaugeMetricFamily("motcua_registration_troubles", words, len(checked.troubles) if checked else 0)]
