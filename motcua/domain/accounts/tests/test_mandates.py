from datetime import date, timedelta

import pytest
from django.db import IntegrityError

from motcua.base import events
from motcua.base.errors import Refused
from motcua.base.models import Event
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import mandates, sessions
from motcua.domain.accounts.models import Mandate
from motcua.domain.accounts.rules.mandates import MandateState, Tie, is_child, last_day, why_not_offer
from motcua.domain.accounts.tests.conftest import AT, later, log_in

TODAY = date(2026, 11, 23)
BINH = "080085000017"


@pytest.fixture
def lan(holder):
    return strong(holder())


@pytest.fixture
def binh(holder):
    return strong(holder(BINH, name="Nguyễn Văn Bình", born_on="1985-03-02", gender="male"))


def strong(who):
    session = log_in(who, address=who.number)
    return sessions.confirm(session=session, code=who.code(AT), by=queries.actor_of(session), at=AT)


def actor(session):
    return queries.actor_of(session)


def offer(session, *, at=AT, **changes):
    words = {"number": BINH, "name": "nguyễn văn bình", "procedures": [], "months": 3, **changes}
    return mandates.offer(session=session, **words, by=actor(session), at=at)


def accept(mandate, session, at=AT):
    return mandates.accept(mandate=mandate, session=session, by=actor(session), at=at)


def acting(session, on=TODAY):
    return [
        (one.person.name, one.tie, one.until) for one in queries.represented(session.account.person, on=on)
    ]


def test_one_that_is_over_when_another_is_given_ends_on_the_log_too(lan, binh):
    first = offer(lan, months=1)
    Mandate.objects.update(since=date(2026, 1, 1), until=date(2026, 2, 1))
    offer(lan)
    first.refresh_from_db()
    assert first.state == MandateState.ENDED
    assert events.history(first.subject)[-1].name == "mandate.end"


def test_a_mandate_counts_once_it_is_accepted_until_its_last_day(lan, binh):
    mandate = offer(lan)
    assert acting(binh) == []
    accept(mandate, binh)
    assert acting(binh) == [("Trần Thị Hồng Nhung", Tie.MANDATE, date(2027, 2, 23))]
    assert acting(binh, date(2027, 2, 23)) and not acting(binh, date(2027, 2, 24))
    assert acting(lan) == []
    names = [event.name for event in events.history(mandate.subject)]
    assert names == ["mandate.offer", "mandate.accept"]
    assert BINH not in str([event.data for event in Event.objects.all()])


@pytest.mark.parametrize("side", ["lan", "binh"])
def test_either_side_ends_it_at_once_and_without_a_fresh_proof(lan, binh, side):
    mandate = accept(offer(lan), binh)
    by = actor({"lan": lan, "binh": binh}[side])
    mandates.end(mandate=mandate, by=by, at=later(hours=5))
    assert acting(binh) == []
    with pytest.raises(Refused, match="đã chấm dứt"):
        mandates.end(mandate=mandate, by=by, at=later(hours=5))


def test_what_is_declined_or_withdrawn_cannot_be_accepted(lan, binh):
    declined = mandates.decline(mandate=offer(lan), by=actor(binh), at=AT)
    withdrawn = mandates.end(mandate=offer(lan), by=actor(lan), at=AT)
    for mandate in (declined, withdrawn):
        with pytest.raises(Refused, match="không còn chờ"):
            accept(mandate, binh)
    assert acting(binh) == []


def test_only_who_it_was_offered_to_accepts_and_strangers_do_not_find_it(lan, binh, holder):
    mandate = offer(lan)
    with pytest.raises(Refused):
        accept(mandate, lan)
    stranger = strong(holder("080192000017", name="Lê Thị Hoa", born_on="1992-01-01"))
    for act in (mandates.end, mandates.decline):
        with pytest.raises(Mandate.DoesNotExist):
            act(mandate=mandate, by=actor(stranger), at=AT)


@pytest.mark.parametrize(("number", "name"), [(BINH, "Nguyễn Văn Minh"), ("080085009999", "Nguyễn Văn Bình")])
def test_a_wrong_number_and_a_wrong_name_sound_the_same(lan, binh, number, name):
    with pytest.raises(Refused) as refused:
        offer(lan, number=number, name=name)
    assert refused.value.reason is mandates.NOBODY


def test_nobody_can_ask_for_names_all_day(lan, binh):
    for _try in range(10):
        with pytest.raises(Refused, match="Không tìm thấy"):
            offer(lan, name="Ai Đó")
    with pytest.raises(Refused, match="quá nhiều lần"):
        offer(lan)


def test_an_old_or_weak_log_in_neither_gives_nor_accepts(lan, binh, holder):
    mandate = offer(lan)
    late = later(minutes=16)
    with pytest.raises(Refused):
        offer(lan, at=late)
    with pytest.raises(Refused):
        accept(mandate, binh, at=late)


def test_one_mandate_at_a_time_for_one_person_until_it_is_over(lan, binh):
    offer(lan)
    with pytest.raises(Refused, match="đã có ủy quyền"):
        offer(lan)
    Mandate.objects.update(since=date(2026, 1, 1), until=date(2026, 11, 22))
    assert offer(lan).state == MandateState.OFFERED


@pytest.mark.parametrize("words", [{"months": 120}, {"procedures": ["9.999999"]}])
def test_only_what_the_page_offers_can_be_chosen(lan, binh, words):
    with pytest.raises(Refused, match="trong danh sách"):
        offer(lan, **words)


def test_the_database_keeps_a_mandate_between_two(lan):
    person = lan.account.person
    with pytest.raises(IntegrityError):
        Mandate.objects.create(principal=person, agent=person, since=TODAY, until=TODAY, offered_at=AT)


def test_a_death_ends_what_was_given_and_taken(lan, binh):
    accept(offer(lan), binh)
    person = lan.account.person
    person.deceased_on = date(2026, 11, 22)
    person.save()
    assert acting(binh) == []


# ---------------------------------------------------------------- parents


@pytest.fixture
def child(lan, enrol):
    return enrol("080315000017", name="Trần Bảo An", born_on="2015-06-01", mother=lan.account.person)


def test_a_parent_acts_for_a_child_without_any_mandate(lan, child):
    assert acting(lan) == [("Trần Bảo An", Tie.PARENT, date(2033, 5, 31))]
    assert [one.name for one in queries.parents(child, on=TODAY)] == ["Trần Thị Hồng Nhung"]


def test_it_ends_on_the_eighteenth_birthday(lan, child):
    assert acting(lan, date(2033, 5, 31)) and not acting(lan, date(2033, 6, 1))
    assert queries.parents(child, on=date(2033, 6, 1)) == []


@pytest.mark.parametrize(
    ("born", "on", "child"),
    [
        ("2008", date(2026, 1, 1), False),
        ("2009", date(2026, 12, 31), True),
        ("2008-11", date(2026, 11, 1), False),
        ("2008-11", date(2026, 10, 31), True),
        ("2008-11-23", date(2026, 11, 22), True),
        ("2008-11-23", date(2026, 11, 23), False),
    ],
)
def test_only_who_is_surely_under_age_is_a_child(born, on, child):
    assert is_child(born, on) is child


@pytest.mark.parametrize(
    ("principal", "agent", "same"),
    [("1990", "1990", True), ("2009-01-01", "1990", False), ("1990", "2009-01-01", False)],
)
def test_the_young_and_oneself_are_refused(principal, agent, same):
    assert why_not_offer(principal=principal, agent=agent, same=same, on=TODAY)


def test_a_mandate_ends_on_a_day_that_exists():
    assert last_day(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert last_day(date(2026, 11, 23), 12) - TODAY == timedelta(days=365)
