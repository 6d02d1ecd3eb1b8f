"""A clerk looks for somebody without a number: purpose first, five at most, each logged, chosen once."""

from datetime import timedelta

import pytest
from django.db import connection

from motcua.base.actor import SYSTEM, Actor
from motcua.domain.population import jobs
from motcua.domain.population import queries as register_queries
from motcua.domain.population.commands import finding, subscribing
from motcua.domain.population.commands.subscribing import Grant
from motcua.domain.population.models import Candidate, Person, Usage
from motcua.domain.population.rules import Result, Verb, Why
from motcua.domain.population.rules.finding import Wanted
from motcua.domain.population.tests.conftest import AT, KEY, LAW, OFFICER, PROCEDURE, purpose

DOSSIER = "0b0e7a52-6d0c-4f53-9a38-0b1c9a7f6f10"


@pytest.fixture
def asking(db):
    """A system whose officers may look for people and who may make ten look-ups a day."""
    return subscribing.subscribe(
        code="VN/GOV/80/motcua",
        name="Tỉnh Tây Ninh",
        keys=[KEY],
        grants=[Grant(procedure=PROCEDURE, verb=Verb.FIND, fields=(), law=LAW)],
        officer_budget=10,
        by=SYSTEM,
        at=AT,
    )


def find(asking, wanted, *, by=OFFICER, at=AT, **changes):
    about = purpose(**{"dossier": DOSSIER, **changes})
    return finding.find(subscriber=asking, purpose=about, wanted=wanted, by=by, at=at)


def choose(asking, handle, *, by=OFFICER, at=AT, **changes):
    about = purpose(**{"dossier": DOSSIER, **changes})
    return finding.choose(subscriber=asking, purpose=about, handle=handle, by=by, at=at)


def of(person):
    return Wanted(name=person.name, born_on=person.born_on)


def twins(person, count):
    """Let more people have the same name and day of birth."""
    for n in range(1, count):
        number = f"080090{n:06}"
        person.pk = person.old_number_index = person.old_number_sealed = None
        person.number_index = register_queries.secrets.blind(number, place="population_person.number")
        person.save(force_insert=True)
        place = f"population_person.number:{person.pk}"
        person.number_sealed = register_queries.secrets.seal(number, place=place)
        person.save()


def test_who_is_meant_is_shown_masked_with_a_handle_in_place_of_the_number(asking, somebody):
    answer = find(asking, of(somebody))
    (shown,) = answer.values["candidates"]
    assert answer.result == Result.FOUND and shown["score"] >= 90
    assert shown["name"] == somebody.name and shown["born_year"] == somebody.born_on[:4]
    assert shown["commune"] == somebody.permanent_commune
    assert shown["number"] == f"{somebody.number[:6]}••••••"
    assert somebody.number not in str(answer.values) and somebody.born_on not in str(answer.values)


def test_everybody_shown_has_a_row_of_her_own_in_an_unbroken_chain(asking, somebody):
    twins(somebody, 3)
    answer = find(asking, of(somebody))
    assert len(answer.values["candidates"]) == 3
    rows = Usage.objects.order_by("pk")
    assert [(row.verb, row.result, row.dossier) for row in rows] == [("find", "found", DOSSIER)] * 3
    assert len({bytes(row.person_index) for row in rows}) == len({row.request for row in rows}) == 3
    find(asking, of(somebody))
    rows = register_queries.chain(number=somebody.number)
    assert [row.number for row in rows] == [1, 2] and not list(register_queries.broken(rows))


def test_each_person_shown_costs_a_look_up_of_the_officers_day(asking, somebody):
    twins(somebody, 5)
    assert find(asking, of(somebody)).result == find(asking, of(somebody)).result == Result.FOUND
    assert find(asking, of(somebody)).why == Why.BUDGET_SPENT
    assert find(asking, of(somebody), by=Actor(name="officer:8")).result == Result.FOUND


def test_more_people_than_the_day_has_look_ups_left_are_not_shown(asking, somebody):
    twins(somebody, 4)
    assert find(asking, of(somebody)).result == find(asking, of(somebody)).result == Result.FOUND
    assert find(asking, of(somebody)).why == Why.BUDGET_SPENT
    assert Usage.objects.filter(result="found").count() == 8


def test_six_who_cannot_be_told_apart_are_not_shown_and_the_question_is_logged(asking, somebody):
    twins(somebody, 6)
    assert find(asking, of(somebody)).why == Why.TOO_WIDE
    (row,) = Usage.objects.all()
    assert (row.verb, row.result, row.why, row.fields) == ("find", "denied", "too_wide", [])
    assert not Candidate.objects.exists()


@pytest.mark.parametrize("wanted", [Wanted(name="Nguyễn Văn An"), Wanted(name="An", born_on="1990")])
def test_a_question_that_asks_for_a_list_is_refused(asking, register, wanted):
    assert find(asking, wanted).why == Why.TOO_WIDE


def test_nobody_found_is_logged_too(asking, register):
    answer = find(asking, Wanted(name="Khương Tấn Xuyến Chi", born_on="1899-01-02"))
    assert (answer.result, answer.values) == (Result.UNKNOWN, {"candidates": []})
    assert Usage.objects.get().result == "unknown"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"procedure": "9.999999"}, Why.PURPOSE_NOT_ALLOWED),
        ({"dossier": ""}, Why.PURPOSE_MISSING),
        ({"basis": " "}, Why.PURPOSE_MISSING),
        ({"agency": "080090000011"}, Why.PURPOSE_MISSING),
    ],
)
def test_without_a_good_purpose_nobody_is_shown_and_nobody_chosen(asking, somebody, change, why):
    handle = find(asking, of(somebody)).values["candidates"][0]["handle"]
    assert find(asking, of(somebody), **change).why == why
    assert choose(asking, handle, **change).why == why
    assert not Candidate.objects.exclude(chosen_at=None).exists()


def test_the_chosen_person_is_told_once_and_logged(asking, somebody):
    handle = find(asking, of(somebody)).values["candidates"][0]["handle"]
    assert choose(asking, handle, at=AT + timedelta(minutes=9)).values == {"number": somebody.number}
    assert choose(asking, handle, at=AT + timedelta(minutes=9)).why == Why.NOT_SHOWN
    rows = register_queries.chain(number=somebody.number)
    assert [(row.verb, row.fields) for row in rows][-1] == ("choose", ["number"])
    assert not list(register_queries.broken(rows))
    refused = Usage.objects.order_by("pk").last()
    assert refused.result == "denied" and refused.person_index != rows[-1].person_index


@pytest.mark.parametrize(
    "change",
    [
        {"by": Actor(name="officer:8")},
        {"dossier": "another-dossier"},
        {"agency": "H80.99"},
        {"at": AT + timedelta(minutes=11)},
        {"at": AT - timedelta(seconds=1)},
    ],
)
def test_a_handle_is_good_for_this_officer_this_dossier_and_these_minutes_only(asking, somebody, change):
    handle = find(asking, of(somebody)).values["candidates"][0]["handle"]
    assert choose(asking, handle, **change).why == Why.NOT_SHOWN
    assert choose(asking, handle).result == Result.FOUND


def test_a_handle_that_was_never_given_opens_nothing(asking, somebody):
    for handle in ("", "x" * 32, somebody.number):
        assert choose(asking, handle).why == Why.NOT_SHOWN


def test_a_message_is_answered_once(asking, somebody):
    request = "7e1f7e52-6d0c-4f53-9a38-0b1c9a7f6f10"
    assert find(asking, of(somebody), request=request).result == Result.FOUND
    assert find(asking, of(somebody), request=request).why == Why.REPLAYED
    assert Usage.objects.count() == Candidate.objects.count() == 1


def test_who_was_shown_is_forgotten_when_the_time_to_choose_is_over(asking, somebody):
    find(asking, of(somebody))
    jobs.forget_candidates(at=AT + timedelta(minutes=9))
    assert Candidate.objects.count() == 1
    jobs.forget_candidates(at=AT + timedelta(minutes=11))
    assert not Candidate.objects.exists() and Usage.objects.count() == 1


def test_no_handle_stands_in_the_database(asking, somebody):
    handle = find(asking, of(somebody)).values["candidates"][0]["handle"]
    assert handle.encode() not in bytes(Candidate.objects.get().handle)


def test_after_a_search_the_owner_reads_again(asking, somebody):
    find(asking, of(somebody))
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('app.purpose', true)")
        user, said = cursor.fetchone()
    assert user != "motcua_reader" and not said
    assert Person.objects.count() == 320
