import re

import pytest
from django.test import Client as Browser
from django.utils import timezone

from motcua.domain.accounts.models import Account, Mandate, Organization
from motcua.portals.identity.tests.conftest import LOG_IN, enter, words

BOTH = "/dinh-danh/dai-dien/"
GIVE, ANSWER, END = f"{BOTH}uy-quyen/", f"{BOTH}tra-loi/", f"{BOTH}cham-dut/"
BINH = "080085000017"


@pytest.fixture
def lan(national, holder):
    who = holder()
    enter(national, who)
    national.browser.post("/dinh-danh/ma-xac-thuc/", {"code": who.code()})
    return national.browser


@pytest.fixture
def binh(national, holder):
    who, browser = holder(BINH, name="Nguyễn Văn Bình", born_on="1985-03-02"), Browser()
    browser.post(LOG_IN, {"number": who.number, "password": who.password})
    browser.post("/dinh-danh/ma-xac-thuc/", {"code": who.code()})
    return browser


def give(browser, **changes):
    return browser.post(GIVE, {"number": BINH, "name": "Nguyễn Văn Bình", "months": "3", **changes})


def test_one_gives_the_other_accepts_and_each_sees_it(lan, binh):
    assert give(lan)["Location"] == BOTH
    assert "Chờ trả lời" in words(lan.get(BOTH)) and "Nguyễn Văn Bình" in words(lan.get(BOTH))
    page = words(binh.get(BOTH))
    assert "Trần Thị Hồng Nhung" in page and "Nhận ủy quyền" in page
    binh.post(ANSWER, {"mandate": Mandate.objects.get().pk, "accept": "1"})
    assert "Thôi đại diện" in words(binh.get(BOTH)) and "Chờ trả lời" not in words(lan.get(BOTH))
    lan.post(END, {"mandate": Mandate.objects.get().pk})
    assert "Bạn chưa đại diện cho ai" in words(binh.get(BOTH))
    assert "Bạn chưa ủy quyền cho ai" in words(lan.get(BOTH))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": "Ai Khác"}, "Không tìm thấy người có số định danh và họ tên này"),
        ({"number": "12"}, "12 chữ số"),
        ({"months": "99"}, ""),
        ({"procedures": "9.999999"}, ""),
        ({"number": "080190000017", "name": "Trần Thị Hồng Nhung"}, "chính mình"),
    ],
)
def test_what_cannot_be_given_is_said_on_the_page(lan, binh, changes, says):
    response = give(lan, **changes)
    assert response.status_code == 422 and says in words(response)
    assert not Mandate.objects.exists()


def test_a_password_alone_gives_and_takes_nothing(national, holder, binh):
    enter(national, holder())
    assert "ma-xac-thuc" in give(national.browser)["Location"]
    assert not Mandate.objects.exists()


def test_a_stranger_finds_no_mandate(lan, binh, national, holder):
    give(lan)
    other, browser = holder("080192000017", name="Lê Thị Hoa", born_on="1992-01-01"), Browser()
    browser.post(LOG_IN, {"number": other.number, "password": other.password})
    pk = Mandate.objects.get().pk
    assert browser.post(ANSWER, {"mandate": pk, "decline": "1"}).status_code == 404
    assert browser.post(END, {"mandate": pk}).status_code == 404


@pytest.mark.parametrize("mandate", ["", "x", "9" * 30, "0"])
def test_nonsense_is_not_found(lan, mandate):
    assert lan.post(END, {"mandate": mandate}).status_code == 404


def test_a_child_is_told_of_its_parents(national, holder, enrol):
    parent = holder(app=False)
    child = holder(
        "080315000017", app=False, name="Trần Bảo An", born_on="2015-06-01", mother=parent.account.person
    )
    enter(national, child)
    assert "Trần Thị Hồng Nhung" in words(national.browser.get(BOTH))


# ---------------------------------------------------------------- organizations


@pytest.fixture
def farm(lan, holder):
    head = Account.objects.get(person__name="Trần Thị Hồng Nhung")
    return Organization.objects.create(
        code="1100000001", name="Hợp tác xã Thử", head=head, opened_at=timezone.now()
    )


def test_a_head_lets_somebody_act_for_the_organization(lan, binh, farm):
    page = words(lan.get(BOTH))
    assert "Hợp tác xã Thử" in page and "Bạn đứng đầu tổ chức này" in page
    asked = lan.get(f"{GIVE}?to-chuc={farm.pk}").content.decode()
    assert re.search(rf'value="{farm.pk}"[^>]* checked', asked)
    assert give(lan, organization=farm.pk)["Location"] == BOTH
    assert "Thay mặt Hợp tác xã Thử" in words(lan.get(BOTH))
    page = words(binh.get(BOTH))
    assert "Tổ chức, mã số 1100000001; Trần Thị Hồng Nhung ủy quyền" in page
    binh.post(ANSWER, {"mandate": Mandate.objects.get().pk, "accept": "1"})
    assert "Thôi đại diện Hợp tác xã Thử" in words(binh.get(BOTH))


def test_who_heads_nothing_is_not_asked_and_a_strange_organization_is_refused(lan, binh, holder, farm):
    assert "Ủy quyền thay mặt ai?" not in words(binh.get(GIVE))
    other = Organization.objects.create(
        code="1100000002",
        name="Tổ chức lạ",
        head=holder("080192000017", name="Lê Thị Hoa").account,
        opened_at=timezone.now(),
    )
    for strange in (other.pk, "x", ""):
        assert give(lan, organization=strange).status_code == 422
    assert give(lan, organization="toi")["Location"] == BOTH
    assert Mandate.objects.get().organization is None


def test_a_locked_organization_is_shown_as_such_and_gives_no_mandate(lan, binh, farm):
    Organization.objects.update(locked_at=timezone.now())
    assert "Đang bị khóa" in words(lan.get("/dinh-danh/to-chuc/"))
    refused = give(lan, organization=farm.pk)
    assert refused.status_code == 422 and "Lỗi" in words(refused)
    assert not Mandate.objects.exists()
