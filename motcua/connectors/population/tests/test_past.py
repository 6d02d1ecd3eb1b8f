"""What was so on a day in the past: the twin and the real register hold to one contract."""

import json
from datetime import UTC, date, datetime

import pytest
from django.apps import apps

from motcua.base import secrets
from motcua.connectors.population import Denied
from motcua.connectors.population.tests.conftest import NARROW, PURPOSE
from motcua.connectors.population.twin import Twin

DAY, LATER = date(2025, 2, 28), date(2025, 3, 1)
OLD = {"province": "79", "commune": "26734", "detail": "Số 1"}


def put_past(side):
    """Let the holder of the number have lived elsewhere until the first of March."""
    if isinstance(side.app, Twin):
        side.app.people[side.somebody]["past"] = {"permanent_address": [("2025-03-01", OLD)]}
        return
    index = secrets.blind(side.somebody, place="population_person.number")
    apps.get_model("population", "PastValue").objects.create(
        person=apps.get_model("population", "Person").objects.get(number_index=index),
        attribute="permanent_address",
        values={f"permanent_{part}": word for part, word in OLD.items()},
        valid_to="2025-03-01",
        recorded_at=datetime.now(UTC),
        basis="Thông báo 1",
    )


def asked(side, names, on, purpose=PURPOSE):
    return side.client().attributes(side.somebody, names, on=on, purpose=purpose)


def test_an_address_is_told_as_it_was_until_the_day_it_changed(side):
    put_past(side)
    now = asked(side, ["permanent_address"], None).permanent_address
    assert asked(side, ["permanent_address"], DAY).permanent_address == OLD
    assert asked(side, ["permanent_address"], LATER).permanent_address == now != OLD


def test_the_household_of_a_day_says_from_when_to_when(side):
    home = asked(side, ["household"], DAY).household
    assert set(home) == {"code", "address", "relation", "from", "to", "head", "members"}
    assert (home["from"], home["to"]) == (None, None)
    row = {"number", "name", "born_on", "gender", "relation"}
    assert home["members"] and all(set(member) == row for member in home["members"])


def test_what_does_not_change_in_a_life_has_no_past(side):
    record = asked(side, ["gender", "marital_status"], DAY)
    assert record.marital_status == "married" and record.gender == ""
    with pytest.raises(Denied, match="field_not_allowed"):
        asked(side, ["gender"], DAY)


def test_the_past_needs_a_right_of_its_own(side):
    with pytest.raises(Denied, match="field_not_allowed"):
        asked(side, ["name"], DAY, NARROW)
    assert asked(side, ["name"], None, NARROW).name


@pytest.mark.parametrize("on", ["hôm qua", "2025-02-30", ["2025-02-28"], {"day": 1}])
def test_a_day_that_is_none_is_malformed(side, on):
    question = {
        "number": side.somebody,
        "names": ["name"],
        "procedure": "9.000001",
        "basis": "Luật",
        "on": on,
    }
    assert side.send(body=json.dumps(question).encode())[0] == 400
    assert side.send("status", body=json.dumps(question).encode())[0] == 400
