"""What templates of the desk say of a person."""

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
