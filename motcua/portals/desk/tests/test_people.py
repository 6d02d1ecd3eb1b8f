from datetime import date, timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

from motcua.base import events
from motcua.base.actor import SYSTEM, Role
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import accounts
from motcua.domain.accounts.models import Account, Application, Recovery
from motcua.domain.accounts.rules.accounts import Ground
from motcua.domain.accounts.rules.desk import CODE
from motcua.domain.population.models import Subscriber, Usage
from motcua.portals.desk.tests.conftest import COMMUNE, HOME, LOG_IN, at_desk, words

FIND, PERSON = f"{HOME}tiep-nguoi/", f"{HOME}nguoi/"
NUMBER = "080190000017"
OFFICER_ONLY = [
    "tiep-nguoi/",
    "nguoi/",
    "nguoi/cap-tai-khoan/",
    "nguoi/khoa/",
    "nguoi/mo-khoa/",
    "nguoi/khoi-phuc/",
    "nguoi/rut-de-nghi/",
    "de-nghi/",
    "de-nghi/1/",
    "de-nghi/1/anh/",
    "de-nghi/1/tu-choi/",
]


@pytest.fixture
def desk(national, holder):
    return at_desk(national, holder, Role.IDENTITY_OFFICER)


def find(browser, number=NUMBER):
    return browser.post(FIND, {"number": number})


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR])
def test_other_duties_do_not_open_the_officers_rooms(national, holder, role):
    browser = at_desk(national, holder, role)
    assert {browser.get(f"{HOME}{path}").status_code for path in OFFICER_ONLY} == {403}


def test_a_citizen_finds_no_room(national, holder):
    who = holder()
    national.browser.post(LOG_IN, {"number": who.number, "password": who.password})
    assert {national.browser.get(f"{HOME}{path}").status_code for path in OFFICER_ONLY} == {403}


def test_somebody_is_found_by_the_card_only_and_the_look_is_logged(desk, enrol):
    person = enrol(NUMBER, permanent_commune=COMMUNE)
    assert desk.get(PERSON)["Location"] == FIND
    answer = find(desk, f"{NUMBER}||garbled")
    assert answer["Location"] == PERSON
    page = desk.get(PERSON)
    assert person.name in words(page) and NUMBER not in page.content.decode()
    (look,) = events.history(f"person:{person.pk}")
    assert (look.name, look.data) == ("person.look_up", {"place": COMMUNE})


def test_who_looked_at_the_desk_stands_on_the_persons_own_page(national, desk, holder):
    who = holder(NUMBER)
    find(desk)
    browser = Browser()
    browser.post(LOG_IN, {"number": who.number, "password": who.password})
    page = words(browser.get("/dinh-danh/ai-da-xem/"))
    assert "Nguyễn Thị Trực" in page and "Công an" in page
    assert "Cấp, khóa, khôi phục tài khoản định danh" in page


def test_an_officer_who_has_asked_too_often_today_finds_nobody(desk, enrol):
    enrol(NUMBER)
    find(desk)
    Subscriber.objects.filter(code=CODE).update(officer_budget=1)
    answer = find(desk)
    assert answer.status_code == 409 and "hết số lượt" in words(answer)


def test_an_unknown_number_is_looked_up_on_the_log_too(desk):
    assert find(desk, "080190000999").status_code == 409
    assert Usage.objects.get().result == "unknown"


@pytest.mark.parametrize(
    ("typed", "status"), [("080190000999", 409), ("12345", 422), ("", 422), ("x" * 600, 422)]
)
def test_an_unknown_or_broken_number_comes_back_with_a_sentence(desk, typed, status):
    answer = find(desk, typed)
    assert answer.status_code == status and "Lỗi" in words(answer)


def test_who_stands_at_the_desk_is_forgotten_after_a_while(desk, enrol):
    enrol(NUMBER)
    find(desk)
    store = desk.session
    store["desk_person"][1] -= int(timedelta(minutes=16).total_seconds())
    store.save()
    assert desk.get(PERSON)["Location"] == FIND


def test_an_officer_locks_and_unlocks_and_reads_why_not(desk, holder):
    who = holder(NUMBER)
    find(desk)
    page = words(desk.get(PERSON))
    assert "Tài khoản này không bị khóa" in page
    answer = desk.post(f"{PERSON}khoa/", {"ground": "card", "note": ""})
    assert answer.status_code == 409 and "Hãy ghi số, ngày" in words(answer)
    assert desk.post(f"{PERSON}khoa/", {"ground": "whim", "note": "x"}).status_code == 422
    assert desk.post(f"{PERSON}khoa/", {"ground": "card", "note": "BB 12"})["Location"] == PERSON
    assert "Thẻ căn cước bị thu hồi" in words(desk.get(PERSON))
    refused = desk.post(f"{PERSON}mo-khoa/", {"ground": "holder", "note": "x"})
    assert refused.status_code == 422
    assert desk.post(f"{PERSON}mo-khoa/", {"ground": "card", "note": "BB 13"})["Location"] == PERSON
    who.account.refresh_from_db()
    assert who.account.state == "active"


def test_after_death_no_button_is_left(desk, holder):
    who = holder(NUMBER)
    accounts.lock(account=who.account, ground=Ground.DEATH, by=SYSTEM, at=timezone.now())
    find(desk)
    page = words(desk.get(PERSON))
    assert "khóa vĩnh viễn" in page and "không được mở lại" in page
    assert desk.get(f"{PERSON}mo-khoa/").status_code == 200
    assert desk.post(f"{PERSON}mo-khoa/", {"ground": "death", "note": "x"}).status_code == 422


def test_an_officer_finds_no_way_to_the_own_account(national, holder):
    browser = at_desk(national, holder, Role.IDENTITY_OFFICER, NUMBER)
    find(browser)
    assert browser.post(f"{PERSON}khoa/", {"ground": "card", "note": "x"}).status_code == 422
    sent = {"check": "card", "phone": "0912345678"}
    assert browser.post(f"{PERSON}khoi-phuc/", sent).status_code == 409
    assert not Recovery.objects.exists()


def test_without_an_account_there_is_nothing_to_lock(desk, enrol):
    enrol(NUMBER, card_expires_on=date(2035, 1, 1))
    find(desk)
    assert "chưa có tài khoản" in words(desk.get(PERSON))
    for path in ("khoa/", "mo-khoa/", "khoi-phuc/"):
        assert desk.get(f"{PERSON}{path}")["Location"] == FIND


def test_level_2_is_taken_in_and_another_officer_approves(national, holder, desk, enrol):
    enrol(NUMBER, card_expires_on=date(2035, 1, 1))
    find(desk)
    sent = {"level": "2", "check": "chip", "phone": "+84 912 345 678"}
    assert desk.post(f"{PERSON}cap-tai-khoan/", sent)["Location"] == PERSON
    one = Application.objects.get()
    assert (one.phone, one.state, one.place_code) == ("0912345678", "filed", COMMUNE)
    page = desk.get(f"{HOME}de-nghi/{one.pk}/")
    assert "cán bộ khác" in words(page)
    assert desk.post(f"{HOME}de-nghi/{one.pk}/duyet/").status_code == 409
    second = at_desk(national, holder, Role.IDENTITY_OFFICER, "080190000918")
    assert "còn" in words(second.get(f"{HOME}de-nghi/"))
    assert second.post(f"{HOME}de-nghi/{one.pk}/duyet/")["Location"] == f"{HOME}de-nghi/"
    assert second.post(f"{HOME}de-nghi/{one.pk}/duyet/").status_code == 409


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"level": "3", "check": "chip", "phone": "0912345678"},
        {"level": "2", "check": "smile", "phone": "0912345678"},
        {"level": "2", "check": "chip", "phone": "12"},
        {"level": "2", "check": "chip", "phone": ""},
    ],
)
def test_an_application_with_mistakes_files_nothing(desk, enrol, sent):
    enrol(NUMBER)
    find(desk)
    assert desk.post(f"{PERSON}cap-tai-khoan/", sent).status_code == 422
    assert not Application.objects.exists()


def test_a_small_child_has_only_level_1_and_comes_with_a_parent(desk, enrol, holder):
    mother = holder("080190000025", name="Mẹ")
    enrol(NUMBER, born_on="2023-05-05", mother=mother.account.person)
    find(desk)
    path, sent = f"{PERSON}cap-tai-khoan/", {"level": "1", "check": "photo", "phone": "0912345678"}
    assert desk.post(path, {**sent, "level": "2"}).status_code == 422
    assert desk.post(path, sent).status_code == 409
    assert desk.post(path, {**sent, "guardian_number": mother.number})["Location"] == PERSON
    assert Application.objects.get().guardian == mother.account


def test_a_refusal_is_written_and_a_photo_is_shown_only_when_clean(national, holder, desk, enrol):
    enrol(NUMBER, card_expires_on=date(2035, 1, 1))
    find(desk)
    desk.post(f"{PERSON}cap-tai-khoan/", {"level": "1", "check": "card", "phone": "0912345678"})
    one = Application.objects.get()
    assert desk.get(f"{HOME}de-nghi/{one.pk}/anh/").status_code == 404
    assert desk.post(f"{HOME}de-nghi/{one.pk}/tu-choi/", {"reason": ""}).status_code == 422
    sent = {"reason": "Không đúng người"}
    assert desk.post(f"{HOME}de-nghi/{one.pk}/tu-choi/", sent)["Location"] == f"{HOME}de-nghi/"
    one.refresh_from_db()
    assert (one.state, one.reason) == ("refused", "Không đúng người")


def test_an_application_is_taken_back_on_the_word_of_who_stands_there(desk, enrol):
    enrol(NUMBER, card_expires_on=date(2035, 1, 1))
    find(desk)
    there = f"{PERSON}rut-de-nghi/"
    assert desk.get(there)["Location"] == FIND
    assert "Rút đề nghị" not in words(desk.get(PERSON))
    desk.post(f"{PERSON}cap-tai-khoan/", {"level": "2", "check": "chip", "phone": "0912345678"})
    one = Application.objects.get()
    assert "Rút đề nghị" in words(desk.get(PERSON))
    assert one.code in words(desk.get(there))
    assert f"/de-nghi/{one.pk}/" in desk.get(PERSON).content.decode()
    assert desk.post(there, {}).status_code == 422
    assert desk.post(there, {"check": "card"})["Location"] == PERSON
    assert one.code not in words(desk.get(PERSON))
    assert "Rút lúc" in words(desk.get(f"{HOME}de-nghi/{one.pk}/"))


def test_of_another_communes_application_the_desk_reads_why_not(desk, enrol):
    enrol(NUMBER, card_expires_on=date(2035, 1, 1))
    find(desk)
    desk.post(f"{PERSON}cap-tai-khoan/", {"level": "2", "check": "chip", "phone": "0912345678"})
    Application.objects.update(place_code="25459")
    seen = desk.get(PERSON)
    one = Application.objects.get()
    assert "khác tiếp nhận" in words(seen) and one.code in words(seen)
    assert f"/de-nghi/{one.pk}/" not in seen.content.decode()
    assert desk.post(f"{PERSON}rut-de-nghi/", {"check": "card"}).status_code == 404
    assert Application.objects.get().state == "filed"


def test_a_recovery_is_begun_and_cancelled_at_the_desk(desk, holder):
    who = holder(NUMBER)
    find(desk)
    sent = {"check": "card", "phone": "0987654321"}
    assert desk.post(f"{PERSON}khoi-phuc/", sent)["Location"] == PERSON
    assert "Đang chờ khôi phục" in words(desk.get(PERSON))
    assert desk.post(f"{PERSON}khoi-phuc/", sent).status_code == 409
    desk.post(f"{PERSON}huy-khoi-phuc/")
    assert queries.recovery(who.account) is None
    assert Account.objects.filter(pk=who.account.pk, phone="0900000017").exists()
