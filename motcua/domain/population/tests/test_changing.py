from dataclasses import replace
from datetime import date

import pytest
from django.db.models import Count

from motcua.base import events
from motcua.base.actor import SYSTEM, Actor, Role
from motcua.base.errors import Refused
from motcua.domain.population import gate
from motcua.domain.population.commands import answering, changing, subscribing
from motcua.domain.population.models import Household, PastValue, Person, Usage
from motcua.domain.population.rules import Why
from motcua.domain.population.tests.conftest import AT, GRANTS, KEY, OFFICER, purpose
from motcua.domain.population.tests.test_gate import rows

MOVED, AGAIN = date(2025, 3, 1), date(2026, 9, 1)
HOME = {"permanent_province": "79", "permanent_commune": "26734", "permanent_detail": "Số 1"}
BASIS = "Thông báo kết quả đăng ký cư trú 12/TB"


@pytest.fixture
def subscriber(db):
    fields = ("permanent_address", "marital_status", "household", "history", "father")
    grants = [replace(GRANTS[0], fields=fields), replace(GRANTS[0], procedure="9.2", fields=fields[:3])]
    return subscribing.subscribe(
        code="VN/GOV/80/motcua", name="Tỉnh", keys=[KEY], grants=grants, by=SYSTEM, at=AT
    )


def change(person, attribute, values, on, **words):
    known = {"basis": BASIS, "by": SYSTEM, "at": AT, **words}
    return changing.change(person=person.pk, attribute=attribute, values=values, on=on, **known)


def told(subscriber, number, names=("permanent_address",), on=None, **words):
    return answering.attributes(
        subscriber=subscriber, purpose=purpose(**words), number=number, names=names, on=on, by=OFFICER, at=AT
    )


def test_an_address_is_told_as_it_is_and_as_it_was(subscriber, somebody):
    first = somebody.permanent_commune
    change(somebody, "permanent_address", HOME, MOVED)
    change(somebody, "permanent_address", {"permanent_commune": "26737"}, AGAIN)

    def commune(on=None):
        return told(subscriber, somebody.number, on=on).values["permanent_address"]["commune"]

    assert commune() == "26737" == commune(AGAIN)
    assert commune(date(2026, 8, 31)) == "26734" == commune(MOVED)
    assert commune(date(2025, 2, 28)) == first
    kept = PastValue.objects.order_by("valid_to").values_list("valid_from", "valid_to", "basis")
    assert list(kept) == [(None, MOVED, BASIS), (MOVED, AGAIN, BASIS)]


def test_the_event_names_the_attribute_and_no_value(somebody):
    change(somebody, "phone", {"phone": "0912345678"}, MOVED)
    (event,) = events.history(str(somebody))
    assert (event.name, event.data) == ("population.change", {"attribute": "phone", "on": "2025-03-01"})


def test_a_new_name_is_found_by_its_new_words(somebody):
    new = {"name": "Đặng Thị Ánh Mới", "surname": "Đặng", "middle_name": "Thị Ánh", "given_name": "Mới"}
    changed = change(somebody, "name", new, MOVED)
    assert changed.name_folded == "dang thi anh moi"


@pytest.mark.parametrize(
    "words",
    [
        {"basis": " "},
        {"on": date(2027, 1, 1)},
        {"on": MOVED},
        {"values": {}},
        {"by": Actor(name="Ai đó", roles=frozenset({Role.OFFICER}))},
    ],
    ids=["no basis", "tomorrow", "not after the last", "nothing new", "not the register's own"],
)
def test_a_change_that_cannot_be_is_refused_and_nothing_moves(somebody, words):
    change(somebody, "permanent_address", HOME, MOVED)
    known = {"attribute": "permanent_address", "values": {"permanent_detail": "Số 2"}, "on": AGAIN, **words}
    with pytest.raises(Refused):
        change(somebody, known.pop("attribute"), known.pop("values"), known.pop("on"), **known)
    somebody.refresh_from_db()
    assert somebody.permanent_detail == "Số 1" and PastValue.objects.count() == 1


def test_the_past_needs_a_right_of_its_own(subscriber, somebody):
    denied = told(subscriber, somebody.number, on=MOVED, procedure="9.2")
    assert (denied.why, denied.values) == (Why.FIELD_NOT_ALLOWED, {})
    assert Usage.objects.get().fields == []


def test_a_right_to_the_past_reaches_no_further_than_its_own_fields(somebody):
    grants = [
        replace(GRANTS[0], fields=("history", "permanent_address")),
        replace(GRANTS[0], fields=("marital_status", "phone")),
    ]
    words = {"code": "VN/GOV/80/motcua", "name": "Tỉnh", "keys": [KEY], "by": SYSTEM, "at": AT}
    both = subscribing.subscribe(grants=grants, **words)
    answer = told(both, somebody.number, ["permanent_address", "marital_status"], on=MOVED)
    assert set(answer.values) == {"permanent_address"} and answer.refused == ("marital_status",)
    assert set(told(both, somebody.number, ["marital_status"]).values) == {"marital_status"}
    assert told(both, somebody.number, ["phone"], on=MOVED).why == Why.FIELD_NOT_ALLOWED


def test_only_what_changes_in_a_life_has_a_past(subscriber, somebody):
    answer = told(subscriber, somebody.number, ["father", "marital_status"], on=MOVED)
    assert set(answer.values) == {"marital_status"}
    assert Usage.objects.get().fields == ["marital_status", "history"]
    assert told(subscriber, somebody.number, ["father"], on=MOVED).why == Why.FIELD_NOT_ALLOWED


def test_the_policies_open_ones_own_past_only(somebody):
    change(somebody, "permanent_address", HOME, MOVED)
    other = somebody.household.members.exclude(pk=somebody.pk).first()
    change(other, "permanent_address", HOME, MOVED)
    gate.open_for(somebody.number)
    assert rows("SELECT person_id FROM population_pastvalue") == {somebody.pk}
    gate.close()
    rows("SELECT set_config('role', %s, true)", gate.READER)
    assert rows("SELECT person_id FROM population_pastvalue") == set()


# ------------------------------------------------------------------ households


@pytest.fixture
def home(somebody):
    return Household.objects.annotate(size=Count("members")).filter(size__gte=3).order_by("pk").first()


def move(person, household, on=MOVED, relation="other"):
    values = {"household_id": household.pk if household else None}
    return change(person, "household", {**values, "household_relation": relation if household else ""}, on)


def change_home(home, attribute, values, on=MOVED, **words):
    known = {"basis": BASIS, "by": SYSTEM, "at": AT, **words}
    return changing.change_household(household=home.pk, attribute=attribute, values=values, on=on, **known)


def lived(subscriber, person, on):
    return told(subscriber, person.number, ["household"], on=on).values["household"]


def names(told):
    return {member["name"] for member in told["members"]}


def test_a_household_is_told_as_it_was_with_whom_where_and_from_when_to_when(subscriber, home):
    head, *_between, child = home.members.order_by("born_on", "pk")
    other = Household.objects.exclude(pk=home.pk).order_by("pk").first()
    change_home(home, "address", {"commune": "27694", "detail": "Ấp 4"}, AGAIN)
    move(child, other)
    before, after = lived(subscriber, child, date(2025, 2, 28)), lived(subscriber, child, MOVED)
    assert (before["code"], before["from"], before["to"]) == (home.code, None, "2025-03-01")
    assert (after["code"], after["from"], after["to"]) == (other.code, "2025-03-01", None)
    assert before["address"]["detail"] == home.detail and {head.name, child.name} <= names(before)
    assert child.name in names(after) and head.name not in names(after)
    stayed = lived(subscriber, head, MOVED)
    assert stayed["address"]["detail"] == home.detail and child.name not in names(stayed)
    assert lived(subscriber, head, AGAIN)["address"]["detail"] == "Ấp 4"
    assert child.name in names(lived(subscriber, head, date(2025, 2, 28)))


def test_of_those_with_whom_nobody_lives_any_more_no_number_is_told(subscriber, home):
    head, *_between, child = home.members.order_by("born_on", "pk")
    move(child, None)
    still = set(home.members.values_list("name", flat=True))
    for asked, own in ((head, still), (child, set())):
        then = lived(subscriber, asked, date(2025, 2, 28))
        assert {member["name"] for member in then["members"] if member["number"]} == own
        assert names(then) == still | {child.name}
    assert lived(subscriber, child, MOVED) is None


def test_who_moved_in_later_or_is_not_born_yet_did_not_live_there(subscriber, home):
    head, guest = (
        home.members.order_by("born_on", "pk").first(),
        Person.objects.filter(household=None).first(),
    )
    move(guest, home, AGAIN)
    baby = home.members.order_by("-born_on").first()
    Person.objects.filter(pk=baby.pk).update(born_on="2026-08-31")
    assert not {guest.name, baby.name} & names(lived(subscriber, head, MOVED))
    assert {guest.name, baby.name} <= names(lived(subscriber, head, AGAIN))


def test_the_head_of_that_day_is_told(subscriber, home):
    first = home.head
    second = home.members.exclude(pk=first.pk).first()
    change_home(home, "head", {"head_id": second.pk})
    assert lived(subscriber, second, date(2025, 2, 28))["head"]["name"] == first.name
    assert lived(subscriber, second, MOVED)["head"]["name"] == second.name


def test_a_household_changes_only_by_the_registers_own_hand_and_in_order(home):
    change_home(home, "address", {"detail": "Ấp 4"})
    for wrong in ({"by": OFFICER}, {"basis": ""}, {"on": MOVED}, {"values": {}}, {"on": date(2027, 1, 1)}):
        words = {"values": {"detail": "Ấp 5"}, "on": AGAIN, **wrong}
        with pytest.raises(Refused):
            change_home(home, "address", words.pop("values"), words.pop("on"), **words)
    home.refresh_from_db()
    assert home.detail == "Ấp 4" and PastValue.objects.count() == 1
    (event,) = events.history(f"household:{home.pk}")
    assert event.data == {"attribute": "address", "on": "2025-03-01"}


def test_the_database_opens_a_household_one_has_left_to_nobody_but_a_question_about_the_past(home):
    child = home.members.order_by("-born_on").first()
    move(child, None)
    gate.open_for(child.number)
    assert rows("SELECT id FROM population_household") == set()
    assert rows("SELECT person_id FROM population_pastvalue") == {child.pk}
    gate.close()
    gate.open_for(child.number, past=True)
    assert rows("SELECT id FROM population_household") == {home.pk}
    assert set(home.members.values_list("pk", flat=True)) <= rows("SELECT id FROM population_person")
    gate.close()
    gate.open_for(Person.objects.filter(household=None).exclude(pk=child.pk).first().number, past=True)
    assert rows("SELECT id FROM population_household") == set()
    gate.close()
