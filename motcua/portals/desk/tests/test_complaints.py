import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from motcua.base import events, jose
from motcua.base.actor import SYSTEM, Actor, Role
from motcua.base.errors import Refused
from motcua.domain.population.commands import answering, complaining, subscribing
from motcua.domain.population.models import Complaint, Inquiry, Usage
from motcua.domain.population.rules import Purpose
from motcua.portals.desk.tests.conftest import at_desk, words

LIST = "/ban-dinh-danh/phan-anh/"
NUMBER = "080190000017"


@pytest.fixture
def complain(national, holder):
    """Let an officer look at somebody, who finds it strange."""
    who = holder(NUMBER)
    me = Actor(name="Trần Thị Hồng Nhung", roles=frozenset({Role.CITIZEN}), person=who.account.person.pk)

    def make(text="Tôi không nộp hồ sơ nào.", hours_ago=1):
        at = timezone.now() - timedelta(hours=hours_ago)
        subscriber = subscribing.subscribe(
            code="VN/GOV/80/motcua",
            name="Tỉnh Thử",
            keys=[jose.derived_key("k")],
            grants=[],
            by=SYSTEM,
            at=at,
        )
        purpose = Purpose(
            request=str(uuid.uuid4()),
            agency="H80.12",
            procedure="9.1",
            dossier="H80.12-20261123-0001",
            basis="Luật Thử",
            agency_name="UBND phường Thử",
            officer_name="Trần Thị Hoa",
        )
        answering.status(
            subscriber=subscriber, purpose=purpose, number=NUMBER, by=Actor(name="officer:7"), at=at
        )
        return complaining.complain(usage=Usage.objects.latest("pk").pk, text=text, by=me, at=at)

    return make


@pytest.fixture
def auditor(national, holder):
    return at_desk(national, holder, Role.AUDITOR)


def test_complaints_stand_open_first_and_the_oldest_on_top(complain, auditor):
    answered = complain("Đã xong", hours_ago=90)
    for text, hours in (("Hai", 80), ("Ba", 2)):
        complain(text, hours)
    complaining.answer(complaint=answered.pk, text="Rõ.", by=SYSTEM, at=timezone.now())
    html = auditor.get(LIST).content.decode()
    pks = [Complaint.objects.get(text=text).pk for text in ("Hai", "Ba", "Đã xong")]
    places = [html.index(f'href="{LIST}{pk}/"') for pk in pks]
    assert places == sorted(places) and "quá hạn" in html and html.count("quá hạn") == 1


def test_the_auditor_sees_purpose_and_codes_and_not_who_it_was_about(complain, auditor):
    one = complain()
    response = auditor.get(f"{LIST}{one.pk}/")
    text = words(response)
    for wanted in ("UBND phường Thử", "officer:7", "H80.12-20261123-0001", "Luật Thử", "Tôi không nộp"):
        assert wanted in text, wanted
    assert NUMBER not in response.content.decode() and "Hồng Nhung" not in text


def test_the_agency_is_asked_and_the_person_answered(complain, auditor, national):
    one = complain()
    there = f"{LIST}{one.pk}/"
    assert auditor.post(there, {"buoc": "hoi", "text": " "}).status_code == 422
    assert auditor.post(there, {"buoc": "hoi", "text": "Vì sao tra cứu?"}).status_code == 302
    inquiry = Inquiry.objects.get()
    assert "Đang hỏi cơ quan" in words(auditor.get(LIST))
    reply = {"buoc": "ghi", "inquiry": inquiry.pk, "text": "Cán bộ gõ nhầm số."}
    assert auditor.post(there, {**reply, "inquiry": 999}).status_code == 404
    assert auditor.post(there, reply).status_code == 302
    assert auditor.post(there, reply).status_code == 409
    assert auditor.post(there, {"buoc": "tra-loi", "text": "Cán bộ đã gõ nhầm."}).status_code == 302
    assert auditor.post(there, {"buoc": "tra-loi", "text": "Nữa."}).status_code == 409
    assert "Cán bộ đã gõ nhầm." in words(auditor.get(there))
    names = [event.name for event in events.history(one.subject)]
    assert names == ["complaint.make", "complaint.ask", "complaint.reply", "complaint.answer"]
    assert "Cán bộ gõ nhầm số" not in str([event.data for event in events.history(one.subject)])


def test_a_mistake_leads_to_the_box_that_it_is_about(complain, auditor):
    one = complain()
    auditor.post(f"{LIST}{one.pk}/", {"buoc": "hoi", "text": "Ai đã xem?"})
    inquiry = Inquiry.objects.get().pk
    for step in ("hoi", "ghi", "tra-loi"):
        page = auditor.post(f"{LIST}{one.pk}/", {"buoc": step, "inquiry": inquiry, "text": ""})
        html = page.content.decode()
        assert page.status_code == 422 and 'href="#id_text"' in html
        before, _after = html.split('id="id_text"')
        assert before.rpartition('name="buoc" value="')[2].startswith(f'{step}"')


def test_the_person_sees_state_due_time_and_answer(complain, national, holder):
    late = complain(hours_ago=80)
    mine = Client()
    who = {"number": NUMBER, "password": "bảy con vịt vàng bơi"}
    mine.post("/dinh-danh/dang-nhap/", who)
    there = f"/dinh-danh/ai-da-xem/{late.usage_id}/"
    assert "Quá hạn" in words(mine.get(there))
    complaining.ask(complaint=late.pk, text="Vì sao?", by=SYSTEM, at=timezone.now())
    assert "Đang hỏi cơ quan" in words(mine.get(there))
    complaining.answer(complaint=late.pk, text="Đúng quy định.", by=SYSTEM, at=timezone.now())
    text = words(mine.get(there))
    assert "Đúng quy định." in text and "Quá hạn" not in text


def test_others_find_no_complaints(complain, national, holder):
    one = complain()
    administrator = at_desk(national, holder, Role.ADMINISTRATOR)
    assert administrator.get(LIST).status_code == 403
    assert administrator.get(f"{LIST}{one.pk}/").status_code == 403
    assert Client().get(LIST).status_code == 302
    with pytest.raises(Refused):
        complaining.ask(complaint=one.pk, text="?", by=Actor(name="x"), at=timezone.now())


def test_an_answer_is_due_72_hours_after(complain):
    one = complain()
    minute = one.made_at.replace(second=0, microsecond=0)
    assert one.due_at == minute + timedelta(hours=72)
