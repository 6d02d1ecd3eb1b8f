import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from motcua.domain.accounts import queries
from motcua.domain.accounts.models import Challenge, Factor, Passkey, Session
from motcua.domain.accounts.rules import accounts as rules
from motcua.domain.accounts.tests.device import Device
from motcua.portals.identity.tests.conftest import LOG_IN, enter, waiting_at, words

ADD = "/dinh-danh/khoa-truy-cap/"
APP = "/dinh-danh/ung-dung-xac-thuc/"
CODE = "/dinh-danh/ma-xac-thuc/"


def challenge():
    return queries.value_of(Challenge.objects.latest("pk"))


def strong(national, who):
    enter(national, who)
    return national.browser.post(f"{CODE}?next={ADD}", {"code": who.code()})


@pytest.fixture
def device(national, holder):
    who, device = holder(), Device()
    assert strong(national, who)["Location"] == ADD
    told = national.browser.post(f"{ADD}phep-thu/").json()
    assert told["rp"]["id"] == "testserver" and who.number not in json.dumps(told)
    answer = device.make(challenge(), queries.handle_of(who.account))
    assert national.browser.post(ADD, {"credential": answer, "name": "Máy của Lan"})["Location"] == "/"
    assert "Máy của Lan" in words(national.browser.get("/"))
    national.browser.post("/dinh-danh/dang-xuat/")
    return device


def by_passkey(national, device, query="", **changes):
    options = national.browser.post(f"{LOG_IN}phep-thu/")
    assert options["Cache-Control"] == "no-store"
    answer = device.use(challenge(), **changes)
    return national.browser.post(f"{LOG_IN}khoa-truy-cap/{query}", {"credential": answer})


def test_a_passkey_satisfies_a_client_that_wants_level_2(national, device):
    query = "?" + waiting_at(national, levels=(2,)).split("?")[1]
    answer = by_passkey(national, device, query)
    assert answer.status_code == 303 and answer["Location"].startswith("/dinh-danh/dong-y/")


def test_a_refused_passkey_is_explained_on_the_log_in_page(national, device):
    answer = by_passkey(national, device, origin="https://lua-dao.test")
    assert answer.status_code == 422 and "Khóa truy cập không được chấp nhận" in words(answer)
    assert "Mật khẩu" in words(answer)
    assert national.browser.get("/").status_code == 302


def test_a_copied_passkey_is_shown_as_locked(national, device):
    assert by_passkey(national, device, count=9).status_code == 303
    national.browser.post("/dinh-danh/dang-xuat/")
    assert "đã bị khóa" in words(by_passkey(national, device, count=3))
    national.browser.post(LOG_IN, {"number": "080190000017", "password": "bảy con vịt vàng bơi"})
    assert "Đã khóa" in words(national.browser.get("/"))


def test_an_answer_without_a_challenge_in_this_browser_is_refused(national, device):
    national.browser.post(f"{LOG_IN}phep-thu/")
    answer = device.use(challenge())
    national.browser.cookies.clear()
    told = national.browser.post(f"{LOG_IN}khoa-truy-cap/", {"credential": answer})
    assert told.status_code == 422 and "đã hết hạn" in words(told)


@pytest.mark.parametrize("sent", [{}, {"credential": "x" * 100_000}, {"credential": "\0", "number": "\0"}])
def test_nonsense_gets_the_log_in_page_and_a_sentence(national, sent):
    national.browser.post(f"{LOG_IN}phep-thu/")
    told = national.browser.post(f"{LOG_IN}khoa-truy-cap/", sent)
    assert told.status_code == 422 and "không được chấp nhận" in words(told)


@pytest.mark.parametrize("there", [ADD, APP])
def test_a_password_alone_is_led_to_the_second_step_first(national, holder, there):
    who = holder()
    enter(national, who)
    assert national.browser.get(there)["Location"].startswith(f"{CODE}?next=")
    assert national.browser.post(f"{ADD}phep-thu/").status_code == 409
    assert not Challenge.objects.exists()


@pytest.mark.parametrize("there", [ADD, APP])
def test_whoever_proved_it_long_ago_begins_anew(national, holder, there):
    who = holder()
    strong(national, who)
    Session.objects.update(authenticated_at=timezone.now() - timedelta(minutes=16))
    again = national.browser.get(there)["Location"]
    assert again.startswith(f"{LOG_IN}?next=")
    assert "chứng minh lại mình là ai" in words(national.browser.get(again))
    assert national.browser.post(again, {"number": who.number, "password": who.password})["Location"] == there
    assert national.browser.get(there)["Location"].startswith(f"{CODE}?next=")


def test_without_any_second_step_the_page_names_the_desk(national, holder):
    enter(national, holder(app=False))
    page = words(national.browser.get(CODE))
    assert "Công an xã, phường" in page and "Xác nhận" not in page


@pytest.mark.parametrize("there", [ADD, APP, f"{ADD}phep-thu/", f"{ADD}go/", "/dinh-danh/dang-xuat-moi-noi/"])
def test_strangers_are_sent_to_log_in(national, there):
    assert national.browser.post(there)["Location"].startswith(LOG_IN)


def test_a_passkey_is_renamed_and_removed_by_its_holder_alone(national, device, holder):
    mine = Passkey.objects.get()
    strong(national, holder("080190000025"))
    for verb in ("doi-ten", "go"):
        assert national.browser.post(f"{ADD}{verb}/", {"passkey": mine.pk, "name": "X"}).status_code == 404
    by_passkey(national, device)
    national.browser.post(f"{ADD}doi-ten/", {"passkey": mine.pk, "name": "<b>Máy cũ</b>"})
    assert "&lt;b&gt;Máy cũ" in national.browser.get("/").content.decode()
    national.browser.post(f"{ADD}go/", {"passkey": mine.pk})
    assert "chưa có khóa truy cập" in words(national.browser.get("/"))


def test_the_offer_comes_once(national, holder):
    who = holder()
    enter(national, who)
    offer = national.browser.post(CODE, {"code": who.code()})["Location"]
    page = words(national.browser.get(offer))
    assert "Lần sau đăng nhập bằng khóa truy cập?" in page and "Để sau" in page
    assert national.browser.post(offer)["Location"] == "/"
    assert not queries.passkey_offer_due(Session.objects.select_related("account").get())


def test_an_app_is_enrolled_and_its_backup_codes_shown_once(national, holder):
    strong(national, holder())
    page = national.browser.get(APP)
    assert "no-store" in page["Cache-Control"]
    drawn = national.browser.get(f"{APP}ma-qr.svg")
    assert drawn["Content-Type"] == "image/svg+xml" and b"<svg" in drawn.content
    again = national.browser.get(APP)
    typed = re.search(r'typed-key">([A-Z2-7 ]+)<', page.content.decode())[1]
    assert typed in again.content.decode()
    assert national.browser.post(APP, {"code": "000000"}).status_code == 422
    code = rules.code(challenge(), rules.step_at(Factor.objects.get().added_at))
    wrong = national.browser.post(APP, {"code": code})
    assert wrong.status_code == 422 and "Mã không đúng" in words(wrong)
    code = rules.code(challenge(), rules.step_at(Challenge.objects.latest("pk").made_at))
    shown = national.browser.post(APP, {"code": code})
    codes = re.findall(r"\b\d{5} \d{5}\b", words(shown))
    assert len(codes) == 10 and "no-store" in shown["Cache-Control"]
    assert "Còn 10 mã dự phòng" in words(national.browser.get("/"))
    assert codes[0] not in words(national.browser.get("/"))
    new = national.browser.post("/dinh-danh/ma-du-phong/")
    assert not set(codes) & set(re.findall(r"\b\d{5} \d{5}\b", words(new)))
    assert national.browser.get(f"{APP}ma-qr.svg").status_code == 404


def test_logging_out_everywhere_ends_this_browser_too(national, holder):
    enter(national, holder())
    assert "Đăng xuất mọi nơi" in words(national.browser.get("/"))
    assert national.browser.post("/dinh-danh/dang-xuat-moi-noi/")["Location"] == "/dinh-danh/da-dang-xuat/"
    assert national.browser.get("/").status_code == 302
    assert not Session.objects.filter(ended_at=None).exists()


def test_a_demo_at_a_number_leads_to_the_name_where_browsers_allow_passkeys(national, settings):
    settings.NATIONAL_URL, settings.ALLOWED_HOSTS = "http://127.0.0.1:8100", ["127.0.0.1", "localhost"]
    there = f"http://localhost:8100{LOG_IN}?next=/"
    at_number = {"headers": {"host": "127.0.0.1:8100"}}
    assert there not in national.browser.get(f"{LOG_IN}?next=/", **at_number).content.decode()
    settings.DEMO = True
    assert there in national.browser.get(f"{LOG_IN}?next=/", **at_number).content.decode()
    by_name = national.browser.get(f"{LOG_IN}?next=/", headers={"host": "localhost:8100"}).content.decode()
    assert there not in by_name and 'data-origin="http://localhost:8100"' in by_name
