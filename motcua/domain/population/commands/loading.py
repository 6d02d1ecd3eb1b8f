"""Filling the register with a made-up population."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime

from django.db import OperationalError, connection, transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from psycopg import Copy
from psycopg.errors import LockNotAvailable

from motcua.base import events, secrets
from motcua.base.actor import Actor
from motcua.base.errors import Refused
from motcua.domain.population.events import LOADED
from motcua.domain.population.generating import rows
from motcua.domain.population.generating.rows import Order
from motcua.domain.population.models import NUMBER, OLD_NUMBER, Household, Person

#: from so many people on, constraints and indexes are made after the rows instead of along with them
LARGE = 50_000
#: memory of one index in the making, and processes that help with it
_ROOM, _HELPERS = "256MB", 2
#: bytes of households handed over at once
_CHUNK = 2**20
_TABLES = [model._meta.db_table for model in (Household, Person)]


@transaction.atomic
def load(
    *,
    people: int,
    seed: int,
    on: date,
    processes: int = 1,
    progress: Callable[[int], None] = lambda count: None,
    by: Actor,
    at: datetime,
) -> int:
    """Fill an empty register with exactly so many made-up people; one that has people already refuses.

    All in one transaction: stopped half-way it leaves nothing, and may simply be run again.
    """
    _lock()
    if Person.objects.exists():
        raise Refused(_("Cơ sở dữ liệu dân cư đã có dữ liệu, không nạp thêm dữ liệu giả lập."))
    large = people >= LARGE
    rebuild = _strip() if large else []
    order = Order(
        people=people,
        seed=seed,
        on=on,
        key=secrets.newest(),
        number=NUMBER,
        old_number=OLD_NUMBER,
    )
    done = 0
    with tempfile.TemporaryFile() as homes:
        # One COPY for everybody: each leaves the pages behind that it had taken and not filled.
        with _copying(Person, rows.PERSON, freeze=large) as copy:
            for batch in rows.batches(order, processes=processes):
                copy.write(batch.people)
                homes.write(batch.homes)
                done += batch.count
                progress(done)
        homes.seek(0)
        with _copying(Household, rows.HOUSEHOLD, freeze=large) as copy:
            while lines := homes.read(_CHUNK):
                copy.write(lines)
    _make_room()
    _run(rebuild)
    _continue_keys()
    _run([f"ANALYZE {table}" for table in _TABLES])
    facts = {"people": done, "seed": seed, "on": on.isoformat()}
    events.record(LOADED, subject="population", by=by, at=at, data=facts)
    return done


def _lock() -> None:
    """Keep everybody else out until the end; give up soon where a load runs or reading never stops."""
    try:
        _run([f"LOCK TABLE {', '.join(_TABLES)} IN ACCESS EXCLUSIVE MODE"])
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise Refused(
                _("Cơ sở dữ liệu dân cư đang bận, có thể một lần nạp khác chưa xong: thử lại sau.")
            ) from None
        raise


@contextmanager
def _copying(model: type[Model], columns: tuple[str, ...], *, freeze: bool) -> Iterator[Copy]:
    """Take lines into a table; keys point forward freely until the transaction ends."""
    how = f"COPY {model._meta.db_table} ({', '.join(columns)}) FROM STDIN WITH (FREEZE {freeze})"
    with connection.cursor() as cursor, cursor.copy(how) as copy:  # our own names
        yield copy


def _make_room() -> None:
    """Let indexes and the checks of foreign keys use memory and processors until the transaction ends."""
    _run(
        [
            f"SET LOCAL maintenance_work_mem = '{_ROOM}'",
            f"SET LOCAL max_parallel_maintenance_workers = {_HELPERS}",
            # Whoever waited for us may be gone: what nobody wants is not worth minutes.
            "SET LOCAL client_connection_check_interval = '1s'",
        ]
    )


def _strip() -> list[str]:
    """Take keys and indexes off, empty the tables, and give the statements that put all back.

    Rows copied into a table emptied in the same transaction are frozen, so that nobody writes them again; and
    nothing of them stays on the disk when the load ends half-way.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
                   format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s',
                          conrelid::regclass, conname, pg_get_constraintdef(oid)),
                   contype = 'f'
            FROM pg_constraint
            WHERE contype IN ('f', 'p', 'u')
                AND (conrelid = ANY(%s::regclass[]) OR confrelid = ANY(%s::regclass[]))
            UNION ALL
            SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid), false
            FROM pg_index WHERE indrelid = ANY(%s::regclass[])
                AND NOT EXISTS (
                    SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u')
                )
            ORDER BY 3
            """,
            [_TABLES] * 3,
        )
        found = cursor.fetchall()
    _run([drop for drop, _create, _is_link in reversed(found)])
    _run([f"TRUNCATE {', '.join(_TABLES)}"])
    return [create for _drop, create, _is_link in found]


def _run(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _continue_keys() -> None:
    """Let the next key of each table follow the highest one copied."""
    with connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'),"  # noqa: S608 - our own names
                f" (SELECT coalesce(max(id), 1) FROM {table}))"
            )
