"""Looking for a person who has no number at hand, at the twin and at the real register."""

import json
from dataclasses import replace

import pytest

from motcua.base.text import fold
from motcua.connectors.population import Denied, Sought
from motcua.connectors.population.tests.conftest import NARROW, NOT_OURS, PURPOSE


def sought(side, **changes):
    person = side.client().attributes(side.somebody, ["name", "born_on"], purpose=PURPOSE)
    return replace(Sought(name=person.name, born_on=person.born_on), **changes)


def test_somebody_without_a_number_is_found_chosen_and_then_read(side):
    wanted, client = sought(side), side.client()
    (found,) = client.find(wanted, purpose=PURPOSE)
    assert (found.name, found.born_year) == (wanted.name, wanted.born_on[:4])
    assert found.number == f"{side.somebody[:6]}••••••" and 90 <= found.score <= 100
    assert len(found.commune) == 5 and len(found.handle) >= 32
    assert client.choose(found.handle, purpose=PURPOSE) == side.somebody


def test_without_marks_and_in_another_order_it_is_the_same_person(side):
    wanted = sought(side)
    *first, last = fold(wanted.name).split()
    (found,) = side.client().find(replace(wanted, name=" ".join([last, *first])), purpose=PURPOSE)
    assert found.name == wanted.name


def test_a_choice_is_good_once_and_for_its_own_dossier(side):
    client = side.client()
    (found,) = client.find(sought(side), purpose=PURPOSE)
    with pytest.raises(Denied, match="not_shown"):
        client.choose(found.handle, purpose=replace(PURPOSE, dossier="H80.12-20261123-0002"))
    client.choose(found.handle, purpose=PURPOSE)
    with pytest.raises(Denied, match="not_shown"):
        client.choose(found.handle, purpose=PURPOSE)


def test_a_question_without_a_year_is_too_wide(side):
    with pytest.raises(Denied, match="too_wide"):
        side.client().find(sought(side, born_on=""), purpose=PURPOSE)


def test_nobody_found_is_an_empty_answer(side):
    assert (
        side.client().find(Sought(name="Khương Tấn Xuyến Chi", born_on="1899-01-02"), purpose=PURPOSE) == []
    )
    assert side.client().find(Sought(old_number="000000001"), purpose=PURPOSE) == []


@pytest.mark.parametrize("purpose", [NARROW, NOT_OURS])
def test_a_right_to_read_is_no_right_to_look_for_people(side, purpose):
    with pytest.raises(Denied, match="purpose_not_allowed"):
        side.client().find(sought(side), purpose=purpose)
    with pytest.raises(Denied, match="purpose_not_allowed"):
        side.client().choose("x" * 32, purpose=purpose)


@pytest.mark.parametrize(
    "wrong",
    [
        {"born_on": "15/08/1992"},
        {"commune": "x"},
        {"old_number": "12"},
        {"name": "x" * 201},
        {"number": "1"},
        {"name": 1},
    ],
)
def test_a_malformed_search_is_refused(side, wrong):
    body = json.dumps({"name": "Trần Văn An", "procedure": "9.000001", "basis": "Luật", **wrong}).encode()
    assert side.send("find", body=body)[0] == 400
    assert side.send("choose", body=body)[0] == 400
