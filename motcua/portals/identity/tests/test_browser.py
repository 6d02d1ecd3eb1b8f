"""A real browser with an authenticator of its own makes and uses a passkey."""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright
from pytest_django.live_server_helper import LiveServer

CHROMIUM = shutil.which("chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: to list what is right, too, would double the time
RULES = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
#: where pictures of the pages are put for somebody to look at
PICTURES = os.environ.get("MOTCUA_PICTURES", "")
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
LOG_IN = "/dinh-danh/dang-nhap/"


class Person:
    """Somebody at a browser; told step by step, in a thread of its own."""

    def __init__(self, playwright, site):
        self.site = site
        self.browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        self.page = self.browser.new_page(viewport={"width": 360, "height": 800})
        self.cdp = self.page.context.new_cdp_session(self.page)
        self.cdp.send("WebAuthn.enable")
        made = self.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        self.authenticator = made["authenticatorId"]
        self.page.set_default_timeout(60_000)

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

    def heading(self, words):
        self.page.get_by_role("heading", level=1, name=words).wait_for()


def story(site, who):
    with sync_playwright() as playwright:
        person = Person(playwright, site)
        try:
            make_one(person, who)
            use_it(person)
            without_script(person)
        finally:
            person.browser.close()


def make_one(person, who):
    page = person.page
    page.goto(f"{person.site}{LOG_IN}")
    page.get_by_role("button", name="Dùng khóa truy cập").wait_for()
    person.look("log-in")
    page.fill("input[name=number] >> visible=true", who.number)
    page.fill("input[name=password]", who.password)
    person.press("Đăng nhập")
    page.get_by_role("link", name="Thêm khóa truy cập").click()
    person.heading("Nhập mã xác thực")
    page.fill("input[name=code]", who.code())
    person.press("Xác nhận")
    person.heading("Thêm khóa truy cập")
    person.look("passkey")
    page.fill("input[name=name]", "Máy tính ở nhà")
    person.press("Tạo khóa truy cập")
    page.get_by_text("Máy tính ở nhà", exact=True).first.wait_for()
    assert page.get_by_text("Chưa dùng lần nào").is_visible()
    page.get_by_role("link", name="Thêm khóa truy cập").click()
    person.press("Tạo khóa truy cập")
    page.get_by_text("Máy này đã có khóa truy cập của bạn.").wait_for()
    page.goto(f"{person.site}/dinh-danh/ung-dung-xac-thuc/")
    assert page.locator("main img").evaluate("one => one.complete && one.naturalWidth > 100")
    person.look("app")
    page.goto(f"{person.site}/")
    person.press("Tạo 10 mã dự phòng mới")
    person.heading("Cất giữ 10 mã dự phòng")
    person.look("backup-codes")
    page.goto(f"{person.site}/")


def use_it(person):
    page = person.page
    person.press("Đăng xuất mọi nơi")
    person.heading("Bạn đã đăng xuất")
    page.goto(f"{person.site}{LOG_IN}")
    person.cdp.send(
        "WebAuthn.setUserVerified", {"authenticatorId": person.authenticator, "isUserVerified": False}
    )
    person.press("Dùng khóa truy cập")
    page.get_by_text("Chưa dùng được khóa truy cập.").wait_for()
    person.look("log-in-unverified")
    person.cdp.send(
        "WebAuthn.setUserVerified", {"authenticatorId": person.authenticator, "isUserVerified": True}
    )
    page.fill("input[name=number] >> visible=true", "080190000018")
    person.press("Dùng khóa truy cập")
    page.get_by_text("không thuộc số định danh bạn vừa nhập").wait_for()
    person.look("log-in-refused")
    person.press("Dùng khóa truy cập")
    page.get_by_text("Dùng lần cuối").wait_for()
    page.get_by_text("Đổi tên hoặc gỡ").click()
    person.look("account")


def without_script(person):
    context = person.browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{person.site}{LOG_IN}")
    assert page.get_by_role("button", name="Đăng nhập", exact=True).is_visible()
    assert not page.locator("form[data-passkey]").is_visible()


@pytest.fixture
def site(national, settings):
    """Serve the national site; one server for all tests would have read other settings."""
    settings.ALLOWED_HOSTS = ["localhost"]
    server = LiveServer("localhost")
    settings.NATIONAL_URL = server.url
    yield server.url
    server.stop()


@pytest.mark.skipif(CHROMIUM is None and not os.environ.get("CI"), reason="chromium is not installed")
@pytest.mark.django_db(transaction=True)
def test_a_passkey_is_made_and_used_in_a_real_browser(site, holder):
    who = holder()
    with ThreadPoolExecutor(max_workers=1) as pool:
        pool.submit(story, site, who).result()
