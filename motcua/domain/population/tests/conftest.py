import uuid
from datetime import UTC, datetime

import pytest

from motcua.base import jose
from motcua.base.actor import SYSTEM, Actor
from motcua.domain.population.commands import loading, subscribing
from motcua.domain.population.commands.subscribing import Grant
from motcua.domain.population.generating.population import AS_OF
from motcua.domain.population.models import Person
from motcua.domain.population.rules import Purpose, Verb

AT = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
KEY = jose.new_key()
PROCEDURE = "9.000001"
LAW = "Luật Căn cước 26/2023/QH15, Điều 10"
GRANTS = [
    Grant(procedure=PROCEDURE, verb=Verb.ATTRIBUTES, fields=("name", "born_on", "household"), law=LAW),
    Grant(procedure=PROCEDURE, verb=Verb.MATCH, fields=("name", "gender"), law=LAW),
    Grant(procedure=PROCEDURE, verb=Verb.STATUS, fields=(), law=LAW),
]
OFFICER = Actor(name="officer:7")


def purpose(**changes):
    words = {
        "request": str(uuid.uuid4()),
        "agency": "H80.12",
        "procedure": PROCEDURE,
        "dossier": "H80.12-20261123-0001",
        "basis": LAW,
    }
    return Purpose(**{**words, **changes})


@pytest.fixture
def register(db):
    loading.load(people=320, seed=6, on=AS_OF, by=SYSTEM, at=AT)


@pytest.fixture
def somebody(register):
    return Person.objects.filter(household__isnull=False, deceased_on=None).order_by("pk").first()


@pytest.fixture
def subscriber(db):
    return subscribing.subscribe(
        code="VN/GOV/80/motcua", name="Tỉnh Tây Ninh", keys=[KEY], grants=GRANTS, by=SYSTEM, at=AT
    )
