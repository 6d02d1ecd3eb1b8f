from dataclasses import replace
from datetime import timedelta

import pytest

from motcua.base import events, jose
from motcua.base.actor import SYSTEM
from motcua.base.errors import Refused
from motcua.domain.population import gate
from motcua.domain.population.commands import subscribing
from motcua.domain.population.models import Right
from motcua.domain.population.rules import Verb
from motcua.domain.population.tests.conftest import AT, GRANTS, KEY, PROCEDURE

pytestmark = pytest.mark.django_db
TODAY = AT.date()


def subscribe(**words):
    known = {"code": "VN/GOV/80/motcua", "name": "Tỉnh Tây Ninh", "keys": [KEY], "grants": GRANTS}
    return subscribing.subscribe(**{**known, "by": SYSTEM, "at": AT, **words})


def allowed(subscriber, on=TODAY, **words):
    known = {"agency": "H80.12", "procedure": PROCEDURE, "verb": Verb.ATTRIBUTES, "officer": "officer:7"}
    known |= {"index": bytes(17), "budget": 9, "at": AT + (on - TODAY)}
    rights = gate.standing(subscriber=subscriber, **{**known, **words}).rights
    return {name for fields, _days in rights for name in fields} if rights else None


def test_a_subscriber_keeps_public_keys_only():
    assert "d" not in subscribe().keys[0]


def test_rights_are_found_by_agency_procedure_verb_and_day():
    subscriber = subscribe()
    assert allowed(subscriber) == {"name", "born_on", "household"}
    assert allowed(subscriber, verb=Verb.MATCH) == {"name", "gender"}
    assert allowed(subscriber, verb=Verb.STATUS) == set()
    assert allowed(subscriber, procedure="9.000009") is None
    assert allowed(subscriber, on=TODAY - timedelta(days=1)) is None


def test_a_right_may_be_one_agencys_alone():
    own = replace(GRANTS[0], agency="H80.12", fields=("phone",), procedure="9.000002")
    subscriber = subscribe(grants=[own])
    assert allowed(subscriber, procedure="9.000002") == {"phone"}
    assert allowed(subscriber, procedure="9.000002", agency="H80.13") is None


def test_rights_of_another_subscriber_do_not_help():
    subscribe()
    other = subscribe(code="VN/GOV/79/motcua", grants=[])
    assert allowed(other) is None


def test_saying_the_same_again_leaves_no_trace():
    first = subscribe()
    assert subscribe() == first
    assert len(events.history(f"subscriber:{first.pk}")) == 1 and Right.objects.count() == 3


def test_a_right_that_is_taken_out_ends_and_stays_on_record():
    subscriber = subscribe()
    later = AT + timedelta(days=10)
    subscribe(grants=GRANTS[1:], at=later)
    assert allowed(subscriber, on=later.date()) is None
    assert allowed(subscriber, on=TODAY) == {"name", "born_on", "household"}
    assert len(events.history(f"subscriber:{subscriber.pk}")) == 2


def test_a_right_that_changes_is_replaced_at_once():
    subscriber = subscribe()
    subscribe(grants=[replace(GRANTS[0], fields=("name",))])
    assert allowed(subscriber) == {"name"}


def test_a_key_can_be_changed():
    subscribe()
    new = jose.new_key()
    assert [key["kid"] for key in subscribe(keys=[KEY, new]).keys] == [KEY["kid"], new["kid"]]


def test_an_attribute_that_does_not_exist_cannot_be_granted():
    with pytest.raises(Refused, match="shoe_size"):
        subscribe(grants=[replace(GRANTS[0], fields=("name", "shoe_size"))])
    with pytest.raises(Refused):
        subscribe(grants=[replace(GRANTS[1], fields=("household",))])


def test_a_subscriber_put_out_of_use_is_not_found():
    subscriber = subscribe()
    assert gate.subscriber(subscriber.code) == subscriber
    subscriber.active = False
    subscriber.save()
    assert gate.subscriber(subscriber.code) is None
