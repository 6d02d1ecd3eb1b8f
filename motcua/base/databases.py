"""Databases that somebody else runs: found by their address, checked, created if we may."""

import select
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connections
from psycopg import sql

from motcua.base.errors import Refused

OLDEST = 15
#: tells one database from every other, also from one of the same name that it replaces
IDENTITY = (
    "SELECT system_identifier, oid FROM pg_control_system(), pg_database WHERE datname = current_database()"
)


def beside(address: str) -> str:
    """Give the address of the national database that stands beside a province's."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(path=f"{parts.path}_national"))


def identity(address: str) -> str:
    """Tell what makes a database itself."""
    with psycopg.connect(address) as connection:
        return str(connection.execute(IDENTITY).fetchone())


def exists(address: str) -> None:
    """Make sure that a database we do not run is there and new enough; create it if we may."""
    try:
        try:
            connection = psycopg.connect(address, connect_timeout=10)
        except psycopg.OperationalError:
            name = sql.Identifier(urlsplit(address).path.removeprefix("/"))
            with psycopg.connect(address, dbname="postgres", autocommit=True, connect_timeout=10) as other:
                other.execute(sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(name))
            connection = psycopg.connect(address, connect_timeout=10)
    except psycopg.Error as error:
        said = str(error).strip().splitlines()[-1]
        raise Refused(
            f"Không dùng được cơ sở dữ liệu của DATABASE_URL: {said} / "
            f"The database of DATABASE_URL cannot be used: {said}"
        ) from None
    with connection:
        if (number := connection.info.server_version // 10000) < OLDEST:
            raise Refused(
                f"PostgreSQL {number} quá cũ, cần từ {OLDEST} trở lên. / "
                f"PostgreSQL {number} is too old, {OLDEST} or newer is needed."
            )


def trust_silent(**_signal: object) -> None:
    """Let a request ask only those connections whether they live (CONN_HEALTH_CHECKS) that are not silent.

    Between requests a server says nothing but why it goes away; what it closed becomes readable too.
    """
    each: Any
    for each in connections.all(initialized_only=True):
        if each.connection is not None and not each.connection.closed:
            watched = select.poll()
            watched.register(each.connection.fileno(), select.POLLIN)
            each.health_check_done = not watched.poll(0)
            each.close_if_health_check_failed()
