"""Browser, sites and people of the journeys."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, sync_playwright

from journeys.sites import Sites
from journeys.walking import Walk

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the system's Chromium, for one module: its event loop would stop tests of the database."""
    if CHROMIUM is None:
        if os.environ.get("CI") == "true":
            pytest.fail("there is no chromium")
        pytest.skip("there is no chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, timeout=120_000)
        with closing(chromium):
            yield chromium


@pytest.fixture(scope="module")
def sites(browser: Browser) -> Iterator[Sites]:
    """Start both sites once."""
    sites = Sites()
    try:
        sites.start()
        yield sites
    finally:
        sites.stop()


@pytest.fixture
def person(browser: Browser, sites: Sites) -> Iterator[Callable[..., Walk]]:
    """Seat somebody at a browser of their own; at the end every fault of every page is told at once."""
    walks: list[Walk] = []

    def seat(name: str, *, phone: bool = False, scripts: bool = True) -> Walk:
        size = {"width": 360, "height": 740} if phone else {"width": 1366, "height": 768}
        context = browser.new_context(
            viewport=size, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", has_touch=phone, is_mobile=phone
        )
        walks.append(Walk(name, context, sites, scripts=scripts, citizen=phone))
        return walks[-1]

    yield seat
    for walk in walks:
        walk.context.close()
    if faults := list(dict.fromkeys(fault for walk in walks for fault in walk.faults)):
        pytest.fail(f"{len(faults)} faults on the pages:\n" + "\n".join(faults), pytrace=False)
