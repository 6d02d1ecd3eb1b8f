"""What was held of a person on a day in the past."""

from collections.abc import Collection
from datetime import date
from typing import Any

from motcua.domain.population import queries
from motcua.domain.population.models import PastValue, Person
from motcua.domain.population.rules.changing import CHANGEABLE

_FIELDS = {field.attname: field for field in Person._meta.concrete_fields}


def attributes(person: Person, names: Collection[str], *, on: date) -> dict[str, Any]:
    """Give attributes as they were on a day, in the shape of the API."""
    rows = PastValue.objects.filter(person=person, attribute__in=names, valid_to__gt=on)
    # Newest first, so that what was so on that day is put on last.
    for row in rows.order_by("-valid_to"):
        for column in CHANGEABLE[row.attribute]:
            setattr(person, column, _FIELDS[column].to_python(row.values[column]))
    return queries.attributes(person, names)
