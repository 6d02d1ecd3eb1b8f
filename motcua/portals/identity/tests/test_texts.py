import re

import pytest

from motcua.base.twins import serve
from motcua.connectors.sms.twin import Twin
from motcua.portals.identity.tests.conftest import enter, words

CONFIRM = "/dinh-danh/ma-xac-thuc/"
SEND = f"{CONFIRM}gui-tin/"


@pytest.fixture
def gateway(settings):
    twin = Twin()
    with serve(twin) as settings.SMS_URL:
        yield twin


def test_somebody_with_a_phone_only_confirms_by_a_code_sent_to_it(national, holder, gateway, work):
    enter(national, holder(app=False))
    page = words(national.browser.get(f"{CONFIRM}?next=/dinh-danh/ai-da-xem/"))
    assert "Gửi mã đến số điện thoại kết thúc bằng 017" in page and "0900000017" not in page
    sent = national.browser.post(f"{SEND}?next=/dinh-danh/ai-da-xem/")
    assert (sent.status_code, sent["Location"]) == (303, f"{CONFIRM}?next=%2Fdinh-danh%2Fai-da-xem%2F")
    work()
    assert "gửi đến số kết thúc bằng 017" in words(national.browser.get(sent["Location"]))
    code = re.search(r"\d{6}", gateway.outbox[-1].text)[0]
    response = national.browser.post(sent["Location"], {"code": code})
    assert response.status_code == 303 and "khoa-truy-cap" in response["Location"]  # a passkey is offered


def test_too_many_texts_are_refused_on_the_same_page(national, holder, gateway):
    enter(national, holder(app=False))
    for _time in range(3):
        assert national.browser.post(SEND).status_code == 303
    response = national.browser.post(SEND)
    assert response.status_code == 429 and "quá nhiều lần" in words(response)
    assert "Nhập mã xác thực" in words(response)


def test_whoever_has_an_app_is_not_offered_a_text_before_choosing_it(national, holder, gateway):
    who = holder()
    enter(national, who)
    assert "Gửi mã đến số" not in words(national.browser.get(CONFIRM))
    assert national.browser.post(SEND).status_code == 422
    assert national.browser.post("/dinh-danh/ma-qua-tin-nhan/", {"allow": "1"}).status_code == 303
    national.browser.post(CONFIRM, {"code": who.code()})
    assert "Đang tắt, vì bạn có cách tốt hơn" in words(national.browser.get("/"))
    national.browser.post("/dinh-danh/ma-qua-tin-nhan/", {"allow": "1"})
    assert "Bạn đã chọn nhận mã ở số kết thúc bằng 017" in words(national.browser.get("/"))
    assert "Gửi mã đến số" in words(national.browser.get(CONFIRM))
    national.browser.post("/dinh-danh/ma-qua-tin-nhan/", {"forbid": "1"})
    assert "Gửi mã đến số" not in words(national.browser.get(CONFIRM))


def test_without_a_gateway_the_page_speaks_of_no_texts(national, holder):
    enter(national, holder(app=False))
    page = words(national.browser.get(CONFIRM))
    assert "chưa có bước thứ hai" in page and "tin nhắn" not in page


def test_a_stranger_gets_no_text(national, gateway):
    assert "/dinh-danh/dang-nhap/" in national.browser.post(SEND)["Location"]
