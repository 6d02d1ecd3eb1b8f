"""The two sides of the contract: the twin, and the real register, to which commands alone lead from here."""

import io
import json
import uuid
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from functools import cache

import httpx
import pytest
from django.core.management import call_command
from django.test.client import ClientHandler

from motcua.base import jose
from motcua.connectors.population import Purpose, Record, Sought, signatures
from motcua.connectors.population.client import Register
from motcua.connectors.population.people import FATHER, NOBODY
from motcua.connectors.population.signatures import Question
from motcua.connectors.population.twin import Twin

CLIENT, SECRET = "VN/GOV/80/motcua", "only for tests: POPULATION_KEY"
KEY, ANSWERS = jose.derived_key(SECRET), jose.derived_key("only for tests: REGISTER_KEY")
URL = "http://testserver/dan-cu/v1"
NAMES = [part.name for part in fields(Record) if part.name not in ("number", "refused")]
PURPOSE = Purpose(
    agency="H80.12", officer="officer:7", procedure="9.000001", dossier="H80.12-20261123-0001", basis="Luật"
)
SAID = {"age", "permanent_commune"}
NARROW = replace(PURPOSE, procedure="9.000002")
NOT_OURS = replace(PURPOSE, procedure="9.000003")
RIGHTS = f"""
name = "Tỉnh"
officer_budget = 100000
system_budget = 100000
[[right]]
procedure = "9.000001"
law = "Luật Căn cước"
attributes = {json.dumps([*NAMES, "history"])}
match = ["name", "other_name", "born_on", "gender", "ethnicity", "nationality", "old_number"]
verify = ["age", "gender", "permanent_commune"]
numbers = true
status = true
account = true
find = true
[[right]]
procedure = "9.000002"
law = "Luật Căn cước"
attributes = ["name", "born_on"]
match = ["name", "born_on"]
verify = ["age"]
status = true
"""


@dataclass
class Side:
    """One side of the contract."""

    app: object
    somebody: str
    nobody: str = NOBODY
    wire: type = Register

    @property
    def http(self):
        return httpx.Client(transport=httpx.WSGITransport(app=self.app))

    def client(self, **changes):
        words = {"url": URL, "client_id": CLIENT, "key": KEY, "answer_keys": [ANSWERS], "timeout": 5.0}
        return self.wire(**{**words, **changes}, http=self.http)

    @property
    def known(self):
        """Give what whoever asks on the old wire must know already."""
        first = replace(self, wire=Register).client()
        person = first.attributes(self.somebody, ["name", "born_on"], purpose=PURPOSE)
        return Sought(name=person.name, born_on=person.born_on)

    def send(self, verb="attributes", *, body=None, heads=None, change=None, key=KEY, late=0, **words):
        """Send a message built by hand: each part can be wrong, before or after it is signed."""
        question = {"number": self.somebody, "names": ["name"], "procedure": "9.000001", "basis": "Luật"}
        raw = json.dumps(question).encode() if body is None else body
        sent = {
            "Content-Type": "application/json",
            "X-Road-Client": CLIENT,
            "X-Road-Id": str(uuid.uuid4()),
            "X-Road-Represented-Party": "GOV/H80.12",
            "X-Road-UserId": "officer:7",
            "X-Road-Issue": "H80.12-20261123-0001",
        }
        asked = Question(f"{URL}/{verb}", sent | (heads or {}))
        words.setdefault("nonce", asked.headers["X-Road-Id"])
        signatures.sign(asked, raw, key=key, at=datetime.now(UTC) + timedelta(seconds=late), **words)
        changed = asked.headers | (change or {})
        changed = {name: value for name, value in changed.items() if value is not None}
        answer = self.http.post(asked.url, content=raw, headers=changed)
        said = signatures.Answer(answer.status_code, dict(answer.headers), replace(asked, headers=changed))
        self.answer = said, answer.content
        return answer.status_code, answer.json()


def site(asked, start):
    """Serve the real site in this process, inside the test's transaction."""
    answer = ClientHandler(enforce_csrf_checks=True)(asked)
    start(f"{answer.status_code} {answer.reason_phrase}", list(answer.items()))
    return [answer.content]


@pytest.fixture(params=["twin", pytest.param("real", marks=pytest.mark.django_db)])
def side(request, settings, tmp_path):
    if request.param == "twin":
        rights = {
            "9.000001": {*NAMES, *SAID, "find", "account", "history"},
            "9.000002": {"name", "born_on", "age"},
            "9.000003": set(),
        }
        return Side(Twin(rights=rights), FATHER)
    settings.DEMO = True
    rights = tmp_path / "rights.toml"
    rights.write_text(RIGHTS, encoding="utf-8")
    call_command("load_population", people=400, stdout=io.StringIO())
    call_command("subscribe", rights=rights, stdout=io.StringIO())
    return Side(site, _father())


@cache
def _father():
    """Give the number of a father: the same one for the same population."""
    call_command("demo_people", stdout=(said := io.StringIO()))
    return json.loads(said.getvalue())["parents"][0]["number"]
