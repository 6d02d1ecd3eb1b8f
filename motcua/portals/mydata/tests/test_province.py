import json

from django.test import Client

from motcua.base.actor import Role
from motcua.domain.dossiers.rules import State
from motcua.domain.privacy.models import DataRequest
from tests.roads import LICENCE

MINE, DESK = "/du-lieu-cua-toi/", "/bao-ve-du-lieu/"


def test_a_copy_holds_what_the_province_keeps_and_ones_dossiers(road, log_in):
    mine, theirs = road(State.SUBMITTED), road(State.SUBMITTED, LICENCE)
    applicant = mine.dossier.applicant
    browser = log_in(Client(), applicant)
    response = browser.post(f"{MINE}ban-sao/")
    found = json.loads(response.content)
    titles = [section["title"] for section in found["sections"]]
    assert "Thông tin cá nhân mà tỉnh giữ" in titles and "Hồ sơ của bạn" in titles
    text = response.content.decode()
    assert mine.dossier.code in text and applicant.number in text
    assert theirs.dossier.applicant != applicant and theirs.dossier.code not in text
    assert mine.dossier.code in browser.post(f"{MINE}xem/").content.decode()


def test_the_root_of_the_province_answers_and_no_commune(road, officer, place, log_in):
    person = road(State.SUBMITTED).dossier.applicant
    lan = log_in(Client(), person)
    there = lan.post(MINE, {"kind": "correct", "text": "Sai số điện thoại."})["Location"]
    one = DataRequest.objects.get()
    local = log_in(Client(), officer(Role.ADMINISTRATOR, place.commune))
    assert local.get(f"{DESK}{one.pk}/").status_code == 404
    assert "Sai số" not in local.get(DESK).content.decode()
    root = log_in(Client(), officer(Role.ADMINISTRATOR, place.root))
    assert "Sai số" in root.get(f"{DESK}{one.pk}/").content.decode()
    sent = {"action": "fulfil", "answer": "Đã sửa theo hồ sơ mới nhất."}
    assert root.post(f"{DESK}{one.pk}/", sent).status_code == 302
    assert "Đã sửa theo hồ sơ" in lan.get(there).content.decode()
    clerk = log_in(Client(), officer(Role.CLERK))
    assert clerk.get(DESK).status_code == 403


def test_strangers_are_led_to_the_log_in(client, db):
    for there in (MINE, DESK):
        assert client.get(there)["Location"].startswith("/dang-nhap/?next=")
