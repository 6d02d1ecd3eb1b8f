import re

import pytest
from django.db import DatabaseError, connection
from django.test import override_settings

from motcua.base import health, metrics


def work(seconds_ago):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s))",
            [seconds_ago],
        )


def test_the_process_says_that_it_is_alive_without_asking_anybody(client):
    answer = client.get("/healthz", headers={"Host": "10.0.0.7"})
    assert (answer.status_code, answer.content) == (200, b"test")


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "status"), [(5, 200), (health.SILENCE + 5, 503)])
def test_a_site_is_ready_while_a_worker_gives_signs_of_life(client, seconds, status):
    work(seconds)
    answer = client.get("/readyz")
    assert answer.status_code == status
    assert answer.json() == {"database": True, "migrations": True, "worker": status == 200}


@pytest.mark.django_db
def test_a_site_without_a_migration_is_not_ready(client):
    work(0)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["migrations"]) == (503, False)
    assert "sessions.0001_initial" in health.unapplied()


@pytest.mark.django_db
def test_a_site_without_its_database_is_not_ready_but_answers(client):
    def broken(*args):
        raise DatabaseError("gone")

    with connection.execute_wrapper(broken):
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"database": False, "migrations": False, "worker": False}


@pytest.mark.django_db
def test_numbers_name_routes_jobs_and_events(client):
    metrics.observe("GET", "citizen:start", 200, 0.3)
    metrics.observe("GET", "", 404, 0.1)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('reactions', 'react')")
    text = client.get("/metrics").content.decode()
    assert re.search(r'motcua_requests_total\{method="GET",route="citizen:start",status="200"\} \d', text)
    assert 'motcua_request_seconds_bucket{le="0.5",route="citizen:start"}' in text
    assert 'route="-",status="404"' in text
    assert 'motcua_jobs{queue="reactions",status="todo"} 1.0' in text
    assert "motcua_events " in text
    assert "motcua_job_wait_seconds " in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("meta", "status"),
    [
        ({}, 200),
        ({"REMOTE_ADDR": "10.0.0.7"}, 404),
        ({"HTTP_X_FORWARDED_FOR": "10.0.0.7"}, 404),
        ({"HTTP_FORWARDED": "for=10.0.0.7"}, 404),
        ({"REMOTE_ADDR": "10.0.0.7", "HTTP_AUTHORIZATION": "Bearer a-long-token"}, 200),
        ({"REMOTE_ADDR": "10.0.0.7", "HTTP_AUTHORIZATION": "Bearer another"}, 404),
    ],
)
@override_settings(METRICS_TOKEN="a-long-token")
def test_numbers_are_for_this_machine_and_for_holders_of_the_token(client, meta, status):
    assert client.get("/metrics", **meta).status_code == status


@pytest.mark.django_db
@override_settings(METRICS_TOKEN="")
def test_no_token_at_all_opens_nothing(client):
    assert client.get("/metrics", REMOTE_ADDR="10.0.0.7", HTTP_AUTHORIZATION="Bearer ").status_code == 404
