"""A worker that dies in the middle of a dossier's reaction: nothing half done, done once by the next."""

import time
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.exceptions import AlreadyEnqueued

from motcua.base import events, jobs
from motcua.base.tests.test_jobs import until, worker
from motcua.domain.dossiers import commands
from motcua.domain.dossiers.rules import Action, State
from motcua.domain.payments import commands as payments
from motcua.domain.payments import queries as bills
from motcua.domain.payments.rules import Method
from tests.roads import MORNING, RESIDENCE

pytestmark = pytest.mark.django_db(transaction=True)
NEXT = MORNING + timedelta(hours=1)
JOB = "task_name = 'react' AND args ->> 'job' LIKE '%note_paid'"
#: somebody waits for the subject's place in the log: dossier and pause are already written, not committed
IN_ITS_MIDDLE = """
    SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database
    WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted
"""


def test_a_dossier_goes_on_exactly_once_when_the_worker_is_killed_while_it_notes_the_payment(road) -> None:
    walked = road(State.ACCEPTED, RESIDENCE)
    waiting = commands.act(action=Action.ASK_PAYMENT, dossier=walked.dossier, by=walked.officer, at=NEXT)
    [bill] = bills.of(waiting.subject)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")  # what else there is to do: the register, scans
    payments.pay(bill=bill, method=Method.TRANSFER, reference="FT26327", by=walked.clerk, at=NEXT)

    first = worker()
    with transaction.atomic(), connection.cursor() as cursor:
        events.hold(waiting.subject)
        until(cursor, IN_ITS_MIDDLE)
        first.kill()
        first.wait()
    assert walked.again().status is State.AWAITING_PAYMENT
    assert status() == "doing"
    with connection.cursor() as cursor:
        # The dead are known by their silence; do not make the test wait for it.
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '5 minutes'")
        second = worker()
        try:
            with suppress(AlreadyEnqueued):
                jobs.retry_stalled.defer(timestamp=int(time.time()))
            until(cursor, f"SELECT count(*) FROM procrastinate_jobs WHERE {JOB} AND status = 'succeeded'")
        finally:
            second.terminate()
            second.wait()

    dossier = walked.again()
    assert dossier.status is State.ACCEPTED
    assert dossier.due_at is not None
    assert dossier.pauses.get().ended_at <= timezone.now()
    names = [event.name for event in events.history(dossier.subject)]
    assert names.count("dossier.note_paid") == 1
    assert names.count("bill.paid") == 1
    assert not list(events.broken(dossier.subject))


def status() -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT status::text FROM procrastinate_jobs WHERE {JOB}")
        row = cursor.fetchone()
    return str(row[0])
