"""Stories that go through several portals of the two real sites, as people live them.

On every page that anybody comes to, journeys/looking.py looks for faults; conftest.py tells them at the end.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from journeys import looking, people
from journeys.sites import Sites
from journeys.walking import Walk

pytestmark = [pytest.mark.timeout(900), pytest.mark.enable_socket]

COMMUNE, POLICE, TRAFFIC = "Ủy ban nhân dân (xã|phường)", "Công an (xã|phường)", "Phòng Cảnh sát"

LICENCE, LICENCE_CODE = "Cấp lại giấy phép lái xe", "1.002820"


@pytest.fixture
def desk(person: Callable[..., Walk], sites: Sites) -> Callable[..., Walk]:
    """Seat an official at a desk and log them in."""

    def seat(role: str, place: str) -> Walk:
        walk = person(f"{role} of {place}")
        walk.comes_in_as(sites.somebody(role, place))
        return walk

    return seat


@pytest.fixture
def keyboard(person: Callable[..., Walk], sites: Sites) -> Callable[..., Walk]:
    """Seat an official whose mouse is broken."""

    def seat(role: str, place: str, *, scripts: bool = True) -> Walk:
        walk = person(f"{role} of {place}", scripts=scripts)
        walk.comes_in_by_keys(sites.somebody(role, place))
        return walk

    return seat


def files_a_birth(mother: Walk, sites: Sites, child: str) -> str:
    """Find the procedure, log in by number, password and code, fill, check and file, within the budget."""
    commune = sites.somebody("clerk", COMMUNE)["note"].rpartition("nhân dân ")[2]
    people.finds(mother, words="dang ky khai sinh", procedure="Đăng ký khai sinh")
    mother.picture("login")
    before = mother.so_far()
    mother.logs_in(sites.somebody("citizen"))
    logging_in = mother.so_far() - before
    began = mother.so_far()
    people.registers_a_birth(mother, commune=commune[0].upper() + commune[1:], child=child)
    mother.sees("Kiểm tra trước khi nộp", child, "CSDL dân cư", "Bạn khai", "Hẹn trả dự kiến", "Nơi nhận")
    mother.picture("citizen-check")
    code = people.declares_and_files(mother)
    # From choosing the commune to the end. The model's 14 taps have an electronic birth note instead of a
    # page and a photograph, and do not count the choice of the commune.
    (mother.so_far() - began).within(taps=19, typed=45, pages=9)
    before.within(taps=4, typed=20, pages=5)
    logging_in.within(taps=4, typed=40, pages=4)
    assert code in people.text_of(mother.saves_pdf("Tải biên nhận (PDF)"))
    return code


def test_a_mother_registers_a_birth_on_her_phone(person, desk, sites) -> None:
    mother, child = person("mother", phone=True), "Nguyễn Bảo Ngọc"
    code = files_a_birth(mother, sites, child)

    clerk = desk("clerk", COMMUNE)
    people.receives(clerk, code)
    assert code in people.text_of(clerk.opens_pdf("Giấy tiếp nhận hồ sơ và hẹn trả kết quả"))
    officer = desk("officer", COMMUNE)
    people.processes(officer, code, steps=2)
    officer.sees("Ký Giấy khai sinh")
    officer.waits(f"/xu-ly/{code}/", "Khớp với CSDL dân cư")
    mother.goes(f"/ho-so/{code}/")
    mother.sees("Đang xử lý", "Hẹn trả", "Vì sao hẹn ngày này?", "Bạn không cần làm gì")
    mother.picture("citizen-track")
    people.approves(desk("leader", COMMUNE), code)

    mother.goes(f"/ho-so/{code}/")
    assert child.upper() in people.text_of(mother.opens_pdf("Mở Giấy khai sinh"))
    mother.sees("Đã trả kết quả")


def test_a_mother_registers_a_birth_without_javascript(person, sites) -> None:
    mother = person("mother", phone=True, scripts=False)
    code = files_a_birth(mother, sites, "Nguyễn Gia Hân")
    mother.taps("Theo dõi hồ sơ này")
    mother.sees(code, "Mới đăng ký", "Bạn không cần làm gì")


def test_a_clerk_registers_a_residence_without_a_mouse(keyboard, sites) -> None:
    mover, host = sites.part("mover"), sites.part("host")
    clerk = keyboard("clerk", POLICE)
    before = clerk.so_far()
    people.opens_for(clerk, mover)
    people.moves_in_with(clerk, host, child="Nguyễn Hoàng An")
    code = clerk.code
    (clerk.so_far() - before).within(keys=60, typed=130, pages=5, taps=0)

    # The keyboard stands where the number of the cash receipt goes; the printed promise is one key away.
    clerk.writes(f"BL {code}")
    clerk.goes_by("F6")
    clerk.sees("Đã thanh toán")
    slip = people.text_of(clerk.opens_pdf_by("F4"))
    assert code in slip
    assert mover["name"] in slip

    officer = keyboard("officer", POLICE)
    people.seeks(officer, code)
    for _step in ("begin", "look up", "propose"):
        officer.goes_by("t")
    officer.sees("Bước này không thuộc vai trò của bạn.")
    head = keyboard("head", POLICE)
    people.seeks(head, code)
    head.goes_by("t")
    leader = keyboard("leader", POLICE)
    leader.waits("/xu-ly/phe-duyet/", f"Phê duyệt kết quả {code}")
    before = leader.so_far()
    leader.tabs_to(f"Phê duyệt kết quả {code}")
    leader.goes_by("Enter")
    (leader.so_far() - before).within(keys=15, pages=1, taps=0)

    clerk.goes_by("F2")
    clerk.sees("Có kết quả, chờ trả", code)
    clerk.presses("F3")
    clerk.writes(code[-11:])
    clerk.goes_by("Enter")
    clerk.sees("Người nhận kết quả", mover["name"])
    clerk.goes_by("F9")
    clerk.sees("Đã trả kết quả")
    assert all(walk.spent.taps == 0 for walk in (clerk, officer, head, leader))


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_father_without_his_number_is_found_and_reads_who_looked(keyboard, person, sites, scripts) -> None:
    him, clerk = sites.part("father"), keyboard("clerk", POLICE, scripts=scripts)
    before = clerk.so_far()
    people.looks_for(clerk, him)
    clerk.sees("Có thể là", him["name"], him["number"][:6])
    clerk.misses(him["number"])
    people.chooses_by_keys(clerk, him)
    clerk.sees(him["name"], "So khuôn mặt với thẻ")
    (clerk.so_far() - before).within(keys=12 if scripts else 40, typed=35, pages=4, taps=0)

    father = person("father", phone=True, scripts=scripts)
    father.comes_in_as(sites.somebody("citizen", "cha của em bé"))
    father.goes(f"{sites.national}/dinh-danh/ai-da-xem/")
    father.sees("Tìm người không nhớ số", "Chọn đúng người trong kết quả tìm", "Đăng ký thường trú")
    father.sees(sites.somebody("clerk", POLICE)["name"], "Cán bộ một cửa")


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_driver_brings_a_better_photo(person, desk, sites, scripts) -> None:
    driver = person("driver", phone=True, scripts=scripts)
    people.finds(driver, words="giay phep lai xe", procedure=LICENCE)
    driver.comes_in_as(sites.somebody("citizen", "giấy phép lái xe"))
    people.loses_a_licence(driver)
    code = people.declares_and_files(driver)
    clerk = desk("clerk", TRAFFIC)
    people.receives(clerk, code)
    if scripts:  # the tab is closed at the bank, which forgets to tell
        people.pays_online(driver, code, press="Trả, nhưng ngân hàng quên báo cho tỉnh")
        sites.ask_the_bank()  # a worker may have asked before
        driver.goes(f"/ho-so/{code}/")
    else:
        people.pays_online(driver, code, press="Trả 135.000 đồng")
        driver.taps("Về Cổng dịch vụ công")
    driver.sees("Đã thanh toán", "Biên lai số")
    officer = desk("officer", TRAFFIC)
    people.processes(officer, code, steps=1)

    officer.taps("Yêu cầu bổ sung")
    officer.sees("Chỉ được yêu cầu bổ sung một lần")
    officer.picks("Ảnh chân dung")
    officer.types("Lý do và hướng dẫn", "Ảnh bị tối. Chụp lại trên nền trắng, nhìn thẳng.")
    officer.taps("Gửi yêu cầu bổ sung")
    officer.sees("Yêu cầu bổ sung giấy tờ", "tạm dừng", "chờ đến hết")

    driver.goes(f"/ho-so/{code}/")
    driver.sees("Thời hạn tạm dừng", "Ảnh bị tối")
    before = driver.so_far()
    driver.taps("Bổ sung ngay")
    driver.brings("Ảnh chân dung", people.photo("ro-hon.jpg"))
    driver.taps("Nộp bổ sung")
    (driver.so_far() - before).within(taps=5, typed=0, pages=2)
    driver.sees("Đang xử lý", "Hẹn trả")
    driver.misses("tạm dừng")

    officer.goes(f"/xu-ly/{code}/")
    people.goes_on(officer, steps=2)
    head = desk("head", TRAFFIC)
    head.goes(f"/xu-ly/{code}/")
    people.goes_on(head, steps=1)
    people.approves(desk("leader", TRAFFIC), code)
    driver.goes(f"/ho-so/{code}/")
    assert "GIẤY PHÉP LÁI XE" in people.text_of(driver.opens_pdf("Mở Giấy phép lái xe"))


def test_filing_goes_on_while_the_register_is_dead_and_only_the_decision_waits(person, desk, sites) -> None:
    clerk, officer, head, leader = (desk(role, TRAFFIC) for role in ("clerk", "officer", "head", "leader"))
    father = person("father", phone=True)
    people.finds(father, words="lai xe", procedure=LICENCE)
    sites.register.lock()
    try:
        father.comes_in_as(sites.somebody("citizen", "cha của em bé"))
        father.taps("Bắt đầu khai")
        father.sees("Chưa lấy được thông tin từ CSDL dân cư", "hồ sơ không bị mất và không phải chờ")
        father.taps("Thử lấy lại")
        father.sees("Chưa lấy được thông tin từ CSDL dân cư")
        people.says_who_he_is(father, sites.part("father"))
        people.loses_a_licence(father, begun=True)
        father.sees("Kiểm tra trước khi nộp")
        code = people.declares_and_files(father)
        father.sees("sẽ được đối chiếu sau")
        people.receives(clerk, code)
        people.takes_the_fee(clerk, code)
        people.processes(officer, code, steps=3)
        head.goes(f"/xu-ly/{code}/")
        people.goes_on(head, steps=1)
        leader.goes("/xu-ly/phe-duyet/")
        leader.sees(code, "chưa đối chiếu được CSDL dân cư")
        leader.misses(f"Phê duyệt kết quả {code}")
        leader.goes(f"/xu-ly/{code}/")
        leader.sees("việc phê duyệt chờ kết quả đối chiếu")
    finally:
        sites.register.unlock()
    people.approves(leader, code)
    father.goes(f"/ho-so/{code}/")
    father.sees("Kết quả")


def test_pressing_twice_and_two_tabs_file_one_dossier(person, sites) -> None:
    driver = person("driver", phone=True)
    driver.comes_in_as(sites.somebody("citizen", "giấy phép lái xe"))
    driver.goes("/ho-so/")
    before = driver.page.locator(".dossiers > li").count()
    driver.goes(f"/thu-tuc/{LICENCE_CODE}/bat-dau/")
    people.loses_a_licence(driver)
    tab = driver.context.new_page()
    tab.goto(driver.page.url)

    driver.picks(people.DECLARATION)
    driver.page.get_by_role("button", name="Nộp hồ sơ").dblclick()
    driver.page.wait_for_url("**/da-nop/")
    code = driver.code
    tab.get_by_label(people.DECLARATION).check()
    tab.get_by_role("button", name="Nộp hồ sơ").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Đã nộp hồ sơ")
    assert code in tab.locator("main").inner_text()
    driver.goes("/ho-so/")
    assert driver.page.locator(".dossiers > li").count() == before + 1


ROOMS = {
    "citizen": ("", "/ho-so/"),
    "clerk": (TRAFFIC, "/mot-cua/"),
    "officer": (TRAFFIC, "/xu-ly/"),
    "leader": (TRAFFIC, "/xu-ly/"),
    "province_office": ("", "/xu-ly/"),
    "administrator": ("", "/quan-tri/"),
    "auditor": ("", "/xu-ly/"),
}
PICTURES = {
    ("officer", "/xu-ly/"): "office-worklist",
    ("officer", "/xu-ly/…/"): "office-dossier",
    ("leader", "/xu-ly/phe-duyet/"): "approvals",
    ("administrator", "/quan-tri/co-quan/…/lich/"): "console-calendar",
}


@pytest.fixture(scope="module")
def lived_in(sites: Sites) -> None:
    """Let some invented people have been here before; more of them for the pictures."""
    sites.manage("demo", "--dossiers", "150" if looking.TAKING else "12", "--verbosity", "0")


@pytest.mark.parametrize("role", ROOMS)
def test_every_link_leads_to_a_whole_page(person, sites, lived_in, role) -> None:
    place, start = ROOMS[role]
    walk = person(role, phone=role == "citizen")
    walk.comes_in_as(sites.somebody(role, place))
    for shape in walk.wanders(start):
        if name := PICTURES.get((role, shape)):
            walk.picture(name)


def test_what_is_planted_is_found(person) -> None:
    walk = person("gardener", phone=True)
    walk.goes("/tra-cuu/")
    assert not walk.faults
    walk.page.evaluate(
        """() => document.querySelector("main").insertAdjacentHTML("beforeend", `<h1>Two</h1>
        <input>`)"""
    )
    found = " ".join(looking.faults(walk.page, citizen=True, seen=set()))
    for fault in ("2 main headings", "label (critical)"):
        assert fault in found
    walk.page.evaluate("console.error('slip')")
    walk.page.goto(walk.sites.province + "/no-such-page/")
    assert walk.faults == ["gardener, /tra-cuu/: console: slip"]
    walk.faults.clear()


def test_every_picture_of_the_readme_is_there_and_light() -> None:
    named = re.findall(
        r"docs/pictures/([\w-]+\.png)", (looking.PICTURES.parents[1] / "README.md").read_text()
    )
    assert named
    for name in named:
        assert (looking.PICTURES / name).stat().st_size <= looking.LIGHT
