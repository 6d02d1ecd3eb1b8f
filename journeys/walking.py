"""Somebody at a browser, by touch, mouse or keys: every move is counted, every page looked at."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, expect

from journeys import looking
from journeys.sites import PASSWORD, Sites

#: answers that a page gives on purpose; the browser writes them on its console as errors
MEANT = re.compile(r"status of (403|404|409|422)\b")
#: seconds that a page or a worker may take on a busy machine
PATIENCE = 90
expect.set_options(timeout=PATIENCE * 1000)
#: addresses of pages of this site that links on this one lead to; files are not pages
LINKS = """(links) => links.map((each) => each.href.split("#")[0])
  .filter((href) => href.startsWith(location.origin + "/")
    && !/(\\.pdf|\\.zip|\\.json|\\/giay-to\\/\\d+\\/|\\/bien-nhan\\/|\\/tep\\/.*)$/.test(href))"""
FRESH = "() => { const fresh = !window.lookedAt; window.lookedAt = true; return fresh }"
#: what stands under the keyboard, whether that can be seen, and whether anything lies over it
UNDER_KEYS = """() => {
  const here = document.activeElement;
  if (!here || here === document.body) return null;
  const lit = document.createElement("i");
  lit.style.color = "var(--govuk-focus-colour)";
  document.body.append(lit);
  const focus = getComputedStyle(lit).color;
  lit.remove();
  const ring = (style) => style.boxShadow !== "none" || style.backgroundColor === focus
    || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
      && !/^rgba\\(.*, 0\\)$/.test(style.outlineColor));
  const label = here.labels?.[0];
  const box = here.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const group = here.closest("fieldset")?.querySelector("legend")?.textContent ?? "";
  const name = here.getAttribute("aria-label") || label?.textContent || here.textContent || here.title;
  return {
    name: `${group} / ${name}`.replace(/\\s+/g, " "),
    ring: ring(getComputedStyle(here)) || (!!label && ring(getComputedStyle(label, "::before"))),
    covered: !!top && !here.contains(top) && !top.contains(here) && !label?.contains(top),
  };
}"""


@dataclass
class Spent:
    """What a way through the pages costs."""

    taps: int = 0
    typed: int = 0
    keys: int = 0
    pages: int = 0

    def __sub__(self, other: "Spent") -> "Spent":
        parts = {name: value - vars(other)[name] for name, value in vars(self).items()}
        return Spent(**parts)

    def within(self, **most: int) -> None:
        """Hold what was spent to a budget."""
        over = {name: value for name, value in vars(self).items() if value > most.get(name, value)}
        assert not over, f"{over} spent, the budget is {most}"


@dataclass
class Walk:
    """One person, one browser."""

    name: str
    context: BrowserContext
    sites: Sites
    scripts: bool = True
    citizen: bool = False
    spent: Spent = field(default_factory=Spent)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.set_default_timeout(PATIENCE * 1000)
        self.page: Page = self.context.new_page()
        self.wire = self.context.new_cdp_session(self.page)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self._blame(f"script: {error}"))
        # Everything comes over the wire each time, so that every page is weighed as on a first visit.
        self.weight: dict[str, int] = {}
        self.wire.send("Network.enable")
        self.wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
        self.wire.on("Network.requestWillBeSent", self._asked)
        self.wire.on("Network.loadingFinished", self._came)
        if not self.scripts:
            self._let_scripts(False)
            self.page.goto("data:text/html,<title>still</title><script>document.title = 'ran'</script>")
            assert self.page.title() == "still"

    # ------------------------------------------------------------------ by touch or mouse

    def goes(self, path: str) -> None:
        """Open an address of the province, or a whole one."""
        answer = self.page.goto(path if path.startswith("http") else self.sites.province + path)
        assert answer is not None
        if answer.status >= 400:
            self._blame(f"status {answer.status}")
        self._arrived()

    def wanders(self, start: str) -> Iterator[str]:
        """Follow links from a page as far as they go, once to every kind of page; give the kind of each."""
        known, onward = {looking.shape(start)}, [start]
        while onward:
            self.goes(onward.pop(0))
            yield looking.shape(self.page.url)
            for href in self.page.eval_on_selector_all("main a[href], nav a[href]", LINKS):
                shape = looking.shape(href)
                if shape not in known:
                    known.add(shape)
                    onward.append(href)

    def taps(self, name: str, *, within: Locator | None = None) -> None:
        """Press a button or a link that leads on."""
        with self._leading():
            self._press(self._thing(name, within))

    def stays(self, name: str) -> None:
        """Press something that opens on the same page."""
        self._press(self.page.get_by_text(name).first)

    def picks(self, label: str, *, of: str = "") -> None:
        """Choose a radio button or tick a box, in the group with these words."""
        group = self.page.get_by_role("group", name=of) if of else self.page
        self._press(group.get_by_label(label, exact=True).first)

    def types(self, label: str, words: str, *, of: str = "") -> None:
        """Type into a box; the touch on it belongs to the typing."""
        group = self.page.get_by_role("group", name=of) if of else self.page
        box = group.get_by_label(label).first
        box.fill("")
        box.press_sequentially(words)
        self.spent.typed += len(words)

    def chooses(self, label: str, option: str) -> None:
        """Open a list and take one of it: two touches."""
        self.page.get_by_label(label).first.select_option(label=option)
        self.spent.taps += 2

    def brings(self, title: str, file: dict[str, Any]) -> None:
        """Take a photograph of a paper; what the phone's own camera asks is not counted."""
        box = self.page.locator("input[type=file]").and_(self.page.get_by_label(title)).first
        box.set_input_files([file])  # type: ignore[list-item]
        self.spent.taps += 1
        if self.scripts:
            expect(box.locator("xpath=..").get_by_role("status")).to_contain_text("Ảnh")

    def opens_pdf(self, name: str) -> bytes:
        """Press what leads to a PDF and read it, then come back."""
        with self.page.expect_navigation(wait_until="commit") as found:
            self._press(self._thing(name, None))
        return self._read(found.value.url)

    def saves_pdf(self, name: str) -> bytes:
        """Press what downloads a PDF and read it."""
        with self.page.expect_download() as found:
            self._press(self._thing(name, None))
        return Path(found.value.path()).read_bytes()

    def waits(self, path: str, words: str) -> None:
        """Look at a page again and again until these words are on it: workers work, and at once."""
        self.goes(path)
        until = time.monotonic() + PATIENCE
        while words not in " ".join((self.page.locator("main").text_content() or "").split()):
            assert time.monotonic() < until, f"{words!r} does not come to {path}"
            self.sites.hurry()
            self.goes(path)

    def misses(self, *words: str) -> None:
        """Find none of these words on the page."""
        for each in words:
            expect(self.page.locator("main")).not_to_contain_text(each)

    def sees(self, *words: str) -> None:
        """Find these words on the page."""
        for each in words:
            expect(self.page.locator("main")).to_contain_text(each)

    # ------------------------------------------------------------------ by keys

    def presses(self, *names: str) -> None:
        """Press keys that do not lead away."""
        for name in names:
            self.page.keyboard.press(name)
            self.spent.keys += 1

    def goes_by(self, name: str) -> None:
        """Press one key that leads on."""
        with self._leading():
            self.presses(name)

    def opens_pdf_by(self, name: str) -> bytes:
        """Press one key that leads to a PDF and read it, then come back."""
        with self.page.expect_navigation(wait_until="commit") as found:
            self.presses(name)
        return self._read(found.value.url)

    def tabs_to(self, words: str, *, back: bool = False) -> None:
        """Press Tab until the keyboard stands on what has these words; it can be seen at every stop."""
        for _step in range(60):
            self.presses("Shift+Tab" if back else "Tab")
            stop = self.stop()
            if stop and words in stop["name"]:
                return
        raise AssertionError(f"the keyboard does not reach {words!r}")

    def stop(self) -> dict[str, Any] | None:
        """Tell where the keyboard stands, and see that everybody can tell."""
        stop: dict[str, Any] | None = self.page.evaluate(UNDER_KEYS)
        if stop and not stop["ring"]:
            self._blame(f"no focus to be seen on {stop['name']!r}")
        if stop and stop["covered"]:
            self._blame(f"something lies over {stop['name']!r}")
        return stop

    def writes(self, words: str) -> None:
        """Type into the box where the keyboard stands."""
        self.page.keyboard.type(words)
        self.spent.typed += len(words)

    # ------------------------------------------------------------------ logging in

    def logs_in(self, who: dict[str, str]) -> None:
        """Go through the provider's pages with number, password and code, as outside a demonstration."""
        self.types("Số định danh cá nhân", who["number"])
        self.types("Mật khẩu", PASSWORD)
        self.taps(
            "Đăng nhập", within=self.page.locator("form").filter(has=self.page.get_by_label("Mật khẩu"))
        )
        if self.page.get_by_label("Mã xác thực").count():
            self.types("Mã xác thực", self.page.locator(".govuk-inset-text .code").inner_text())
            self.taps("Xác nhận")
        self._agrees()

    def comes_in_as(self, who: dict[str, str]) -> None:
        """Log in by the demonstration's one press, here or on the way to some page."""
        if self.page.url.startswith((self.sites.province, "about:", "data:")):
            self.goes("/dang-nhap/")
        self.taps(who["name"])
        self._agrees()

    def comes_in_by_keys(self, who: dict[str, str]) -> None:
        """Log in by the demonstration's one button, found by Tab."""
        self.goes("/dang-nhap/")
        self.tabs_to(who["name"])
        self.goes_by("Enter")
        while not self.page.url.startswith(self.sites.province):
            yes = self._thing("Đồng ý và tiếp tục", None).count()
            self.tabs_to("Đồng ý và tiếp tục" if yes else "Để sau")
            self.goes_by("Enter")

    def _agrees(self) -> None:
        """Say yes to what the province asks for, and later to whatever else is offered on the way."""
        while not self.page.url.startswith(self.sites.province):
            yes = self._thing("Đồng ý và tiếp tục", None).count()
            self.taps("Đồng ý và tiếp tục" if yes else "Để sau")

    # ------------------------------------------------------------------ what a page costs and is

    def picture(self, name: str) -> None:
        """Keep the screen for the README."""
        looking.picture(self.page, name)

    def so_far(self) -> Spent:
        """Give what was spent until now."""
        return replace(self.spent)

    @property
    def code(self) -> str:
        """Read the code of the dossier that is shown."""
        return self.page.locator("main .code").first.inner_text()

    def _thing(self, name: str, within: Locator | None) -> Locator:
        place = within or self.page
        thing = place.get_by_role("button", name=name).or_(place.get_by_role("link", name=name))
        return thing.first

    def _read(self, address: str) -> bytes:
        """Read what the browser's own reader shows, and go back from it."""
        sheet = self.context.request.get(address)
        assert sheet.headers["content-type"] == "application/pdf"
        self.page.go_back()
        self._arrived()
        return sheet.body()

    def _press(self, thing: Locator) -> None:
        if self.citizen:
            thing.tap()
        else:
            thing.click()
        self.spent.taps += 1

    @contextmanager
    def _leading(self) -> Iterator[None]:
        with self.page.expect_navigation():
            yield
        self._arrived()

    def _arrived(self) -> None:
        self.page.wait_for_load_state("load")
        if not self.page.evaluate(FRESH):
            return
        self.spent.pages += 1
        if not self.scripts:
            self._let_scripts(True)
        for fault in looking.faults(self.page, citizen=self.citizen, seen=looking.SEEN):
            self._blame(fault)
        if not self.scripts:
            self._let_scripts(False)
        if self.citizen and (heavy := sum(self.weight.values())) > looking.BUDGET:
            self._blame(f"{heavy} bytes on a first visit")

    def _let_scripts(self, run: bool) -> None:
        self.wire.send("Emulation.setScriptExecutionDisabled", {"value": not run})

    def _asked(self, event: dict[str, Any]) -> None:
        if event.get("type") == "Document":
            self.weight.clear()
        self.weight[event["requestId"]] = 0

    def _came(self, event: dict[str, Any]) -> None:
        # What the page before had asked for may still come in.
        if event["requestId"] in self.weight:
            self.weight[event["requestId"]] = int(event["encodedDataLength"])

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not MEANT.search(message.text):
            self._blame(f"console: {message.text}")

    def _blame(self, fault: str) -> None:
        self.faults.append(f"{self.name}, {looking.shape(self.page.url)}: {fault}")
