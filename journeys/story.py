"""`make story`: one birth registration from a mother's phone to the result in her hand, over plain HTTP.

Nothing is reached past the front doors: the same pages, forms and log-ins that people use.
"""

import base64
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

import httpx
from django.conf import settings
from PIL import Image, ImageDraw

from journeys.browser import Browser, Lost, said
from journeys.sites import PASSWORD
from motcua.base.calendar import ZONE
from motcua.domain.accounts.tests.device import Device

T = TypeVar("T")
#: what the mother answers where the register has not answered for her
ANSWERS = {
    "applicant_relation": "mother",
    "child_name": "Nguyễn Bảo Ngọc",
    "child_gender": "female",
    "born_at": "facility",
    "facility_name": "Bệnh viện Đa khoa tỉnh",
    "certificate_number": "00123",
    "father_declared": "yes",
    "copies": "1",
    "exemption": "none",
}
NEXT = "Lưu và tiếp tục"
#: the form that a passkey is made or used by
KEY = "//form[@data-passkey]"
ELSEWHERE = "Mở trang này ở địa chỉ dùng được khóa truy cập"
#: seconds that workers are waited for
PATIENCE = 90


def main() -> int:
    """Tell the story, on what runs already or else beside a launcher of our own; give the exit code."""
    if not answers("/healthz"):
        words = [sys.executable, "manage.py", "run", "--then", "-m", "journeys.story"]
        return subprocess.call(words, cwd=settings.ROOT)
    try:
        until(
            lambda: answers("/readyz"), "hệ thống không sẵn sàng (/readyz) / the system does not become ready"
        )
        print(Story().tell())
    except (Lost, httpx.HTTPError) as error:
        print(f"✗ {error}", file=sys.stderr)
        return 1
    return 0


def answers(address: str) -> bool:
    """Tell whether an address of the province says yes."""
    try:
        return httpx.get(settings.PROVINCE_URL + address, timeout=5, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def until(done: Callable[[], bool], otherwise: str) -> None:
    """Wait for what workers do in the background."""
    end = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > end:
            raise Lost(otherwise)
        time.sleep(0.3)


class Story:
    """Who does what, one step a line."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.steps = 0
        self.code = ""
        #: the agency of the officials, as the log-in page calls it
        self.office = ""
        #: the mother's, and the origin where its passkeys are good
        self.phone = Device()
        self.here = ""

    def tell(self) -> str:
        """Go through it from the first page to the result; give the last line."""
        mother = self.step("Mẹ em bé vào bằng mật khẩu và mã, tạo khóa", self.enroll)
        self.step("tìm thủ tục, đăng nhập bằng khóa truy cập", lambda: self.find(mother))
        self.step("CSDL dân cư điền sẵn cha và mẹ", lambda: self.begin(mother))
        self.step("khai các trang còn lại", lambda: self.fill_in(mother))
        self.step("tải ảnh giấy chứng sinh", lambda: self.bring(mother))
        self.step("kiểm tra và nộp", lambda: self.submit(mother))
        clerk = self.step("Cán bộ Một cửa vào bằng mật khẩu và mã", self.clerk)
        self.step("tiếp nhận, hẹn trả", lambda: self.receive(clerk))
        self.step("xác nhận lệ phí đã chuyển khoản", lambda: self.take_money(clerk))
        self.step("Cán bộ thụ lý xem ảnh, làm từng bước", self.process)
        self.step("Lãnh đạo phê duyệt", self.approve)
        result = self.step("Mẹ em bé mở kết quả", lambda: self.open_result(mother))
        looker = self.step("Một cửa tra CSDL dân cư về mẹ em bé", lambda: self.look_up(clerk))
        self.step("Mẹ em bé thấy ai vừa xem dữ liệu của mình", lambda: self.see(mother, looker))
        clerk.open(f"/mot-cua/{self.code}/")
        events = len(clerk.find("//section[h2[contains(., 'Nhật ký')]]//ol/li"))
        due = said(clerk.find("//dt[contains(., 'Hẹn trả')]/following-sibling::dd//time")[-1])
        seconds = time.monotonic() - self.began
        return f"✓ {self.code} · hẹn trả {due} · {events} sự kiện · {result} · {seconds:.1f} s"

    def step(self, what: str, act: Callable[[], T]) -> T:
        """Do one step and print it with its seconds."""
        began = time.monotonic()
        done = act()
        self.steps += 1
        print(f"{self.steps:>3}. {what:<46} {time.monotonic() - began:5.1f} s", flush=True)
        return done

    # ------------------------------------------------------------------ the mother

    def enroll(self) -> Browser:
        """Log in by password and code, and make the passkey that her phone will keep."""
        mother = Browser(settings.NATIONAL_URL)
        mother.open("/dinh-danh/dang-nhap/")
        self.to_where_keys_are_good(mother)
        self.type_in(mother, who("vừa sinh con"))
        mother.open("/")
        while mother.offers("Gỡ khóa này"):  # of an earlier telling, whose phone is gone
            mother.press("Gỡ khóa này")
        mother.follow("Thêm khóa truy cập")
        asked = mother.ask(KEY, mother.find(KEY)[0].get("data-options"))
        handle = unpacked(asked["user"]["id"])
        self.here = mother.find(KEY)[0].get("data-origin")
        made = self.phone.make(unpacked(asked["challenge"]), handle, origin=self.here)
        mother.send(KEY, {"credential": made})
        mother.press("Đăng xuất")
        return mother

    def find(self, mother: Browser) -> None:
        """Search without marks, read about it, and log in by the passkey on the way to the form."""
        mother.open(f"{settings.PROVINCE_URL}/thu-tuc/?q=lam+khai+sinh+cho+con")
        mother.follow("Đăng ký khai sinh")
        mother.follow("Bắt đầu")
        clerk = said(mother.find("//button[contains(., 'Bộ phận Một cửa')]")[0])
        self.office = clerk.rpartition(", ")[2]
        self.to_where_keys_are_good(mother)
        asked = mother.ask(KEY, mother.find(KEY)[0].get("data-options"))
        used = self.phone.use(unpacked(asked["challenge"]), origin=self.here)
        mother.send(KEY, {"credential": used})
        agree(mother)

    def to_where_keys_are_good(self, browser: Browser) -> None:
        """Open the page under the machine's name: browsers tie no passkey to a number."""
        if browser.page.xpath(f"//a[contains(., '{ELSEWHERE}')]"):
            browser.follow(ELSEWHERE)

    def type_in(self, browser: Browser, person: dict[str, str]) -> None:
        """Type number, password and the code that the person's app shows."""
        browser.press("Đăng nhập", {"number": person["number"], "password": PASSWORD})
        if not browser.offers("Xác nhận"):
            browser.open("/dinh-danh/ma-xac-thuc/")
        code = said(browser.find("//*[contains(@class, 'govuk-inset-text')]//*[@class='code']")[0])
        browser.press("Xác nhận", {"code": code})

    def begin(self, mother: Browser) -> None:
        """Choose her commune; the register fills in what it knows."""
        home = self.office.rpartition("nhân dân ")[2].lower()
        options = mother.find("//select[@name='commune']/option")
        commune = next((one.get("value") for one in options if said(one).lower() == home), None)
        if commune is None:
            raise mother.lost(f"không có nơi nộp “{home}”")
        self.home = commune
        mother.press("Bắt đầu khai", {"commune": commune})
        mother.find("//li[contains(., 'Mẹ của trẻ')][contains(., 'CSDL dân cư')]")

    def fill_in(self, mother: Browser) -> None:
        """Answer page after page until the papers are asked for."""
        born = datetime.now(ZONE).date() - timedelta(days=12)
        known = {**ANSWERS, "birth_address_commune": self.home}
        for name, day in (("child_born_on", born), ("certificate_on", born + timedelta(days=1))):
            known |= {f"{name}_day": f"{day:%d}", f"{name}_month": f"{day:%m}", f"{name}_year": f"{day:%Y}"}
        mother.follow("Người đi đăng ký")
        while "/giay-to/" not in mother.url:
            before = mother.url
            mother.fill(NEXT, known)
            if mother.url == before:
                raise mother.lost("trang không đi tiếp")

    def bring(self, mother: Browser) -> None:
        """Take a photo of the birth note with the phone."""
        name = mother.find("//input[@type='file']")[0].get("name")
        mother.press(NEXT, files={name: ("IMG_2041.jpg", photo(), "image/jpeg")})

    def submit(self, mother: Browser) -> None:
        """Look everything over, declare it true and file."""
        mother.press("Nộp hồ sơ", {"handing": "electronic", "declared": "on"})
        self.code = mother.url.rstrip("/").split("/")[-2]
        pdf(mother, f"/ho-so/{self.code}/bien-nhan/")

    def open_result(self, mother: Browser) -> str:
        """Open the certificate, which hands it over, and keep it."""
        mother.open(f"/ho-so/{self.code}/")
        mother.press("Mở Giấy khai sinh")
        folder = settings.HOME / "story"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.code}.pdf"
        path.write_bytes(pdf(mother, mother.url))
        return str(path)

    # ------------------------------------------------------------------ the officials

    def official(self, post: str, desk: str) -> Browser:
        """Log in as whoever holds a post in the office of this story."""
        browser = Browser(settings.PROVINCE_URL)
        browser.open(desk)
        self.type_in(browser, who(f"{post}, {self.office}"))
        agree(browser)
        return browser

    def clerk(self) -> Browser:
        """Come to the counter in the morning."""
        return self.official("Công chức Bộ phận Một cửa", "/mot-cua/")

    def receive(self, clerk: Browser) -> None:
        """Take the dossier from the line of the counter."""
        clerk.follow(self.code)
        clerk.press("Tiếp nhận")
        clerk.find("//a[contains(., 'Giấy tiếp nhận hồ sơ và hẹn trả kết quả')]")

    def look_up(self, clerk: Browser) -> str:
        """Open a dossier for her at the counter, so that the register is asked; give who asked."""
        clerk.open("/mot-cua/")
        clerk.press("Mở hồ sơ", {"number": who("vừa sinh con")["number"]})
        name = who(f"Công chức Bộ phận Một cửa, {self.office}")["name"]
        clerk.send("//form[@id='discard']")
        return name

    def see(self, mother: Browser, looker: str) -> None:
        """Read on the national site who has just looked at her data."""
        mother.open(f"{self.here}/dinh-danh/ai-da-xem/")
        first = said(mother.find("//article")[0])
        if looker not in first:
            raise mother.lost(f"lượt xem đầu tiên không phải của {looker}: {first}")

    def take_money(self, clerk: Browser) -> None:
        """Note the transfer of the fee."""
        clerk.press("Đã thu", {"method": "transfer", "reference": f"FT{time.time_ns() // 1000}"})

    def process(self) -> None:
        """Open the photo, which a worker has scanned by now, and go through the steps of the procedure."""
        officer = self.official("Công chức tư pháp – hộ tịch", "/xu-ly/")
        officer.press("Lọc", {"tim": self.code})
        officer.follow(self.code)
        picture = officer.find("//a[contains(., 'Giấy chứng sinh')]")[0].get("href")
        until(lambda: opens(officer, picture), "ảnh chưa được quét / the photo has not been scanned")
        officer.press("Thụ lý")
        while officer.offers("Chuyển bước tiếp theo"):
            officer.press("Chuyển bước tiếp theo")

    def approve(self) -> None:
        """Approve from the leader's list, once a worker has asked the register."""
        leader = self.official("Phó Chủ tịch", "/xu-ly/phe-duyet/")
        button = f"Phê duyệt kết quả {self.code}"
        until(lambda: shows(leader, button), "CSDL dân cư chưa trả lời / the register has not answered")
        leader.press(button)


def agree(browser: Browser) -> None:
    """Say yes to what the province asks for, and later to whatever else is offered on the way."""
    for words in ("Để sau", "Đồng ý và tiếp tục"):
        if browser.offers(words):
            browser.press(words)


def who(note: str) -> dict[str, str]:
    """Name somebody of the demonstration by what the log-in page says of them."""
    rows = json.loads((settings.HOME / "demo/accounts.json").read_text(encoding="utf-8"))
    found: dict[str, str] = next(row for row in rows if note in row["note"])
    return found


def unpacked(text: str) -> bytes:
    """Read base64url as browsers write it."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def opens(browser: Browser, address: str) -> bool:
    """Tell whether a file can be opened yet."""
    return browser.http.get(httpx.URL(browser.url).join(address)).is_success


def shows(browser: Browser, button: str) -> bool:
    """Load the page again and tell whether it has a button yet."""
    browser.open(browser.url)
    return browser.offers(button)


def pdf(browser: Browser, address: str) -> bytes:
    """Download what has to be a PDF."""
    browser.open(address)
    if not browser.answer.content.startswith(b"%PDF-"):
        raise browser.lost("tệp tải về không phải PDF")
    return browser.answer.content


def photo() -> bytes:
    """Draw a sheet of paper as a phone photographs it."""
    sheet = Image.new("RGB", (900, 1200), "#f7f3e8")
    draw = ImageDraw.Draw(sheet)
    for line in range(24):
        draw.line((90, 150 + 40 * line, 810 - line % 5 * 90, 150 + 40 * line), "#555", 3)
    buffer = io.BytesIO()
    sheet.rotate(1.5, fillcolor="#6b5d4d").save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.settings.province")
    sys.exit(main())
