"""The two small scripts, in a real browser: keys of the desk, and photos that shrink before they leave."""

import os
import shutil
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image
from playwright.sync_api import sync_playwright

STATIC = Path(settings.ROOT) / "motcua/base/ui/static"
PLACE = "http://kit.test/"
CHROMIUM = shutil.which("chromium")
POLICY = {"Content-Security-Policy": "default-src 'self'"}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
]

LIST = """<!DOCTYPE html><title>x</title><input data-search id=seek><table><tbody>
<tr data-row><td><input type=checkbox></td><td><a href="#one">một</a></td></tr>
<tr data-row><td><input type=checkbox></td><td><a href="#two">hai</a></td></tr></tbody></table>
<button type=button data-key="F9" id=take>Nhận</button><button type=button data-key="t" id=sign>Trình</button>
<dialog id=keys><form method=dialog><button>Đóng</button></form><input type=checkbox id=keys-off></dialog>
<script src="/ui/keys.js" type="module"></script>"""
PHOTO = """<!DOCTYPE html><title>x</title><div><input type=file id=photo data-ready="Xong" data-small="Nhỏ"
data-dark="Tối" data-blurred="Mờ"></div><script src="/ui/photo.js" type="module"></script>"""


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None and not os.environ.get("CI"):
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def opened(browser):
    """Open a page whose scripts come from the kit, under the strict policy of the sites."""
    page = browser.new_page()

    def open_(html):
        def answer(route):
            path = route.request.url.removeprefix(PLACE)
            if path.startswith("ui/"):
                route.fulfill(body=(STATIC / path).read_bytes(), content_type="text/javascript")
            else:
                route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=POLICY)

        page.route("**/*", answer)
        page.goto(PLACE)
        return page

    yield open_
    page.close()


def test_j_and_k_walk_x_ticks_and_enter_opens(opened):
    page = opened(LIST)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.evaluate("[...document.querySelectorAll('td input')].map(box => box.checked)") == [
        False,
        True,
    ]
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url("**#one")


def test_letters_are_text_while_somebody_types_but_function_keys_work(opened):
    page = opened(LIST)
    page.evaluate(
        "for (const b of document.querySelectorAll('button[id]')) b.onclick = () => b.dataset.hit = 1; 0"
    )
    page.keyboard.press("/")
    page.keyboard.type("jxt")
    page.keyboard.press("F9")
    assert page.input_value("#seek") == "jxt"
    assert page.evaluate("[take.dataset.hit, sign.dataset.hit]") == ["1", None]
    page.keyboard.press("t")
    assert page.evaluate("sign.dataset.hit") == "1"


def test_single_letters_can_be_switched_off(opened):
    page = opened(LIST)
    page.keyboard.press("?")
    page.check("#keys-off")
    page.click("dialog button")
    page.keyboard.press("j")
    assert page.evaluate("document.querySelector('.is-here')") is None
    page.keyboard.press("?")
    assert page.evaluate("document.getElementById('keys').open") is True


def picture(width, height):
    """Draw a picture with light and edges, as large as a phone's."""
    tile = Image.effect_noise((400, 300), 90).convert("RGB")
    photo = Image.new("RGB", (width, height), "white")
    for x in range(0, width, 400):
        for y in range(0, height, 600):
            photo.paste(tile, (x, y))
    out = BytesIO()
    photo.save(out, "JPEG", quality=95)
    return out.getvalue()


def test_a_large_photo_leaves_the_phone_small(opened):
    page = opened(PHOTO)
    large = picture(3000, 2250)
    page.set_input_files("#photo", {"name": "giấy.jpeg", "mimeType": "image/jpeg", "buffer": large})
    page.wait_for_selector("[data-said]")
    sent = page.evaluate(
        """async () => { const [file] = photo.files; const drawn = await createImageBitmap(file);
        return [file.name, file.type, file.size, drawn.width, drawn.height] }"""
    )
    assert sent[:2] == ["giấy.jpg", "image/jpeg"]
    assert sent[2] < len(large) / 2
    assert sent[3:] == [2000, 1500]
    assert page.text_content("[data-said]").startswith("Xong")


def test_what_is_no_picture_is_sent_as_it_is(opened):
    page = opened(PHOTO)
    broken = {"name": "a.png", "mimeType": "image/png", "buffer": b"not a picture"}
    page.set_input_files("#photo", broken)
    assert page.evaluate("[photo.files.length, photo.files[0].size]") == [1, len(broken["buffer"])]


def test_a_dark_photo_is_asked_about_but_kept(opened):
    page = opened(PHOTO)
    out = BytesIO()
    Image.new("RGB", (1600, 1200), (12, 12, 12)).save(out, "JPEG")
    page.set_input_files("#photo", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()})
    page.wait_for_selector("[data-said]")
    assert page.text_content("[data-said]").startswith("Tối")
    assert page.evaluate("photo.files.length") == 1
