import re

import pytest
from django.test import Client as Browser
from django.utils import timezone

from motcua.base import jose
from motcua.base.actor import SYSTEM
from motcua.connectors.identity.client import errand
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import accounts
from motcua.domain.accounts.models import Session
from motcua.domain.accounts.rules.accounts import Ground
from motcua.domain.accounts.tests.conftest import full_kitchen
from motcua.portals.identity.tests.conftest import LOG_IN, enter, waiting_at, words

# ---------------------------------------------------------------- log-in page


def test_the_page_asks_for_number_and_password_and_says_for_whom(national):
    response = national.browser.get(waiting_at(national))
    assert "Bạn đang đăng nhập vào Tỉnh Thử nghiệm" in words(response)
    page = response.content.decode()
    assert 'autocomplete="username"' in page and 'autocomplete="current-password"' in page
    assert "no-store" in response["Cache-Control"]


def test_a_log_in_without_a_request_leads_to_ones_own_account(national, holder):
    response = enter(national, holder())
    assert (response.status_code, response["Location"]) == (303, "/")
    home = national.browser.get("/")
    assert "Tài khoản định danh mức 2" in words(home)
    assert "no-store" in home["Cache-Control"]  # the next one at this computer may press Back


def test_spaces_in_the_number_do_not_matter(national, holder):
    assert enter(national, holder(), number="080 190 000 017").status_code == 303


@pytest.mark.parametrize("number", ["", "123", "08019000001x", "٠٨٠١٩٠٠٠٠٠١٧", "0801900000170"])
def test_a_number_that_cannot_be_one_is_named_at_its_field(national, holder, number):
    response = enter(national, holder(), number=number)
    assert response.status_code == 422
    assert 'href="#id_number"' in response.content.decode()


@pytest.mark.parametrize(
    "onward", ["https://evil.test/", "//evil.test", "javascript:alert(1)", "/\\evil.test", "\x00"]
)
def test_after_the_log_in_nobody_is_sent_to_another_site(national, holder, onward):
    response = national.browser.post(
        f"{LOG_IN}?next={onward}", {"number": "080190000017", "password": holder().password}
    )
    assert response["Location"] == "/"


def test_wrong_number_and_wrong_password_look_the_same(national, holder):
    who = holder()
    pages = [enter(national, who, password="sai mật khẩu nhé"), enter(national, who, number="080190009999")]
    assert [page.status_code for page in pages] == [422, 422]
    without_tokens = [re.sub(r'value="[^"]*"', "", page.content.decode()) for page in pages]
    assert without_tokens[0] == without_tokens[1]
    assert who.password not in pages[0].content.decode()


def test_a_locked_account_looks_like_a_wrong_password(national, holder):
    who = holder()
    accounts.lock(account=who.account, ground=Ground.AUTHORITY, by=SYSTEM, at=timezone.now())
    response = enter(national, who)
    assert response.status_code == 422
    assert "không đúng, hoặc tài khoản không dùng được" in words(response)


def test_too_many_tries_get_429_and_a_time(national, holder):
    who = holder()
    for _try in range(5):
        enter(national, who, password="sai mật khẩu nhé")
    response = enter(national, who)
    assert (response.status_code, response["Retry-After"]) == (429, "600")
    assert "đợi 10 phút" in words(response)


def test_a_storm_of_log_ins_gets_503_and_a_time(national, holder):
    who = holder()
    with full_kitchen():
        response = enter(national, who)
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "cùng lúc" in words(response)


def test_the_log_in_changes_the_cookie(national, holder, settings):
    who = holder()
    national.browser.get(LOG_IN)
    national.browser.session.save()
    before = national.browser.session.session_key
    enter(national, who)
    assert national.browser.session.session_key != before
    assert national.browser.cookies[settings.SESSION_COOKIE_NAME]["httponly"]


def test_forms_from_elsewhere_are_refused(national, holder):
    who = holder()
    strict = Browser(enforce_csrf_checks=True)
    for path in (LOG_IN, "/dinh-danh/dong-y/", "/dinh-danh/dang-xuat/", "/dinh-danh/dung-thu/"):
        assert strict.post(path, {"number": who.number, "password": who.password}).status_code == 403


@pytest.mark.parametrize("path", [LOG_IN, "/dinh-danh/ma-xac-thuc/", "/dinh-danh/dong-y/"])
@pytest.mark.parametrize("key", ["unknown", "%00", "x" * 500])
def test_a_request_that_is_gone_is_explained(national, holder, path, key):
    enter(national, holder())
    response = national.browser.get(f"{path}?yeu-cau={key}")
    assert response.status_code == 404
    assert "đã hết hạn hoặc đã xong" in words(response)


def test_a_session_left_idle_is_over(national, holder):
    enter(national, holder())
    store = national.browser.session
    store["account_seen"] -= 15 * 60 + 1
    store.save()
    assert national.browser.get("/").status_code == 302


def test_using_a_session_keeps_it_alive_with_one_write_a_minute(national, holder):
    enter(national, holder())
    store = national.browser.session
    before = store["account_seen"]
    store["account_seen"] -= 61
    store.save()
    national.browser.get("/")
    assert national.browser.session["account_seen"] >= before


def test_a_session_ended_elsewhere_is_over_here(national, holder):
    enter(national, holder())
    Session.objects.update(ended_at=timezone.now())
    assert national.browser.get("/").status_code == 302


# ---------------------------------------------------------------- second factor


def test_a_code_is_asked_for_when_the_client_wants_level_2(national, holder):
    who = holder()
    code_page = enter(national, who, waiting_at(national, levels=(2,)))["Location"]
    page = national.browser.get(code_page).content.decode()
    assert 'autocomplete="one-time-code"' in page and who.code() not in page
    assert national.browser.post(code_page, {"code": "000000"}).status_code == 422
    code = who.code()
    spaced = f"{code[:3]} {code[3:]}"
    offer = national.browser.post(code_page, {"code": spaced})["Location"]
    assert offer.startswith("/dinh-danh/khoa-truy-cap/?")
    assert national.browser.post(offer)["Location"].startswith("/dinh-danh/dong-y/")


def test_codes_cannot_be_tried_without_end(national, holder):
    who = holder()
    code_page = enter(national, who, waiting_at(national, levels=(2,)))["Location"]
    answers = [national.browser.post(code_page, {"code": "000000"}).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_nobody_confirms_or_agrees_without_a_log_in(national):
    for path in ("/dinh-danh/ma-xac-thuc/", "/dinh-danh/dong-y/", "/"):
        assert national.browser.get(path)["Location"].startswith(LOG_IN)


# ---------------------------------------------------------------- consent


def test_the_consent_page_lists_every_claim_with_its_value_and_the_purpose(national, holder):
    who = holder()
    page = enter(national, who, waiting_at(national))["Location"]
    response = national.browser.get(page)
    text = words(response)
    for wanted in (
        "Tỉnh Thử nghiệm xin biết",
        "Để biết bạn là ai khi nộp hồ sơ.",
        "Số định danh cá nhân 080 190 000 017",
        "Họ, chữ đệm và tên Trần Thị Hồng Nhung",
        "Ngày, tháng, năm sinh 19/05/1990",
        "Giới tính Nữ",
        "Số điện thoại 0900 000 017",
    ):
        assert wanted in text
    assert "form-action https://client.test" in response["Content-Security-Policy"].replace("'self' ", "")


def test_what_is_shared_can_be_seen_and_taken_back(national, holder):
    national.log_in(holder(), national.provider().authorize_url(errand()))
    page = national.browser.get("/").content.decode()
    assert "Tỉnh Thử nghiệm" in page and "Số định danh cá nhân" in page
    consent = re.search(r'name="consent" value="(\d+)"', page)[1]
    national.browser.post("/dinh-danh/ngung-chia-se/", {"consent": consent})
    assert "chưa chia sẻ" in words(national.browser.get("/"))
    assert waiting_at(national).startswith("/dinh-danh/dong-y/")


@pytest.mark.parametrize("key", ["", "0", "x", "9" * 30, "-1"])
@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/dinh-danh/ngung-chia-se/", "consent"),
        ("/dinh-danh/dang-xuat-noi-khac/", "session"),
        ("/dinh-danh/dung-thu/", "account"),
    ],
)
def test_made_up_keys_are_not_found(national, holder, path, name, key):
    enter(national, holder())
    assert national.browser.post(path, {name: key}).status_code == 404


def test_nobody_ends_the_session_of_another(national, holder):
    who, other = holder(), holder("080190000025", name="Lê Văn Khác")
    enter(national, other)
    theirs = Session.objects.get(account=other.account)
    national.browser.cookies.clear()
    enter(national, who)
    response = national.browser.post("/dinh-danh/dang-xuat-noi-khac/", {"session": theirs.pk})
    assert response.status_code == 404
    assert Session.objects.get(pk=theirs.pk).ended_at is None


def test_one_logs_out_a_forgotten_machine_from_here(national, holder):
    who = holder()
    enter(national, who)
    there = Session.objects.get()
    national.browser.cookies.clear()
    enter(national, who)
    assert "Máy này" in words(national.browser.get("/"))
    national.browser.post("/dinh-danh/dang-xuat-noi-khac/", {"session": there.pk})
    assert queries.session(there.key, at=timezone.now()) is None


# ---------------------------------------------------------------- logging out


def entered(national, who):
    begun = errand()
    answer = national.log_in(who, national.provider().authorize_url(begun))
    return national.provider().exchange(answer["code"], begun.verifier, begun.nonce)


def test_a_client_logs_its_person_out_at_once_and_gets_them_back(national, holder):
    claims = entered(national, holder())
    url = national.provider().logout_url(id_token=claims.id_token, back_to="https://client.test/xong/")
    response = national.browser.get(f"{url}&state=s1")
    assert response["Location"] == "https://client.test/xong/?state=s1"
    assert not Session.objects.filter(ended_at=None).exists()
    assert national.browser.get("/").status_code == 302


@pytest.mark.parametrize(
    "query",
    [
        "post_logout_redirect_uri=https://client.test/xong/",
        "id_token_hint=x.y.z&post_logout_redirect_uri=https://client.test/xong/",
        "id_token_hint={forged}&post_logout_redirect_uri=https://client.test/xong/",
    ],
)
def test_without_a_true_hint_the_person_is_asked_first_and_sent_nowhere(national, holder, query):
    enter(national, holder())
    forged = jose.sign({"sid": Session.objects.get().key, "aud": "test-client"}, jose.new_key())
    response = national.browser.get("/oidc/logout?" + query.format(forged=forged))
    assert response.status_code == 200 and "Bạn muốn đăng xuất?" in words(response)
    assert Session.objects.filter(ended_at=None).exists()
    response = national.browser.post("/dinh-danh/dang-xuat/", {"back": "1"})
    assert response["Location"] == "/dinh-danh/da-dang-xuat/"
    assert not Session.objects.filter(ended_at=None).exists()


@pytest.mark.parametrize(
    "uri", ["https://evil.test/", "https://client.test/xong", "https://client.test/tro-ve/", ""]
)
def test_nobody_is_sent_to_an_address_that_is_not_registered_for_logging_out(national, holder, uri):
    claims = entered(national, holder())
    response = national.browser.get(
        "/oidc/logout", {"id_token_hint": claims.id_token, "post_logout_redirect_uri": uri}
    )
    assert response["Location"] == "/dinh-danh/da-dang-xuat/"
    assert "Bạn đã đăng xuất" in words(national.browser.get(response["Location"]))


def test_the_hint_of_an_older_log_in_asks_first_and_then_leads_back(national, holder):
    who = holder()
    claims = entered(national, who)
    national.browser.post("/dinh-danh/dang-xuat/")
    enter(national, who)
    url = national.provider().logout_url(id_token=claims.id_token, back_to="https://client.test/xong/")
    assert "Bạn muốn đăng xuất?" in words(national.browser.get(url))
    response = national.browser.post("/dinh-danh/dang-xuat/", {"back": "1"})
    assert response["Location"] == "https://client.test/xong/"
