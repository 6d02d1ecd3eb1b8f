"""Reading who is there for what at the national site."""

from datetime import date

from django.db.models import Q, QuerySet

from motcua.base.actor import Actor, Role
from motcua.domain.accounts.models import Account, Duty


def duties(actor: Actor, *, on: date) -> QuerySet[Duty]:
    """List the duties in force: all of them for an administrator or an auditor, else one's own."""
    rows = in_force(on)
    if not actor.has(Role.SYSTEM, Role.ADMINISTRATOR, Role.AUDITOR):
        rows = rows.filter(account__person_id=actor.person) if actor.person else rows.none()
    return rows.select_related("account__person").order_by("role", "place_code", "pk")


def own_duties(account: Account, *, on: date) -> QuerySet[Duty]:
    """List the duties in force that an account's holder may choose to act in."""
    return in_force(on).filter(account=account).order_by("pk")


def duties_from(account: Account, *, on: date) -> QuerySet[Duty]:
    """List the duties that somebody holds on a day or comes to after it."""
    return Duty.objects.filter(Q(in_force_to=None) | Q(in_force_to__gt=on), account=account)


def in_force(on: date) -> QuerySet[Duty]:
    """List every duty in force on a day."""
    return Duty.objects.filter(Q(in_force_to=None) | Q(in_force_to__gt=on), in_force_from__lte=on)
