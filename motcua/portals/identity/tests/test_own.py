"""Applying without an account, and what a holder does with the own one."""

from datetime import date

import pytest
from django.utils import timezone

from motcua.base.actor import Actor, Role
from motcua.domain.accounts.commands import applying, deciding, recovering
from motcua.domain.accounts.models import Account, Application, Organization, Recovery
from motcua.domain.accounts.rules.applications import Check
from motcua.domain.accounts.tests.conftest import texted
from motcua.domain.accounts.tests.taking_in import photo
from motcua.portals.identity.tests.conftest import LOG_IN, enter, words

NUMBER, NAME, PASSWORD = "080190000017", "Trần Thị Hồng Nhung", "một câu dài khác hẳn"
APPLY, PROVE, SENT = "/dinh-danh/dang-ky/", "/dinh-danh/dang-ky/xac-nhan/", "/dinh-danh/dang-ky/da-gui/"
WHO = {"number": NUMBER, "name": NAME, "phone": "0912345678"}
WHO |= {"born_on_day": "19", "born_on_month": "5", "born_on_year": "1990"}
OFFICER = Actor(name="Cán bộ", roles=frozenset({Role.IDENTITY_OFFICER}), person=-1, place="Phường Thử")


@pytest.fixture
def inside(national, holder):
    """A browser logged in at level 2."""
    who = holder()
    enter(national, who)
    national.browser.post("/dinh-danh/ma-xac-thuc/", {"code": who.code()})
    national.who = who
    return national


# ---------------------------------------------------------------- without an account


def test_level_1_goes_from_the_log_in_page_to_a_working_account(national, enrol):
    enrol(NUMBER, name=NAME, card_expires_on=date(2035, 1, 1))
    browser = national.browser
    assert "Đăng ký mức 1" in words(browser.get(LOG_IN))
    assert browser.post(APPLY, WHO)["Location"] == PROVE
    assert browser.post(PROVE, {"code": texted(), "photo": photo()})["Location"] == SENT
    assert "Trả lời muộn nhất" in words(browser.get(SENT))
    one = Application.objects.get()
    deciding.approve(application=one, by=OFFICER, at=timezone.now())
    assert "Mã kích hoạt nằm trong tin nhắn" in words(browser.get(SENT))
    typed = {"number": NUMBER, "code": texted(), "password": PASSWORD, "again": PASSWORD}
    assert "đã sẵn sàng" in words(browser.post("/dinh-danh/kich-hoat/", typed))
    assert browser.post(LOG_IN, {"number": NUMBER, "password": PASSWORD}).status_code == 303


def test_an_application_is_taken_back_in_the_browser_that_made_it(national, enrol):
    enrol(NUMBER, name=NAME, card_expires_on=date(2035, 1, 1))
    browser, there = national.browser, "/dinh-danh/dang-ky/rut/"
    assert browser.get(there)["Location"] == APPLY
    browser.post(APPLY, WHO)
    browser.post(PROVE, {"code": texted(), "photo": photo()})
    assert there in browser.get(SENT).content.decode()
    assert "không ai duyệt" in words(browser.get(there))
    assert Application.objects.get().state == "filed"
    assert browser.post(there)["Location"] == SENT
    page = words(browser.get(SENT))
    assert "Đã rút" in page and "Gửi đề nghị mới" in page
    assert browser.post(there)["Location"] == SENT


def test_a_holder_takes_back_an_application_and_nobody_elses(inside, enrol):
    def file(person):
        check = {"level": 2, "phone": "0912345678", "check": Check.CARD}
        words = {"known": True, "by": OFFICER, "at": timezone.now()}
        return applying.file_in_person(person=person, **check, **words)

    Account.objects.update(level=1)
    own, other = file(inside.who.account.person), file(enrol("080190000026", name="Lê Thị Mai"))
    there = f"/dinh-danh/de-nghi/{own.pk}/rut/"
    assert there in inside.browser.get("/").content.decode()
    assert inside.browser.get(f"/dinh-danh/de-nghi/{other.pk}/rut/").status_code == 404
    assert own.code in words(inside.browser.get(there))
    assert inside.browser.post(there)["Location"] == "/"
    assert own.code not in words(inside.browser.get("/"))
    assert inside.browser.post(there).status_code == 409


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"name": "Ai đó khác"}, 422, "Không nhận được đề nghị"),
        ({"number": "080190000999"}, 422, "Không nhận được đề nghị"),
        ({"born_on_year": "1991"}, 422, "Không nhận được đề nghị"),
        ({"phone": "0212345678"}, 422, "điện thoại di động"),
        ({"number": "123"}, 422, "12 chữ số"),
        ({"born_on_month": "13"}, 422, "không có trong lịch"),
    ],
)
def test_whatever_does_not_fit_is_said_without_telling_who_is_registered(
    national, enrol, changes, status, said
):
    enrol(NUMBER, name=NAME, card_expires_on=date(2035, 1, 1))
    answer = national.browser.post(APPLY, {**WHO, **changes})
    assert answer.status_code == status and said in words(answer)
    assert not Application.objects.exists()


def test_pages_of_an_application_need_one(national):
    for path in (PROVE, SENT):
        assert national.browser.get(path)["Location"] == APPLY
    store = national.browser.session
    store["account_application"] = "kẻ lạ"
    store.save()
    assert national.browser.get(PROVE)["Location"] == APPLY


@pytest.mark.parametrize("path", ["/dinh-danh/kich-hoat/", "/dinh-danh/khoi-phuc/"])
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "không đúng, hoặc mã đã hết hạn"),
        ({"again": "khác"}, "Hai lần nhập chưa giống nhau"),
        ({"number": "x"}, "12 chữ số"),
        ({"code": ""}, "Lỗi"),
    ],
)
def test_wrong_codes_and_forms_are_said_in_place(national, path, changes, said):
    typed = {"number": NUMBER, "code": "12345678", "password": PASSWORD, "again": PASSWORD, **changes}
    answer = national.browser.post(path, typed)
    assert answer.status_code == 422 and said in words(answer)


def test_guessing_activation_codes_is_slowed_down(national):
    typed = {"number": NUMBER, "code": "12345678", "password": PASSWORD, "again": PASSWORD}
    answers = [national.browser.post("/dinh-danh/kich-hoat/", typed) for _number in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert answers[-1]["Retry-After"] == "600"


# ---------------------------------------------------------------- with one


def test_a_holder_locks_the_own_account_and_is_out_everywhere(inside):
    assert "Khóa tài khoản" in words(inside.browser.get("/"))
    assert "Khóa ngay" in words(inside.browser.get("/dinh-danh/khoa/"))
    assert "đã khóa" in words(inside.browser.post("/dinh-danh/khoa/"))
    assert inside.browser.get("/")["Location"].startswith(LOG_IN)
    assert enter(inside, inside.who).status_code == 422


def test_a_holder_sees_a_recovery_and_stops_it(inside):
    recovering.begin(
        account=inside.who.account, check=Check.CARD, phone="0987654321", by=OFFICER, at=timezone.now()
    )
    assert "Có người xin khôi phục tài khoản này tại Công an phường Thử" in words(inside.browser.get("/"))
    assert inside.browser.post("/dinh-danh/huy-khoi-phuc/")["Location"] == "/"
    assert Recovery.objects.get().cancelled
    assert "xin khôi phục" not in words(inside.browser.get("/"))


def test_a_parent_applies_for_a_child(inside, enrol):
    child = enrol("080190000025", name="Bé Hai", born_on="2022-01-01", mother=inside.who.account.person)
    other = enrol("080190000033", name="Bé Nhà Bên", born_on="2022-01-01")
    page = words(inside.browser.get("/dinh-danh/con/"))
    assert "Bé Hai" in page and "Bé Nhà Bên" not in page
    assert inside.browser.post("/dinh-danh/con/", {"child": other.pk}).status_code == 422
    assert inside.browser.post("/dinh-danh/con/", {"child": child.pk})["Location"] == "/dinh-danh/con/"
    assert "Chờ duyệt" in words(inside.browser.get("/dinh-danh/con/"))
    assert Application.objects.get().guardian == inside.who.account
    assert inside.browser.post("/dinh-danh/con/", {"child": child.pk}).status_code == 422


def test_a_head_opens_an_organizations_account(inside):
    path = "/dinh-danh/to-chuc/"
    sent = {"code": "1100000001", "name": "Hợp tác xã Thử", "known": "on"}
    bad = inside.browser.post(path, {**sent, "representatives": "123"})
    assert bad.status_code == 422 and "12 chữ số" in words(bad)
    assert inside.browser.post(path, sent)["Location"] == path
    one = Application.objects.get()
    assert inside.browser.post(f"{path}kich-hoat/", {"application": one.pk}).status_code == 409
    deciding.approve(application=one, by=OFFICER, at=timezone.now())
    assert inside.browser.post(f"{path}kich-hoat/", {"application": one.pk})["Location"] == path
    assert Organization.objects.get().head == inside.who.account
    assert "Hợp tác xã Thử" in words(inside.browser.get(path))
    assert inside.browser.post(f"{path}dong-y/", {"endorsement": "9"}).status_code == 404
