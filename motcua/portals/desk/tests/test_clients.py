import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from motcua.base import jose
from motcua.base.actor import Role
from motcua.base.tests.dates import boxes
from motcua.domain.accounts import queries
from motcua.domain.accounts.models import Client
from motcua.portals.desk.tests.conftest import HOME, at_desk, words

LIST = f"{HOME}ung-dung/"


def keys_file(*keys):
    found = list(keys or [jose.public(jose.new_key())])
    return SimpleUploadedFile("keys.json", json.dumps({"keys": found}).encode(), "application/json")


def sent(**changes):
    good = {
        "name": "Sở Y tế",
        "code": "so-y-te",
        "purpose": "Đặt lịch khám bệnh.",
        "scopes": ["openid", "profile"],
        "redirect_uris": "https://suckhoe.test/ve/",
        "keys": keys_file(),
        "level": "3",
        "level_reference": "12/QĐ-UBND",
        "agreement_reference": "01/TT-BCA",
        **boxes("level_on", date(2026, 10, 5)),
        **boxes("agreement_on", date(2026, 10, 6)),
        **changes,
    }
    return {name: value for name, value in good.items() if value is not None}


@pytest.fixture
def browser(national, holder):
    return at_desk(national, holder, Role.ADMINISTRATOR)


def step(browser, client, what, **changes):
    return browser.post(f"{LIST}{client.pk}/", {"buoc": what, **changes})


def test_an_administrator_takes_a_system_down_and_lets_it_in(browser):
    assert browser.post(f"{LIST}de-nghi/", sent())["Location"] == LIST
    client = Client.objects.get(code="so-y-te")
    assert "Sở Y tế" in words(browser.get(LIST))
    text = words(browser.get(f"{LIST}{client.pk}/"))
    assert "12/QĐ-UBND" in text and "30 ngày" in text and "Đề nghị kết nối" in text
    assert queries.client("so-y-te") is None
    assert step(browser, client, "chap-thuan").status_code == 302
    assert queries.client("so-y-te") == client
    assert "Đang hoạt động" in words(browser.get(f"{LIST}{client.pk}/"))


def test_a_system_may_be_allowed_to_ask_for_itself_and_its_keys_may_have_an_end(browser):
    key = {**jose.public(jose.new_key()), "exp": 4_000_000_000}
    browser.post(f"{LIST}de-nghi/", sent(machine_scopes=["registration"], keys=keys_file(key)))
    client = Client.objects.get(code="so-y-te")
    assert client.machine_scopes == ["registration"]
    text = words(browser.get(f"{LIST}{client.pk}/"))
    assert "registration" in text and "hết hạn" in text and "2096" in text


@pytest.mark.parametrize(
    "changes",
    [
        {"machine_scopes": ["openid"]},
        {"keys": keys_file({**jose.public(jose.new_key()), "exp": "2096"})},
        {"keys": keys_file({**jose.public(jose.new_key()), "exp": 2**70})},
    ],
)
def test_no_other_scope_and_no_odd_end_is_taken(browser, changes):
    assert browser.post(f"{LIST}de-nghi/", sent(**changes)).status_code == 422
    assert not Client.objects.filter(code="so-y-te").exists()


def test_a_system_of_level_2_stays_outside_and_the_page_says_why(browser):
    browser.post(f"{LIST}de-nghi/", sent(level="2"))
    client = Client.objects.get(code="so-y-te")
    page = step(browser, client, "chap-thuan")
    assert page.status_code == 409 and "từ cấp độ 3" in words(page)
    assert "lý do" in words(step(browser, client, "khong-chap-thuan", note=" ")).lower()
    step(browser, client, "khong-chap-thuan", note="Chưa đạt cấp độ 3")
    assert "Chưa đạt cấp độ 3" in words(browser.get(f"{LIST}{client.pk}/"))


@pytest.mark.parametrize(
    "changes",
    [
        {"keys": None},
        {"keys": SimpleUploadedFile("k.json", b"\xff\xfe")},
        {"keys": SimpleUploadedFile("k.json", b"[" * 30_000)},
        {"keys": keys_file(jose.new_key())},
        {"redirect_uris": "http://a.test/"},
        {"redirect_uris": " "},
        {"code": "Sở Y"},
        {"level": "9"},
        {"level_on_year": "2999"},
        {"level_on_day": "31", "level_on_month": "2"},
        {"agreement_reference": ""},
        {"scopes": ["everything"]},
        {"scopes": ["profile"]},
    ],
)
def test_an_application_that_is_not_whole_comes_back_with_words(browser, changes):
    page = browser.post(f"{LIST}de-nghi/", sent(**changes))
    assert page.status_code in (409, 422) and "govuk-error" in page.content.decode()
    assert not Client.objects.filter(code="so-y-te").exists()


def test_a_system_is_suspended_let_in_again_and_given_other_keys(browser, national):
    client, new = Client.objects.get(code=national.strict_id), jose.public(jose.new_key())
    step(browser, client, "tam-ngung", note="Lộ khóa")
    assert queries.client(client.code) is None
    step(browser, client, "hoat-dong-lai")
    assert queries.client(client.code)
    step(browser, client, "thay-khoa", keys=keys_file(new))
    assert queries.client(client.code).keys == [new]
    page = step(browser, client, "thay-khoa", keys=keys_file(jose.new_key()))
    assert page.status_code == 422 and "khóa bí mật" in words(page)


def test_a_missing_reason_leads_to_its_box(browser, national):
    client = Client.objects.get(code=national.strict_id)
    page = step(browser, client, "tam-ngung", note="")
    html = page.content.decode()
    assert page.status_code == 422
    assert html.count('href="#id_note"') == html.count('id="id_note"') == 1


def test_an_odd_step_does_nothing(browser, national):
    client = Client.objects.get(code=national.strict_id)
    for what in ("", "x", "\0"):
        assert step(browser, client, what).status_code < 500
    assert queries.client(client.code) and browser.get(f"{LIST}999999/").status_code == 404


def test_an_auditor_reads_and_decides_nothing(national, holder):
    browser, client = at_desk(national, holder, Role.AUDITOR), Client.objects.get(code=national.strict_id)
    assert "Thay khóa" not in words(browser.get(f"{LIST}{client.pk}/"))
    assert browser.get(f"{LIST}de-nghi/").status_code == 403
    assert step(browser, client, "tam-ngung", note="x").status_code == 409
    assert queries.client(client.code)


def test_nobody_else_comes_in(national, holder):
    browser = at_desk(national, holder, Role.IDENTITY_OFFICER)
    assert browser.get(LIST).status_code == 403
