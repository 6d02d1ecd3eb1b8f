"""The story is told, and where it breaks off it says so."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx
import pytest

from journeys import story
from journeys.browser import Browser, Lost
from journeys.sites import PATIENT
from motcua.base import keys
from motcua.base.tests.ports import spare

ROOT = Path(__file__).parents[1]
LINE = re.compile(
    r"✓ (H39\.\d{5}-\d{6}-0001) · hẹn trả 17:30 .+ \d\d/\d\d/\d{4} · (\d+) sự kiện · (\S+\.pdf) · "
)


@pytest.fixture
def home():
    """A folder that an installation may live in; its database runs as another user."""
    with tempfile.TemporaryDirectory(prefix="motcua-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        keys.make(Path(folder) / "secrets.env")
        yield folder


@pytest.mark.timeout(900)
def test_a_fresh_installation_takes_a_birth_from_the_phone_to_the_result(home):
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
    named = ("PROVINCE", "NATIONAL", "SMS", "PAYMENT")
    ports = {f"{site}_PORT": str(spare()) for site in named}
    ports |= {"WEB_WORKERS": "1", **PATIENT}
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "journeys.story"],
        cwd=ROOT,
        env={**kept, **ports, "MOTCUA_HOME": home, "MOTCUA_DEMO": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    assert re.findall(r"^ +(\d+)\. ", told.stdout, re.M) == [str(n) for n in range(1, 15)]
    last = LINE.search(told.stdout)
    assert last, told.stdout
    assert int(last[2]) >= 20
    assert Path(last[3]).read_bytes().startswith(b"%PDF-")


PAGE = """<h1>Trang thử</h1><form method="post" action="/gui/"><input name="ten" value="Ổn">
<input type="checkbox" name="dong_y"><button name="nut" value="1">Gửi đi</button></form>
<form method="get"><button disabled>Khóa</button></form><a href="/xa/">Đi xa</a>"""


class Site:
    """One page, and what was sent to it."""

    def __init__(self):
        self.sent = []

    def __call__(self, asked):
        self.sent.append((asked.method, asked.url.path, asked.content.decode()))
        if asked.url.path == "/xa/":
            body = '<h1>Hỏng</h1><div class="govuk-error-summary">Thiếu tên.</div>'
            return httpx.Response(422, html=body)
        return httpx.Response(200, html=PAGE)


@pytest.fixture
def site():
    return Site()


@pytest.fixture
def browser(site):
    return Browser("http://may.test", transport=httpx.MockTransport(site))


def test_a_form_is_found_by_its_button_and_keeps_what_stands_in_it(browser, site):
    browser.press("Gửi", {"dong_y": True})
    assert site.sent[-1] == ("POST", "/gui/", "ten=%E1%BB%94n&dong_y=on&nut=1")


def test_only_the_answers_that_a_page_asks_for_are_given(browser, site):
    browser.fill("Gửi", {"ten": "An", "tuoi": "9"})
    assert site.sent[-1][2] == "ten=An&nut=1"


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (lambda b: b.press("Nộp"), "không có nút “Nộp”"),
        (lambda b: b.press("Khóa"), "không có nút “Khóa”"),
        (lambda b: b.press("Gửi", {"tuoi": "9"}), "không có ô tuoi"),
        (lambda b: b.follow("Về nhà"), "không có liên kết “Về nhà”"),
        (lambda b: b.find("//table"), "trang thiếu //table"),
        (lambda b: b.follow("Đi xa"), "trả lời 422. Thiếu tên."),
    ],
)
def test_whoever_gets_lost_says_where_and_why(browser, act, why):
    with pytest.raises(Lost, match=re.escape(why)) as lost:
        act(browser)
    assert str(lost.value).startswith("http://may.test/")


def test_waiting_ends(monkeypatch):
    monkeypatch.setattr(story, "PATIENCE", 0.1)
    with pytest.raises(Lost, match="chưa xong"):
        story.until(lambda: False, "chưa xong")
