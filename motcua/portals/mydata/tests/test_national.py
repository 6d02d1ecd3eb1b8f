import json
import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from motcua.base import events, jose
from motcua.base.actor import SYSTEM, Actor, Role
from motcua.domain.accounts.commands import applying, recovering
from motcua.domain.accounts.models import Mandate, Organization
from motcua.domain.accounts.rules.applications import Check
from motcua.domain.population.commands import answering, changing, subscribing
from motcua.domain.population.commands.subscribing import Grant
from motcua.domain.population.rules import Purpose, Verb
from motcua.domain.privacy.models import DataRequest
from motcua.portals.mydata.tests.conftest import at_desk, words

MINE, DESK = "/du-lieu-cua-toi/", "/bao-ve-du-lieu/"
NUMBER = "080190000017"


@pytest.fixture
def me(national, holder):
    """Log somebody in with both steps."""
    who = holder(NUMBER)
    national.browser.post("/dinh-danh/dang-nhap/", {"number": who.number, "password": who.password})
    national.browser.post("/dinh-danh/ma-xac-thuc/", {"code": who.code()})
    return who


def look(days_ago, **changes):
    at = timezone.now() - timedelta(days=days_ago)
    known = {"verb": Verb.STATUS, "fields": (), "law": "Luật Thử"}
    grants = [
        Grant(procedure="9.1", **known),
        Grant(procedure="9.2", **known, hidden_days=30, hidden_by="Luật Kín"),
    ]
    subscriber = subscribing.subscribe(
        code="VN/GOV/80/motcua", name="Tỉnh", keys=[jose.derived_key("k")], grants=grants, by=SYSTEM, at=at
    )
    purpose = Purpose(request=str(uuid.uuid4()), agency="H80", basis="Luật Thử", **changes)
    answering.status(subscriber=subscriber, purpose=purpose, number=NUMBER, by=Actor(name="officer:7"), at=at)


def test_a_copy_holds_what_every_module_holds(national, me):
    look(1, procedure="9.1", dossier="HS-THAY")
    response = national.browser.post(f"{MINE}ban-sao/")
    found = json.loads(response.content)
    titles = [section["title"] for section in found["sections"]]
    for wanted in ("Dữ liệu dân cư", "Ai đã xem dữ liệu của bạn", "Tài khoản định danh", "Các lần đăng nhập"):
        assert wanted in titles
    text = response.content.decode()
    assert NUMBER in text and "Trần Thị Hồng Nhung" in text and "HS-THAY" in text
    assert "attachment" in response["Content-Disposition"] and "no-store" in response["Cache-Control"]
    assert me.account.password not in text
    assert "data_request.copy" in [e.name for e in events.history(f"person:{me.account.person_id}")]
    shown = words(national.browser.post(f"{MINE}xem/"))
    assert "HS-THAY" in shown and "080 190 000 017" in shown
    assert not re.search(r"\d{4}-\d\d-\d\d", shown)


def test_what_the_law_hides_is_in_no_copy_before_its_time(national, me):
    look(29, procedure="9.2", dossier="HS-KIN")
    look(31, procedure="9.2", dossier="HS-HET-HAN")
    for there in ("ban-sao/", "xem/"):
        text = national.browser.post(f"{MINE}{there}").content.decode()
        assert "HS-HET-HAN" in text and "HS-KIN" not in text


def test_a_copy_holds_nothing_of_others(national, me, enrol, holder):
    enrol("080190000033", name="Người Khác Hẳn")
    holder("080190000025", name="Lê Văn Khác")
    text = national.browser.post(f"{MINE}ban-sao/").content.decode()
    for other in ("080190000033", "080190000025", "Khác"):
        assert other not in text


def test_a_copy_of_relatives_holds_no_number_of_theirs(national, holder, enrol):
    father = enrol("080060000011", name="Trần Văn Cha")
    who = holder(NUMBER, father=father, father_name="Trần Văn Cha")
    enrol("080220000019", name="Trần Bé Con", mother=who.account.person, mother_name="x")
    browser = national.browser
    browser.post("/dinh-danh/dang-nhap/", {"number": who.number, "password": who.password})
    browser.post("/dinh-danh/ma-xac-thuc/", {"code": who.code()})
    text = browser.post(f"{MINE}ban-sao/").content.decode()
    assert "Trần Văn Cha" in text and "080060000011" not in text
    assert "Trần Bé Con" in text and "080220000019" not in text and "{'" not in text


def test_a_copy_tells_the_past_applications_organizations_and_mandates_in_words(national, me, holder, enrol):
    other = holder("080190000025", name="Lê Văn Khác").account
    person, at, by = me.account.person, timezone.now(), SYSTEM
    home = {"permanent_province": "80", "permanent_commune": "27694", "permanent_detail": "Ấp Mới"}
    known = {"on": at.date() - timedelta(days=3), "basis": "Thông báo 12/TB", "by": by, "at": at}
    for place in ({**home, "permanent_detail": "Ấp Cũ"}, home):
        changing.change(person=person.pk, attribute="permanent_address", values=place, **known)
        known["on"] += timedelta(days=1)
    firm = Organization.objects.create(code="0301234567", name="Công ty Lúa", head=me.account, opened_at=at)
    day = {"since": at.date(), "until": at.date() + timedelta(days=30), "offered_at": at}
    Mandate.objects.create(principal=person, agent=other.person, organization=firm, **day)
    officer = Actor(name="Cán bộ", roles=frozenset({Role.IDENTITY_OFFICER}), person=-1, place="Phường Thử")
    recovering.begin(account=me.account, check=Check.CARD, phone="0987654321", by=officer, at=at)
    child = enrol("080220000019", name="Trần Bé Con", mother=person, born_on="2022-01-01")
    check = {"level": 1, "phone": "0912345678", "check": Check.PHOTO, "known": True}
    applying.file_in_person(person=child, guardian=me.account, **check, by=officer, at=at)
    copy = national.browser.post(f"{MINE}ban-sao/").content.decode()
    shown = words(national.browser.post(f"{MINE}xem/"))
    for text in (copy, shown):
        for told in (
            "Ấp Cũ",
            "Thông báo 12/TB",
            "Công ty Lúa",
            "Lê Văn Khác",
            "Công an phường Thử",
            "Trần Bé Con",
        ):
            assert told in text, told
        for number in (other.person.number, child.number):
            assert number not in text
    assert not re.search(r"\d{4}-\d\d-\d\d", shown) and "mọi thủ tục" in shown


def test_a_password_alone_shows_no_copy(national, holder):
    who = holder(NUMBER)
    national.browser.post("/dinh-danh/dang-nhap/", {"number": who.number, "password": who.password})
    html = national.browser.get(MINE).content.decode()
    assert "/dinh-danh/ma-xac-thuc/?next=/du-lieu-cua-toi/" in html and "ban-sao" not in html
    assert national.browser.post(f"{MINE}ban-sao/").status_code == 409


def test_a_copy_is_not_fetched_by_a_link(national, me):
    assert national.browser.get(f"{MINE}ban-sao/").status_code == 405
    assert national.browser.get(f"{MINE}xem/").status_code == 405
    page = national.browser.get(f"{MINE}xem/", headers={"accept": "text/html,*/*"})
    assert page.status_code == 405 and page["Allow"] == "POST" and "Hãy bấm lại nút" in words(page)


def test_a_request_is_made_answered_and_read(national, me, holder):
    browser = national.browser
    assert browser.post(MINE, {"kind": "delete", "text": ""}).status_code == 422
    assert browser.post(MINE, {"kind": "access", "text": "x"}).status_code == 422
    there = browser.post(MINE, {"kind": "delete", "text": "Xóa số cũ."})["Location"]
    assert "Đã tiếp nhận" in words(browser.get(there)) and "72 giờ" in words(browser.get(there))
    one = DataRequest.objects.get()
    browser.post("/dinh-danh/dang-xuat/")
    desk = at_desk(national, holder, Role.ADMINISTRATOR)
    assert "Xóa dữ liệu của tôi" in words(desk.get(DESK))
    here = f"{DESK}{one.pk}/"
    assert "Xóa số cũ." in words(desk.get(here)) and NUMBER not in desk.get(here).content.decode()
    assert desk.post(here, {"take": "1"}).status_code == 302
    refusal = {"action": "refuse", "answer": "Luật buộc giữ."}
    assert desk.post(here, refusal).status_code == 422
    assert desk.post(here, {**refusal, "ground": "own_procedure"}).status_code == 422
    assert desk.post(here, {**refusal, "ground": "kept_by_law"}).status_code == 302
    assert "Luật Căn cước" in words(desk.get(here))
    desk.post("/dinh-danh/dang-xuat/")
    desk.post("/dinh-danh/dang-nhap/", {"number": me.number, "password": me.password})
    text = words(desk.get(there))
    assert "Bị từ chối" in text and "Luật buộc giữ." in text and "chưa đối chiếu" in text


def test_others_do_not_find_a_request(national, me, holder):
    there = national.browser.post(MINE, {"kind": "object", "text": "Ngừng."})["Location"]
    national.browser.post("/dinh-danh/dang-xuat/")
    other = holder("080190000025", name="Lê Văn Khác")
    national.browser.post("/dinh-danh/dang-nhap/", {"number": other.number, "password": other.password})
    assert national.browser.get(there).status_code == 404
    assert national.browser.post(there).status_code == 404
    assert national.browser.get(DESK).status_code == 403


def test_a_breach_is_written_down_with_its_clock(national, holder):
    desk = at_desk(national, holder, Role.AUDITOR)
    page = f"{DESK}vi-pham/"
    at = timezone.localtime() - timedelta(hours=80)
    sent = {"text": "Lộ một tệp.", "people": "3", "noticed_at": f"{at:%H:%M %d/%m/%Y}"}
    assert desk.post(page, {**sent, "noticed_at": "hôm qua"}).status_code == 422
    assert desk.post(page, sent).status_code == 302
    html = desk.get(page).content.decode()
    assert "quá hạn" in html
    breach = html.partition('name="breach" value="')[2].partition('"')[0]
    assert desk.post(page, {"breach": breach, "notice": "12/TB-CA"}).status_code == 302
    assert "12/TB-CA" in words(desk.get(page))
