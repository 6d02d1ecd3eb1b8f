"""What the policies of the database open, asked by raw SQL under the role that answers are read under."""

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from motcua.base import secrets
from motcua.domain.population import gate
from motcua.domain.population.models import NUMBER, Household, Person


def rows(sql="SELECT id FROM population_person", *words):
    with connection.cursor() as cursor:
        cursor.execute(sql, words)
        return {row[0] for row in cursor.fetchall()}


def become_reader(purpose=""):
    rows("SELECT set_config('app.purpose', %s, true)", purpose)
    rows("SELECT set_config('role', %s, true)", gate.READER)


@pytest.fixture
def child(register):
    return Person.objects.filter(
        father__isnull=False, mother__isnull=False, household__isnull=False, deceased_on=None
    ).first()


def circle(person):
    home = person.household
    return {
        person.pk,
        person.father_id,
        person.mother_id,
        home.head_id,
        *home.members.values_list("pk", flat=True),
        *Person.objects.filter(father=person).values_list("pk", flat=True),
        *Person.objects.filter(mother=person).values_list("pk", flat=True),
    } - {None}


def test_the_reader_neither_owns_the_tables_nor_passes_by_policies(db):
    said = "SELECT rolsuper OR rolbypassrls OR rolcanlogin FROM pg_roles WHERE rolname = %s"
    assert rows(said, gate.READER) == {False}
    owned = "SELECT relname FROM pg_class JOIN pg_roles r ON r.oid = relowner WHERE rolname = %s"
    assert rows(owned, gate.READER) == set()


@pytest.mark.parametrize("purpose", ["", "identity", "subject:", "everybody", "subject", "subject:00"])
def test_without_a_purpose_that_names_somebody_there_is_nobody(register, purpose):
    become_reader(purpose)
    assert rows() == set() and rows("SELECT id FROM population_household") == set()


def test_a_purpose_opens_one_person_and_her_circle(child):
    wanted, home = circle(child), child.household_id
    gate.open_for(child.number)
    assert rows() == wanted
    assert rows("SELECT id FROM population_household") == {home}


def test_one_person_is_read_under_the_policies_and_the_owner_is_back_at_once(child):
    held = gate.facts(child.number)
    assert held["id"] == child.pk and held["name"] == child.name
    assert rows("SELECT current_user::text || current_setting('app.purpose')") == rows(
        "SELECT session_user::text"
    )
    assert len(rows()) > len(circle(child))
    assert gate.facts("080292000000") is None


def test_reading_one_person_goes_by_what_the_policies_open(child):
    """Were the policies gone, so would be the answer: the function reads as the reader, not as the owner."""
    with connection.cursor() as cursor:
        cursor.execute("DROP POLICY reading ON population_person")
    assert gate.facts(child.number) is None


@pytest.mark.parametrize(
    "wider",
    [
        "SELECT id FROM population_person WHERE true OR id > 0",
        "SELECT b.id FROM population_person a, population_person b",
        "SELECT b.id FROM population_person a RIGHT JOIN population_person b ON a.id = b.spouse_id",
        "SELECT id FROM population_person WHERE id IN (SELECT id FROM population_person) UNION "
        "SELECT id FROM population_person",
        "SELECT max(id) OVER (PARTITION BY id) FROM population_person",
        "WITH RECURSIVE kin AS (SELECT id, father_id FROM population_person "
        "UNION SELECT p.id, p.father_id "
        "FROM population_person p JOIN kin ON p.father_id = kin.id OR p.id = kin.father_id) "
        "SELECT id FROM kin",
    ],
)
def test_no_clever_sql_opens_more(child, wider):
    wanted = circle(child)
    gate.open_for(child.number)
    assert rows(wider) <= wanted


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE population_person SET name = 'x'",
        "DELETE FROM population_person",
        "INSERT INTO population_household (code, province, commune, detail) VALUES ('1', '80', '27694', '')",
        "SELECT * FROM population_usage",
        "SELECT * FROM accounts_account",
        "SELECT * FROM population_subscriber",
        "ALTER TABLE population_person DISABLE ROW LEVEL SECURITY",
        "DROP POLICY purpose ON population_person",
        "CREATE TABLE mine (id int)",
    ],
)
def test_the_reader_can_do_nothing_else(child, statement):
    gate.open_for(child.number)
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_purpose_that_is_no_index_is_an_error_and_opens_nothing(register):
    become_reader("subject:khong-phai-so")
    with pytest.raises(DatabaseError), transaction.atomic():
        rows()


def test_one_person_is_found_by_the_index_and_not_by_reading_everybody(child):
    indexes = secrets.blinds(child.number, place=NUMBER)
    gate.open_for(child.number)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT name FROM population_person WHERE number_index = ANY(%s)", [indexes])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Cond: (number_index = ANY" in plan


def test_the_owner_reads_on_after_an_answer(child):
    everybody = Person.objects.count(), Household.objects.count()
    with transaction.atomic():
        gate.open_for(child.number)
        transaction.set_rollback(True)
    assert (Person.objects.count(), Household.objects.count()) == everybody
