"""What templates of the desk say of a person, and of a system's key."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.template import Library

from motcua.domain.agencies.places import address_line
from motcua.domain.population.models import Person

register = Library()


@register.filter
def home(person: Person) -> str:
    """Write the permanent address on one line."""
    return address_line(
        detail=person.permanent_detail,
        commune_code=person.permanent_commune,
        province_code=person.permanent_province,
    )


@register.filter
def ends_at(key: Mapping[str, Any]) -> datetime | None:
    """Tell when a public key comes to its end, if one was agreed."""
    return datetime.fromtimestamp(key["exp"], UTC) if type(key.get("exp")) is int else None
