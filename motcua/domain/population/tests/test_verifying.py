import re
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from motcua.base.actor import SYSTEM, Actor, Role
from motcua.domain.population import queries
from motcua.domain.population.commands import answering, linking, subscribing
from motcua.domain.population.commands.subscribing import Grant
from motcua.domain.population.models import Household, Person, Usage
from motcua.domain.population.rules import Result, Verb, Why
from motcua.domain.population.rules.verifying import Expression, Operator, holds, makes_sense
from motcua.domain.population.tests.conftest import AT, GRANTS, KEY, LAW, OFFICER, PROCEDURE, purpose

NOBODY = "080090999999"
ON = date(2026, 11, 23)
RIGHTS = [
    Grant(procedure=PROCEDURE, verb=Verb.VERIFY, fields=("age", "permanent_commune", "gender"), law=LAW),
    Grant(procedure=PROCEDURE, verb=Verb.NUMBERS, fields=(), law=LAW),
    Grant(procedure=PROCEDURE, verb=Verb.STATUS, fields=(), law=LAW),
    replace(GRANTS[0], fields=("children", "representative", "absence", "residence_number", "missing_on")),
]


@pytest.fixture
def subscriber(db):
    return subscribing.subscribe(
        code="VN/GOV/80/motcua", name="Tỉnh", keys=[KEY], grants=RIGHTS, by=SYSTEM, at=AT
    )


def said(text):
    name, operator, value = text.split(" ", 2)
    return Expression(name, Operator(operator), value)


def verify(subscriber, number, *texts, **words):
    return answering.verify(
        subscriber=subscriber,
        purpose=purpose(**words),
        number=number,
        said=[said(text) for text in texts],
        by=OFFICER,
        at=AT,
    )


def numbers(subscriber, number, **words):
    old = len(number) == 9
    return linking.numbers(
        subscriber=subscriber, purpose=purpose(**words), number=number, old=old, by=OFFICER, at=AT
    )


@pytest.mark.parametrize(
    ("born", "text", "true"),
    [
        ("2008-11-23", "age >= 18", True),
        ("2008-11-24", "age >= 18", False),
        ("2008-11-24", "age < 18", True),
        ("1990-01-01", "age = 36", True),
        ("1990-01-01", "age > 36", False),
        ("1990-01-01", "age <= 36", True),
        # Born in 1990, nobody knows when: 35 or 36.
        ("1990", "age >= 35", True),
        ("1990", "age >= 36", False),
        ("1990", "age < 36", False),
        ("1990", "age < 37", True),
        ("1990", "age = 36", False),
        ("1990-03", "born_on < 1990-04-01", True),
        ("1990-03", "born_on > 1990-03-15", False),
        ("1990-03-05", "born_on = 1990-03-05", True),
    ],
)
def test_only_what_is_surely_true_is_true(born, text, true):
    assert holds(said(text), {"born_on": born}, on=ON) is true


@given(
    born=st.dates(date(1900, 1, 1), ON).map(str),
    digits=st.sampled_from([4, 7, 10]),
    operator=st.sampled_from(Operator),
    years=st.integers(0, 130),
)
def test_what_is_true_of_a_partial_date_is_true_of_the_whole_one(born, digits, operator, years):
    one = Expression("age", operator, str(years))
    if holds(one, {"born_on": born[:digits]}, on=ON):
        assert holds(one, {"born_on": born}, on=ON)


@pytest.mark.parametrize(
    ("text", "sense"),
    [
        ("age >= 18", True),
        ("age >= mười", False),
        ("age >= -1", False),
        ("gender = female", True),
        ("gender > female", False),
        ("born_on < 1990-02-03", True),
        ("born_on < 1990", False),
        ("permanent_commune >= 27694", False),
    ],
)
def test_only_ages_and_dates_have_an_order(text, sense):
    assert makes_sense(said(text)) is sense


def test_each_expression_is_true_or_false_and_the_log_keeps_no_value(subscriber, somebody):
    home = somebody.permanent_commune
    texts = ("age >= 1", "age > 140", f"permanent_commune = {home}", "marital_status = single")
    answer = verify(subscriber, somebody.number, *texts)
    assert answer.values == {"results": [True, False, True, None]}
    assert (answer.result, answer.refused) == (Result.MISMATCH, ("marital_status",))
    row = Usage.objects.get()
    assert (row.verb, row.fields) == ("verify", ["age", "permanent_commune"])
    assert home not in queries.canonical(row)


def test_of_nobody_nothing_is_true_and_it_looks_like_somebody(subscriber, somebody):
    nobody = verify(subscriber, NOBODY, "age < 500", "gender = x")
    assert nobody == verify(subscriber, somebody.number, "age > 500", "gender = x")


def test_of_nobody_and_of_somebody_costs_the_same(subscriber, somebody):
    costs = []
    for number in (NOBODY, somebody.number):
        with CaptureQueriesContext(connection) as seen:
            verify(subscriber, number, "age >= 130", "gender = x")
            answering.status(subscriber=subscriber, purpose=purpose(), number=number, by=OFFICER, at=AT)
        costs.append([re.sub(r"'[^']*'|[0-9]+", "?", one["sql"]) for one in seen])
    assert costs[0] == costs[1]


def test_verify_needs_its_own_right(subscriber, somebody):
    assert verify(subscriber, somebody.number, "nationality = x").why == Why.FIELD_NOT_ALLOWED
    denied = verify(subscriber, somebody.number, "age > 1", procedure="9.000009")
    assert denied.why == Why.PURPOSE_NOT_ALLOWED


@pytest.fixture
def elder(register):
    return Person.objects.exclude(old_number_index=None).first()


def test_old_and_new_number_lead_to_each_other(subscriber, elder):
    pair = {"number": elder.number, "old_number": elder.old_number}
    assert numbers(subscriber, elder.number).values == pair
    assert numbers(subscriber, elder.old_number).values == pair
    rows = queries.chain(number=elder.number)
    assert [(row.verb, row.fields) for row in rows] == [("numbers", ["old_number"]), ("numbers", ["number"])]
    assert not list(queries.broken(rows))
    text = " ".join(map(queries.canonical, rows))
    assert elder.number not in text and elder.old_number not in text


def test_a_number_that_nobody_has_is_unknown_and_logged(subscriber, register):
    assert numbers(subscriber, "000000001").result == Result.UNKNOWN
    assert numbers(subscriber, NOBODY).result == Result.UNKNOWN
    assert Usage.objects.filter(result="unknown").count() == 2


def test_who_asked_in_vain_by_the_old_number_is_seen_too(subscriber, elder):
    assert numbers(subscriber, elder.old_number, procedure="9.000009").result == Result.DENIED
    me = Actor(name="", roles=frozenset({Role.CITIZEN}), person=elder.pk)
    assert [row.result for row in queries.looks(me, at=AT)] == ["denied"]


def test_numbers_need_their_right(subscriber, elder):
    assert numbers(subscriber, elder.old_number, procedure="9.000009").why == Why.PURPOSE_NOT_ALLOWED
    assert numbers(subscriber, elder.old_number, dossier="").values == {}


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, "alive"),
        ({"missing_on": ON}, "missing"),
        ({"cancelled_on": ON, "missing_on": ON}, "cancelled"),
        ({"deceased_on": ON, "cancelled_on": ON}, "deceased"),
    ],
)
def test_status_says_how_it_stands_with_a_number(subscriber, somebody, changes, status):
    Person.objects.filter(pk=somebody.pk).update(**changes)
    answer = answering.status(
        subscriber=subscriber, purpose=purpose(), number=somebody.number, by=OFFICER, at=AT
    )
    assert answer.values == {"status": status}


def test_the_rest_of_article_9_is_told_under_the_policies(subscriber, register):
    child = (
        Person.objects.filter(father__isnull=False, deceased_on=None).exclude(father__household=None).first()
    )
    father, stranger = child.father, Person.objects.filter(household=None).first()
    Person.objects.filter(pk=father.pk).update(
        representative=stranger, absent_from=ON, absent_at="Thành phố Hồ Chí Minh", missing_on=ON
    )
    names = ["children", "representative", "absence", "residence_number", "missing_on"]
    told = answering.attributes(
        subscriber=subscriber, purpose=purpose(), number=father.number, names=names, by=OFFICER, at=AT
    ).values
    assert child.number in [one["number"] for one in told["children"]]
    assert told["representative"]["number"] == stranger.number
    assert told["absence"] == {"from": "2026-11-23", "to": None, "place": "Thành phố Hồ Chí Minh"}
    assert told["residence_number"] == Household.objects.get(members=father).code
    assert told["missing_on"] == "2026-11-23"
