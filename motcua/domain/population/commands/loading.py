"""Filling the register with a made-up population."""

from collections.abc import Callable
from datetime import date, datetime

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

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
    if Person.objects.exists():
        raise Refused(_("Cơ sở dữ liệu dân cư đã có dữ liệu, không nạp thêm dữ liệu giả lập."))
    rebuild = _strip() if people >= LARGE else []
    order = Order(
        people=people,
        seed=seed,
        on=on,
        key=secrets.newest(),
        number=NUMBER,
        old_number=OLD_NUMBER,
    )
    done = 0
    for batch in rows.batches(order, processes=processes):
        _copy(Household._meta.db_table, rows.HOUSEHOLD, batch.homes)
        _copy(Person._meta.db_table, rows.PERSON, batch.people)
        done += batch.count
        progress(done)
    _make_room()
    _run(rebuild)
    _continue_keys()
    _run([f"ANALYZE {model._meta.db_table}" for model in (Household, Person)])
    facts = {"people": done, "seed": seed, "on": on.isoformat()}
    events.record(LOADED, subject="population", by=by, at=at, data=facts)
    return done


def _copy(table: str, columns: tuple[str, ...], lines: bytes) -> None:
    """Copy what was made; keys point forward freely until the transaction ends."""
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy,  # our own names
    ):
        copy.write(lines)


def _make_room() -> None:
    """Let indexes and the checks of foreign keys use memory and processors until the transaction ends."""
    _run(
        [
            f"SET LOCAL maintenance_work_mem = '{_ROOM}'",
            f"SET LOCAL max_parallel_maintenance_workers = {_HELPERS}",
        ]
    )


def _strip() -> list[str]:
    """Take foreign keys, unique constraints and plain indexes off; give the statements that put them back."""
    with connection.cursor() as cursor:
        tables = [Household._meta.db_table, Person._meta.db_table]
        cursor.execute(
            """
            SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
                   format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s',
                          conrelid::regclass, conname, pg_get_constraintdef(oid)),
                   contype = 'f'
            FROM pg_constraint WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('f', 'u')
            UNION ALL
            SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid), false
            FROM pg_index WHERE indrelid = ANY(%s::regclass[]) AND NOT indisprimary
                AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
            ORDER BY 3
            """,
            [tables, tables],
        )
        found = cursor.fetchall()
    _run([drop for drop, _create, _is_link in reversed(found)])
    return [create for _drop, create, _is_link in found]


def _run(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _continue_keys() -> None:
    """Let the next key of each table follow the highest one copied."""
    with connection.cursor() as cursor:
        for model in (Household, Person):
            table = model._meta.db_table
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'),"  # noqa: S608 - our own names
                f" (SELECT coalesce(max(id), 1) FROM {table}))"
            )
