"""What we did not write is exactly what VENDOR.md says, and its fonts can write Vietnamese."""

import hashlib
import re
import unicodedata
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from fontTools.ttLib import TTFont

UI = Path(settings.ROOT) / "motcua/base/ui"
STATIC = UI / "static/ui"
LISTED = re.findall(r"^\| `([^`]+)` \| ([0-9a-f]{64}) \|$", (UI / "vendor/VENDOR.md").read_text(), re.M)

VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
#: the 134 letters with marks of both cases, and the twelve bare vowels that carry them
LETTERS = {
    unicodedata.normalize("NFC", case(vowel + tone))
    for vowel in VOWELS
    for tone in TONES
    for case in (str.lower, str.upper)
} | {"đ", "Đ"}


@pytest.mark.parametrize(("name", "sha256"), LISTED)
def test_a_vendored_file_is_the_one_listed(name, sha256):
    assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == sha256


def test_every_vendored_file_is_listed():
    found = {path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*") if path.is_file()}
    ours = {"motcua.css", "desk.css", "keys.js", "photo.js", "mark.svg", "drum.svg"}
    assert found - ours == {name for name, _ in LISTED}


@pytest.mark.parametrize("name", ["be-vietnam-pro-400", "be-vietnam-pro-700", "inter-400", "inter-700"])
def test_a_font_has_every_vietnamese_letter_and_the_dong(name):
    assert len(LETTERS) == 146
    font = TTFont(STATIC / f"fonts/{name}.woff2")
    has = {chr(code) for code in font.getBestCmap()}
    assert not (LETTERS | set("₫đ0123456789–…“”")) - has


@pytest.mark.parametrize("weight", [400, 700])
def test_digits_in_columns_have_one_width(weight):
    font = TTFont(STATIC / f"fonts/inter-{weight}.woff2")
    assert "tnum" in {record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord}
    digits = TTFont(STATIC / f"fonts/digits-{weight}.woff2")
    assert "tnum" in {record.FeatureTag for record in digits["GSUB"].table.FeatureList.FeatureRecord}


def test_the_signs_of_deadlines_are_in_our_own_font():
    has = {chr(code) for code in TTFont(STATIC / "fonts/signs.woff2").getBestCmap()}
    assert set("▲◆●❚○✓▾←→") <= has


def test_our_own_layer_stays_small():
    own = b"".join((STATIC / name).read_bytes() for name in ("motcua.css", "desk.css"))
    assert len(brotli.compress(own)) <= 6 * 1024
    scripts = b"".join((STATIC / name).read_bytes() for name in ("keys.js", "photo.js"))
    assert len(scripts) <= 12 * 1024
