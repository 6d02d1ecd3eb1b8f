import io
import json
import sys

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from motcua.base.actor import SYSTEM, Role
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import duties
from motcua.domain.accounts.models import Account, Duty
from motcua.portals.desk.tests.conftest import COMMUNE, HOME, LOG_IN, at_desk, words


def test_the_desk_is_closed_to_citizens_and_strangers(national, holder):
    assert national.browser.get(HOME)["Location"].startswith(LOG_IN)
    who = holder()
    national.browser.post(LOG_IN, {"number": who.number, "password": who.password})
    assert national.browser.get(HOME).status_code == 403


def test_somebody_with_a_duty_confirms_and_chooses_it_on_the_account_page(national, holder):
    who = holder()
    duties.assign(
        account=who.account,
        role=Role.ADMINISTRATOR,
        in_force_from=timezone.localdate(),
        by=SYSTEM,
        at=timezone.now(),
    )
    browser = national.browser
    browser.post(LOG_IN, {"number": who.number, "password": who.password})
    duty = Duty.objects.get()
    assert "Vào làm việc" in words(browser.get("/"))
    confirm = browser.post("/dinh-danh/lam-viec/", {"duty": duty.pk})["Location"]
    browser.post(confirm, {"code": who.code()})
    assert browser.post("/dinh-danh/lam-viec/", {"duty": duty.pk})["Location"] == HOME
    assert "Nhiệm vụ" in words(browser.get(HOME))
    browser.post("/dinh-danh/thoi-lam-viec/")
    assert browser.get(HOME).status_code == 403


def test_an_administrator_assigns_and_ends_a_duty_by_a_scanned_card(national, holder):
    browser = at_desk(national, holder, Role.ADMINISTRATOR)
    other = holder("080190000025", name="Lê Văn Cán")
    sent = {"number": f"{other.number}|x|Le Van Can", "role": "identity_officer"}
    sent |= {"place_province": "80", "place_commune": COMMUNE}
    assert browser.post(f"{HOME}nhiem-vu/giao/", sent)["Location"] == f"{HOME}nhiem-vu/"
    text = words(browser.get(f"{HOME}nhiem-vu/"))
    assert "Lê Văn Cán" in text and other.number not in text
    duty = queries.own_duties(other.account, on=timezone.localdate()).get()
    assert "Lê Văn Cán" in words(browser.get(f"{HOME}nhiem-vu/{duty.pk}/ket-thuc/"))
    browser.post(f"{HOME}nhiem-vu/{duty.pk}/ket-thuc/")
    assert "Lê Văn Cán" not in words(browser.get(f"{HOME}nhiem-vu/"))


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        ({}, 422, "Lỗi"),
        ({"number": "123", "role": "auditor"}, 422, "12 chữ số"),
        ({"number": "080190000999", "role": "auditor"}, 409, "Không có tài khoản"),
        ({"number": "080190000999", "role": "leader"}, 422, "Lỗi"),
    ],
)
def test_a_form_with_mistakes_comes_back_with_the_reason(national, holder, sent, status, said):
    answer = at_desk(national, holder, Role.ADMINISTRATOR).post(f"{HOME}nhiem-vu/giao/", sent)
    assert (answer.status_code, said in words(answer)) == (status, True)


def test_the_commune_is_chosen_from_the_list_of_its_province(national, holder):
    browser, there = at_desk(national, holder, Role.ADMINISTRATOR), f"{HOME}nhiem-vu/giao/"
    assert "Phường Long An" in words(browser.get(there))
    sent = {"number": "080190000025", "role": "identity_officer", "place_province": "79"}
    other = browser.post(there, {**sent, "place_choose": "1"})
    assert other.status_code == 200 and "Phường Long An" not in words(other)
    assert "080190000025" in other.content.decode() and "Lỗi" not in words(other)
    mixed = browser.post(there, {**sent, "place_commune": COMMUNE})
    assert mixed.status_code == 422 and "Đổi tỉnh" in words(mixed)
    for wrong in ("99999", "80", "x" * 500):
        assert browser.post(there, {**sent, "place_commune": wrong}).status_code == 422
    assert not Duty.objects.filter(role="identity_officer").exists()


def test_an_auditor_reads_duties_and_gives_none(national, holder):
    browser = at_desk(national, holder, Role.AUDITOR)
    assert browser.get(f"{HOME}nhiem-vu/").status_code == 200
    assert browser.get(f"{HOME}nhiem-vu/giao/").status_code == 403


def test_the_first_administrator_is_appointed_from_standard_input_and_only_the_first(holder, monkeypatch):
    who, out = holder(), io.StringIO()
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{who.number}\n"))
    call_command("assign_administrator", stdout=out)
    assert who.number not in out.getvalue()
    assert Duty.objects.get().role == Role.ADMINISTRATOR
    with pytest.raises(CommandError, match="on the desk"):
        call_command("assign_administrator", stdout=out)


def test_a_demo_has_officials_who_reach_the_desk_by_one_click(national, enrol, settings, tmp_path):
    settings.DEMO = True
    numbers = [f"0801900001{n:02}" for n in range(4)]
    people = [{"number": enrol(n, name=f"Cán Bộ {n[-1]}").number} for n in numbers]
    file = tmp_path / "people.json"
    file.write_text(json.dumps({"desk": people, "parents": [{"commune": COMMUNE}]}))
    call_command("load_demo_desk", str(file))
    call_command("load_demo_desk", str(file))
    assert {duty.role for duty in Duty.objects.all()} == {"administrator", "identity_officer", "auditor"}
    officer = Account.objects.filter(demo_role="identity_officer").first()
    assert national.browser.post("/dinh-danh/dung-thu/", {"account": officer.pk})["Location"] == HOME
    assert national.browser.get(HOME).status_code == 200
