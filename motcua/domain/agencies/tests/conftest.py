"""A small province, set up by its commands."""

from datetime import date, datetime

import pytest

from motcua.base.actor import SYSTEM, Actor, Role
from motcua.base.calendar import ZONE
from motcua.domain.agencies import commands
from motcua.domain.agencies.rules import OFFICE_DAY, Kind

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)
SINCE = date(2025, 7, 1)


def found(code, kind=Kind.COMMUNE, parent=None, **words):
    words.setdefault("in_force_from", SINCE)
    words.setdefault("name", f"Cơ quan {code}")
    return commands.found(
        code=code, name_en=f"Agency {code}", kind=kind, parent=parent, by=SYSTEM, at=NOW, **words
    )


def administrator(agency):
    return Actor(
        name="Quản trị", roles=frozenset({Role.ADMINISTRATOR}), officer=0, agency=agency.pk, reach=agency.path
    )


@pytest.fixture
def province(db):
    root = found("80", Kind.PROVINCE, division_code="80", official_code="H39")
    commands.set_hours(
        agency=root, week=dict.fromkeys(range(5), OFFICE_DAY), in_force_from=SINCE, by=SYSTEM, at=NOW
    )
    return root


@pytest.fixture
def commune(province):
    return found("27694", parent=province, division_code="27694")


@pytest.fixture
def neighbour(province):
    return found("27712", parent=province, division_code="27712")


@pytest.fixture
def police(province):
    return found("CA", Kind.POLICE, province, division_code="80")
