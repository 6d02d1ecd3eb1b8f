"""Changing the key of encrypted columns: batch by batch, while the site runs, as often as it takes.

Rows whose key is not the newest are sealed and hashed anew from their own opened text. What a batch has done
stays done, so the work may be stopped at any time and begun again. wiring.SEALED lists the columns.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import BinaryField, Count, F, Func, Model, QuerySet, Value
from django.utils.module_loading import import_string

from motcua.base import secrets


@dataclass(frozen=True, kw_only=True)
class Column:
    """One encrypted column, with the blind index over the same text if there is one."""

    model: type[Model]
    #: the column; of a column that only holds hashes, `stays` says why they cannot be made anew
    name: str
    #: where the text of a row is sealed (see secrets.seal)
    place: Callable[[Any], str] | None = None
    index: str = ""
    index_place: str = ""
    stays: str = ""

    def __str__(self) -> str:
        return f"{self.model._meta.db_table}.{self.name}"


def columns() -> list[Column]:
    """Give the encrypted columns of this site."""
    found: list[Column] = []
    for path in import_string(f"{settings.WIRING}.SEALED"):
        if any(path.startswith(f"{config.name}.") for config in apps.get_app_configs()):
            found += import_string(path)
    return found


def versions(column: Column) -> dict[int, int]:
    """Count the rows of a column by the version of their key."""
    rows = _marked(column).values_list("mark").annotate(count=Count("pk")).order_by("mark")
    return {bytes(mark)[0]: count for mark, count in rows}


def reseal(column: Column, *, size: int) -> Iterator[int]:
    """Seal old rows anew, giving after each batch how many it took; rows somebody else holds wait."""
    assert column.place is not None
    after = 0
    while True:
        with transaction.atomic():
            rows = _old(column, after=after, size=size)
            for row in rows:
                _renew(row, column)
            names = [name for name in (column.name, column.index) if name]
            column.model._default_manager.bulk_update(rows, names)
        if not rows:
            return
        after = rows[-1].pk
        yield len(rows)


def _old(column: Column, *, after: int, size: int) -> list[Any]:
    """Lock the next rows whose key is not the newest."""
    newest = bytes([secrets.newest()[0]])
    rows = _marked(column).filter(pk__gt=after).exclude(mark=newest).order_by("pk")
    return list(rows.select_for_update(skip_locked=True, of=("self",))[:size])


def _marked(column: Column) -> QuerySet[Any]:
    """Give the rows that hold something, with the byte that says which key it was."""
    mark = Func(F(column.name), Value(1), Value(1), function="substring", output_field=BinaryField())
    rows: QuerySet[Any] = column.model._default_manager.annotate(mark=mark)
    return rows.filter(**{f"{column.name}__isnull": False}).exclude(mark=b"")


def _renew(row: Any, column: Column) -> None:
    assert column.place is not None
    place = column.place(row)
    text = secrets.unseal(bytes(getattr(row, column.name)), place=place)
    setattr(row, column.name, secrets.seal(text, place=place))
    if column.index:
        setattr(row, column.index, secrets.blind(text, place=column.index_place))
