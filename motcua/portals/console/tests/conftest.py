"""A small province, and people in front of the console."""

from datetime import date

import pytest
from django.http import HttpRequest
from django.test import Client

from motcua.base.actor import SYSTEM, Actor, Role
from motcua.domain.agencies import commands
from motcua.domain.agencies.tests.conftest import NOW, SINCE, commune, neighbour, police, province

__all__ = ["commune", "neighbour", "police", "province"]

PEOPLE: dict[str, Actor] = {}


def actor_of(request: HttpRequest) -> Actor | None:
    """Find whoever a test put in front of the screen."""
    return PEOPLE.get(request.headers.get("X-Actor", ""))


@pytest.fixture(autouse=True)
def screen(settings):
    settings.ACTOR_OF = f"{__name__}.actor_of"
    PEOPLE.clear()


@pytest.fixture
def sit():
    """Sit somebody with a role of one agency in front of the screen."""

    def seat(agency, *roles):
        actor = Actor(
            name="Nguyễn Văn An", roles=frozenset(roles), officer=1, agency=agency.pk, reach=agency.path
        )
        name = f"{agency.path}{roles}".encode("ascii", "ignore").decode()
        PEOPLE[name] = actor
        return Client(headers={"X-Actor": name})

    return seat


@pytest.fixture
def admin(sit, province):
    return sit(province, Role.ADMINISTRATOR)


@pytest.fixture
def auditor(sit, province):
    return sit(province, Role.AUDITOR)


@pytest.fixture
def hire():
    def engage(agency, role=Role.CLERK, number="080195012345", name="Trần Thị Hoa", since=SINCE):
        return commands.engage(
            citizen_number=number, name=name, agency=agency, role=role, in_force_from=since, by=SYSTEM, at=NOW
        )

    return engage


def boxes(name: str, day: date) -> dict[str, str]:
    """Fill the three boxes of a date."""
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}
