"""Reading persons."""

from motcua.base.actor import Actor, Role
from motcua.domain.people.models import Person


def get(actor: Actor, pk: int) -> Person:
    """Give one person: citizens find only themselves, counter and office those they work for."""
    if not actor.has(Role.CLERK, Role.OFFICER, Role.HEAD, Role.LEADER, Role.SYSTEM) and actor.person != pk:
        raise Person.DoesNotExist
    return Person.objects.get(pk=pk)


def by_number(actor: Actor, number: str) -> Person | None:
    """Find a person whom the province has met by the 12-digit number; for clerks, officers and the system."""
    if not actor.has(Role.CLERK, Role.OFFICER, Role.HEAD, Role.LEADER, Role.SYSTEM):
        return None
    return Person.objects.filter(number=number).first()
