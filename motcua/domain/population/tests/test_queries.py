import pytest
from django.db import connection

from motcua.base.actor import SYSTEM, Actor, Role
from motcua.domain.population import gate, queries
from motcua.domain.population.commands import loading
from motcua.domain.population.generating.population import AS_OF
from motcua.domain.population.models import Person
from motcua.domain.population.queries import casting
from motcua.domain.population.rules import ATTRIBUTES, MATCHABLE
from motcua.domain.population.tests.conftest import AT


def test_a_person_is_found_by_number_with_her_family_in_one_query(somebody, django_assert_num_queries):
    number = somebody.number
    with django_assert_num_queries(1):
        found = queries.by_number(number, along=queries.relatives(["father", "spouse", "household"]))
        assert found == somebody and found.household.head
        assert queries.attributes(found, ["name", "father", "spouse", "permanent_address"])


def test_who_looked_at_one_person_is_read_without_walking_through_everybodys_look_ups(somebody):
    me = Actor(name=somebody.name, roles=frozenset({Role.CITIZEN}), person=somebody.pk)
    with connection.cursor() as cursor:
        # In a long log the planner shuns both.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    for rows in (queries.looks(me, at=AT), queries.looks(me, at=AT).filter(pk__lt=7)):
        plan = rows[:31].explain()
        assert "Index Cond: (person_index = ANY" in plan and "Backward" not in plan


def test_a_number_nobody_has_finds_nobody(register):
    assert queries.by_number("080090999999") is None and queries.by_number("") is None


def test_every_attribute_can_be_told_of_everybody(register):
    for person in Person.objects.select_related("father", "mother", "spouse", "household__head"):
        told = queries.attributes(person, ATTRIBUTES)
        assert tuple(told) == ATTRIBUTES
        assert told["name"] == person.name and "" not in told.values()


def test_what_match_compares_is_held_of_everybody(somebody):
    assert tuple(queries.plain(gate.facts(somebody.number), MATCHABLE)) == MATCHABLE


def test_a_parent_without_a_row_is_told_by_name_only(register):
    child = Person.objects.filter(father=None).exclude(father_name="").first()
    told = queries.attributes(child, ["father"])["father"]
    assert told == {"number": None, "name": child.father_name, "nationality": None}


@pytest.fixture
def parts(db):
    loading.load(people=2000, seed=6, on=AS_OF, by=SYSTEM, at=AT)
    return casting.demo_people(SYSTEM, on=AS_OF, applicants=5)


def test_the_demonstration_has_its_people(parts):
    assert {part: len(people) for part, people in parts.items()} == {
        "parents": 2,
        "driver": 1,
        "mover": 1,
        "host": 1,
        "elder": 1,
        "officers": 24,
        "mothers": 5,
        "adults": 5,
        "desk": 4,
    }
    father, mother = parts["parents"]
    assert father.gender == "male" and mother.gender == "female" and mother.spouse == father
    assert father.household == mother.household
    (mover,), (host,), (elder,) = parts["mover"], parts["host"], parts["elder"]
    assert mover.household is None and mover.spouse.household == host.household
    assert host.household_relation == "head" and len(elder.born_on) == 4
    assert {person.gender for person in parts["mothers"]} == {"female"}
    assert all(AS_OF.year - int(person.born_on[:4]) > 18 for person in parts["adults"])


def test_nobody_plays_two_parts_and_everybody_lives_and_has_a_telephone(parts):
    everybody = [person for people in parts.values() for person in people]
    assert len({person.pk for person in everybody}) == len(everybody)
    assert all(p.deceased_on is None for p in everybody)
    assert all(p.phone for part, people in parts.items() if part != "host" for p in people)


def test_the_parts_are_played_by_the_same_people_every_time(parts):
    assert casting.demo_people(SYSTEM, on=AS_OF, applicants=5) == parts


def test_nobody_but_the_system_picks_people(parts):
    assert casting.demo_people(Actor(name="x", roles=frozenset({Role.CLERK})), on=AS_OF) == {}
