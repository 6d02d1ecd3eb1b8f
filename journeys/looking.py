"""What must hold on every page that anybody sees: for everyone, on every screen, without a slip behind it."""

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page

PICTURES = Path(__file__).resolve().parents[1] / "docs/pictures"
#: the README's pictures are taken only when somebody asks for them
TAKING = os.environ.get("MOTCUA_PICTURES") == "1"
#: bytes of one picture in the repository
LIGHT = 150_000
#: bytes of a citizen's page on a first visit, everything that it loads included
BUDGET = 60_000
AXE = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
}
_FACTS = """() => ({
  language: document.documentElement.lang,
  title: document.title,
  headings: document.querySelectorAll("h1").length,
  wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
})"""
#: the bones of a page, what stands in what: axe finds the same on two dossiers of one procedure, and in a
#: list of two and of three
_BONES = """() => {
  const kinds = new Map([[`${innerWidth}`, 0]]);
  const meet = (each, above) => {
    const kind = `${above} ${each.tagName}${each.className}${[...each.attributes].map((one) => one.name)}`;
    if (!kinds.has(kind)) kinds.set(kind, kinds.size);
    for (const child of each.children) meet(child, kinds.get(kind));
  };
  meet(document.body, 0);
  return [...kinds.keys()].join();
}"""
#: bones of the pages that journeys of this process have looked at
SEEN: set[int] = set()
#: what in an address belongs to one dossier, draft, procedure, version or agency
_OWN = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|H\d\d[\w.-]+-\d{6}-\d{4,}|\d\.\d{6}|(?<=/)\d+(?=/)")


def faults(page: Page, *, citizen: bool, seen: set[int]) -> list[str]:
    """List everything that is wrong with the page that is shown; axe skips those with bones seen already."""
    facts = page.evaluate(_FACTS)
    found = []
    if facts["language"] != "vi":
        found.append(f"lang is {facts['language']!r}")
    if " – " not in facts["title"]:
        found.append(f"the title is {facts['title']!r}")
    if facts["headings"] != 1:
        found.append(f"{facts['headings']} main headings")
    if citizen and facts["wide"] > 0:
        found.append(f"{facts['wide']} px too wide")
    bones = hash(page.evaluate(_BONES))
    if bones in seen:
        return found
    seen.add(bones)
    for violation in Axe().run(page, options=AXE).response["violations"]:
        places = "; ".join(node["html"][:120] for node in violation["nodes"][:3])
        found.append(f"{violation['id']} ({violation['impact']}): {places}")
    return found


def shape(address: str) -> str:
    """Name a page without what differs between two dossiers, agencies or procedures."""
    return _OWN.sub("…", urlsplit(address).path)


def picture(page: Page, name: str) -> None:
    """Keep what the screen shows for the README, as a palette picture."""
    if not TAKING:
        return
    file = PICTURES / f"{name}.png"
    file.parent.mkdir(exist_ok=True)
    page.screenshot(path=file, caret="initial")
    with Image.open(file) as shot:
        small = shot.convert("RGB").quantize(128, dither=Image.Dither.NONE)
    small.save(file, optimize=True)
    assert file.stat().st_size <= LIGHT, f"{file.name} has {file.stat().st_size} bytes"
