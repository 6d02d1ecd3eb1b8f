"""The event log: record what happened, read it back, check it, and let wiring.py react."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from motcua.base.actor import Actor
from motcua.base.models import Event

#: what takes reactions in this context instead of the workers
_taker: ContextVar[Callable[[Event, str], None] | None] = ContextVar("_taker", default=None)


def record(
    name: str,
    *,
    subject: str,
    by: Actor,
    at: datetime,
    note: str = "",
    data: dict[str, Any] | None = None,
) -> Event:
    """Write one fact and queue the reactions that wiring.py lists for it, all in the caller's transaction.

    Writers about one subject wait for each other, so numbers and hashes follow each other.
    """
    hold(subject)
    number, previous_hash = _last(subject)
    event = Event(
        subject=subject,
        number=number + 1,
        name=name,
        at=at,
        by=by.subject,
        by_name=by.name,
        by_agency=by.agency,
        note=note,
        data=data or {},
        previous_hash=previous_hash,
    )
    event.hash = fingerprint(event)
    event.save(force_insert=True)
    send = _taker.get() or queue
    for job in import_string(f"{settings.WIRING}.REACTIONS").get(name, ()):
        send(event, job)
    return event


def queue(event: Event, job: str) -> None:
    """Let the workers run one reaction once this transaction is committed."""
    react.defer(event_id=event.pk, job=job)


@contextmanager
def reactions_to(take: Callable[[Event, str], None]) -> Iterator[None]:
    """Hand reactions to `take(event, job)` instead of the workers, when the past is written down."""
    token = _taker.set(take)
    try:
        yield
    finally:
        _taker.reset(token)


def hold(subject: str) -> None:
    """Make everybody else who writes about this subject wait until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [subject])


def _last(subject: str) -> tuple[int, str]:
    """Give number and hash of the last fact about a subject; every command comes through here."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, hash FROM base_event WHERE subject = %s ORDER BY number DESC LIMIT 1", [subject]
        )
        return cursor.fetchone() or (0, "")


def history(subject: str) -> list[Event]:
    """List the facts about one subject, oldest first."""
    return list(Event.objects.filter(subject=subject).order_by("number"))


def fingerprint(event: Event) -> str:
    """Hash one fact together with the hash of the one before it (SHA-256, hex)."""
    facts = [
        event.subject,
        event.number,
        event.name,
        event.at.astimezone(timezone.get_default_timezone()).isoformat(timespec="microseconds"),
        event.by,
        event.by_name,
        event.by_agency,
        event.note,
        event.data,
        event.previous_hash,
    ]
    return digest(json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def digest(text: str) -> str:
    """Hash facts as they are written in JSON (SHA-256, hex)."""
    return hashlib.sha256(text.encode()).hexdigest()


def broken(subject: str) -> Iterator[Event]:
    """Give the facts of one subject whose hash or place in the chain is not what it was when written."""
    return astray(history(subject))


def astray(facts: Iterable[Event]) -> Iterator[Event]:
    """Give those of many facts, by subject and then by number, that are not what they were when written."""
    subject, number, previous = "", 0, ""
    for event in facts:
        if event.subject != subject:
            subject, number, previous = event.subject, 0, ""
        number += 1
        if event.number != number or event.previous_hash != previous or event.hash != fingerprint(event):
            yield event
        previous = event.hash


@app.task(
    name="react",
    queue="reactions",
    retry=RetryStrategy(max_attempts=12, exponential_wait=3),
)
def react(event_id: int, job: str) -> None:
    """Run one reaction to one fact; the jobs it calls may be run twice without harm."""
    import_string(job)(event=Event.objects.get(pk=event_id), at=timezone.now())
