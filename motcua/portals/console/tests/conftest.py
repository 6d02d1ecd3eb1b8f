"""A small province, and people in front of the console."""

from itertools import count

import pytest
from django.test import Client

from motcua.base.actor import SYSTEM, Role
from motcua.domain.agencies import commands
from motcua.domain.agencies.tests.conftest import NOW, SINCE, commune, neighbour, police, province

__all__ = ["commune", "neighbour", "police", "province"]


@pytest.fixture
def hire():
    def engage(agency, role=Role.CLERK, number="080195012345", name="Trần Thị Hoa", since=SINCE):
        return commands.engage(
            citizen_number=number, name=name, agency=agency, role=role, in_force_from=since, by=SYSTEM, at=NOW
        )

    return engage


@pytest.fixture
def sit(hire, log_in):
    """Sit somebody with a role of one agency in front of the screen."""
    numbers = count(80190000000)

    def seat(agency, role):
        held = hire(agency, role, f"0{next(numbers)}", "Nguyễn Văn Khoa")
        return log_in(Client(), held.officer)

    return seat


@pytest.fixture
def admin(sit, province):
    return sit(province, Role.ADMINISTRATOR)


@pytest.fixture
def auditor(sit, province):
    return sit(province, Role.AUDITOR)
