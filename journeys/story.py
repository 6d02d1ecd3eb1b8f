"""`make story`: one birth registration from a mother's phone to the result in her hand, over plain HTTP.

Nothing is reached past the front doors: the same pages, forms and log-ins that people use.
"""

import io
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
from motcua.base.calendar import ZONE

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
#: seconds that workers are waited for
PATIENCE = 30


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

    def tell(self) -> str:
        """Go through it from the first page to the result; give the last line."""
        mother = self.step("Mẹ em bé tìm thủ tục, đăng nhập", self.find)
        self.step("CSDL dân cư điền sẵn cha và mẹ", lambda: self.begin(mother))
        self.step("khai các trang còn lại", lambda: self.fill_in(mother))
        self.step("tải ảnh giấy chứng sinh", lambda: self.bring(mother))
        self.step("kiểm tra và nộp", lambda: self.submit(mother))
        clerk = self.step("Bộ phận Một cửa tiếp nhận, hẹn trả", self.receive)
        self.step("xác nhận lệ phí đã chuyển khoản", lambda: self.take_money(clerk))
        self.step("Cán bộ thụ lý xem ảnh, làm từng bước", self.process)
        self.step("Lãnh đạo phê duyệt", self.approve)
        result = self.step("Mẹ em bé mở kết quả", lambda: self.open_result(mother))
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
        print(f"{self.steps:>3}. {what:<40} {time.monotonic() - began:5.1f} s", flush=True)
        return done

    # ------------------------------------------------------------------ the mother

    def find(self) -> Browser:
        """Search without marks, read about it, and log in on the way to the form."""
        mother = Browser(settings.PROVINCE_URL)
        mother.open("/thu-tuc/?q=lam+khai+sinh+cho+con")
        mother.follow("Đăng ký khai sinh")
        mother.follow("Bắt đầu")
        clerk = said(mother.find("//button[contains(., 'Bộ phận Một cửa')]")[0])
        self.office = clerk.rpartition(", ")[2]
        self.log_in(mother, "vừa sinh con")
        return mother

    def log_in(self, browser: Browser, words: str) -> None:
        """Press the button of a demonstration's person, and agree the first time."""
        browser.press(words)
        if browser.offers("Đồng ý và tiếp tục"):
            browser.press("Đồng ý và tiếp tục")

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
        self.log_in(browser, f"{post}, {self.office}")
        return browser

    def receive(self) -> Browser:
        """Take the dossier from the line of the counter."""
        clerk = self.official("Công chức Bộ phận Một cửa", "/mot-cua/")
        clerk.follow(self.code)
        clerk.press("Tiếp nhận")
        clerk.find("//a[contains(., 'Giấy tiếp nhận hồ sơ và hẹn trả kết quả')]")
        return clerk

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
        """Approve from the leader's list."""
        leader = self.official("Phó Chủ tịch", "/xu-ly/phe-duyet/")
        leader.press(f"Phê duyệt kết quả {self.code}")


def opens(browser: Browser, address: str) -> bool:
    """Tell whether a file can be opened yet."""
    return browser.http.get(httpx.URL(browser.url).join(address)).is_success


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
