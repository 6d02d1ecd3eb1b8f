"""The life of an account in a real browser: applied for, taken in, activated, locked, unlocked, recovered."""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connections
from django.utils import timezone
from PIL import Image
from playwright.sync_api import sync_playwright
from pytest_django.live_server_helper import LiveServer

from motcua.base.actor import SYSTEM, Role
from motcua.domain.accounts import jobs
from motcua.domain.accounts.commands import recovering
from motcua.domain.accounts.models import Application
from motcua.domain.accounts.tests.conftest import texted
from motcua.portals.desk.tests.conftest import COMMUNE, HOME, LOG_IN, at_desk

CHROMIUM = shutil.which("chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: to list what is right, too, would double the time
RULES = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
#: where pictures of the pages are put for somebody to look at
PICTURES = os.environ.get("MOTCUA_PICTURES", "")
NUMBER, NAME, PASSWORD = "080190000017", "Trần Thị Hồng Nhung", "bảy con vịt vàng bơi"
ADULT = {"born_on": "1990-05-19", "permanent_commune": COMMUNE, "permanent_province": "80"}


class Reader:
    """Somebody at a browser of their own."""

    def __init__(self, chromium, site, cookies=()):
        self.site = site
        self.page = chromium.new_context(viewport={"width": 360, "height": 800}).new_page()
        self.page.set_default_timeout(60_000)
        self.page.context.add_cookies([{"name": n, "value": v, "url": site} for n, v in cookies])

    def open(self, path):
        self.page.goto(f"{self.site}{path}")

    def look(self, name):
        self.page.wait_for_load_state()
        for width in (360, 1366):
            self.page.set_viewport_size({"width": width, "height": 800})
            if PICTURES:
                self.page.screenshot(path=f"{PICTURES}/{name}-{width}.png", full_page=True)
            assert not self.page.evaluate("document.documentElement.scrollWidth > innerWidth"), (name, width)
        found = Axe().run(self.page, options=RULES)
        faults = found.response["violations"]
        assert not [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in faults], name

    def press(self, words):
        self.page.get_by_role("button", name=words, exact=True).click()

    def follow(self, words):
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=words, exact=True).first.click()

    def heading(self, words):
        self.page.get_by_role("heading", level=1, name=words).wait_for()

    def fill(self, **words):
        for name, value in words.items():
            self.page.fill(f"[name={name}] >> visible=true", value)

    def choose(self, words):
        self.page.get_by_label(words).check()


class Story:
    """A citizen and two officers, and what goes on behind the pages."""

    def __init__(self, playwright, site, desks, photo):
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        self.photo = photo
        self.citizen = Reader(chromium, site)
        self.first, self.second, self.administrator = (Reader(chromium, site, cookies) for cookies in desks)
        #: the database is not for the thread that drives the browser
        self.behind = ThreadPoolExecutor(max_workers=1)
        self.chromium = chromium

    def close(self):
        self.of(connections.close_all)
        self.chromium.close()

    def of(self, act, *words, **more):
        return self.behind.submit(act, *words, **more).result()

    def tell(self):
        self.apply_online()
        self.take_back()
        self.apply_online()
        self.approve(self.first)
        self.activate("Kích hoạt", "/dinh-danh/kich-hoat/")
        self.log_in()
        self.raise_at_the_desk()
        self.lock_and_unlock()
        self.recover()
        self.assign()

    def apply_online(self):
        citizen = self.citizen
        citizen.open(LOG_IN)
        citizen.follow("Chưa có tài khoản? Đăng ký mức 1")
        citizen.heading("Đăng ký tài khoản định danh mức 1")
        citizen.look("apply")
        citizen.fill(number=NUMBER, name=NAME, phone="0912345678")
        citizen.fill(born_on_day="19", born_on_month="5", born_on_year="1990")
        citizen.press("Tiếp tục")
        citizen.heading("Xác nhận số điện thoại và gửi ảnh")
        citizen.look("prove-phone")
        citizen.fill(code=self.of(texted))
        citizen.page.set_input_files("[name=photo]", self.photo)
        citizen.press("Gửi đề nghị")
        citizen.heading("Đã gửi đề nghị")
        citizen.page.get_by_text("Vì sao hẹn ngày này?").click()
        citizen.look("applied")
        self.of(scan)

    def take_back(self):
        citizen = self.citizen
        citizen.follow("Rút đề nghị")
        citizen.heading("Rút đề nghị DN")
        citizen.look("withdraw")
        citizen.press("Rút đề nghị")
        citizen.heading("Đề nghị DN")
        citizen.look("withdrawn")

    def approve(self, officer):
        officer.open(HOME)
        officer.look("desk-home")
        officer.follow("Đề nghị cấp tài khoản")
        officer.heading("Đề nghị cấp tài khoản")
        officer.look("line")
        officer.page.get_by_role("link", name="DN").first.click()
        officer.heading(NAME)
        officer.look("application")
        officer.press("Duyệt")
        officer.heading("Đề nghị cấp tài khoản")

    def activate(self, button, path):
        citizen = self.citizen
        citizen.open(path)
        citizen.look(path.strip("/").rpartition("/")[2])
        code = self.of(texted)
        citizen.fill(number=NUMBER, code=code, password=PASSWORD, again=PASSWORD)
        citizen.press(button)
        citizen.heading("Tài khoản đã sẵn sàng")

    def log_in(self):
        citizen = self.citizen
        citizen.open(LOG_IN)
        citizen.fill(number=NUMBER, password=PASSWORD)
        citizen.press("Đăng nhập")

    def raise_at_the_desk(self):
        desk = self.first
        self.find(desk)
        desk.look("person")
        desk.follow("Cấp tài khoản")
        desk.look("desk-apply")
        self.take_in(desk)
        self.take_back_at_the_desk(desk)
        desk.follow("Cấp tài khoản")
        self.take_in(desk)
        with desk.page.expect_navigation():
            desk.page.get_by_role("link", name="chờ duyệt").click()
        assert desk.page.get_by_role("button", name="Duyệt").is_disabled()
        desk.look("own-application")
        self.approve(self.second)
        self.activate("Kích hoạt", "/dinh-danh/kich-hoat/")
        self.log_in()
        self.citizen.heading(NAME)
        self.citizen.page.get_by_text("Tài khoản định danh mức 2").wait_for()
        self.citizen.look("home")

    def take_in(self, desk):
        desk.choose("Đọc chip của thẻ, so mặt và vân tay")
        desk.fill(phone="0912 345 678")
        desk.press("Tiếp nhận")
        desk.heading(NAME)

    def take_back_at_the_desk(self, desk):
        self.citizen.open("/")
        self.citizen.look("home-open")
        desk.look("person-open")
        desk.follow("Rút đề nghị")
        desk.heading("Rút đề nghị DN")
        desk.look("desk-withdraw")
        desk.choose("Xem thẻ căn cước, so mặt với ảnh trên thẻ")
        desk.press("Rút đề nghị")
        desk.heading(NAME)

    def assign(self):
        desk = self.administrator
        desk.open(f"{HOME}nhiem-vu/giao/")
        desk.look("assign-duty")
        desk.page.select_option("[name=place_province]", "79")
        desk.press("Đổi tỉnh")
        desk.page.get_by_text("Phường Sài Gòn").first.wait_for(state="attached")
        desk.look("assign-duty-elsewhere")

    def find(self, desk):
        desk.open(f"{HOME}tiep-nguoi/")
        desk.look("find")
        desk.fill(number=f"{NUMBER}||Tran Thi Hong Nhung|19051990|Nu|x|01012022")
        desk.press("Tìm")
        desk.heading(NAME)

    def lock_and_unlock(self):
        citizen, desk = self.citizen, self.second
        citizen.open("/dinh-danh/khoa/")
        citizen.look("own-lock")
        citizen.press("Khóa ngay")
        citizen.heading("Tài khoản của bạn đã khóa")
        self.log_in()
        citizen.page.get_by_text("hoặc tài khoản không dùng được").first.wait_for()
        self.find(desk)
        desk.look("person-locked")
        desk.follow("Mở khóa")
        desk.choose("a) Chủ tài khoản yêu cầu mở khóa")
        desk.page.get_by_text("Vì sao không có các lý do khác?").click()
        desk.look("unlock")
        desk.press("Mở khóa")
        desk.heading(NAME)
        desk.follow("Khóa tài khoản")
        desk.look("lock")
        desk.choose("đ) Cơ quan có thẩm quyền yêu cầu")
        desk.press("Khóa")
        desk.page.get_by_text("Hãy ghi số, ngày của văn bản").first.wait_for()
        self.log_in()
        citizen.heading(NAME)

    def recover(self):
        citizen, desk = self.citizen, self.first
        self.find(desk)
        desk.follow("Khôi phục tài khoản")
        desk.look("desk-recover")
        desk.choose("Xem thẻ căn cước, so mặt với ảnh trên thẻ")
        desk.fill(phone="0987654321")
        desk.press("Bắt đầu khôi phục")
        desk.page.get_by_text("Đang chờ khôi phục").first.wait_for()
        citizen.open("/")
        citizen.page.get_by_text("Có người xin khôi phục tài khoản này").wait_for()
        citizen.look("home-recovery")
        self.of(recovering.ripen, by=SYSTEM, at=timezone.now() + timedelta(hours=25))
        self.activate("Khôi phục", "/dinh-danh/khoi-phuc/")
        citizen.open("/")
        citizen.heading("Đăng nhập bằng tài khoản định danh")


def scan():
    """Do what a worker does when an application is filed."""

    class Filed:
        subject = Application.objects.latest("pk").subject

    jobs.scan_photo(event=Filed, at=timezone.now())


def run(site, desks, photo):
    with sync_playwright() as playwright:
        story = Story(playwright, site, desks, photo)
        try:
            story.tell()
        finally:
            story.close()


@pytest.fixture
def site(national, settings):
    """Serve the national site; one server for all tests would have read other settings."""
    settings.ALLOWED_HOSTS = ["localhost", "testserver"]
    server = LiveServer("localhost")
    settings.NATIONAL_URL = server.url
    yield server.url
    server.stop()


@pytest.mark.skipif(CHROMIUM is None and not os.environ.get("CI"), reason="chromium is not installed")
@pytest.mark.django_db(transaction=True)
def test_the_life_of_an_account_in_a_real_browser(site, national, enrol, holder, tmp_path):
    enrol(NUMBER, name=NAME, card_expires_on=date(2035, 1, 1), **ADULT)
    officers = [
        at_desk(national, holder, Role.IDENTITY_OFFICER, number, name=name)
        for number, name in (("080190000900", "Nguyễn Thị Trực"), ("080190000918", "Phạm Văn Duyệt"))
    ]
    officers.append(at_desk(national, holder, Role.ADMINISTRATOR, "080190000926", name="Lê Văn Trị"))
    desks = [[(name, one.value) for name, one in officer.cookies.items()] for officer in officers]
    photo = tmp_path / "mat.jpg"
    Image.new("RGB", (600, 800), "tan").save(photo)
    with ThreadPoolExecutor(max_workers=1) as pool:
        pool.submit(run, site, desks, str(photo)).result()
