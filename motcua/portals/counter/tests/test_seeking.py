"""The counter looks for a person who has no number at hand."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from motcua.base.actor import Role
from motcua.connectors.population.twin import Twin, serve
from motcua.domain.dossiers.models import Dossier
from tests.roads import BIRTH, RESIDENCE

pytestmark = pytest.mark.django_db
NUMBER, TWIN_SISTER = "080192000123", "080192000124"
SEEK, CHOOSE = "/mot-cua/tim-nguoi/", "/mot-cua/tim-nguoi/chon/"


@pytest.fixture
def enter(client, log_in):
    return lambda actor: log_in(client, actor)


@pytest.fixture
def clerk(enter, officer, version) -> Client:
    version(BIRTH)
    version(RESIDENCE)
    return enter(officer(Role.CLERK))


@pytest.fixture
def register(settings):
    register = Twin()
    with serve(register) as url:
        settings.POPULATION_URL = url
        for number, name in ((NUMBER, "Trần Thị Hồng Ánh"), (TWIN_SISTER, "Trần Hồng Thị Ánh")):
            register.add(
                number,
                name=name,
                born_on="1992-08-15",
                gender="female",
                old_number="301423999" if number == NUMBER else None,
                permanent_address={"province": "80", "commune": "27694", "detail": "Số 5"},
            )
        yield register


def said(**changes: str) -> dict[str, Any]:
    words = {"key": str(uuid4()), "procedure": BIRTH, "name": "tran thi hong anh", "commune": ""}
    words |= {"born_on_day": "", "born_on_month": "", "born_on_year": "1992", "old_number": ""}
    return {**words, **changes}


def handles(response) -> list[str]:
    return re.findall(r'name="handle" value="([^"]+)"', response.content.decode())


def test_the_line_leads_to_the_search(clerk) -> None:
    assert SEEK in clerk.get("/mot-cua/").content.decode()
    assert "Nhiều nhất 5 người" in clerk.get(SEEK).content.decode()


@pytest.mark.parametrize("role", [Role.OFFICER, Role.LEADER])
def test_only_a_clerk_searches(enter, officer, role) -> None:
    browser = enter(officer(role))
    assert browser.get(SEEK).status_code == browser.post(CHOOSE, {}).status_code == 403


def test_who_may_be_meant_is_shown_without_a_number_and_the_purpose_goes_along(clerk, register) -> None:
    sent = said()
    response = clerk.post(SEEK, sent)
    text = response.content.decode()
    assert "Trần Thị Hồng Ánh" in text and "Trần Hồng Thị Ánh" in text and "080192••••••" in text
    assert NUMBER not in text and TWIN_SISTER not in text and len(handles(response)) == 2
    (call,) = register.calls
    assert (call.verb, call.procedure, call.dossier) == ("find", BIRTH, sent["key"])
    assert call.officer.startswith("officer:") and call.called[1:] != ("", "")


def test_the_one_chosen_is_read_by_the_usual_look_up_in_a_draft_of_the_same_key(clerk, register) -> None:
    sent = said(old_number="301423999")
    (handle,) = handles(clerk.post(SEEK, sent))
    chosen = {"handle": handle, "key": sent["key"], "procedure": BIRTH}
    response = clerk.post(CHOOSE, chosen)
    draft = Dossier.objects.get()
    assert response["Location"] == f"/mot-cua/nhap/{sent['key']}/" and str(draft.key) == sent["key"]
    assert draft.applicant.number == NUMBER and draft.register_at is not None
    assert [call.verb for call in register.calls][:3] == ["find", "choose", "attributes"]
    assert {call.dossier for call in register.calls} == {sent["key"]}
    again = clerk.post(CHOOSE, chosen)
    assert again.status_code == 409 and Dossier.objects.count() == 1


def test_a_choice_of_another_dossier_opens_nothing(clerk, register) -> None:
    (handle,) = handles(clerk.post(SEEK, said(old_number="301423999")))
    response = clerk.post(CHOOSE, {"handle": handle, "key": str(uuid4()), "procedure": BIRTH})
    assert response.status_code == 409 and not Dossier.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "Ánh"}, "Cần cả họ và tên"),
        ({"born_on_year": ""}, "ít nhất là năm sinh"),
        ({"born_on_day": "31", "born_on_month": "2"}, "không có trong lịch"),
        ({"old_number": "12345"}, "9 chữ số"),
        ({"procedure": "9.999999"}, ""),
        ({"commune": "99999"}, ""),
        ({"key": "x"}, ""),
    ],
)
def test_too_little_or_nonsense_asks_nobody(clerk, register, changes, sentence) -> None:
    response = clerk.post(SEEK, said(**changes))
    assert response.status_code == 422 and sentence in response.content.decode()
    assert not register.calls


def test_too_many_people_are_not_listed(clerk, register) -> None:
    for n in range(6):
        register.add(f"08019200020{n}", name="Trần Thị Hồng Ánh", born_on="1992-01-02")
    response = clerk.post(SEEK, said())
    assert response.status_code == 409 and "Không được phép khai thác" in response.content.decode()
    assert not handles(response)


def test_nobody_found_says_what_to_try(clerk, register) -> None:
    text = clerk.post(SEEK, said(name="Khương Tấn Xuyến")).content.decode()
    assert "Không tìm thấy ai" in text and "chỉ năm sinh" in text


@pytest.mark.parametrize("fault", [{"dead": True}, {"wrong": True}, {"slow": 60}])
def test_a_register_that_is_away_says_so_and_keeps_what_was_typed(clerk, register, settings, fault) -> None:
    register.be(**fault)
    settings.POPULATION_TIMEOUT = 0.3 if "slow" in fault else 30
    response = clerk.post(SEEK, said())
    assert response.status_code == 409
    text = response.content.decode()
    assert "CSDL dân cư chưa trả lời" in text and "tran thi hong anh" in text


def test_a_choice_without_words_goes_back_to_the_search(clerk, register) -> None:
    assert clerk.post(CHOOSE, {"handle": "x"})["Location"] == SEEK
    assert clerk.get(CHOOSE).status_code == 405
