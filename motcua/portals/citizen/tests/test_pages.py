"""Every page of a citizen in a real browser: light, accessible, whole on a phone, without a script."""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import sync_playwright

from motcua.domain.agencies import queries as agencies
from motcua.portals.citizen.tests.birth import address, begin, filed, fill
from motcua.portals.citizen.tests.conftest import draft_of, photo
from motcua.portals.citizen.tests.test_mine import NAME, NOTE, OTHER, asked, pay, received, settled
from motcua.portals.citizen.tests.test_weight import LIMIT, weight

SITE = "http://testserver"
STATIC = Path(settings.ROOT) / "motcua/base/ui/static"
CHROMIUM = shutil.which("chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: to list what is right, too, would double the time
RULES = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
#: where pictures of the pages are put for somebody to look at
PICTURES = os.environ.get("MOTCUA_PICTURES", "")
PHONE = 360
WIDTHS = (PHONE, 1366)


class Eyes:
    """A browser in a thread of its own: its event loop must not meet the data base."""

    def __init__(self):
        self.playwright = sync_playwright().start()
        self.browser = self.playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        self.tabs = [
            self.browser.new_page(
                viewport={"width": width, "height": 800}, has_touch=width == PHONE, is_mobile=width == PHONE
            )
            for width in WIDTHS
        ]

    def read(self, name, html, policy):
        """Give what is wrong with a page, on a phone and on a desk."""
        return [fault for tab in self.tabs for fault in self._faults(tab, name, html, policy)]

    def _faults(self, tab, name, html, policy):
        tab.unroute_all()
        tab.route("**/*", lambda route: _give(route, html, policy))
        tab.goto(f"{SITE}/page")
        width = tab.viewport_size["width"]
        if PICTURES:
            tab.screenshot(path=f"{PICTURES}/{name}-{width}.png", full_page=True)
        if tab.evaluate("document.documentElement.scrollWidth > innerWidth"):
            yield f"{name} is wider than {width} px"
        if width > PHONE and not PICTURES:
            return  # the same page in a wider column
        found = Axe().run(tab, options=RULES)
        for rule in found.response["violations"]:
            yield f"{name} {width}: {rule['id']}: {[node['html'] for node in rule['nodes']]}"

    def close(self):
        self.browser.close()
        self.playwright.stop()


def _give(route, html, policy):
    path = route.request.url.removeprefix(f"{SITE}/")
    if path.startswith("static/"):
        file = STATIC / path.removeprefix("static/")
        route.fulfill(body=file.read_bytes(), content_type=KINDS[file.suffix])
    elif route.request.is_navigation_request():
        heads = {"Content-Security-Policy": policy}
        route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=heads)
    else:
        route.fulfill(body=photo(side=64).read(), content_type="image/jpeg")


@pytest.fixture(scope="module")
def thread():
    if CHROMIUM is None and not os.environ.get("CI"):
        pytest.skip("chromium is not installed")
    with ThreadPoolExecutor(max_workers=1) as pool:
        eyes = pool.submit(Eyes).result()
        yield lambda *page: pool.submit(eyes.read, *page).result()
        pool.submit(eyes.close).result()


@pytest.fixture
def look(thread, lan, library, register):
    """Look at an address with Lan's eyes; nothing is wrong with the page."""

    def show(name, there, *, status=200, sent=None):
        answer = lan.get(there) if sent is None else lan.post(there, sent)
        assert answer.status_code == status
        html = answer.content.decode()
        assert html.count("<h1") == 1
        assert weight(html) <= LIMIT
        assert not thread(name, html, answer["Content-Security-Policy"])

    return show


@pytest.fixture
def hoa(officer):
    return agencies.actor_by_officer(officer.pk, timezone.localdate())


def test_the_pages_of_a_draft(look, lan, mother, neighbour):
    look("start", "/thu-tuc/1.001193/bat-dau/")
    look("start-other", "/thu-tuc/1.001193/bat-dau/", sent={"key": "", "whom": "other", "commune": "27694"})
    look("start-wrong", "/thu-tuc/1.001193/bat-dau/", sent={"whom": "me"}, status=422)
    begin(lan)
    draft = draft_of(mother)
    look("tasks", address(draft))
    look("fields", address(draft, "applicant"))
    look("fields-wrong", address(draft, "child"), sent={"child_born_on_day": "31"}, status=422)
    look("check-unfinished", address(draft, "kiem-tra"))
    fill(lan, mother)
    look("papers", address(draft, "giay-to"))
    look("papers-missing", address(draft, "giay-to"), sent={"next": "1"}, status=422)
    lan.post(address(draft, "giay-to"), {"paper-birth_note": photo(), "stay": "1"})
    look("papers-one", address(draft, "giay-to"))
    look("check", address(draft, "kiem-tra"))
    look("check-undeclared", address(draft, "kiem-tra"), sent={"handing": "desk"}, status=422)
    look("office", address(draft, "noi-nop"))
    look("discard", address(draft, "xoa"))
    look("start-again", "/thu-tuc/1.001193/bat-dau/")


def test_a_draft_without_the_register(look, lan, mother, register):
    register.be(dead=True)
    begin(lan)
    look("tasks-no-register", address(draft_of(mother)))


def test_the_pages_of_a_filed_dossier(look, lan, mother, hoa):
    dossier = filed(lan, mother)
    there = f"/ho-so/{dossier.code}/"
    look("filed", f"{there}da-nop/")
    look("dossier-submitted", there)
    look("withdraw", f"{there}rut/")
    dossier = received(dossier, hoa)
    look("dossier-received", there)
    asked(dossier, hoa, NOTE, NAME, OTHER)
    look("dossier-asked", there)
    look("supplement", f"{there}bo-sung/")
    look("supplement-wrong", f"{there}bo-sung/", sent={"send": "1"}, status=422)
    begin(lan)
    look("mine", "/ho-so/")
    lan.post(f"{there}rut/", {"reason": "Tôi khai nhầm nơi sinh"})
    look("keep", f"{there}tiep-tuc/")
    look("dossier-withdrawing", there)


def test_the_pages_of_a_result(look, lan, mother, hoa):
    dossier = settled(filed(lan, mother), hoa)
    there = f"/ho-so/{dossier.code}/"
    look("dossier-unpaid", there)
    pay(dossier, hoa)
    look("dossier-settled", there)
