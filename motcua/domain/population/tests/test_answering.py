import re
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, OperationalError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from motcua.base.actor import SYSTEM, Actor
from motcua.domain.population import queries, telling
from motcua.domain.population.commands import answering, subscribing
from motcua.domain.population.models import Person, Subscriber, Usage
from motcua.domain.population.rules import Result, Why
from motcua.domain.population.tests.conftest import AT, GRANTS, KEY, OFFICER, purpose

NOBODY = "080090999999"


def ask(subscriber, number, names=("name",), *, by=OFFICER, at=AT, **words):
    return answering.attributes(
        subscriber=subscriber, purpose=purpose(**words), number=number, names=names, by=by, at=at
    )


def match(subscriber, number, given, *, by=OFFICER, at=AT, **words):
    return answering.match(
        subscriber=subscriber, purpose=purpose(**words), number=number, given=given, by=by, at=at
    )


def test_what_the_right_covers_is_told(subscriber, somebody):
    answer = ask(subscriber, somebody.number, ["name", "phone", "born_on"])
    assert answer.result == Result.FOUND and answer.refused == ("phone",)
    assert answer.values == {"name": somebody.name, "born_on": somebody.born_on}


def test_a_household_lists_its_members(subscriber, somebody):
    home = ask(subscriber, somebody.number, ["household"]).values["household"]
    assert home["code"] == somebody.household.code
    assert {row["number"] for row in home["members"]} == {p.number for p in somebody.household.members.all()}


def test_a_year_only_birth_is_told_as_it_is(subscriber, register):
    elder = Person.objects.filter(born_on__regex="^.{4}$").first()
    assert ask(subscriber, elder.number, ["born_on"]).values == {"born_on": elder.born_on}


DENIALS = [
    ({"agency": ""}, "officer:7", Why.PURPOSE_MISSING),
    ({"procedure": ""}, "officer:7", Why.PURPOSE_MISSING),
    ({"dossier": ""}, "officer:7", Why.PURPOSE_MISSING),
    ({"basis": ""}, "officer:7", Why.PURPOSE_MISSING),
    ({"dossier": "080090000011"}, "officer:7", Why.PURPOSE_MISSING),
    ({}, "", Why.PURPOSE_MISSING),
    ({"procedure": "9.000009"}, "officer:7", Why.PURPOSE_NOT_ALLOWED),
]


@pytest.mark.parametrize("denial", DENIALS, ids=str)
def test_without_a_good_purpose_nothing_is_read(subscriber, somebody, django_assert_max_num_queries, denial):
    (words, officer, why), number = denial, somebody.number
    with django_assert_max_num_queries(10) as seen:
        answer = ask(subscriber, number, by=Actor(name=officer), **words)
    assert (answer.result, answer.why, answer.values) == (Result.DENIED, why, {})
    assert not [query for query in seen.captured_queries if "population_person" in query["sql"]]
    row = Usage.objects.get()
    assert (row.result, row.why, row.fields) == ("denied", why, [])


def test_fields_outside_the_right_are_denied_unread(subscriber, somebody, django_assert_max_num_queries):
    with django_assert_max_num_queries(10) as seen:
        assert ask(subscriber, somebody.number, ["phone"]).why == Why.FIELD_NOT_ALLOWED
    assert not [query for query in seen.captured_queries if "population_person" in query["sql"]]


def test_every_answer_is_logged_with_its_purpose_and_without_the_number(subscriber, somebody):
    number = somebody.number
    ask(subscriber, number, ["name", "phone"])
    row = Usage.objects.get()
    assert (row.agency, row.officer, row.procedure) == ("H80.12", "officer:7", "9.000001")
    assert (row.dossier, row.verb, row.fields) == ("H80.12-20261123-0001", "attributes", ["name"])
    assert (row.result, row.at) == ("found", AT)
    assert bytes(row.person_index) == bytes(somebody.number_index)
    assert number not in " ".join(str(value) for value in vars(row).values())


def test_a_number_hidden_in_the_purpose_does_not_reach_the_log(subscriber, somebody):
    ask(subscriber, somebody.number, dossier="HS-080090000011", basis="xem 301423501")
    row = Usage.objects.get()
    assert "080090000011" not in row.dossier and "301423501" not in row.basis


def test_somebody_unknown_is_logged_too(subscriber, db):
    answer = ask(subscriber, NOBODY)
    assert (answer.result, answer.values) == (Result.UNKNOWN, {})
    assert Usage.objects.get().result == "unknown"


def test_match_tells_names_of_what_differs(subscriber, somebody):
    number = somebody.number
    assert match(subscriber, number, {"name": somebody.name}).result == Result.MATCH
    wrong = match(subscriber, number, {"name": "Ai Đó", "gender": somebody.gender, "born_on": "1990"})
    assert wrong.values == {"differing": ["name"]} and wrong.refused == ("born_on",)
    assert [row.result for row in queries.chain(number=number)] == ["match", "mismatch"]


def test_unknown_and_mismatching_look_alike(subscriber, somebody):
    given = {"name": "Ai Đó", "gender": "x"}
    assert match(subscriber, NOBODY, given) == match(subscriber, somebody.number, given)


def test_status_tells_the_dead_from_the_living(subscriber, register):
    for person in (Person.objects.filter(deceased_on=None)[0], Person.objects.exclude(deceased_on=None)[0]):
        answer = answering.status(
            subscriber=subscriber, purpose=purpose(), number=person.number, by=OFFICER, at=AT
        )
        assert answer.values == {"status": "deceased" if person.deceased_on else "alive"}


def test_the_electronic_identity_is_asked_only_under_a_right_and_stands_on_the_log(somebody, register):
    grants = [replace(GRANTS[2], fields=("account",)), replace(GRANTS[2], procedure="9.2")]
    words = {"code": "VN/GOV/80/motcua", "name": "Tỉnh", "keys": [KEY], "by": SYSTEM, "at": AT}
    subscriber, asked = subscribing.subscribe(grants=grants, **words), []

    def account(person):
        asked.append(person)
        return "locked"

    def ask(number, **meant):
        words = {"subscriber": subscriber, "purpose": purpose(**meant), "account": account}
        return answering.status(number=number, **words, by=OFFICER, at=AT)

    assert ask(somebody.number).values == {"status": "alive", "account": "locked"}
    assert ask(NOBODY).values == {"status": "unknown", "account": "locked"}
    assert ask(somebody.number, procedure="9.2").why == Why.FIELD_NOT_ALLOWED
    assert asked == [somebody.pk, 0]
    first, _second, denied = Usage.objects.order_by("pk")
    assert (first.fields, denied.fields) == (["account"], [])
    assert "tài khoản định danh có bị khóa không" in telling.told(first, {})["what"]
    assert telling.told(denied, {})["what"] == ""


def test_a_message_is_answered_once(subscriber, somebody):
    request = "6f1d3c52-0e57-4a55-b1a7-0c6a6f1d3c52"
    assert ask(subscriber, somebody.number, request=request).result == Result.FOUND
    again = ask(subscriber, somebody.number, request=request)
    assert (again.result, again.why, again.values) == (Result.DENIED, Why.REPLAYED, {})
    assert Usage.objects.count() == 1


def test_an_officer_has_a_budget_for_each_day(subscriber, somebody):
    Subscriber.objects.update(officer_budget=3)
    subscriber.refresh_from_db()
    number, midnight = somebody.number, datetime(2026, 11, 23, 17, tzinfo=UTC)
    # Vietnam is seven hours ahead: the day ends at 17:00 UTC.
    results = [ask(subscriber, number, at=midnight - timedelta(minutes=5 - n)).why for n in range(4)]
    assert results == [None, None, None, Why.BUDGET_SPENT]
    assert ask(subscriber, number, at=midnight - timedelta(minutes=1), by=Actor(name="officer:8")).why is None
    assert ask(subscriber, number, at=midnight).why is None


def test_denied_calls_count_too(subscriber, somebody):
    Subscriber.objects.update(officer_budget=1)
    subscriber.refresh_from_db()
    ask(subscriber, somebody.number, procedure="9.000009")
    assert ask(subscriber, somebody.number).why == Why.BUDGET_SPENT


def test_programs_have_a_budget_of_their_own(subscriber, somebody):
    Subscriber.objects.update(officer_budget=0)
    subscriber.refresh_from_db()
    assert ask(subscriber, somebody.number, by=Actor(name="system")).why is None
    assert ask(subscriber, somebody.number).why == Why.BUDGET_SPENT


def test_a_chain_holds_together_and_shows_one_altered_word(subscriber, somebody):
    number = somebody.number
    for _ in range(4):
        ask(subscriber, number)
    ask(subscriber, NOBODY)
    rows = queries.chain(number=number)
    assert [row.number for row in rows] == [1, 2, 3, 4] and not list(queries.broken(rows))
    rows[1].dossier = "H80.12-20261123-0009"
    assert list(queries.broken(rows)) == [rows[1]]
    assert list(queries.broken(rows[:2] + rows[3:])) == [rows[1], rows[3]]


@pytest.mark.parametrize(
    "statement", ["UPDATE population_usage SET officer = 'x'", "DELETE FROM population_usage"]
)
def test_the_log_cannot_be_changed(subscriber, somebody, statement):
    ask(subscriber, somebody.number)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_person_is_found_after_the_keys_change(subscriber, somebody, settings):
    number = somebody.number
    ask(subscriber, number)
    settings.FIELD_KEYS = [*settings.FIELD_KEYS, "a new master key of thirty-two letters!"]
    assert queries.by_number(number) == somebody
    ask(subscriber, number)
    assert queries.usage(number=number, at=AT).count() == 2


def test_an_answer_takes_a_fixed_number_of_statements(subscriber, somebody, django_assert_num_queries):
    number = somebody.number
    with django_assert_num_queries(2 + 4):  # the savepoint stands for the transaction
        match(subscriber, number, {"name": "Ai Đó"})
    with django_assert_num_queries(2 + 6):
        ask(subscriber, number)
    with django_assert_num_queries(2 + 7):
        ask(subscriber, number, ["name", "household"])
    with django_assert_num_queries(2 + 6):
        ask(subscriber, NOBODY)


def test_unknown_and_mismatching_cost_the_same(subscriber, somebody):
    costs = []
    for number in (NOBODY, somebody.number):
        with CaptureQueriesContext(connection) as seen:
            match(subscriber, number, {"name": "Ai Đó", "gender": "x"})
        costs.append([re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in seen.captured_queries])
    assert costs[0] == costs[1]


@pytest.mark.django_db(transaction=True)
def test_calls_at_the_same_moment_follow_each_other_in_the_chain(subscriber):
    answers = []

    def call():
        try:
            answers.extend(ask(subscriber, NOBODY) for _ in range(5))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = queries.chain(number=NOBODY)
    assert len(answers) == 20 and [row.number for row in rows] == list(range(1, 21))
    assert not list(queries.broken(rows))


@pytest.mark.django_db(transaction=True)
def test_one_message_sent_twice_at_the_same_moment_is_answered_once(subscriber):
    request, answers = "6f1d3c52-0e57-4a55-b1a7-0c6a6f1d3c52", []

    def call():
        try:
            answers.append(ask(subscriber, NOBODY, request=request).why)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers, key=str) == [None, *[Why.REPLAYED] * 3]


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_held_up_is_not_waited_for(subscriber, settings):
    settings.REGISTER_TIMEOUT_MS = 100
    held, done = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE population_usage IN ACCESS EXCLUSIVE MODE")
            held.set()
            done.wait(90)
        connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(60)
    try:
        with pytest.raises(OperationalError):
            ask(subscriber, NOBODY)
    finally:
        done.set()
        thread.join()
    settings.REGISTER_TIMEOUT_MS = 20_000
    assert ask(subscriber, NOBODY).result == Result.UNKNOWN
