"""Reading the systems that are connected or ask to be."""

from datetime import datetime

from django.db.models import F, QuerySet

from motcua.base.actor import Actor, Role
from motcua.base.deadline import deadline
from motcua.domain.accounts.models import Client
from motcua.domain.accounts.rules.applications import CALENDAR
from motcua.domain.accounts.rules.connecting import term


def clients(actor: Actor) -> QuerySet[Client]:
    """List the systems, those that wait for an answer first; for an administrator and an auditor."""
    if not actor.has(Role.ADMINISTRATOR, Role.AUDITOR, Role.SYSTEM):
        return Client.objects.none()
    waiting = F("connection__decided_at").asc(nulls_first=True)
    return Client.objects.select_related("connection").order_by(waiting, "connection__due_at", "code")


def appraised_by(*, known: bool, filed_at: datetime) -> datetime:
    """Work out by when a system is appraised (Decree 69/2024)."""
    found = deadline(received_at=filed_at, term=term(known=known), pauses=(), calendar=CALENDAR)
    assert found.due_at is not None
    return found.due_at
