import json
import uuid
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from motcua.base import jose
from motcua.base.actor import SYSTEM
from motcua.connectors.population.signatures import Question, sign
from motcua.domain.population.commands import loading
from motcua.domain.population.generating.population import AS_OF
from motcua.domain.population.models import Person, Subscriber

CLIENT, SECRET = "VN/GOV/80/motcua", "only for tests: POPULATION_KEY"
URL = "/dan-cu/v1/"
NOBODY = "080090999999"


@pytest.fixture
def subscriber(db):
    call_command("subscribe", stdout=StringIO())
    return Subscriber.objects.get()


@pytest.fixture
def send(client, subscriber):
    """Send a signed body over HTTP."""

    def post(verb, question, **changes):
        body = json.dumps(question).encode()
        heads = {
            "Content-Type": "application/json",
            "X-Road-Client": CLIENT,
            "X-Road-Id": str(uuid.uuid4()),
            "X-Road-Represented-Party": "GOV/H80.12",
            "X-Road-UserId": "officer:7",
            "X-Road-Issue": "H80.12-20261123-0001",
        }
        signed = Question(f"http://testserver{URL}{verb}", heads | changes)
        sign(signed, body, key=jose.derived_key(SECRET), at=timezone.now())
        heads = {name: value for name, value in signed.headers.items() if name != "Content-Type"}
        return client.post(f"{URL}{verb}", data=body, content_type="application/json", headers=heads)

    return post


@pytest.fixture
def ask(send):
    """Ask a signed question about one number."""

    def question(verb="attributes", number=NOBODY, **words):
        said = {"number": number, "procedure": "1.004222", "basis": "Luật Cư trú"}
        return send(verb, said | ({} if verb == "status" else words or {"names": ["name", "household"]}))

    return question


@pytest.fixture
def number(db):
    loading.load(people=100, seed=6, on=AS_OF, by=SYSTEM, at=timezone.now())
    return Person.objects.filter(household__isnull=False, father__isnull=False).first().number
