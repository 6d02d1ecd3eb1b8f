"""A small province with its procedures, a citizen in her browser, and the register beside them."""

from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from motcua.base.actor import SYSTEM, Actor, Role
from motcua.connectors.population import people, twin
from motcua.domain.agencies import commands as agencies
from motcua.domain.agencies.rules import OFFICE_DAY, Kind
from motcua.domain.dossiers import queries as dossiers
from motcua.domain.people.commands import remember
from motcua.domain.people.models import Source
from motcua.domain.procedures import commands as procedures
from motcua.domain.procedures import package

PACKAGES = Path(settings.ROOT) / "procedures"
SINCE = date(2025, 7, 1)
BIRTH, RESIDENCE, LICENCE = "1.001193", "1.004222", "1.002820"
#: before everything that the views do by the clock of this machine
BEFORE = datetime(2026, 7, 1, 2, 0, tzinfo=timezone.get_default_timezone())


def _found(code, kind, parent=None, **words):
    return agencies.found(
        code=code,
        name=words.pop("name", f"Cơ quan {code}"),
        name_en=f"Agency {code}",
        kind=kind,
        parent=parent,
        division_code=words.pop("division_code", code),
        in_force_from=SINCE,
        by=SYSTEM,
        at=BEFORE,
        **words,
    )


@pytest.fixture
def province(db):
    root = _found("80", Kind.PROVINCE, name="UBND tỉnh", official_code="H39")
    agencies.set_hours(
        agency=root, week=dict.fromkeys(range(7), OFFICE_DAY), in_force_from=SINCE, by=SYSTEM, at=BEFORE
    )
    return root


@pytest.fixture
def commune(province):
    """The commune in which the couple of the register's twin lives, and its police."""
    police = _found("CA", Kind.POLICE, province, name="Công an tỉnh", division_code="80")
    _found("27694", Kind.COMMUNE_POLICE, police, name="Công an phường Long An")
    _found("CSGT", Kind.DIVISION, police, name="Phòng Cảnh sát giao thông", division_code="80")
    return _found("27694", Kind.COMMUNE, province, name="UBND phường Long An", official_code="H39.27694")


@pytest.fixture
def neighbour(province):
    return _found("27712", Kind.COMMUNE, province, name="UBND phường Tân An", official_code="H39.27712")


@pytest.fixture
def library(commune):
    found = (procedures.publish(definition=read, by=SYSTEM, at=BEFORE) for read in packages())
    return {version.code: version for version in found}


@cache
def packages():
    """Read the library once: that it can be read is proved beside the procedures."""
    return [package.read(folder, root=PACKAGES) for folder in package.folders(PACKAGES)]


def known(number, name, born_on, **words):
    return remember(
        number=number, name=name, born_on=born_on, source=Source.IDENTITY, by=SYSTEM, at=BEFORE, **words
    )


@pytest.fixture
def mother(db):
    return known(people.MOTHER, "Trần Thị Hòa", "1995-11-20", gender="female", commune="27694")


@pytest.fixture
def stranger(db):
    return known(people.DRIVER, "Phạm Quốc Toản", "1985-02-28", gender="male", commune="25459")


@pytest.fixture
def lan(log_in, mother):
    """The mother's browser."""
    return log_in(Client(), mother)


@pytest.fixture
def toan(log_in, stranger):
    """A stranger's browser."""
    return log_in(Client(), stranger)


@pytest.fixture
def register(settings):
    """The population register, which may be told to misbehave."""
    told = twin.Twin()
    with twin.serve(told) as url:
        settings.POPULATION_URL = url
        yield told


def citizen(person):
    return Actor(name=person.name, roles=frozenset({Role.CITIZEN}), person=person.pk, assurance=2)


def photo(name="giay-chung-sinh.jpg", side=1200):
    return SimpleUploadedFile(name, _noise(name, side), content_type="image/jpeg")


@cache
def _noise(name, side):
    """The same name, the same bytes."""
    buffer = BytesIO()
    Image.effect_noise((side, side), 40).convert("RGB").save(buffer, "JPEG", quality=60)
    return buffer.getvalue()


def document(name="giay-chung-sinh.pdf"):
    buffer = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.docinfo["/Title"] = name
        # The same name, the same bytes, in whatever second they are written.
        pdf.save(buffer, deterministic_id=True)
    return SimpleUploadedFile(name, buffer.getvalue(), content_type="application/pdf")


def text(answer):
    return answer.content.decode()


def opened(answer):
    """Read a file that was sent to its end, which closes it; give its first bytes."""
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)[:4]


def draft_of(person):
    return dossiers.mine(citizen(person))[0]


@pytest.fixture
def officer(commune):
    """Somebody who does every desk's work in the commune, as a small one needs."""
    for role in (Role.CLERK, Role.OFFICER, Role.HEAD, Role.LEADER):
        held = agencies.engage(
            citizen_number="080080000001",
            name="Lê Hoa",
            agency=commune,
            role=role,
            in_force_from=SINCE,
            by=SYSTEM,
            at=BEFORE,
        )
    return held.officer
