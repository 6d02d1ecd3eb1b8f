"""Somebody types a personal number into an address: no page, header or log line repeats it."""

from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from motcua.base.actor import Role
from motcua.base.web import clean
from tests.roads import BIRTH, citizen_of

pytestmark = pytest.mark.django_db
NUMBER, OLD, PHONE = "080192000123", "301423501", "0912345678"
CODED = "".join(f"%{ord(digit):02x}" for digit in NUMBER)
SPACED = "080%20192%20000%20123"
#: of the province, then of the national site, then of both
PLACES = ("ho-so", "thu-tuc", "mot-cua", "xu-ly", "quan-tri", "dang-nhap", "ho-so/nhap")
PLACES += ("dinh-danh/ai-da-xem", "dan-cu/v1", "dan-cu/so-khai-thac", "oidc", "ban-dinh-danh", "static")
PLACES += ("khong-co", "du-lieu-cua-toi/yeu-cau", "ngon-ngu")
PAGES = ("/", "/ho-so/", f"/thu-tuc/{BIRTH}/", f"/thu-tuc/{BIRTH}/bat-dau/", "/tra-cuu/", "/dang-nhap/")
PAGES += ("/mot-cua/", "/mot-cua/tim-nguoi/", "/xu-ly/", "/quan-tri/", "/khong-co/", "/ngon-ngu/", "/tra-cuu")
BOTH = ("/du-lieu-cua-toi/", "/du-lieu-ca-nhan/", "/bao-ve-du-lieu/", "/healthz", "/metrics")
NATIONAL = ("/dinh-danh/", "/dinh-danh/dang-nhap/", "/dinh-danh/ai-da-xem/", "/dinh-danh/ma-xac-thuc/")
NATIONAL += ("/ban-dinh-danh/", "/dan-cu/so-khai-thac/", "/dan-cu/v1/keys", "/oidc/authorize", "/oidc/jwks")


@pytest.fixture
def browsers(place: Any, officer: Any, version: Any, person: Any, log_in: Any) -> list[Client]:
    """Open the browsers of a stranger, a citizen, a clerk and an administrator."""
    version(BIRTH)
    actors = [citizen_of(person(BIRTH)), officer(Role.CLERK), officer(Role.ADMINISTRATOR)]
    return [Client(), *(log_in(Client(), actor) for actor in actors)]


def silent(answer: Any, *numbers: str) -> None:
    """Look through the whole answer."""
    heads = str({**answer.headers, "Set-Cookie": str(answer.cookies)})
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    for number in numbers:
        assert number not in heads, heads
        assert number not in body.decode(errors="replace")


@pytest.mark.parametrize("typed", [NUMBER, CODED, SPACED, f"x-{NUMBER}", OLD, PHONE])
def test_a_path_with_a_number_is_not_found_and_not_repeated(browsers, logged, typed) -> None:
    for browser in browsers[::2]:
        for place in PLACES:
            for path in (f"/{place}/{typed}", f"/{place}/{typed}/", f"/{typed}/{place}/?so={typed}"):
                for answer in (browser.get(path), browser.post(path, {"number": typed})):
                    assert answer.status_code == 404, path
                    silent(answer, NUMBER, OLD, PHONE, CODED, SPACED)
    for secret in (NUMBER, OLD, PHONE, CODED, SPACED):
        assert secret not in logged.getvalue()


@pytest.mark.parametrize("typed", [NUMBER, CODED, SPACED.replace("%20", "+"), OLD, PHONE])
def test_a_query_with_a_number_is_not_repeated(browsers, logged, typed) -> None:
    stranger, *inside = browsers
    # Whoever is logged in at the province is nobody at the national site.
    for browser, pages in ((stranger, PAGES + NATIONAL + BOTH), *((one, PAGES + BOTH) for one in inside)):
        for page in pages:
            for name in ("so", "next"):
                answer = browser.get(f"{page}?{name}={typed}", headers={"Referer": f"/?{name}={typed}"})
                assert answer.status_code != 500
                silent(answer, NUMBER, OLD, PHONE, CODED, typed)
            answer = browser.post(f"{page}?so={typed}", headers={"Referer": f"/?so={typed}"})
            assert answer.status_code != 500
            silent(answer, NUMBER, OLD, PHONE, CODED, typed)
    for secret in (NUMBER, OLD, PHONE, CODED, typed):
        assert secret not in logged.getvalue()


def test_a_page_that_does_not_exist_repeats_nothing_of_its_address() -> None:
    answer = Client().get("/khong-co/Nguyen-Van-Ba/")
    assert answer.status_code == 404 and "Nguyen-Van-Ba" not in answer.content.decode()
    assert '<input type="hidden" name="next" value="/">' in answer.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/ho-so/H80.12-261123-0001/",
        "/thu-tuc/1.001193/bat-dau/",
        "/thu-tuc/1.010708.000.00.00.H56/",
        "/ho-so/nhap/c0ffee00-0000-4000-8000-080192000123/",
        "/static/ui/motcua.0123456789ab.css",
        f"/tra-cuu/?q={quote('Giấy khai sinh 2026')}",
        "/xu-ly/?sau=2026-11-28T08:00~1234",
    ],
)
def test_addresses_of_ours_are_come_back_to(address) -> None:
    assert clean(address) == address
