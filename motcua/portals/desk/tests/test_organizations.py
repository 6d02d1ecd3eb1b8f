import pytest
from django.utils import timezone

from motcua.base.actor import Role
from motcua.domain.accounts.models import Organization
from motcua.portals.desk.tests.conftest import HOME, at_desk, words

PATH = f"{HOME}to-chuc/"


@pytest.fixture
def desk(national, holder):
    return at_desk(national, holder, Role.IDENTITY_OFFICER)


@pytest.fixture
def farm(holder):
    head = holder().account
    return Organization.objects.create(
        code="1100000001", name="Hợp tác xã Thử", head=head, opened_at=timezone.now()
    )


def act(desk, farm, action, **words):
    return desk.post(f"{PATH}{farm.pk}/", {"action": action, "note": "QĐ 7/2026", **words})


def test_an_organization_is_found_by_its_number_and_never_listed(desk, farm):
    assert "Tài khoản tổ chức" in words(desk.get(HOME))
    assert farm.name not in words(desk.get(PATH))
    for code in ("9999999999", "", "<b>", "x" * 30):
        assert desk.post(PATH, {"code": code}).status_code == 422
    there = desk.post(PATH, {"code": " 1100000001 "})["Location"]
    assert there == f"{PATH}{farm.pk}/"
    page = words(desk.get(there))
    assert farm.name in page and "Trần Thị Hồng Nhung" in page and "Đang hoạt động" in page


def test_it_is_locked_unlocked_given_another_head_and_closed(desk, farm, holder):
    other = holder("080192000017", name="Lê Thị Hoa", born_on="1992-01-01")
    for action, says in (("lock", "Đang bị khóa"), ("unlock", "Đang hoạt động")):
        assert act(desk, farm, action).status_code == 302
        assert says in words(desk.get(f"{PATH}{farm.pk}/"))
    assert act(desk, farm, "change_head", number=other.number).status_code == 302
    assert "Lê Thị Hoa" in words(desk.get(f"{PATH}{farm.pk}/"))
    assert act(desk, farm, "close").status_code == 302
    page = words(desk.get(f"{PATH}{farm.pk}/"))
    assert "Đã hủy" in page and "Thực hiện" not in page


@pytest.mark.parametrize(
    ("action", "changes", "status"),
    [
        ("lock", {"note": " "}, 422),
        ("change_head", {}, 409),
        ("change_head", {"number": "x"}, 422),
        ("unlock", {}, 422),
        ("give away", {}, 422),
    ],
)
def test_what_cannot_be_done_is_said_on_the_page(desk, farm, action, changes, status):
    assert act(desk, farm, action, **changes).status_code == status
    farm.refresh_from_db()
    assert (farm.locked_at, farm.closed_at) == (None, None)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_other_roles_do_not_come_here(national, holder, farm, role):
    browser = at_desk(national, holder, role)
    assert browser.get(PATH).status_code == browser.get(f"{PATH}{farm.pk}/").status_code == 403


def test_an_organization_that_is_not_there_is_not_found(desk):
    assert desk.get(f"{PATH}999/").status_code == 404
