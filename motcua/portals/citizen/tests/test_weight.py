"""A first visit over a slow line: everything a page brings along weighs at most 60 kB."""

import re
from pathlib import Path

import brotli
import pytest
from django.conf import settings

from motcua.portals.citizen.tests.conftest import text

STATIC = Path(settings.ROOT) / "motcua/base/ui/static"
#: fonts that citizens' pages can ask for; Inter belongs to the desks
FONTS = {"be-vietnam-pro-400", "be-vietnam-pro-700", "digits-400", "digits-700", "signs"}
LIMIT = 60_000


def weight(html):
    """Add up the page, its style sheets, scripts, pictures and every font and picture these may load."""
    asked = set(re.findall(r'(?:href|src)="/static/([^"]+)"', html))
    assert not [name for name in asked if "inter" in name or "desk" in name or "htmx" in name]
    asked |= {f"ui/fonts/{name}.woff2" for name in FONTS} | {"ui/drum.svg"}
    assert "ui/motcua.css" in asked
    files = {name: (STATIC / name).read_bytes() for name in asked}
    sizes = {name: len(b if name.endswith("woff2") else brotli.compress(b)) for name, b in files.items()}
    return len(brotli.compress(html.encode())) + sum(sizes.values())


@pytest.mark.parametrize(
    "address", ["/", "/thu-tuc/", "/thu-tuc/1.001193/", "/thu-tuc/1.001193/dieu-kien/", "/tra-cuu/"]
)
def test_a_page_for_citizens_is_light(client, library, address):
    answer = client.get(address)
    assert answer.status_code == 200
    assert weight(text(answer)) <= LIMIT
