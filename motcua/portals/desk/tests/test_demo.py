import io
import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from motcua.base.actor import SYSTEM
from motcua.domain.accounts import queries
from motcua.domain.accounts.models import Session
from motcua.domain.accounts.rules.applications import Case, State
from motcua.domain.population import queries as population
from motcua.domain.population.rules import ComplaintState
from motcua.domain.privacy import queries as privacy

pytestmark = pytest.mark.django_db


@pytest.fixture
def fill(settings, tmp_path):
    """Fill the desk as `make run` does, with a small register."""
    settings.DEMO = True
    people, accounts = tmp_path / "people.json", tmp_path / "accounts.json"

    def run(*words):
        call_command(*words, stdout=(said := io.StringIO()))
        return said.getvalue().strip()

    run("load_population", "--people", "2000")
    run("demo_people", "--officers", "3", "--applicants", "40", "--out", str(people))
    cast = json.loads(people.read_text())
    rows = [*cast["parents"], *cast["mover"], *cast["driver"]]
    accounts.write_text(json.dumps([{"number": row["number"], "role": "citizen"} for row in rows]))
    run("load_demo_accounts", str(accounts))
    run("load_demo_desk", str(people))
    return lambda: run("fill_demo_desk", str(people))


def test_a_demonstration_has_something_of_each_kind_to_decide_once(fill):
    assert fill().startswith("5 đề nghị")
    assert "already there" in fill()
    now = timezone.now()
    waiting = queries.line(SYSTEM, at=now)
    assert {one.application.case for one in waiting} == {
        Case.LEVEL_1,
        Case.LEVEL_2,
        Case.LEVEL_2_NO_CARD,
        Case.ORGANIZATION_UNKNOWN,
    }
    assert [one.state for one in queries.lapsing(SYSTEM)] == [State.APPROVED]
    assert [one.state for one in population.complaints(SYSTEM)] == [
        ComplaintState.RECEIVED,
        ComplaintState.ANSWERED,
    ]
    late, running = privacy.waiting(SYSTEM)
    assert late.due_at < now < running.due_at < now + timedelta(days=3)
    assert not Session.objects.filter(ended_at=None).exists()
