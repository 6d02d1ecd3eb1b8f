from datetime import date, datetime, timedelta

import pytest

from motcua.base.actor import Role
from motcua.base.calendar import ZONE
from motcua.domain.privacy import law, rules
from motcua.domain.privacy.rules import MOVES, OPEN, Action, Kind, State

AT = datetime(2026, 11, 27, 16, 45, tzinfo=ZONE)
CLERK, AUDITOR, CITIZEN = ({role} for role in (Role.CLERK, Role.AUDITOR, Role.CITIZEN))


@pytest.mark.parametrize("on", [date(2023, 7, 1), date(2025, 12, 31), date(2026, 1, 1), date(2030, 1, 1)])
def test_every_kind_has_one_term_on_every_day(on):
    for kind in [*Kind, "explain", "breach"]:
        assert len([one for one in law.limits() if one.fits(kind, on)]) == 1


@pytest.mark.parametrize("kind", Kind)
def test_what_is_asked_is_due_after_72_hours_of_the_clock(kind):
    found = rules.due(kind, received_at=AT)
    assert found.due_at == AT + timedelta(hours=72)
    assert found.last_at >= found.due_at


def test_the_law_in_force_on_the_day_counts():
    old = rules.due(Kind.DELETE, received_at=datetime(2025, 12, 31, 23, 0, tzinfo=ZONE))
    new = rules.due(Kind.DELETE, received_at=datetime(2026, 1, 1, 0, 0, tzinfo=ZONE))
    assert "13/2023" in old.law and old.verified and old.last_at == old.due_at
    assert "356/2025" in new.law and not new.verified and new.last_at > new.due_at


def test_every_state_is_reached_and_every_open_one_left():
    assert set(MOVES) == set(Action)
    assert {move.end for move in MOVES.values()} | {State.RECEIVED} == set(State)
    assert set().union(*(move.start for move in MOVES.values())) >= OPEN


def why_not(action, **changes):
    known = {"state": State.RECEIVED, "roles": AUDITOR, "own": False, "kind": Kind.DELETE}
    return rules.why_not(action, **{**known, "ground": "state_duty", "at": AT, **changes})


@pytest.mark.parametrize("action", [Action.TAKE, Action.FULFIL, Action.REFUSE])
def test_the_desk_moves_what_is_not_its_own(action):
    assert why_not(action) is None
    assert why_not(action, roles=CLERK) and why_not(action, roles=CITIZEN, own=True)
    assert why_not(action, own=True)
    for state in set(State) - OPEN:
        assert why_not(action, state=state)


def test_only_the_person_withdraws():
    assert why_not(Action.WITHDRAW, roles=CITIZEN, own=True) is None
    assert why_not(Action.WITHDRAW, roles=CITIZEN) and why_not(Action.WITHDRAW, own=False)


@pytest.mark.parametrize(
    ("kind", "ground", "at", "good"),
    [
        (Kind.DELETE, "state_duty", AT, True),
        (Kind.DELETE, "", AT, False),
        (Kind.DELETE, "because", AT, False),
        (Kind.ACCESS, "state_duty", AT, False),
        (Kind.DELETE, "state_duty", AT.replace(year=2025), False),
        (Kind.DELETE, "state_duty_2023", AT.replace(year=2025), True),
        (Kind.CORRECT, "own_procedure", AT, True),
    ],
)
def test_a_refusal_needs_a_ground_of_the_law_in_force(kind, ground, at, good):
    assert (why_not(Action.REFUSE, kind=kind, ground=ground, at=at) is None) == good


def test_what_is_taken_is_not_taken_again():
    assert why_not(Action.TAKE, state=State.WORKING)
    assert why_not(Action.FULFIL, state=State.WORKING) is None
