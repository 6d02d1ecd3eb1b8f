import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from motcua.base import events, secrets
from motcua.base.actor import SYSTEM
from motcua.base.errors import Refused
from motcua.base.text import fold, name_key
from motcua.domain.population.commands import loading
from motcua.domain.population.generating import population, rows
from motcua.domain.population.generating.drafts import relation
from motcua.domain.population.generating.rows import Order
from motcua.domain.population.models import Household, Person
from motcua.domain.population.tests.conftest import AT

ON = population.AS_OF


def load(people, **words):
    return loading.load(people=people, seed=6, on=ON, by=SYSTEM, at=AT, **words)


@pytest.mark.django_db
def test_everybody_made_up_arrives_as_made_up():
    assert load(320) == 320
    clans = list(population.clans(people=320, seed=6, on=ON))
    rows = Person.objects.in_bulk()
    for draft in (person for clan in clans for person in clan.people):
        row = rows.pop(draft.key)
        assert (row.number, row.old_number, row.name) == (draft.number, draft.old_number, draft.name.whole)
        assert (row.name_folded, row.name_key) == (fold(row.name), name_key(row.name))
        assert row.father_id == (draft.father.key if draft.father else None)
        assert row.mother_id == (draft.mother.key if draft.mother else None)
        assert row.spouse_id == (draft.spouse.key if draft.spouse else None)
        if row.household_id:
            assert row.household_id == draft.home.key
            assert row.household_relation == relation(draft, draft.home.head)
            assert row.permanent_detail == row.current_detail == draft.home.detail
    assert not rows
    assert Household.objects.count() == sum(len(clan.homes) for clan in clans)


@pytest.mark.django_db
def test_a_newcomer_is_registered_elsewhere_and_lives_on_a_temporary_registration():
    load(1600)
    newcomer = Person.objects.filter(household=None, deceased_on=None).first()
    assert newcomer.permanent_commune and newcomer.temporary_commune == newcomer.current_commune
    assert newcomer.temporary_detail == newcomer.spouse.current_detail


@pytest.mark.django_db
def test_loading_tells_how_far_it_has_come_and_leaves_a_fact():
    heard = []
    load(320, progress=heard.append)
    assert heard[-1] == 320
    (fact,) = events.history("population")
    assert (fact.name, fact.data["people"], fact.data["seed"]) == ("population.load", 320, 6)


@pytest.mark.django_db
def test_a_register_with_people_is_not_loaded_again():
    load(32)
    with pytest.raises(Refused):
        load(32)
    assert Person.objects.count() == 32


@pytest.mark.django_db(transaction=True)
def test_it_gives_way_to_whoever_has_the_register_in_hand():
    other = connection.copy()
    other.set_autocommit(False)
    other.cursor().execute("LOCK TABLE population_household IN ACCESS SHARE MODE")
    connection.cursor().execute("SET lock_timeout = '10ms'")
    with pytest.raises(Refused, match="đang bận"):
        load(32)
    other.close()
    connection.cursor().execute("RESET lock_timeout")
    assert load(32) == 32


@pytest.mark.django_db
def test_the_next_person_gets_a_key_of_her_own():
    load(32)
    home = Household.objects.create(code="x", province="80", commune="27694", detail="Ấp 1")
    assert home.pk > Household.objects.exclude(pk=home.pk).order_by("-pk").first().pk


@pytest.mark.django_db
def test_a_large_load_leaves_the_same_constraints_and_indexes(monkeypatch):
    before = rules_of_the_tables()
    monkeypatch.setattr(loading, "LARGE", 100)
    assert load(320) == Person.objects.count() == 320
    assert Household.objects.filter(head__household=F("pk")).count() == Household.objects.count() > 60
    assert rules_of_the_tables() == before and len(before) > 20
    one, two = Person.objects.order_by("pk")[:2]
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=two.pk).update(number_index=one.number_index)


def rules_of_the_tables():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid IN ('population_person'::regclass, 'population_household'::regclass)"
            " OR confrelid IN ('population_person'::regclass, 'population_household'::regclass)"
            " UNION ALL SELECT indexname, indexdef FROM pg_indexes"
            " WHERE tablename IN ('population_person', 'population_household')"
        )
        return sorted(cursor.fetchall())


def order(**changes):
    words = {"people": 480, "seed": 6, "on": ON, "key": secrets.newest()}
    return Order(**{**words, "number": "n", "old_number": "o", **changes})


def plain(batches):
    """Give the lines without what is sealed, for a nonce is new every time."""
    found = list(batches)
    lines = b"".join(batch.people for batch in found).decode().splitlines()
    homes = b"".join(batch.homes for batch in found).decode().splitlines()
    people = [[cell for at, cell in enumerate(line.split("\t")) if at not in (1, 3)] for line in lines]
    return sorted(people), sorted(homes)


def test_more_processes_make_the_same_people():
    alone, together = plain(rows.batches(order(), processes=1)), plain(rows.batches(order(), processes=3))
    assert alone == together
    assert {len(cells) for cells in alone[0]} == {len(rows.PERSON) - 2}


@pytest.mark.django_db
def test_a_process_that_dies_leaves_no_half_register(monkeypatch, settings):
    settings.FIELD_KEYS = [None]
    monkeypatch.setattr(loading, "LARGE", 100)
    before = rules_of_the_tables()
    with pytest.raises(RuntimeError), transaction.atomic():
        load(320, processes=2)
    assert not Person.objects.exists() and rules_of_the_tables() == before


@pytest.mark.django_db
def test_stopped_half_way_it_may_be_run_again():
    def stop(count):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        load(320, progress=stop)
    assert not Person.objects.exists()
    assert load(320) == 320


@pytest.mark.django_db
def test_no_number_stands_open_in_the_table():
    load(64)
    for row in Person.objects.all():
        assert row.number.encode() not in bytes(row.number_sealed)
        assert row.number not in str(row) and row.number not in repr(row)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"born_on": "1990-13"},
        {"born_on": "1990-01-32"},
        {"born_on": "90"},
        {"born_on": ""},
        {"gender": "x"},
        {"marital_status": "x"},
        {"household_relation": ""},
        {"old_number_index": None},
    ],
)
def test_the_database_refuses_a_wrong_fact(wrong):
    load(64)
    row = Person.objects.filter(household__isnull=False, old_number_index__isnull=False).first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=row.pk).update(**wrong)


@pytest.mark.django_db
def test_two_people_cannot_have_one_number():
    load(32)
    one, two = Person.objects.order_by("pk")[:2]
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=two.pk).update(number_index=one.number_index)
