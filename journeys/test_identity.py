"""Stories of accounts and of one's own data, lived with the keyboard alone."""

from collections.abc import Callable
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from journeys.sites import PASSWORD, Sites
from journeys.walking import Walk

pytestmark = [pytest.mark.timeout(900), pytest.mark.enable_socket]

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
ON_SUMMARY = """() => document.activeElement.classList.contains("govuk-error-summary")"""


@pytest.fixture
def enter(person: Callable[..., Walk], sites: Sites) -> Callable[..., Walk]:
    """Seat somebody at the national site, who logs in by the demonstration's button."""

    def seat(name: str, *, phone: bool = False, home: str = "") -> Walk:
        walk = person(name, phone=phone)
        walk.goes(f"{home or sites.national}/dinh-danh/dang-nhap/")
        leads_on(walk, name)
        return walk

    return seat


def leads_on(walk: Walk, words: str) -> None:
    """Find a link or a button with Tab and press it."""
    walk.tabs_to(words)
    walk.goes_by("Enter")


def fills(walk: Walk, words: str, text: str) -> None:
    """Find a box with Tab and type into it."""
    walk.tabs_to(words)
    walk.writes(text)


def picks(walk: Walk, group: str) -> None:
    """Find a group of choices with Tab and take its first one."""
    walk.tabs_to(group)
    walk.presses("Space")


def is_refused(walk: Walk, words: str, *, missing: str) -> None:
    """Press a button too early: the keyboard stands on what is wrong, and goes to what is missing."""
    leads_on(walk, words)
    assert walk.page.evaluate(ON_SUMMARY)
    walk.tabs_to(f"Bạn chưa trả lời: {missing}")
    walk.presses("Enter")


def finds(officer: Walk, who: dict[str, str]) -> None:
    """Find somebody by the number on the card; the box has the keyboard by itself."""
    officer.goes(f"{officer.sites.national}/ban-dinh-danh/tiep-nguoi/")
    officer.writes(who["number"])
    officer.goes_by("Enter")
    officer.sees(who["name"])


def test_two_officers_give_an_account_without_a_mouse(enter, sites) -> None:
    first, second = (enter(sites.part("desk", number)["name"]) for number in (1, 2))
    who = sites.part("adults", -1)
    finds(first, who)
    leads_on(first, "Cấp tài khoản")
    is_refused(first, "Tiếp nhận", missing="Đã kiểm tra người đến bằng cách nào")
    first.presses("Space")
    fills(first, "Số điện thoại chính chủ", "0900000077")
    leads_on(first, "Tiếp nhận")
    first.goes(f"{sites.national}/ban-dinh-danh/de-nghi/")
    leads_on(first, "DN")
    first.sees(who["name"], "Đề nghị mức 2 do một cán bộ khác với người tiếp nhận duyệt")
    second.goes(first.page.url)
    leads_on(second, "Duyệt")
    second.sees(who["name"], "Chờ kích hoạt")


def test_an_officer_locks_unlocks_and_recovers_without_a_mouse(enter, sites) -> None:
    officer, who = enter(sites.part("desk", 1)["name"]), sites.part("elder")
    finds(officer, who)
    leads_on(officer, "Khóa tài khoản")
    is_refused(officer, "Khóa", missing="Lý do theo Điều 34 Luật Căn cước")
    officer.presses("Space")
    leads_on(officer, "Khóa")
    officer.sees("Chủ tài khoản yêu cầu")
    leads_on(officer, "Mở khóa")
    picks(officer, "Lý do theo Điều 34")
    leads_on(officer, "Mở khóa")
    officer.sees("Đang hoạt động")
    leads_on(officer, "Khôi phục tài khoản")
    picks(officer, "Đã kiểm tra người đến bằng cách nào")
    fills(officer, "Số điện thoại chính chủ", "0900000078")
    leads_on(officer, "Bắt đầu khôi phục")
    officer.sees("khôi phục")


def test_a_father_finds_a_look_strange_and_asks_about_his_data_without_a_mouse(person, enter, sites) -> None:
    who = sites.part("father")
    finds(enter(sites.part("desk", 1)["name"]), who)
    father = person("father")
    father.goes("/du-lieu-cua-toi/")
    fills(father, "Số định danh cá nhân", who["number"])
    fills(father, "Mật khẩu", "sai mật khẩu rồi")
    father.goes_by("Enter")
    assert father.page.evaluate(ON_SUMMARY)
    fills(father, "Mật khẩu", PASSWORD)
    father.goes_by("Enter")
    if father.page.get_by_label("Mã xác thực").count():
        fills(father, "Mã xác thực", father.page.locator(".govuk-inset-text .code").inner_text())
        father.goes_by("Enter")
    while not father.page.url.startswith(sites.province):
        asked = father.page.get_by_role("button", name="Đồng ý và tiếp tục").count()
        assert not father.page.locator("input[type=checkbox]:checked").count()
        leads_on(father, "Đồng ý và tiếp tục" if asked else "Để sau")
    father.sees("Dữ liệu của tôi")

    father.goes(f"{sites.national}/")
    leads_on(father, "Ai đã xem dữ liệu của tôi")
    father.sees("Công an xã", "Tiếp tại bàn ngày")
    leads_on(father, "Tôi thấy lạ")
    is_refused(father, "Gửi phản ánh", missing="Bạn thấy lạ ở điểm nào?")
    father.writes("Tôi không đến bàn nào.")
    leads_on(father, "Gửi phản ánh")
    father.sees("Đã tiếp nhận", "Bạn nhận được câu trả lời trước")

    father.goes(f"{sites.national}/")
    leads_on(father, "Dữ liệu của tôi")
    is_refused(father, "Gửi yêu cầu", missing="Bạn muốn gì?")
    father.presses("Space")
    fills(father, "Nói rõ hơn", "Dữ liệu nào được gửi đi?")
    leads_on(father, "Gửi yêu cầu")
    father.sees("Đã tiếp nhận", "Hạn trả lời")


def test_a_telephone_lets_a_computer_in_without_a_mouse(person, enter, sites) -> None:
    name = sites.part("mother")["name"]
    phone, computer = enter(name, phone=True), person("computer")
    computer.goes(f"{sites.national}/dinh-danh/dang-nhap/")
    leads_on(computer, "Đăng nhập bằng điện thoại")
    with Image.open(BytesIO(computer.page.locator("main img").screenshot())) as picture:
        (code,) = zxingcpp.read_barcodes(picture)
    phone.goes(code.text)
    leads_on(phone, computer.page.locator(".govuk-heading-xl.code").inner_text())
    phone.sees("Bạn đã cho máy kia đăng nhập")
    # The computer asks by itself, and goes on.
    expect(computer.page.get_by_role("heading", level=1)).to_have_text(name)


def test_a_passkey_is_made_and_used_without_a_mouse(enter, sites) -> None:
    name, home = sites.part("driver")["name"], sites.national.replace("127.0.0.1", "localhost")
    driver = enter(name, home=home)
    driver.wire.send("WebAuthn.enable")
    driver.wire.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    leads_on(driver, "Thêm khóa truy cập")
    leads_on(driver, "Tạo khóa truy cập")
    driver.sees("Chưa dùng lần nào")
    leads_on(driver, "Đăng xuất mọi nơi")
    driver.goes(f"{home}/dinh-danh/dang-nhap/")
    leads_on(driver, "Dùng khóa truy cập")
    driver.sees(name, "Dùng lần cuối")
