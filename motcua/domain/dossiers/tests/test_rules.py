"""The table of moves: every row, every role, every state."""

import pytest

from motcua.base.actor import Actor, Role
from motcua.domain.dossiers.rules import (
    ENDED,
    MOVES,
    Action,
    Facts,
    State,
    buttons,
    code_of,
    register_verdict,
    why_not,
)


def somebody(*roles: Role) -> Actor:
    return Actor(name="Ai đó", roles=frozenset(roles), officer=1, agency=1, reach="80/")


#: facts under which no guard objects, per action
CLEAR = {
    Action.FORWARD: {"step_role": Role.OFFICER, "first_step": False},
    Action.SEND_BACK: {"first_step": False},
    Action.ASK_PAYMENT: {"fee_due": 10_000},
    Action.RETURN: {"unanswered": True},
    Action.SETTLE: {"last_step": True},
    Action.HAND_OVER: {"electronic": True},
}


def clear(action: Action, state: State) -> Facts:
    return Facts(state=state, **CLEAR.get(action, {}))


def fitting_roles(action: Action) -> list[Role]:
    if action is Action.FORWARD:
        return [Role.OFFICER]
    return sorted(MOVES[action].roles)


@pytest.mark.parametrize("action", Action)
def test_each_listed_role_may_act_from_each_listed_state(action: Action) -> None:
    for state in MOVES[action].start:
        for role in fitting_roles(action):
            assert why_not(action, facts=clear(action, state), by=somebody(role)) is None


@pytest.mark.parametrize("action", Action)
def test_no_other_role_may_act_and_is_told_so_in_vietnamese(action: Action) -> None:
    state = min(MOVES[action].start)
    for role in set(Role) - MOVES[action].roles:
        reason = why_not(action, facts=clear(action, state), by=somebody(role))
        assert reason is not None
        assert str(MOVES[action].label) in reason
        assert "Vai trò của bạn" in reason


@pytest.mark.parametrize("action", Action)
def test_no_other_state_allows_it_and_the_sentence_names_the_state(action: Action) -> None:
    role = fitting_roles(action)[0]
    for state in set(State) - MOVES[action].start:
        reason = why_not(action, facts=clear(action, state), by=somebody(role))
        assert reason is not None
        assert "trạng thái" in reason


def test_nothing_leads_out_of_an_ended_state() -> None:
    everybody = somebody(*Role)
    for state in ENDED:
        assert buttons(facts=Facts(state=state), by=everybody) == []


def test_a_result_waits_for_the_register_and_for_the_last_step() -> None:
    leader = somebody(Role.LEADER)
    early = Facts(state=State.PROCESSING)
    assert "chưa đến bước phê duyệt" in (why_not(Action.SETTLE, facts=early, by=leader) or "")
    unchecked = Facts(state=State.PROCESSING, last_step=True, register_pending=True)
    assert "CSDL dân cư" in (why_not(Action.SETTLE, facts=unchecked, by=leader) or "")


def test_a_step_is_forwarded_only_by_the_role_it_waits_for() -> None:
    facts = Facts(state=State.PROCESSING, step_role=Role.HEAD)
    assert why_not(Action.FORWARD, facts=facts, by=somebody(Role.OFFICER))
    assert why_not(Action.FORWARD, facts=facts, by=somebody(Role.HEAD)) is None


def test_the_last_step_is_approved_not_forwarded() -> None:
    facts = Facts(state=State.PROCESSING, step_role=Role.OFFICER, last_step=True)
    assert "phê duyệt" in (why_not(Action.FORWARD, facts=facts, by=somebody(Role.OFFICER)) or "")


def test_a_new_date_is_promised_once_only() -> None:
    facts = Facts(state=State.PROCESSING, postponed=True)
    assert "một lần" in (why_not(Action.POSTPONE, facts=facts, by=somebody(Role.LEADER)) or "")


def test_a_result_is_not_handed_over_before_the_fee_is_paid() -> None:
    facts = Facts(state=State.SETTLED, fee_due=20_000)
    assert "phí" in (why_not(Action.HAND_OVER, facts=facts, by=somebody(Role.CLERK)) or "")


def test_a_citizen_takes_only_an_electronic_result_herself() -> None:
    paper = Facts(state=State.SETTLED, electronic=False)
    assert why_not(Action.HAND_OVER, facts=paper, by=somebody(Role.CITIZEN))
    assert why_not(Action.HAND_OVER, facts=paper, by=somebody(Role.CLERK)) is None


def test_buttons_show_what_the_role_knows_and_why_one_is_grey() -> None:
    shown = buttons(facts=Facts(state=State.PROCESSING, last_step=True), by=somebody(Role.LEADER))
    by_action = {button.action: button.why_not for button in shown}
    assert by_action[Action.SETTLE] == ""
    assert by_action[Action.SEND_BACK] != ""
    assert Action.RECEIVE not in by_action


def test_a_code_has_agency_day_and_four_digits() -> None:
    assert code_of(prefix="H39.12", day="220809", serial=1) == "H39.12-220809-0001"
    assert code_of(prefix="H39.12", day="220809", serial=12345) == "H39.12-220809-12345"


@pytest.mark.parametrize(
    ("record", "verdict"),
    [
        ({"name": "NGUYỄN THỊ HOÀ", "born_on": "1992-08-15", "gender": "female"}, "agrees"),
        ({"name": "Nguyễn Thị Hòa", "born_on": "1992", "gender": "female"}, "agrees"),
        ({"name": "Nguyễn Thị Hoa", "born_on": "1991-08-15", "gender": "female"}, "differs"),
        ({"name": "Trần Thị Hòa", "born_on": "1992-08-15", "gender": "female"}, "differs"),
        ({"name": "Nguyễn Thị Hòa", "born_on": "1992-08-15", "gender": "male"}, "differs"),
        (
            {
                "name": "Nguyễn Thị Hòa",
                "born_on": "1992-08-15",
                "gender": "female",
                "deceased_on": "2026-01-01",
            },
            "differs",
        ),
    ],
)
def test_the_register_is_compared_without_quarrelling_over_tone_places(record, verdict) -> None:
    known = {"name": "Nguyễn Thị Hòa", "born_on": "1992-08-15", "gender": "female"}
    assert register_verdict(known=known, record=record, overridden={}) == verdict


def test_an_overridden_answer_makes_it_differ() -> None:
    known = {"name": "An", "born_on": "1990", "gender": ""}
    record = {"name": "An", "born_on": "1990", "gender": "male"}
    assert register_verdict(known=known, record=record, overridden={"address": ("a", "b")}) == "differs"
