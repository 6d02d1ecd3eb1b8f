"""The log of events: the database refuses to change it, and whoever gets round that is found out."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from motcua.base import events
from motcua.base.models import Event
from motcua.domain.dossiers.rules import State

pytestmark = pytest.mark.django_db


@contextmanager
def trigger_off() -> Iterator[Any]:
    """Do what only the owner of the tables can: switch the guard off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE base_event DISABLE TRIGGER USER")
        yield cursor
        cursor.execute("ALTER TABLE base_event ENABLE TRIGGER USER")


STATEMENTS = [
    "UPDATE base_event SET note = 'khác'",
    "UPDATE base_event SET at = at",
    "DELETE FROM base_event",
    "INSERT INTO base_event SELECT * FROM base_event ON CONFLICT (id) DO UPDATE SET note = 'khác'",
]


def test_the_database_refuses_to_change_what_happened(road) -> None:
    subject = road(State.ACCEPTED).dossier.subject
    before = [event.hash for event in events.history(subject)]
    for statement in STATEMENTS:
        refused = pytest.raises(DatabaseError, match="append-only")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert [event.hash for event in events.history(subject)] == before


def test_no_code_of_ours_can_change_what_happened(road) -> None:
    last = events.history(road(State.ACCEPTED).dossier.subject)[-1]
    last.note = "khác"
    for change in (last.save, last.delete, Event.objects.all().delete):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


CHANGES = [
    "note = 'Không ai đòi tiền'",
    "name = 'dossier.settle'",
    "at = at - interval '1 second'",
    "by = 'officer:999'",
    "by_name = 'Người Khác'",
    "by_agency = NULL",
    'data = \'{"due_at": "2099-01-01"}\'',
    "hash = repeat('0', 64)",
    "previous_hash = repeat('0', 64)",
    "number = 99",
]


def test_an_altered_fact_is_found(road) -> None:
    walked, other = road(State.PROCESSING), road(State.ACCEPTED)
    changed = next(e for e in events.history(walked.dossier.subject) if e.name == "dossier.receive")
    for change in CHANGES:
        undone = transaction.savepoint()
        with trigger_off() as cursor:
            cursor.execute(f"UPDATE base_event SET {change} WHERE id = %s", [changed.pk])
        assert changed.pk in {event.pk for event in events.broken(walked.dossier.subject)}, change
        assert not list(events.broken(other.dossier.subject))
        transaction.savepoint_rollback(undone)


def test_a_fact_that_was_rewritten_with_its_own_hash_breaks_the_chain_behind_it(road) -> None:
    subject = road(State.PROCESSING).dossier.subject
    facts = events.history(subject)
    changed = facts[-2]
    changed.note = "khác"
    changed.hash = events.fingerprint(changed)
    with trigger_off():
        changed.save()
    assert [event.pk for event in events.broken(subject)] == [facts[-1].pk]


def test_a_fact_that_was_taken_out_is_missed(road) -> None:
    subject = road(State.PROCESSING).dossier.subject
    facts = events.history(subject)
    with trigger_off() as cursor:
        cursor.execute("DELETE FROM base_event WHERE id = %s", [facts[2].pk])
    assert facts[3].pk in {event.pk for event in events.broken(subject)}


def test_an_operator_can_have_the_whole_log_read(road) -> None:
    road(State.ACCEPTED)
    changed = events.history(road(State.PROCESSING).dossier.subject)[2]
    said = StringIO()
    call_command("verify_log", stdout=said)
    assert "nguyên vẹn" in said.getvalue()
    with trigger_off() as cursor:
        cursor.execute("UPDATE base_event SET note = 'khác' WHERE id = %s", [changed.pk])
    with pytest.raises(CommandError, match="1 sự kiện"):
        call_command("verify_log", stdout=said)
    assert f"{changed.subject} #3 " in said.getvalue()
