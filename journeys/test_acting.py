"""Acting for an organization and for a person, over the two real sites, until the moment it ends."""

import json
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from journeys.sites import Sites
from journeys.walking import PATIENCE, Walk

pytestmark = [pytest.mark.timeout(900), pytest.mark.enable_socket]

FARM, NUMBER = "Hợp tác xã Nông nghiệp Tân Biên", "1100000017"
BOTH, ORGANIZATIONS, ROLES = "/dinh-danh/dai-dien/", "/dinh-danh/to-chuc/", "/vai-tro/"
#: a procedure that organizations may file, too: none of the library is for them
PUBLISH = """
import tempfile, pathlib
from django.utils import timezone
from motcua.base.actor import SYSTEM
from motcua.domain.procedures import commands, package
from motcua.domain.procedures.tests.library import write
both = ('applicants = ["citizen"]', 'applicants = ["citizen", "organization"]')
folder = write(pathlib.Path(tempfile.mkdtemp()) / "cats", procedure=both)
commands.publish(definition=package.read(folder), by=SYSTEM, at=timezone.now())
"""
#: the pages of a form are walked through in test_journeys.py
FILE = """
from django.utils import timezone
from motcua.base.actor import SYSTEM, Actor, Role
from motcua.domain.dossiers import commands, queries
from motcua.domain.procedures.tests.library import ANSWERS
draft, at = queries.visible(SYSTEM).get(key="{key}"), timezone.now()
by = Actor(name=f"{{draft.filer}}, thay mặt {{draft.applicant}}", roles=frozenset({{Role.CITIZEN}}),
           person=draft.applicant_id, proxy=draft.filer_id, proxy_tie=draft.filer_tie, assurance=2)
commands.save_answers(dossier=draft, values=ANSWERS, handed_in=["photo"], by=by, at=at)
print(commands.submit(dossier=draft, by=by, at=at).code)
"""
COMMUNE = "Ủy ban nhân dân (xã|phường)"


def enters(walk: Walk, name: str) -> Walk:
    """Log in at the national site by the demonstration's one press."""
    walk.goes(walk.sites.national + "/dinh-danh/dang-nhap/")
    walk.taps(name)
    if walk.page.get_by_role("button", name="Để sau").count():
        walk.taps("Để sau")
    return walk


@pytest.fixture(scope="module")
def cats(sites: Sites) -> None:
    sites.manage("shell", "-v", "0", "-c", PUBLISH)


@pytest.fixture
def officer(person: Callable[..., Walk], sites: Sites) -> Walk:
    """Seat an identity officer at a desk."""
    cast = json.loads((sites.home / "demo/people.json").read_text(encoding="utf-8"))
    return enters(person("identity officer"), cast["desk"][1]["name"])


def opens_the_farm(head: Walk, officer: Walk) -> None:
    """Apply as the head, have it approved, activate it."""
    head.goes(head.sites.national + ORGANIZATIONS)
    head.types("Mã số doanh nghiệp", NUMBER)
    head.types("Tên tổ chức", FARM)
    head.picks("Tổ chức đã có trong cơ sở dữ liệu đăng ký doanh nghiệp hoặc mã số thuế")
    head.taps("Gửi đề nghị")
    officer.goes(officer.sites.national + "/ban-dinh-danh/de-nghi/")
    officer.page.get_by_role("link", name="DN0").first.click()
    officer.taps("Duyệt")
    head.goes(head.sites.national + ORGANIZATIONS)
    head.taps("Kích hoạt")
    head.sees("Đang hoạt động", FARM)


def gives(giver: Walk, taker: Walk, who: dict[str, str], *, link: str) -> None:
    """Give a mandate that the other one takes on."""
    giver.goes(giver.sites.national + BOTH)
    giver.taps(link)
    giver.types("Số định danh của người được ủy quyền", who["number"])
    giver.types("Họ, chữ đệm và tên của người được ủy quyền", who["name"])
    giver.taps("Ủy quyền")
    giver.sees(who["name"], "Chờ trả lời")
    taker.goes(taker.sites.national + BOTH)
    taker.taps("Nhận ủy quyền")


def comes_as(walk: Walk, who: dict[str, str], choice: str) -> None:
    """Log in at the province and act for somebody."""
    walk.comes_in_as(who) if not walk.context.cookies(walk.sites.national) else walk.goes("/dang-nhap/")
    if not walk.page.url.startswith(walk.sites.province):
        walk.taps("Đồng ý và tiếp tục")
    walk.goes(ROLES)
    walk.taps(choice)
    expect(walk.page.locator("header")).to_contain_text("thay mặt")


def is_out_of_it(walk: Walk, name: str) -> None:
    """See the next pages show, within seconds, that one no longer acts for somebody here, nor may."""
    until = time.monotonic() + PATIENCE
    walk.goes("/ho-so/")
    while "thay mặt" in walk.page.locator("header").inner_text():
        assert time.monotonic() < until, "still acting"
        walk.goes("/ho-so/")
    walk.goes(ROLES)
    walk.misses(name)


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_mandate_for_a_person_ends_at_the_province_within_seconds(person, sites, scripts) -> None:
    giver, taker = sites.somebody("citizen"), sites.somebody("citizen", "giấy phép lái xe")
    mother = enters(person("mother", phone=True, scripts=scripts), giver["name"])
    driver = enters(person("driver", phone=True, scripts=scripts), taker["name"])
    gives(mother, driver, taker, link="Ủy quyền cho một người")
    comes_as(driver, taker, f"Theo ủy quyền: {giver['name']}")
    mother.taps("Chấm dứt ủy quyền")
    is_out_of_it(driver, giver["name"])


def test_an_organization_files_by_its_delegate_until_the_head_ends_it(person, sites, officer, cats) -> None:
    chief, clerk = sites.somebody("citizen"), sites.somebody("citizen", "giấy phép lái xe")
    head = enters(person("head", phone=True), chief["name"])
    delegate = enters(person("delegate", phone=True), clerk["name"])
    opens_the_farm(head, officer)
    gives(head, delegate, clerk, link="Ủy quyền thay mặt tổ chức")
    delegate.sees("Tổ chức, mã số", NUMBER, "Thôi đại diện")
    comes_as(delegate, clerk, f"Thay tổ chức: {FARM}")
    delegate.goes("/thu-tuc/9.000001/bat-dau/")
    delegate.sees(f"Bạn đang nộp cho tổ chức {FARM}", NUMBER)
    commune = sites.somebody("clerk", COMMUNE)["note"].rpartition("nhân dân ")[2]
    delegate.chooses("Nộp tại xã, phường", commune[0].upper() + commune[1:])
    delegate.taps("Bắt đầu khai")
    delegate.sees("Bản nháp")
    key = delegate.page.url.rstrip("/").rpartition("/")[2]
    code = sites.manage("shell", "-v", "0", "-c", FILE.format(key=key)).split()[-1]

    comes_as(head, chief, f"Thay tổ chức: {FARM}")
    filed = (f"Người nộp thay: {clerk['name']}", "được tổ chức ủy quyền", FARM, NUMBER)
    for walk in (delegate, head):
        walk.goes(f"/ho-so/{code}/")
        walk.sees(*filed, f"{clerk['name']}, thay mặt {FARM}")
    for role, there in (("clerk", f"/mot-cua/{code}/"), ("officer", f"/xu-ly/{code}/")):
        desk = person(role)
        desk.comes_in_as(sites.somebody(role, COMMUNE))
        desk.goes(there)
        desk.sees(*filed)
    head.goes(sites.national + BOTH)
    head.taps("Chấm dứt ủy quyền")
    is_out_of_it(delegate, FARM)
    head.goes(f"/ho-so/{code}/")
    head.sees(*filed)

    officer.goes(sites.national + "/ban-dinh-danh/to-chuc/")
    officer.types("Mã số của tổ chức", NUMBER)
    officer.taps("Tìm")
    officer.picks("Tạm khóa")
    officer.types("Căn cứ", "QĐ 17/2026")
    officer.taps("Thực hiện")
    officer.sees("Đang bị khóa")
    is_out_of_it(head, FARM)


def test_a_mandate_is_given_and_taken_without_a_mouse(person, sites) -> None:
    giver, taker = sites.somebody("citizen", "cha của em bé"), sites.somebody("citizen", "giấy phép lái xe")
    father = enters(person("father"), giver["name"])
    father.goes(sites.national + BOTH)
    father.tabs_to("Ủy quyền cho một người")
    father.goes_by("Enter")
    father.tabs_to("Số định danh của người được ủy quyền")
    father.writes(taker["number"])
    father.tabs_to("Họ, chữ đệm và tên")
    father.writes(taker["name"])
    father.goes_by("Enter")
    father.sees("Chờ trả lời")
    driver = enters(person("driver"), taker["name"])
    driver.goes(sites.national + BOTH)
    driver.tabs_to("Nhận ủy quyền")
    driver.goes_by("Enter")
    driver.sees("Thôi đại diện")
    driver.goes("/dang-nhap/")
    if not driver.page.url.startswith(sites.province):
        driver.tabs_to("Đồng ý và tiếp tục")
        driver.goes_by("Enter")
    driver.goes(ROLES)
    driver.tabs_to(f"Theo ủy quyền: {giver['name']}")
    driver.goes_by("Enter")
    expect(driver.page.locator("header")).to_contain_text("thay mặt")
    assert driver.spent.taps == 1, "only the demonstration's log-in"
