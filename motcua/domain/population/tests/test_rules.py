import uuid
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.base.text import fold
from motcua.domain.population import rules
from motcua.domain.population.rules import Gender, Purpose, Why

GOOD = Purpose(
    request=str(uuid.uuid4()),
    agency="H80.12",
    procedure="9.000001",
    dossier="H80.12-20261123-0001",
    basis="Luật Hộ tịch 60/2014/QH13, Điều 16",
)


def why(purpose=GOOD, *, officer="officer:7", allowed=("name",), asked=0, budget=10):
    return rules.why_denied(purpose, officer=officer, allowed=allowed, asked=asked, budget=budget)


def test_a_whole_purpose_with_a_right_is_not_denied():
    assert why() is None


@pytest.mark.parametrize(
    "purpose",
    [
        replace(GOOD, agency=""),
        replace(GOOD, procedure=""),
        replace(GOOD, dossier=""),
        replace(GOOD, basis=""),
        replace(GOOD, basis="   "),
        replace(GOOD, dossier="hồ sơ của tôi"),
        replace(GOOD, agency="a" * 81),
        replace(GOOD, dossier="080090000011"),
        replace(GOOD, dossier="HS-301423501"),
        replace(GOOD, basis="theo yêu cầu của 080090000011"),
        replace(GOOD, agency="x\n"),
    ],
)
def test_a_purpose_with_a_word_missing_or_a_number_hidden_in_it_is_denied(purpose):
    assert why(purpose) == Why.PURPOSE_MISSING


def test_an_officer_is_part_of_the_purpose():
    assert why(officer="") == Why.PURPOSE_MISSING
    assert why(officer="080090000011") == Why.PURPOSE_MISSING


def test_the_key_of_a_draft_is_a_good_dossier_even_if_it_looks_like_a_number():
    assert why(replace(GOOD, dossier="0b1c6a4e-9d31-4c57-8f00-123456789012")) is None


def test_without_a_right_everything_is_denied():
    assert why(allowed=None) == Why.PURPOSE_NOT_ALLOWED


def test_the_budget_ends_on_its_last_call():
    assert why(asked=9, budget=10) is None
    assert why(asked=10, budget=10) == Why.BUDGET_SPENT


def test_every_reason_has_a_sentence():
    assert set(rules.WHY_TEXT) | {Why.FIELD_NOT_ALLOWED} == set(Why)
    assert all(str(text).endswith(".") for text in rules.WHY_TEXT.values())


HELD = {"name": "Trần Thị Hòa", "born_on": "1995-11-20", "gender": "female", "old_number": ""}


@pytest.mark.parametrize(
    ("held", "given"),
    [
        ("Đinh Thị Lan", "\u00d0inh Thị Lan"),
        ("Đinh Thị Lan", "\u0189INH THỊ LAN"),
        ("H'Hen Niê", "H\u2019Hen Niê"),
        ("H\u02bcHen Niê", "h'hen niê"),
        ("K'Brơi", "K\u0060Brơi"),
        ("Ấn", "A\u0301\u0302n"),
        ("Y Blăng", "y\u00a0blăng"),
    ],
)
def test_letters_that_look_the_same_are_the_same(held, given):
    assert rules.same_words(held, given) and fold(held) == fold(given)


@pytest.mark.parametrize(
    ("name", "given", "same"),
    [
        ("name", "Trần Thị Hòa", True),
        ("name", "TRẦN THỊ HOÀ", True),
        ("name", "  trần   thị hòa ", True),
        ("name", "Trần Thị Hoà", True),
        ("name", "Trần Thị Hoa", False),
        ("name", "Trần Thị Họa", False),
        ("name", "Tran Thi Hoa", False),
        ("name", "Hòa Trần Thị", False),
        ("name", "", False),
        ("born_on", "1995-11-20", True),
        ("born_on", "1995", False),
        ("born_on", "1995-01-01", False),
        ("gender", "female", True),
        ("gender", "male", False),
        ("old_number", "", True),
    ],
)
def test_values_are_compared_as_people_mean_them(name, given, same):
    assert rules.differing(HELD, {name: given}) == ([] if same else [name])


def test_of_a_year_only_birth_the_first_of_january_is_the_same():
    held = {**HELD, "born_on": "1948"}
    assert rules.differing(held, {"born_on": "1948"}) == []
    assert rules.differing(held, {"born_on": "1948-01-01"}) == []
    assert rules.differing(held, {"born_on": "1948-01-02"}) == ["born_on"]


def test_for_somebody_unknown_everything_differs():
    assert rules.differing(None, {"name": "A", "gender": "male"}) == ["name", "gender"]


@given(st.text(max_size=40))
def test_comparing_takes_any_text(text):
    assert rules.differing({"name": text}, {"name": text}) == []


@pytest.mark.parametrize(
    ("number", "gender", "born_on", "contradicts"),
    [
        ("080092000011", "male", "1992-05-04", False),
        ("080192000011", "female", "1992", False),
        ("080192000011", "male", "1992", True),
        ("080092000011", "male", "1993", True),
        ("080092000011", "male", "2092", True),
        ("080204000011", "male", "2004-02", False),
        ("080304000011", "female", "2004-02", False),
        ("08030400001", "female", "2004-02", True),
        ("08030400001a", "female", "2004-02", True),
    ],
)
def test_a_number_tells_century_sex_and_year(number, gender, born_on, contradicts):
    assert rules.number_contradicts(number, gender=Gender(gender), born_on=born_on) is contradicts


@pytest.mark.parametrize(
    ("born_on", "on", "age"),
    [
        ("2008-11-23", date(2026, 11, 23), 18),
        ("2008-11-24", date(2026, 11, 23), 17),
        ("2008-11", date(2026, 11, 23), 17),
        ("2008-10", date(2026, 11, 23), 18),
        ("2008", date(2026, 11, 23), 17),
        ("2008", date(2026, 12, 31), 18),
        ("2008-02-29", date(2026, 2, 28), 17),
    ],
)
def test_nobody_is_made_older_than_surely_true(born_on, on, age):
    assert rules.age(born_on, on) == age


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("080090000011", True),
        ("số 080090000011.", True),
        ("301423501", True),
        ("H80.12-20261123-0001", False),
        ("G09.20-20260609-0092637", False),
        ("0800900000112", False),
        ("c0ffee00-0000-4000-8000-080090000011", False),
        ("", False),
    ],
)
def test_personal_numbers_are_seen_in_other_words(text, holds):
    assert rules.holds_number(text) is holds
