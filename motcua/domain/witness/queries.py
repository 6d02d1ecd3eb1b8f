"""Reading what was kept."""

from django.db.models import QuerySet

from motcua.base.actor import Actor, Role
from motcua.domain.witness.models import Alarm, KeptHead


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
