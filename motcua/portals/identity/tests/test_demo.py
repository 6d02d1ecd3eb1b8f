import io
import json
import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from motcua.base import jose
from motcua.connectors.identity.client import errand
from motcua.domain.accounts.models import Account, Client, Session
from motcua.portals.identity.tests.conftest import LOG_IN, enter, waiting_at, words

# ---------------------------------------------------------------- demonstration

LIST = [
    {"number": "080190000041", "role": "citizen", "note": "Khai sinh cho con"},
    {"number": "080190000058", "role": "clerk", "note": "UBND xã Thử"},
]


@pytest.fixture
def demo(national, enrol, settings):
    settings.DEMO = True
    enrol("080190000041", name="Ngô Thị Lan")
    enrol("080190000058", name="Đặng Thị Hoa")
    return national


def load(rows, tmp_path):
    path = tmp_path / "people.json"
    path.write_text(json.dumps(rows))
    out = io.StringIO()
    call_command("load_demo_accounts", str(path), stdout=out)
    return out.getvalue().strip()


def test_a_demo_offers_its_people_by_role_and_says_that_it_is_one(demo, tmp_path):
    assert load(LIST, tmp_path) == "2 opened, 0 were there."
    assert load(LIST, tmp_path) == "0 opened, 2 were there."
    text = words(demo.browser.get(LOG_IN))
    assert "Đây là bản dùng thử" in text
    assert re.search(r"Công dân .*Ngô Thị Lan .*Khai sinh cho con .*Cán bộ một cửa .*Đặng Thị Hoa", text)


def test_one_click_goes_all_the_way_at_level_2(demo, tmp_path):
    load(LIST, tmp_path)
    begun = errand()
    page = demo.browser.get(demo.provider().authorize_url(begun, levels=(2, 1)))["Location"]
    html = demo.browser.get(page).content.decode()
    action = re.search(r'action="(/dinh-danh/dung-thu/[^"]*)"', html)[1]
    clerk = Account.objects.get(demo_role="clerk")
    consent = demo.browser.post(action, {"account": clerk.pk})["Location"]
    answer = demo.browser.post(consent, {"agree": "1"})["Location"]
    code = re.search(r"code=([^&]+)", answer)[1]
    claims = demo.provider().exchange(code, begun.verifier, begun.nonce, level=2)
    assert (claims.name, claims.number) == ("Đặng Thị Hoa", "080190000058")


def test_demo_people_also_log_in_by_typing_with_a_code_that_the_page_shows(demo, tmp_path):
    load(LIST, tmp_path)
    typed = {"number": "080190000041", "password": "mot cua dung thu"}
    code_page = demo.browser.post(waiting_at(demo, levels=(2,)), typed)["Location"]
    code = re.search(r"mã lúc này là (\d{6})", words(demo.browser.get(code_page)))[1]
    offer = demo.browser.post(code_page, {"code": code})["Location"]
    assert offer.startswith("/dinh-danh/khoa-truy-cap/?")
    assert demo.browser.post(offer)["Location"].startswith("/dinh-danh/dong-y/")


def test_outside_a_demo_there_is_no_trace_of_its_people(demo, tmp_path, settings):
    load(LIST, tmp_path)
    settings.DEMO = False
    page = demo.browser.get(LOG_IN).content.decode()
    assert "dung-thu" not in page and "Ngô Thị Lan" not in page
    clerk = Account.objects.get(demo_role="clerk")
    assert demo.browser.post("/dinh-danh/dung-thu/", {"account": clerk.pk}).status_code == 404
    assert not Session.objects.exists()


def test_outside_a_demo_no_demo_accounts_are_made(national, settings, tmp_path):
    settings.DEMO = False
    with pytest.raises(CommandError, match="demonstration"):
        load(LIST, tmp_path)


def test_a_number_that_nobody_has_stops_the_loading(demo, tmp_path):
    with pytest.raises(CommandError, match="nobody"):
        load([{"number": "080190009999", "role": "clerk"}], tmp_path)


# ---------------------------------------------------------------- registering by command


def test_a_client_is_registered_by_command(national, tmp_path, capsys):
    path = tmp_path / "keys.json"
    path.write_text(json.dumps({"keys": [jose.public(jose.new_key())]}))
    words = ["--name", "Bộ Thử", "--purpose", "Để thử", "--redirect-uri", "https://bo.test/"]
    call_command("register_client", "bo-thu", *words, "--keys", str(path))
    assert capsys.readouterr().out == ""
    assert Client.objects.get(code="bo-thu").method == "private_key_jwt"
    call_command("register_client", "khac", *words)
    assert len(capsys.readouterr().out.strip()) == 43


@pytest.mark.parametrize(
    ("keys", "uri"), [("nonsense", "https://bo.test/"), ("[]", "https://bo.test/"), ("{}", "http://bo.test/")]
)
def test_a_wrong_registration_says_why(national, tmp_path, keys, uri):
    path = tmp_path / "keys.json"
    path.write_text(keys)
    with pytest.raises(CommandError):
        call_command(
            "register_client",
            "x",
            "--name",
            "X",
            "--purpose",
            "X",
            "--redirect-uri",
            uri,
            "--keys",
            str(path),
        )


def test_the_time_of_a_session_does_not_depend_on_the_idle_clock_alone(national, holder):
    enter(national, holder())
    Session.objects.update(opened_at=timezone.now() - timedelta(hours=12))
    assert national.browser.get("/").status_code == 302


def test_a_demo_person_can_log_in_twice_within_half_a_minute(demo, tmp_path):
    load(LIST, tmp_path)
    for _time in range(2):
        demo.browser.cookies.clear()
        typed = {"number": "080190000041", "password": "mot cua dung thu"}
        code_page = demo.browser.post(waiting_at(demo, levels=(2,)), typed)["Location"]
        code = re.search(r"mã lúc này là (\d{6})", words(demo.browser.get(code_page)))[1]
        assert demo.browser.post(code_page, {"code": code}).status_code == 303
