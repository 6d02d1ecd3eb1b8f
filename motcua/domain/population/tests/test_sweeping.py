from dataclasses import replace
from datetime import timedelta

import pytest

from motcua.base import events, metrics
from motcua.base.actor import SYSTEM, Actor, Role
from motcua.domain.population import jobs
from motcua.domain.population.commands import answering
from motcua.domain.population.models import Alert, Person
from motcua.domain.population.queries import sweeping
from motcua.domain.population.rules.sweeping import MANY_DENIED, MANY_FOR_ONE, Sweep, Tally, strange
from motcua.domain.population.tests.conftest import AT, OFFICER, purpose

AUDITOR = Actor(name="Kiểm tra", roles=frozenset({Role.AUDITOR}))
QUIET = Tally(
    subscriber=1, agency="H80.12", officer="officer:7", people=30, namesakes=11, kin=0, for_one=4, denied=2
)


@pytest.mark.parametrize(
    ("changes", "sweeps"),
    [
        ({}, set()),
        ({"people": 79}, set()),
        ({"people": 80}, {Sweep.PEOPLE}),
        # Four of ten people are called Nguyễn.
        ({"people": 40, "namesakes": 18}, set()),
        ({"people": 18, "namesakes": 15}, {Sweep.SURNAME}),
        ({"people": 14, "namesakes": 14}, set()),
        ({"kin": 1}, {Sweep.KIN}),
        ({"for_one": 12}, {Sweep.DOSSIER}),
        ({"denied": 20, "people": 0, "namesakes": 0}, {Sweep.DENIED}),
    ],
)
def test_what_nobody_does_at_a_counter_is_strange(changes, sweeps):
    assert set(strange(replace(QUIET, **changes))) == sweeps


def look(subscriber, number, *, by=OFFICER, at=AT, **words):
    answering.status(subscriber=subscriber, purpose=purpose(**words), number=number, by=by, at=at)


def sweep(subscriber, people, **words):
    for person in people:
        look(subscriber, person.number, **words)


def raised():
    return {(alert.officer, alert.sweep, alert.count) for alert in Alert.objects.all()}


def test_one_dossier_for_many_people_raises_an_alarm(subscriber, register):
    sweep(subscriber, Person.objects.filter(household=None)[:MANY_FOR_ONE])
    jobs.watch(at=AT)
    (alert,) = Alert.objects.filter(sweep="dossier")
    assert (alert.officer, alert.agency, alert.count) == ("officer:7", "H80.12", MANY_FOR_ONE)
    (event,) = events.history(alert.subject)
    assert event.name == "alert.raise" and event.data["sweep"] == "dossier"
    assert list(sweeping.alerts(AUDITOR)) == list(Alert.objects.order_by("-pk"))
    assert 'motcua_register_alerts{sweep="dossier"} 1.0' in metrics.text().decode()


def test_an_alarm_is_raised_once_a_day(subscriber, register):
    people = Person.objects.filter(household=None)[:MANY_FOR_ONE]
    sweep(subscriber, people)
    for minutes in (0, 5, 10):
        jobs.watch(at=AT + timedelta(minutes=minutes))
    assert Alert.objects.filter(sweep="dossier").count() == 1
    sweep(subscriber, people, at=AT + timedelta(days=1))
    jobs.watch(at=AT + timedelta(days=1))
    assert Alert.objects.filter(sweep="dossier").count() == 2


def test_an_alarm_shows_the_most_that_was_seen_on_its_day(subscriber, register):
    people = list(Person.objects.filter(household=None)[: MANY_FOR_ONE + 3])
    for count, minutes in ((MANY_FOR_ONE, 0), (MANY_FOR_ONE + 3, 5)):
        sweep(subscriber, people[:count], at=AT + timedelta(minutes=minutes))
        jobs.watch(at=AT + timedelta(minutes=minutes))
    jobs.watch(at=AT + timedelta(minutes=62))
    assert Alert.objects.get(sweep="dossier").count == MANY_FOR_ONE + 3


def test_a_whole_surname_is_a_sweep(subscriber, register):
    namesakes = Person.objects.filter(surname="Nguyễn")[:16]
    for place, person in enumerate(namesakes):
        look(subscriber, person.number, dossier=f"H80.12-20261123-{place:04}")
    jobs.watch(at=AT)
    assert raised() == {("officer:7", "surname", 16)}


def test_looking_at_somebody_of_ones_own_name_is_looked_into(subscriber, register):
    child = Person.objects.exclude(father_name="").first()
    look(subscriber, child.number, officer_name=child.father_name)
    look(subscriber, child.number, officer_name="Ai Đó Khác", by=Actor(name="officer:8"))
    jobs.watch(at=AT)
    assert raised() == {("officer:7", "kin", 1)}


def test_many_refusals_are_looked_into(subscriber, somebody):
    for _ in range(MANY_DENIED):
        look(subscriber, somebody.number, procedure="9.000009")
    jobs.watch(at=AT)
    assert raised() == {("officer:7", "denied", MANY_DENIED)}


@pytest.mark.parametrize("who", ["system", "person:5"])
def test_programs_and_citizens_are_no_officials(subscriber, register, who):
    sweep(subscriber, Person.objects.all()[:MANY_FOR_ONE], by=Actor(name=who))
    jobs.watch(at=AT)
    assert not raised()


@pytest.mark.parametrize(
    ("who", "dossier"), [("person:5", "tai-ban-2026-11-23"), ("hoa.tran", "H80.12-20261123-0001")]
)
def test_whoever_looks_at_others_is_watched_whatever_the_code(subscriber, register, who, dossier):
    sweep(subscriber, Person.objects.filter(surname="Nguyễn")[:16], by=Actor(name=who), dossier=dossier)
    jobs.watch(at=AT)
    # At an identity desk the day is no dossier: it serves many people.
    assert raised() - {("hoa.tran", "dossier", 16)} == {(who, "surname", 16)}


def test_what_was_long_ago_is_not_counted_again(subscriber, register):
    sweep(subscriber, Person.objects.all()[:MANY_FOR_ONE], at=AT - timedelta(hours=2))
    jobs.watch(at=AT)
    assert not raised()


def test_only_those_who_audit_see_alerts(subscriber, register):
    sweep(subscriber, Person.objects.all()[:MANY_FOR_ONE])
    jobs.watch(at=AT)
    assert sweeping.alerts(SYSTEM).exists()
    for role in (Role.CITIZEN, Role.OFFICER, Role.ADMINISTRATOR):
        assert not sweeping.alerts(Actor(name="", roles=frozenset({role}))).exists()


def test_an_alert_holds_no_name_and_no_number(subscriber, register):
    people = list(Person.objects.all()[:MANY_FOR_ONE])
    sweep(subscriber, people, officer_name="Trần Thị Hoa")
    jobs.watch(at=AT)
    kept = " ".join(f"{vars(alert)} {events.history(alert.subject)[0].data}" for alert in Alert.objects.all())
    assert kept and not any(person.number in kept or person.name in kept for person in people)
