"""Finding a person without a number: what is forgiven, who is shown, and that only indexes are asked."""

import json
from random import Random

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from motcua.base.actor import SYSTEM
from motcua.domain.population.commands import loading
from motcua.domain.population.generating import fitting, noise, places
from motcua.domain.population.generating.population import AS_OF
from motcua.domain.population.models import Person
from motcua.domain.population.queries import finding as queries
from motcua.domain.population.rules import finding
from motcua.domain.population.rules.finding import Held, Wanted
from motcua.domain.population.tests.conftest import AT

HELD = Held(name="Trần Thị Thúy Hòa", born_on="1984-03-05", communes=frozenset({"27694"}))
BORN = {"born_on": "1984-03-05"}


def weight(name: str, born_on: str = "1984-03-05", held: Held = HELD, **more: str) -> float:
    return finding.weight(Wanted(name=name, born_on=born_on, **more), held)


@pytest.mark.parametrize(
    "typed",
    [
        "Trần Thị Thúy Hòa",
        "trần thị thuý hoà",
        "TRAN THI THUY HOA",
        "Traafn Thij Thuys Hoaf",
        "Tra62n Thi5 Thu1y Ho2a",
        "Hòa Trần Thị Thúy",
        "Thị Thúy Hòa Trần",
        "Trần Thúy Hòa",
        "Trần Hòa",
        "Tần Thị Thúy Hòa",
        "Trần Thị Thúy Hào",
        "TrÇn ThÞ Thóy Hßa",
    ],
)
def test_a_name_is_known_however_it_was_typed(typed):
    assert finding.likely([weight(typed)], people=3_000_000)[0] > 0.5


@pytest.mark.parametrize(
    "born_on", ["1984", "1984-03", "1984-05-03", "1985-03-05", "1994-03-05", "1984-03-06"]
)
def test_a_slip_in_the_date_is_forgiven_but_weighs_less(born_on):
    exact, slipped = weight("Trần Thị Thúy Hòa"), weight("Trần Thị Thúy Hòa", born_on)
    assert 0 < slipped < exact


def test_the_first_of_january_may_stand_for_a_year_alone():
    old = Held(name="Trần Thị Thúy Hòa", born_on="1948")
    assert weight("Trần Thị Thúy Hòa", "1948-01-01", old) == weight("Trần Thị Thúy Hòa", "1948", old)


def test_a_rare_name_says_more_than_a_common_one():
    common, rare = (Held(name=name, born_on="1984-03-05") for name in ("Nguyễn Văn Anh", "Khương Tấn Xuyến"))
    assert weight(rare.name, held=rare) > weight(common.name, held=common) + 5


def test_marks_that_differ_weigh_less_than_none_at_all():
    assert weight("Trần Thị Thúy Hòa") > weight("Tran Thi Thuy Hoa") > weight("Trần Thị Thúy Hóa")


@pytest.mark.parametrize(
    ("wanted", "wide"),
    [
        (Wanted(name="Trần Thị Hòa"), True),
        (Wanted(name="Trần Thị Hòa", commune="27694"), True),
        (Wanted(name="Hòa", born_on="1984-03-05"), True),
        (Wanted(born_on="1984-03-05"), True),
        (Wanted(), True),
        (Wanted(name="Trần Hòa", born_on="1984"), False),
        (Wanted(old_number="301234567"), False),
    ],
)
def test_a_question_without_a_name_and_a_year_is_too_wide(wanted, wide):
    assert finding.too_wide(wanted) is wide


def test_who_cannot_be_told_apart_from_more_than_five_is_not_shown():
    assert finding.best([0.15] * 6) is None
    assert finding.best([0.15] * 5) == [0, 1, 2, 3, 4]
    assert finding.best([0.01, 0.9, 0.05]) == [1, 2]
    assert finding.best([]) == []


def test_a_masked_number_keeps_its_last_six_digits_to_itself():
    assert finding.masked("080184123456") == "080184••••••"


@given(st.text(max_size=60), st.sampled_from(["", "19", "1984", "1984-03", "1984-03-05", "2100-12-31"]))
def test_nothing_that_is_typed_breaks_the_reading(name, born_on):
    wanted = Wanted(name=name, born_on=born_on)
    if not finding.too_wide(wanted):
        assert finding.blocks(wanted).wholes
        finding.weight(wanted, HELD)


@given(st.lists(st.floats(-80, 400), max_size=40), st.integers(1000, 10_000_000))
def test_likelihoods_share_one_whole(weights, people):
    scores = finding.likely(weights, people=people)
    assert all(0 <= score <= 1 for score in scores) and sum(scores) <= 1.000001


def test_the_committed_weights_are_of_the_fitted_shape():
    stored = json.loads(finding.WEIGHTS.read_text(encoding="utf-8"))
    fitted = fitting.fit(people=640, seed=17, on=AS_OF)
    assert fitted.keys() == stored.keys() and stored["people"] > 50_000
    assert {k: set(v) for k, v in fitted["levels"].items()} == {
        k: set(v) for k, v in stored["levels"].items()
    }
    assert stored["shares"]["first"]["nguyen"] > 0.2
    for levels in stored["levels"].values():
        assert all(0 < m <= 1 and 0 < u <= 1 for m, u in levels.values())


# ------------------------------------------------------------------ in the register


@pytest.fixture
def register(db):
    loading.load(people=3200, seed=6, on=AS_OF, by=SYSTEM, at=AT)


def asked(people, seed):
    """Ask about these people with the usual slips."""
    rng = Random(seed)
    for person in people:
        here, other = person.current_commune, places.commune(rng).code
        name, born_on = person.name, person.born_on
        yield person, noise.noisy(rng, name=name, born_on=born_on, commune=here, elsewhere=other)


def test_nearly_everybody_is_found_and_who_is_sure_is_right(register):
    living = (
        Person.objects.filter(deceased_on=None).exclude(current_commune="").order_by("number_index")[:400]
    )
    found = [(person.pk, queries.find(wanted) or []) for person, wanted in asked(living, "noisy")]
    assert len(found) == 400 and max(len(shown) for _, shown in found) <= finding.MOST
    among = sum(pk in [each.pk for each in shown] for pk, shown in found)
    sure = [shown[0].pk == pk for pk, shown in found if shown and shown[0].score >= finding.SURE]
    assert among >= 0.96 * 400
    assert len(sure) >= 0.9 * 400 and sum(sure) >= 0.99 * len(sure)


def test_somebody_who_is_not_in_the_register_is_hardly_ever_surely_found(register):
    strangers = [pair.wanted for pair in fitting.pairs(people=400, seed=99, on=AS_OF)]
    sure = [w for w in strangers if (f := queries.find(w)) and f[0].score >= finding.SURE]
    assert len(strangers) > 300 and len(sure) <= 0.02 * len(strangers)


def test_an_old_number_alone_finds_its_holder(register):
    person = Person.objects.filter(old_number_index__isnull=False, deceased_on=None).first()
    (found,) = queries.find(Wanted(old_number=person.old_number))
    assert found.pk == person.pk and found.score > finding.SURE
    assert queries.find(Wanted(old_number="000000000")) == []


def test_an_old_number_with_another_name_is_no_sure_find(register):
    person = Person.objects.filter(old_number_index__isnull=False, deceased_on=None).first()
    wanted = Wanted(old_number=person.old_number, name="Khương Tấn Xuyến", born_on="1911-11-11")
    assert all(each.score < finding.SURE for each in queries.find(wanted))


def test_the_dead_are_not_found(register):
    person = Person.objects.exclude(deceased_on=None).first()
    found = queries.find(Wanted(name=person.name, born_on=person.born_on, old_number=person.old_number))
    assert person.pk not in [each.pk for each in found]


def test_a_number_that_was_given_up_is_not_found(register):
    person = Person.objects.filter(deceased_on=None).exclude(old_number_index=None).first()
    wanted = Wanted(name=person.name, born_on=person.born_on, old_number=person.old_number)
    assert person.pk in [each.pk for each in queries.find(wanted)]
    Person.objects.filter(pk=person.pk).update(cancelled_on=AT.date())
    assert person.pk not in [each.pk for each in queries.find(wanted)]


def test_too_many_of_one_name_are_not_listed(register):
    model = Person.objects.filter(deceased_on=None).first()
    for n in range(6):
        model.pk, model.number_index, model.old_number_index, model.old_number_sealed = (
            None,
            bytes([n]),
            None,
            None,
        )
        model.save(force_insert=True)
    assert queries.find(Wanted(name=model.name, born_on=model.born_on)) is None


@pytest.mark.django_db
def test_only_indexes_are_asked_among_a_hundred_thousand():
    loading.load(people=640, seed=6, on=AS_OF, by=SYSTEM, at=AT)
    with connection.cursor() as cursor:
        # However busy the machine is.
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(
            """
            INSERT INTO population_person (number_sealed, number_index, surname, middle_name, given_name,
                name, other_name, name_folded, name_key, born_on, gender, birth_place,
                birth_registration_place,
                home_town, ethnicity, religion, nationality, blood_group, card_issued_by, father_name,
                mother_name, spouse_name, permanent_province, permanent_commune, permanent_detail,
                temporary_province, temporary_commune, temporary_detail, current_province, current_commune,
                current_detail, marital_status, household_relation, phone, email)
            SELECT '', sha256((a.id || '-' || b.id)::text::bytea), '', '', '', a.name, '', a.name_folded, '',
                b.born_on, 'male', '', '', '', '', '', '', '', '', '', '', '', '80', b.permanent_commune, '',
                '', '', '', '80', b.current_commune, '', 'single', '', '', ''
            FROM population_person a, population_person b WHERE b.id % 3 = 0
            """
        )
        assert cursor.rowcount > 100_000
        cursor.execute("ANALYZE population_person")
    for wanted in (
        Wanted(name="Nguyễn Thị Hòa", **BORN),
        Wanted(name="Nguyễn Thị Hòa", born_on="1984"),
        Wanted(name="Nguyễn Hòa", born_on="1984", commune="27694"),
    ):
        plans = [rows[:401].explain() for rows in queries.blocks(wanted)]
        assert plans and not any("Seq Scan" in plan for plan in plans), plans
    with connection.execute_wrapper(count := Counting()):
        queries.find(Wanted(name="Nguyễn Thị Hòa", old_number="301234567", **BORN))
    assert count.asked == 5


class Counting:
    """Counts what the database is asked."""

    asked = 0

    def __call__(self, execute, *args):
        self.asked += 1
        return execute(*args)
