from dataclasses import replace
from datetime import date

import pytest

from motcua.base import events
from motcua.base.actor import SYSTEM, Actor, Role
from motcua.base.errors import Refused
from motcua.domain.population import gate
from motcua.domain.population.commands import answering, changing, subscribing
from motcua.domain.population.models import PastValue, Usage
from motcua.domain.population.rules import Why
from motcua.domain.population.tests.conftest import AT, GRANTS, KEY, OFFICER, purpose
from motcua.domain.population.tests.test_gate import rows

MOVED, AGAIN = date(2025, 3, 1), date(2026, 9, 1)
HOME = {"permanent_province": "79", "permanent_commune": "26734", "permanent_detail": "Số 1"}
BASIS = "Thông báo kết quả đăng ký cư trú 12/TB"


@pytest.fixture
def subscriber(db):
    fields = ("permanent_address", "marital_status", "household", "history")
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


def test_only_what_changes_in_a_life_has_a_past(subscriber, somebody):
    answer = told(subscriber, somebody.number, ["household", "marital_status"], on=MOVED)
    assert set(answer.values) == {"marital_status"}
    assert Usage.objects.get().fields == ["marital_status", "history"]
    assert told(subscriber, somebody.number, ["household"], on=MOVED).why == Why.FIELD_NOT_ALLOWED


def test_the_policies_open_ones_own_past_only(somebody):
    change(somebody, "permanent_address", HOME, MOVED)
    other = somebody.household.members.exclude(pk=somebody.pk).first()
    change(other, "permanent_address", HOME, MOVED)
    gate.open_for(somebody.number)
    assert rows("SELECT person_id FROM population_pastvalue") == {somebody.pk}
    gate.close()
    rows("SELECT set_config('role', %s, true)", gate.READER)
    assert rows("SELECT person_id FROM population_pastvalue") == set()
