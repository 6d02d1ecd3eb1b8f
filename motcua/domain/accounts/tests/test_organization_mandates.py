"""Acting for an organization, and ends that systems hear of at once."""

from dataclasses import replace
from datetime import date

import pytest

from motcua.base import events
from motcua.base.actor import SYSTEM, Actor, Role
from motcua.base.errors import Refused
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import accounts, ending, heading, keys, mandates
from motcua.domain.accounts.models import LogoutNotice, Organization
from motcua.domain.accounts.rules.accounts import Ground
from motcua.domain.accounts.rules.mandates import Tie
from motcua.domain.accounts.tests.conftest import AT, answered, later, redeem, register, told
from motcua.domain.accounts.tests.test_mandates import BINH, TODAY, accept, actor, offer, strong

DESK = Actor(name="Cán bộ", roles=frozenset({Role.CITIZEN, Role.IDENTITY_OFFICER}), person=-1)
HOA = "080192000017"


@pytest.fixture
def lan(holder):
    return strong(holder())


@pytest.fixture
def binh(holder):
    return strong(holder(BINH, name="Nguyễn Văn Bình", born_on="1985-03-02", gender="male"))


@pytest.fixture
def hoa(holder):
    return strong(holder(HOA, name="Lê Thị Hoa", born_on="1992-01-01"))


@pytest.fixture
def farm(lan):
    return Organization.objects.create(
        code="1100000001", name="Hợp tác xã Thử", head=lan.account, opened_at=AT
    )


@pytest.fixture
def delegated(lan, binh, farm):
    return accept(offer(lan, organization=farm.pk), binh)


def acting(session, on=TODAY):
    found = queries.represented(session.account.person, on=on)
    return [(str(one.organization or one.person), one.tie, one.until) for one in found]


def enter(session, code="tinh"):
    """Let somebody into a system that asks for whom they act; give the access token."""
    keys.ensure_keys(by=SYSTEM, at=AT)
    client = queries.client(code)
    if client is None:
        address = f"https://{code}.test/dang-xuat/"
        scopes = ["openid", "profile", "representation"]
        client, _secret = register(code, scopes=scopes, backchannel_uri=address)
    asked = ("openid", "representation")
    return redeem(client, answered(client, session, scopes=asked)).access_token


def called():
    """Name who is logged out of which system by notices made so far, in their order."""
    notices = LogoutNotice.objects.order_by("pk").select_related("session__account__person", "client")
    return [(one.session.account.person.name, one.client.code) for one in notices]


def test_no_officer_becomes_head_by_the_own_hand(farm, hoa):
    desk = replace(DESK, person=hoa.account.person_id)
    with pytest.raises(Refused, match="chính mình"):
        heading.change_head(organization=farm, number=HOA, note="12/QĐ", by=desk, at=AT)


def test_a_parent_of_a_child_that_died_is_told_so_everywhere(lan, enrol):
    child = enrol("080220000017", name="Trần Bé", born_on="2022-01-01", mother=lan.account.person)
    enter(lan)
    child.deceased_on = AT.date()
    child.save()
    accounts.note_death(person=child, by=SYSTEM, at=AT)
    assert called() == [("Trần Thị Hồng Nhung", "tinh")]


# ---------------------------------------------------------------- who acts


def test_the_head_acts_for_the_organization_and_lets_somebody_act_for_it(lan, binh, farm, delegated):
    assert acting(lan) == [("Hợp tác xã Thử", Tie.HEAD, None)]
    assert acting(binh) == [("Hợp tác xã Thử", Tie.DELEGATE, date(2027, 2, 23))]
    assert acting(binh, date(2027, 2, 24)) == []
    assert events.history(delegated.subject)[0].data["organization"] == farm.pk


def test_systems_are_told_number_and_name_of_the_organization_and_nothing_of_its_head(binh, delegated):
    (one,) = told(enter(binh))["acting_for"]
    assert one == {
        "tie": "delegate",
        "procedures": [],
        "organization_code": "1100000001",
        "name": "Hợp tác xã Thử",
        "until": "2027-02-23",
    }


def test_one_may_act_for_a_person_and_for_that_persons_organization(lan, binh, delegated):
    accept(offer(lan), binh)
    assert [tie for _name, tie, _until in acting(binh)] == [Tie.DELEGATE, Tie.MANDATE]
    with pytest.raises(Refused, match="đã có ủy quyền"):
        offer(lan, organization=delegated.organization_id)


def test_only_the_head_gives_and_only_for_what_is_open(lan, binh, hoa, farm):
    for session in (hoa, binh):
        with pytest.raises(Refused, match="người đứng đầu"):
            offer(session, number="080190000017", name="Trần Thị Hồng Nhung", organization=farm.pk)
    heading.lock(organization=farm, note="QĐ 1", by=DESK, at=AT)
    with pytest.raises(Refused, match="đang hoạt động"):
        offer(lan, organization=farm.pk)


def test_a_new_head_acts_and_what_the_former_gave_is_over(lan, binh, hoa, farm, delegated):
    waiting = offer(lan, number=HOA, name="Lê Thị Hoa", organization=farm.pk)
    heading.change_head(organization=farm, number=HOA, note="QĐ 7/2026", by=DESK, at=AT)
    assert acting(lan) == acting(binh) == []
    assert acting(hoa) == [("Hợp tác xã Thử", Tie.HEAD, None)]
    with pytest.raises(Refused, match="không còn chờ"):
        accept(waiting, hoa)
    assert [one.name for one in events.history(delegated.subject)][-1] == "mandate.end"
    assert [one.note for one in events.history(farm.subject)] == ["QĐ 7/2026"]


def test_a_locked_organization_rests_and_a_closed_one_is_over(lan, binh, farm, delegated):
    heading.lock(organization=farm, note="QĐ 1", by=DESK, at=AT)
    assert acting(lan) == acting(binh) == []
    heading.unlock(organization=farm, note="QĐ 2", by=DESK, at=AT)
    assert acting(lan) and acting(binh)
    heading.close(organization=farm, note="QĐ 3", by=DESK, at=AT)
    assert acting(lan) == acting(binh) == []
    with pytest.raises(Refused, match="đã hủy"):
        heading.unlock(organization=farm, note="QĐ 4", by=DESK, at=AT)


@pytest.mark.parametrize(
    ("by", "note"),
    [
        (Actor(name="Ai", roles=frozenset({Role.CITIZEN}), person=-1), "QĐ 1"),
        (DESK, " "),
    ],
)
def test_nobody_else_and_nobody_without_a_paper_touches_an_organization(farm, hoa, by, note):
    acts = {"note": note, "by": by, "at": AT}
    for act in (heading.lock, heading.unlock, heading.close):
        with pytest.raises(Refused):
            act(organization=farm, **acts)
    with pytest.raises(Refused):
        heading.change_head(organization=farm, number=HOA, **acts)


def test_an_officer_does_not_touch_the_organization_that_is_the_officers_own(lan, farm):
    own = Actor(name="Lan", roles=DESK.roles, person=lan.account.person_id)
    with pytest.raises(Refused, match="mình đứng đầu"):
        heading.lock(organization=farm, note="QĐ 1", by=own, at=AT)


@pytest.mark.parametrize("number", ["080190000017", "080199999999", HOA])
def test_a_head_is_somebody_else_with_a_level_2_account(lan, farm, hoa, number):
    account = hoa.account
    account.level = 1
    account.save()
    with pytest.raises(Refused, match="mức 2"):
        heading.change_head(organization=farm, number=number, note="QĐ", by=DESK, at=AT)


# ---------------------------------------------------------------- what systems hear


def test_who_ends_a_mandate_ends_the_agents_log_in_at_every_system_that_was_told(lan, binh, delegated):
    enter(binh), enter(binh, "so"), enter(lan)
    mandates.end(mandate=delegated, by=actor(lan), at=later(minutes=1))
    assert called() == [("Nguyễn Văn Bình", "tinh"), ("Nguyễn Văn Bình", "so")]
    # Here the log-in goes on, and whoever comes again is told what holds now.
    assert queries.session(binh.key, at=later(minutes=2))
    assert "acting_for" not in told(enter(binh))


def test_a_system_that_was_not_told_for_whom_one_acts_hears_nothing(lan, binh, delegated):
    keys.ensure_keys(by=SYSTEM, at=AT)
    client, _secret = register("khac", backchannel_uri="https://khac.test/")
    redeem(client, answered(client, binh))
    mandates.end(mandate=delegated, by=actor(lan), at=AT)
    assert called() == []


def test_a_log_in_that_was_called_back_can_still_be_ended(lan, binh, delegated):
    enter(binh)
    mandates.end(mandate=delegated, by=actor(binh), at=AT)
    ending.end_everything(account=binh.account, by=SYSTEM, at=AT)
    assert called() == [("Nguyễn Văn Bình", "tinh")] * 2


@pytest.mark.parametrize("how", ["lock", "close"])
def test_who_cannot_use_the_own_account_has_nobody_act(lan, binh, hoa, delegated, how):
    accept(offer(lan, number=HOA, name="Lê Thị Hoa"), hoa)
    enter(binh), enter(hoa)
    words = {"account": lan.account, "by": SYSTEM, "at": AT}
    if how == "lock":
        accounts.lock(ground=Ground.AUTHORITY, **words)
    else:
        accounts.close(**words)
    assert acting(binh) == acting(hoa) == []
    assert called() == [("Nguyễn Văn Bình", "tinh"), ("Lê Thị Hoa", "tinh")]
    if how == "lock":
        accounts.unlock(ground=Ground.AUTHORITY, **words)
        assert acting(binh) and acting(hoa)


@pytest.mark.parametrize("act", [heading.lock, heading.close])
def test_everybody_who_acts_for_an_organization_is_called_back_when_it_stops(lan, binh, farm, delegated, act):
    enter(lan), enter(binh)
    act(organization=farm, note="QĐ 1", by=DESK, at=AT)
    assert sorted(called()) == [("Nguyễn Văn Bình", "tinh"), ("Trần Thị Hồng Nhung", "tinh")]


def test_a_change_of_heads_calls_back_who_acted_until_then(lan, binh, hoa, farm, delegated):
    enter(lan), enter(binh)
    heading.change_head(organization=farm, number=HOA, note="QĐ", by=DESK, at=AT)
    assert sorted(called()) == [("Nguyễn Văn Bình", "tinh"), ("Trần Thị Hồng Nhung", "tinh")]


def test_what_was_only_offered_calls_nobody_back(lan, binh):
    enter(binh)
    mandates.end(mandate=offer(lan), by=actor(lan), at=AT)
    mandates.decline(mandate=offer(lan), by=actor(binh), at=AT)
    assert called() == []
