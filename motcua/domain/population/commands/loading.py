"""Filling the register with a made-up population."""

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from motcua.base import events, secrets, text
from motcua.base.actor import Actor
from motcua.base.errors import Refused
from motcua.domain.population.events import LOADED
from motcua.domain.population.generating import places, population
from motcua.domain.population.generating.drafts import Draft, Home, relation
from motcua.domain.population.models import NUMBER, OLD_NUMBER, Household, Person

_ISSUER = "Bộ Công an"
_COUNTRY = "Việt Nam"
#: rows gathered before they are sent: large enough to be fast, small enough for memory
_BATCH = 5000

#: from so many people on, constraints and indexes are made after the rows instead of along with them
LARGE = 50_000

_fold = lru_cache(maxsize=65536)(text.fold)
_name_key = lru_cache(maxsize=65536)(text.name_key)


@transaction.atomic
def load(
    *,
    people: int,
    seed: int,
    on: date,
    progress: Callable[[int], None] = lambda count: None,
    by: Actor,
    at: datetime,
) -> int:
    """Fill an empty register with exactly so many made-up people; one that has people already refuses."""
    if Person.objects.exists():
        raise Refused(_("Cơ sở dữ liệu dân cư đã có dữ liệu, không nạp thêm dữ liệu giả lập."))
    rebuild = _strip() if people >= LARGE else []
    homes: list[tuple[Any, ...]] = []
    rows: list[tuple[Any, ...]] = []
    done = 0
    for clan in population.clans(people=people, seed=seed, on=on):
        homes += [_household(home) for home in clan.homes]
        rows += [_person(draft) for draft in clan.people]
        if len(rows) >= _BATCH:
            done += _send(homes, rows)
            progress(done)
    done += _send(homes, rows)
    progress(done)
    _run(rebuild)
    _continue_keys()
    facts = {"people": done, "seed": seed, "on": on.isoformat()}
    events.record(LOADED, subject="population", by=by, at=at, data=facts)
    return done


_HOUSEHOLD = ("id", "code", "head_id", "province", "commune", "detail")
# fmt: off
_PERSON = (
    "id", "number_sealed", "number_index", "old_number_sealed", "old_number_index", "surname",
    "middle_name", "given_name", "name", "other_name", "name_folded", "name_key", "born_on", "gender",
    "birth_place", "birth_registration_place", "home_town", "ethnicity", "religion", "nationality",
    "blood_group", "card_issued_on", "card_expires_on", "card_issued_by", "father_id", "father_name",
    "mother_id", "mother_name", "spouse_id", "spouse_name", "permanent_province", "permanent_commune",
    "permanent_detail", "temporary_province", "temporary_commune", "temporary_detail",
    "current_province", "current_commune", "current_detail", "marital_status", "household_id",
    "household_relation", "phone", "email", "deceased_on",
)
# fmt: on


def _household(home: Home) -> tuple[Any, ...]:
    head = home.head.key if home.head else None
    code = f"{home.commune.code}{home.key:09}"
    return home.key, code, head, places.PROVINCE, home.commune.code, home.detail


def _person(draft: Draft) -> tuple[Any, ...]:
    name, home = draft.name, draft.home
    here = (places.PROVINCE, home.commune.code, home.detail) if home else ("", "", "")
    permanent, temporary, member = here, ("", "", ""), home
    if draft.elsewhere and home and home.head is not draft:
        commune, detail = draft.elsewhere
        permanent, temporary, member = (places.PROVINCE, commune.code, detail), here, None
    return (
        draft.key,
        *_sealed(draft),
        name.surname,
        name.middle,
        name.given,
        name.whole,
        "",
        _fold(name.whole),
        _name_key(name.whole),
        draft.born_on,
        draft.gender.value,
        *places.birth_place(draft.prefix, draft.native, draft.year),
        draft.home_town,
        draft.ethnicity,
        draft.religion,
        _COUNTRY,
        draft.blood_group,
        draft.card_issued_on,
        draft.card_expires_on,
        _ISSUER if draft.card_issued_on else "",
        *_relatives(draft),
        *permanent,
        *temporary,
        *here,
        draft.marital.value,
        member.key if member else None,
        relation(draft, member.head).value if member and member.head else "",
        draft.phone,
        "",
        draft.deceased_on,
    )


def _sealed(draft: Draft) -> tuple[bytes | None, ...]:
    old = draft.old_number
    return (
        secrets.seal(draft.number, place=f"{NUMBER}:{draft.key}"),
        secrets.blind(draft.number, place=NUMBER),
        secrets.seal(old, place=f"{OLD_NUMBER}:{draft.key}") if old else None,
        secrets.blind(old, place=OLD_NUMBER) if old else None,
    )


def _relatives(draft: Draft) -> tuple[Any, ...]:
    spouse = draft.spouse
    return (
        draft.father.key if draft.father else None,
        draft.father_name,
        draft.mother.key if draft.mother else None,
        draft.mother_name,
        spouse.key if spouse else None,
        spouse.name.whole if spouse else "",
    )


def _send(homes: list[tuple[Any, ...]], rows: list[tuple[Any, ...]]) -> int:
    """Copy what has been gathered, and forget it; keys point forward freely until the transaction ends."""
    _copy(Household._meta.db_table, _HOUSEHOLD, homes)
    _copy(Person._meta.db_table, _PERSON, rows)
    sent = len(rows)
    homes.clear()
    rows.clear()
    return sent


def _copy(table: str, columns: Any, rows: list[tuple[Any, ...]]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy,  # our own names
    ):
        for row in rows:
            copy.write_row(row)


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
