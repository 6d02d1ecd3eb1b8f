import asyncio
import os
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, connections
from django.utils import timezone
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from motcua.base import jobs
from motcua.base.models import Budget, Turn

ROOT = Path(__file__).resolve().parents[3]
NIGHTLY = "motcua.base.tests.slow_work.write_and_linger"
ELSEWHERE = "motcua.elsewhere.jobs.never"
#: not what the worker's own clock sends when a minute begins
OURS = f"task_name = 'scheduled' AND args ->> 'job' = '{NIGHTLY}'"


@pytest.fixture
def schedule(monkeypatch):
    monkeypatch.setattr("motcua.wiring.SCHEDULE", [("0 2 * * *", NIGHTLY), ("* * * * *", ELSEWHERE)])


def local(text):
    return timezone.make_aware(datetime.fromisoformat(text))


def sent():
    return ProcrastinateJob.objects.filter(task_name="scheduled").count()


@pytest.mark.django_db
def test_a_job_is_sent_once_when_its_local_hour_comes(schedule):
    assert jobs.send_due(local("2026-11-23 10:00")) == []
    assert jobs.send_due(local("2026-11-24 01:59")) == []
    assert jobs.send_due(local("2026-11-24 02:00")) == [NIGHTLY]
    assert jobs.send_due(local("2026-11-24 02:00")) == []
    assert jobs.send_due(local("2026-11-24 02:01")) == []
    assert jobs.send_due(local("2026-11-25 02:00")) == [NIGHTLY]
    assert sent() == 2


@pytest.mark.django_db
def test_the_hour_is_the_local_one_whatever_zone_the_clock_speaks(schedule):
    jobs.send_due(local("2026-11-23 10:00").astimezone(UTC))
    assert jobs.send_due(datetime(2026, 11, 23, 18, 59, tzinfo=UTC)) == []
    assert jobs.send_due(datetime(2026, 11, 23, 19, 0, tzinfo=UTC)) == [NIGHTLY]


@pytest.mark.django_db
def test_hours_slept_through_are_made_up_once(schedule):
    jobs.send_due(local("2026-11-23 10:00"))
    assert jobs.send_due(local("2026-11-27 08:00")) == [NIGHTLY]
    assert jobs.send_due(local("2026-11-27 08:01")) == []


@pytest.mark.django_db
def test_jobs_of_the_other_site_are_not_sent(schedule):
    jobs.send_due(local("2026-11-23 10:00"))
    jobs.send_due(local("2026-11-23 10:05"))
    assert not Turn.objects.filter(job=ELSEWHERE).exists()


def test_every_scheduled_job_and_every_reaction_can_be_found():
    for _, job in import_string(f"{settings.WIRING}.SCHEDULE"):
        assert callable(import_string(job))
    for reactions in import_string(f"{settings.WIRING}.REACTIONS").values():
        assert all(callable(import_string(job)) for job in reactions)


@pytest.mark.django_db(transaction=True)
def test_what_is_over_is_swept_up(django_db_blocker):
    now = timezone.now()
    for key, until in (("old", now - timedelta(minutes=1)), ("new", now + timedelta(hours=1))):
        Budget.objects.create(key=key, part=1, used=1, used_before=0, until=until)
        Session.objects.create(session_key=key, session_data="", expire_date=until)
    with app.replace_connector(app.connector.get_worker_connector()) as worker:
        asyncio.run(sweep(worker))
    assert [row.key for row in Budget.objects.all()] == ["new"]
    assert [row.session_key for row in Session.objects.all()] == ["new"]


async def sweep(worker):
    async with worker.open_async():
        await jobs.sweep.func(type("Context", (), {"app": worker})(), timestamp=0)
    await sync_to_async(connections.close_all)()


@pytest.fixture
def worker_tables(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE test_effects (id serial); CREATE TABLE test_signs (sign text)")
        yield cursor
        cursor.execute("DROP TABLE test_effects; DROP TABLE test_signs")


def worker():
    """Start a real worker on the test database."""
    database = connection.settings_dict
    options = {k: v for k, v in database["OPTIONS"].items() if k in ("host", "user")}
    query = "&".join(f"{key}={value}" for key, value in options.items())
    port = f":{database['PORT']}" if database["PORT"] else ""
    host = f"{database['USER']}:{database['PASSWORD']}@{database['HOST']}{port}" if database["HOST"] else ""
    return subprocess.Popen(
        [sys.executable, "manage.py", "procrastinate", "worker", "--concurrency", "1"],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "motcua.settings.test",
            "DATABASE_URL": f"postgresql://{host}/{database['NAME']}?{query}",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def until(cursor, statement, seconds=90):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        cursor.execute(statement)
        if cursor.fetchone()[0]:
            return
        time.sleep(0.05)
    raise AssertionError(f"never true: {statement}")


def test_a_job_whose_worker_is_killed_in_its_middle_is_done_exactly_once(worker_tables):
    cursor = worker_tables
    cursor.execute("INSERT INTO test_signs VALUES ('linger')")
    jobs.scheduled.defer(job=NIGHTLY)

    first = worker()
    until(cursor, "SELECT count(*) FROM test_signs WHERE sign = 'began'")
    first.kill()
    first.wait()
    cursor.execute("SELECT count(*) FROM test_effects")
    assert cursor.fetchone() == (0,)
    cursor.execute(f"SELECT status::text FROM procrastinate_jobs WHERE {OURS}")
    assert cursor.fetchone() == ("doing",)

    cursor.execute("DELETE FROM test_signs")
    # The dead are known by their silence; do not make the test wait for it.
    cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '5 minutes'")
    second = worker()
    try:
        with suppress(AlreadyEnqueued):  # at most a minute later the worker does it by itself
            jobs.retry_stalled.defer(timestamp=0)
        until(cursor, f"SELECT count(*) FROM procrastinate_jobs WHERE {OURS} AND status = 'succeeded'")
    finally:
        second.terminate()
        second.wait()
    cursor.execute("SELECT count(*) FROM test_effects")
    assert cursor.fetchone() == (1,)
