"""The database side of one answer, by a few prepared statements, because every call pays for them.

Judge as the owner of the tables, read as a role for which the policies open one person and her circle, log as
the owner again.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any, TypeVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, IntegrityError, connections, transaction
from django.utils import timezone
from psycopg import Cursor

from motcua.base import secrets
from motcua.domain.population.models import NUMBER, REQUEST_ONCE, Subscriber, Usage

T = TypeVar("T")

#: the role that answers are read under: it owns nothing and cannot pass by the policies
READER = "motcua_reader"
#: what the policies open: "subject:" or "history:" and the blind indexes of one number, in hexadecimal
PURPOSE = "app.purpose"

_SUBSCRIBER = """
    SELECT id, code, name, keys::text, officer_budget, system_budget
    FROM population_subscriber WHERE code = %s AND active
"""
#: how long anything may take from here on, and the chain of one number for us alone
_HOLD = """
    SELECT set_config('statement_timeout', %(longest)s, true), set_config('lock_timeout', %(longest)s, true),
           pg_advisory_xact_lock(%(chain)s)
"""
_STANDING = """
    SELECT (SELECT count(*) FROM (
               SELECT FROM population_usage
               WHERE subscriber_id = %(subscriber)s AND officer = %(officer)s
                 AND at >= %(start)s AND at < %(end)s
               LIMIT %(budget)s) spent),
           (SELECT json_agg(json_build_array(to_json(fields), hidden_days)) FROM population_right
            WHERE subscriber_id = %(subscriber)s AND agency IN (%(agency)s, '') AND procedure = %(procedure)s
              AND verb = %(verb)s AND in_force_from <= %(on)s
              AND (in_force_to IS NULL OR in_force_to >= %(on)s))::text,
           (SELECT array[number::text, hash] FROM population_usage WHERE person_index = %(index)s
            ORDER BY number DESC LIMIT 1)
"""
_OPEN = "SELECT set_config('app.purpose', %s, true), set_config('role', 'motcua_reader', true)"
_CLOSE = "SELECT set_config('role', 'none', true), set_config('app.purpose', '', true)"
_FACTS = (
    "name",
    "other_name",
    "born_on",
    "gender",
    "ethnicity",
    "nationality",
    "marital_status",
    "permanent_province",
    "permanent_commune",
    "current_province",
    "current_commune",
    "deceased_on",
    "missing_on",
    "cancelled_on",
    "old_number_sealed",
    "id",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of a call before anything about the person is read."""

    #: what the officer has asked on this day, denials too; never more than the budget
    asked: int
    #: fields of each right for this agency, procedure and verb, and for how many days it hides the look-up
    rights: Sequence[tuple[list[str], int]]
    #: the last row about the same number: its place in the chain and its hash
    last: tuple[int, str]


def subscriber(code: str) -> Subscriber | None:
    """Find a subscriber that is in use by its code."""
    row = _run(_SUBSCRIBER, [code])
    return _known(row) if row else None


@lru_cache(maxsize=256)
def _known(row: tuple[Any, ...]) -> Subscriber:
    pk, code, name, keys, officer_budget, system_budget = row
    return Subscriber(
        pk=pk,
        code=code,
        name=name,
        keys=json.loads(keys),
        officer_budget=officer_budget,
        system_budget=system_budget,
    )


def standing(
    *,
    subscriber: Subscriber,
    officer: str,
    agency: str,
    procedure: str,
    verb: str,
    index: bytes,
    budget: int,
    at: datetime,
) -> Standing:
    """Limit how long anything may take, hold the chain of this number, and say how the call stands."""
    local = timezone.localtime(at)
    start = timezone.make_aware(datetime.combine(local, time.min))
    words = {
        "subscriber": subscriber.pk,
        "officer": officer,
        "agency": agency,
        "procedure": procedure,
        "verb": verb,
        "index": index,
        "budget": budget,
        "on": local.date(),
        "start": start,
        "end": start + timedelta(days=1),
    }
    _hold(index)
    row = _run(_STANDING, words)
    assert row is not None
    asked, rights, last = row
    number, previous = last or ("0", "")
    return Standing(
        asked=asked,
        rights=[(fields, days) for fields, days in json.loads(rights or "[]")],
        last=(int(number), previous),
    )


def open_for(number: str, *, place: str = NUMBER, past: bool = False) -> None:
    """Become the reader, for whom the holder of one number and her circle are all there is.

    With `past`, those with whom she once lived are in that circle, too.
    """
    _run(_OPEN, [_purpose(secrets.blinds(number, place=place), "history" if past else "subject")])


def open_to(indexes: Iterable[bytes]) -> None:
    """Become the reader, for whom these people and their circles are all there is."""
    _run(_OPEN, [_purpose(indexes)])


def close() -> None:
    """Be the owner again."""
    _run(_CLOSE, [])


def chain(index: bytes) -> tuple[int, str]:
    """Hold the chain of one number, and give the place and the hash of its last row."""
    _hold(index)
    row = _run(_LAST, [index])
    return (row[0], row[1]) if row else (0, "")


_LAST = "SELECT number, hash FROM population_usage WHERE person_index = %s ORDER BY number DESC LIMIT 1"


def _hold(index: bytes) -> None:
    # A statement of its own, and before any that names a table: what is read next must see what whoever held
    # the chain before has written, and a statement waits for a locked table before it runs any function.
    longest, chain = str(settings.REGISTER_TIMEOUT_MS), int.from_bytes(index[-8:], signed=True)
    _run(_HOLD, {"longest": longest, "chain": chain})


def once(work: Callable[[], T]) -> T | None:
    """Do something in one transaction; None when the code of the message was used before."""
    try:
        with transaction.atomic():
            return work()
    except IntegrityError as error:
        if getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) != REQUEST_ONCE:
            raise
        return None


def facts(number: str) -> dict[str, Any] | None:
    """Read what comparing takes of one person, as the reader for as long as this takes."""
    row = _run(_READ, [_purpose(secrets.blinds(number, place=NUMBER))])
    return dict(zip(_FACTS, row, strict=True)) if row else None


_READ = f"SELECT {', '.join(_FACTS)} FROM population_read(%s)"  # noqa: S608 - our own names


def write(row: Usage) -> None:
    """Write the look-up down, as the owner."""
    _run(_WRITE, [getattr(row, name) for name in _COLUMNS])


_COLUMNS = [field.attname for field in Usage._meta.concrete_fields if not field.primary_key]
_WRITE = f"""
    INSERT INTO population_usage ({", ".join(_COLUMNS)}) VALUES ({", ".join(["%s"] * len(_COLUMNS))})
    RETURNING id
"""  # noqa: S608 - our own names


def _purpose(indexes: Iterable[bytes], kind: str = "subject") -> str:
    return f"{kind}:" + ",".join(index.hex() for index in indexes)


def _run(sql: str, words: Any) -> tuple[Any, ...] | None:
    """Send one statement, which the connection keeps prepared, and give its first row."""
    database: Any = connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    with database._prepare_cursor(Cursor(database.connection)) as cursor:
        cursor.execute(sql, words)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row
