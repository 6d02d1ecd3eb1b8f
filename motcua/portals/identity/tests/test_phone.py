import re
from copy import copy

import pytest

from motcua.base import events
from motcua.domain.accounts.models import Pairing, Session
from motcua.portals.identity.tests.conftest import LOG_IN, enter, waiting_at, words

HERE = f"{LOG_IN}dien-thoai/"
CODE = "/dinh-danh/ma-xac-thuc/"


@pytest.fixture
def phone(national, holder):
    """A phone logged in with two steps, beside the computer `national.browser`."""
    computer, who = national.browser, holder()
    national.browser = type(computer)()
    enter(national, who)
    national.browser.post(CODE, {"code": who.code()})
    found, national.browser = national.browser, computer
    return found


def begin(national, query=""):
    assert national.browser.post(f"{HERE}{query}")["Location"] == f"{HERE}{query}"
    found = Pairing.objects.latest("pk")
    return found, f"/dinh-danh/dien-thoai/{found.key}/"


def state(national):
    return national.browser.get(f"{HERE}tinh-trang/").content.decode()


def test_a_client_is_entered_from_the_computer_by_the_phone(national, phone):
    query = "?" + waiting_at(national, levels=(2,)).split("?")[1]
    assert "Đăng nhập bằng điện thoại" in words(national.browser.get(f"{LOG_IN}{query}"))
    waiting, there = begin(national, query)
    page = national.browser.get(f"{HERE}{query}")
    assert f"Số của bạn: {waiting.number}" in words(page) and page["Cache-Control"].count("no-store")
    assert waiting.key not in page.content.decode() and waiting.holder not in page.content.decode()
    drawn = national.browser.get(f"{HERE}ma-qr.svg")
    assert drawn["Content-Type"] == "image/svg+xml" and b"<svg" in drawn.content
    early = national.browser.post(f"{HERE}vao/{query}")
    assert early.status_code == 422 and "Chưa thấy xác nhận" in words(early) and state(national) == "waiting"
    asked = phone.get(there)
    assert waiting.request.client.name in words(asked) and "Máy kia đang hiện số nào?" in words(asked)
    offered = re.findall(r'name="number" value="(\d+)"', asked.content.decode())
    assert offered == [str(one) for one in waiting.shown]
    assert phone.post(there, {"number": waiting.number})["Location"] == there
    assert "Bạn đã cho máy kia đăng nhập" in words(phone.get(there)) and state(national) == "approved"
    entered = national.browser.post(f"{HERE}vao/{query}")
    assert entered.status_code == 303 and entered["Location"].startswith("/dinh-danh/dong-y/")
    home = words(phone.get("/"))
    assert home.count("Trình duyệt khác") == 2 and "Máy này" in home
    assert Session.objects.latest("pk").methods == ["mca"]


@pytest.mark.parametrize(
    ("choice", "said", "event"),
    [("wrong", "Số không khớp", "mistake"), ("decline", "Bạn đã từ chối", "decline"), ("x", "Số", "mistake")],
)
def test_a_wrong_number_or_a_no_ends_it_on_both_sides(national, phone, choice, said, event):
    waiting, there = begin(national)
    wrong = next(one for one in waiting.shown if one != waiting.number)
    sent = {"wrong": {"number": wrong}, "decline": {"decline": "1"}}.get(choice, {"number": "x\0"})
    phone.post(there, sent)
    assert said in words(phone.get(there))
    again = phone.post(there, {"number": waiting.number})
    assert again.status_code == 422 and "bắt đầu lại" in words(again)
    assert (
        national.browser.post(f"{HERE}vao/").status_code == 422
        and national.browser.get("/").status_code == 302
    )
    assert "Bắt đầu lại" in words(national.browser.get(HERE))
    subject = Session.objects.get().account.subject
    assert [one.name for one in events.history(subject)][-1] == f"pairing.{event}"


def test_another_browser_takes_nothing_and_sees_nothing(national, phone):
    waiting, there = begin(national)
    phone.post(there, {"number": waiting.number})
    stranger = type(national.browser)()
    assert stranger.get(f"{HERE}ma-qr.svg").status_code == 404
    assert stranger.get(f"{HERE}tinh-trang/").content == b"over"
    assert stranger.post(f"{HERE}vao/").status_code == 422
    assert stranger.get(there)["Location"].startswith(LOG_IN)
    assert national.browser.post(f"{HERE}vao/").status_code == 303


def test_a_second_use_is_refused(national, phone):
    waiting, there = begin(national)
    phone.post(there, {"number": waiting.number})
    kept = copy(national.browser.cookies)
    national.browser.post(f"{HERE}vao/")
    national.browser.cookies = kept
    assert national.browser.post(f"{HERE}vao/").status_code == 422


def test_a_phone_with_a_password_only_is_led_to_the_second_step(national, holder):
    waiting, there = begin(national)
    enter(national, holder())
    assert national.browser.get(there)["Location"].startswith(f"{CODE}?next=%2Fdinh-danh%2Fdien-thoai")
    assert national.browser.post(there, {"number": waiting.number})["Location"].startswith(CODE)
    assert Pairing.objects.get().state == "waiting"


@pytest.mark.parametrize("key", ["x", "x" * 43, "x" * 400])
def test_a_guessed_or_old_address_says_that_it_is_over(national, phone, key):
    for answer in (phone.get(f"/dinh-danh/dien-thoai/{key}/"), phone.post(f"/dinh-danh/dien-thoai/{key}/")):
        assert answer.status_code == 404 and "Mã này không dùng được" in words(answer)


def test_what_one_phone_answered_no_other_person_sees(national, phone, holder):
    waiting, there = begin(national)
    phone.post(there, {"number": waiting.number})
    other = holder("080190000025")
    enter(national, other)
    national.browser.post(CODE, {"code": other.code()})
    assert national.browser.get(there).status_code == 404
    assert "bắt đầu lại" in words(national.browser.post(there, {"number": waiting.number}))
