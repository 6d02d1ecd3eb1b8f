"""DATABASE_URL: any server may be named; what cannot be used is one sentence."""

import os
import shutil
import tempfile
from pathlib import Path

import psycopg
import pytest
from django.db import close_old_connections, connection

from motcua.base import databases
from motcua.base.errors import Refused
from motcua.base.postgres import Cluster


@pytest.fixture(scope="module")
def cluster():
    home = Path(tempfile.mkdtemp(prefix="motcua-"))
    home.chmod(0o755)
    cluster = Cluster(home, durable=False)
    cluster.start()
    cluster.create("here")
    yield cluster
    cluster.stop()
    shutil.rmtree(home)


def test_the_national_database_stands_beside_the_provinces():
    assert databases.beside("postgresql://u:p@h:1/mc?sslmode=require") == (
        "postgresql://u:p@h:1/mc_national?sslmode=require"
    )


def test_a_database_that_is_missing_is_created(cluster):
    databases.exists(cluster.url("here"))
    databases.exists(cluster.url("new-one"))
    with psycopg.connect(cluster.url("new-one")) as connection:
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)


def test_an_address_where_nobody_listens_is_one_sentence():
    with pytest.raises(Refused, match="DATABASE_URL"):
        databases.exists("postgresql://nobody@127.0.0.1:1/nothing")


def test_a_role_that_may_not_create_gets_the_servers_reason(cluster):
    with psycopg.connect(
        cluster.url("here").replace("user=motcua", "user=postgres"), autocommit=True
    ) as connection:
        connection.execute("CREATE ROLE guest LOGIN")
    with pytest.raises(Refused, match="permission denied"):
        databases.exists(cluster.url("forbidden").replace("user=motcua", "user=guest"))


def test_a_server_that_is_too_old_is_refused(cluster, monkeypatch):
    monkeypatch.setattr(databases, "OLDEST", 99)
    with pytest.raises(Refused, match="quá cũ, cần từ 99"):
        databases.exists(cluster.url("here"))


def test_a_replaced_database_is_another_one(cluster):
    databases.exists(cluster.url("twice"))
    before = databases.identity(cluster.url("twice"))
    assert databases.identity(cluster.url("twice")) == before
    with psycopg.connect(cluster.url("here"), autocommit=True) as connection:
        connection.execute("DROP DATABASE twice")
    databases.exists(cluster.url("twice"))
    assert databases.identity(cluster.url("twice")) != before


def backend():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_a_silent_connection_is_not_asked_before_a_request_whether_it_lives():
    before = backend()
    close_old_connections()  # marks connections as not looked at
    databases.trust_silent()
    assert connection.health_check_done
    assert backend() == before


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_server_closed_is_replaced_before_a_request():
    before = backend()
    with psycopg.connect(os.environ["DATABASE_URL"]) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [before])
    close_old_connections()
    databases.trust_silent()
    assert backend() != before
