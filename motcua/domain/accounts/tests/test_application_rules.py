"""Who may apply for what, and by when the decree wants it decided."""

import pytest

from motcua.base.actor import Role
from motcua.domain.accounts import queries
from motcua.domain.accounts.rules.applications import (
    MOVES,
    Action,
    Case,
    Holder,
    State,
    case_of,
    holder_of,
    why_not,
    why_not_apply,
)
from motcua.domain.accounts.tests.conftest import AT


@pytest.mark.parametrize(
    ("nationality", "age", "holder"),
    [
        ("Việt Nam", 0, Holder.CHILD),
        ("Việt Nam", 5, Holder.CHILD),
        ("Việt Nam", 6, Holder.MINOR),
        ("Việt Nam", 13, Holder.MINOR),
        ("Việt Nam", 14, Holder.ADULT),
        ("Lào", 5, Holder.FOREIGN_CHILD),
        ("Lào", 6, Holder.FOREIGNER),
    ],
)
def test_the_decree_sorts_people_by_age_and_nationality(nationality, age, holder):
    assert holder_of(nationality, age) == holder


@pytest.mark.parametrize(
    ("holder", "level", "known", "case"),
    [
        (Holder.ADULT, 1, True, Case.LEVEL_1),
        (Holder.MINOR, 2, True, Case.LEVEL_2),
        (Holder.ADULT, 2, False, Case.LEVEL_2_NO_CARD),
        (Holder.FOREIGNER, 1, True, Case.FOREIGN_1),
        (Holder.FOREIGNER, 2, True, Case.FOREIGN_2),
        (Holder.FOREIGNER, 2, False, Case.FOREIGN_2_UNKNOWN),
        (Holder.ORGANIZATION, 0, True, Case.ORGANIZATION),
        (Holder.ORGANIZATION, 0, False, Case.ORGANIZATION_UNKNOWN),
    ],
)
def test_every_group_has_its_term(holder, level, known, case):
    assert case_of(holder, level, known=known) == case


@pytest.mark.parametrize(
    ("case", "due"),
    [
        # filed at 15:00 on Monday 23/11/2026; Tuesday 24/11 is a public holiday
        (Case.LEVEL_1, "2026-11-25 15:00"),
        (Case.LEVEL_2, "2026-11-27 15:00"),
        (Case.LEVEL_2_NO_CARD, "2026-12-03 15:00"),
        (Case.FOREIGN_1, "2026-11-25 15:00"),
        (Case.FOREIGN_2, "2026-11-27 15:00"),
        (Case.FOREIGN_2_UNKNOWN, "2026-12-03 15:00"),
        (Case.ORGANIZATION, "2026-11-27 15:00"),
        (Case.ORGANIZATION_UNKNOWN, "2026-12-08 17:00"),
    ],
)
def test_due_times_come_from_the_one_deadline_function(case, due):
    found = queries.due(case, filed_at=AT)
    assert f"{found.due_at:%Y-%m-%d %H:%M}" == due
    assert any("69/2024" in line.text for line in found.lines)


@pytest.mark.parametrize(
    ("holder", "level", "held", "dead", "possible"),
    [
        (Holder.ADULT, 1, None, False, True),
        (Holder.ADULT, 2, 1, False, True),
        (Holder.ADULT, 1, 1, False, False),
        (Holder.ADULT, 1, 2, False, False),
        (Holder.CHILD, 2, None, False, False),
        (Holder.FOREIGN_CHILD, 2, None, False, False),
        (Holder.MINOR, 2, None, False, True),
        (Holder.ADULT, 1, None, True, False),
    ],
)
def test_who_can_apply_for_what(holder, level, held, dead, possible):
    assert (why_not_apply(holder, level, held=held, dead=dead) is None) == possible


def test_every_action_has_a_row_and_every_state_is_reached():
    assert set(MOVES) == set(Action)
    assert {State.DRAFT} | {move.end for move in MOVES.values()} == set(State)
    for action, move in MOVES.items():
        for state in State:
            allowed = why_not(action, state=state, roles=move.roles) is None
            assert allowed == (state in move.start)
        for role in set(Role) - move.roles:
            assert why_not(action, state=next(iter(move.start)), roles=frozenset({role}))
