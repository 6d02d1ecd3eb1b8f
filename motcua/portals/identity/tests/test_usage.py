import json
import uuid
from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

from motcua.base import events, jose, secrets
from motcua.base.actor import SYSTEM, Actor, Role
from motcua.base.errors import Refused
from motcua.domain.population import jobs, queries
from motcua.domain.population.commands import answering, complaining, subscribing
from motcua.domain.population.commands.subscribing import Grant
from motcua.domain.population.models import NUMBER, Complaint, Person, Subscriber, Usage
from motcua.domain.population.rules import Purpose, Verb
from motcua.portals.identity.tests.conftest import LOG_IN, enter, words

PAGE = "/dinh-danh/ai-da-xem/"
LAW = "Luật Căn cước 26/2023/QH15, Điều 10"
GRANTS = [
    Grant(procedure="9.1", verb=Verb.ATTRIBUTES, fields=("name", "born_on"), law=LAW, title="Xin giấy thử"),
    Grant(procedure="9.1", verb=Verb.MATCH, fields=("name", "gender"), law=LAW),
    Grant(
        procedure="9.2",
        verb=Verb.ATTRIBUTES,
        fields=("name",),
        law=LAW,
        hidden_days=30,
        hidden_by="Luật Thử 1/2020",
    ),
]


@pytest.fixture
def look(db):
    """Let an officer, or a program, of a province look at somebody."""
    key = jose.derived_key("a key")

    def ask(number="080190000017", *, officer="officer:7", at=None, given=None, **changes):
        at = at or timezone.now()
        subscriber = subscribing.subscribe(
            code="VN/GOV/80/motcua", name="Tỉnh Thử", keys=[key], grants=GRANTS, by=SYSTEM, at=at
        )
        known = {
            "request": str(uuid.uuid4()),
            "agency": "H80.12",
            "procedure": "9.1",
            "dossier": "H80.12-20261123-0001",
            "basis": LAW,
            "agency_name": "UBND phường Thử",
            "officer_name": "Trần Thị Hoa",
            "officer_role": "Cán bộ một cửa",
        }
        asked = {
            "subscriber": subscriber,
            "purpose": Purpose(**{**known, **changes}),
            "number": number,
            "at": at,
        }
        if given:
            return answering.match(**asked, given=given, by=Actor(name=officer))
        return answering.attributes(**asked, names=["name", "born_on", "phone"], by=Actor(name=officer))

    return ask


@pytest.fixture
def me(national, holder):
    """Log somebody in at the national site."""
    who = holder()
    enter(national, who)
    return Actor(name="", roles=frozenset({Role.CITIZEN}), person=who.account.person.pk)


def test_a_stranger_is_led_to_the_log_in_and_back(national):
    assert national.browser.get(PAGE)["Location"].startswith(f"{LOG_IN}?next=")


def test_nobody_looked_yet(national, me):
    assert "Chưa có cơ quan nào tra cứu" in words(national.browser.get(PAGE))


def test_a_look_up_is_told_in_plain_words(national, me, look):
    look()
    response = national.browser.get(PAGE)
    text = words(response)
    for wanted in (
        "UBND phường Thử",
        "Trần Thị Hoa, Cán bộ một cửa",
        "Đọc: họ, chữ đệm và tên, ngày sinh",
        "Xin giấy thử",
        "H80.12-20261123-0001",
        LAW,
        "Tôi thấy lạ",
    ):
        assert wanted in text, wanted
    assert "số điện thoại" not in text and "no-store" in response["Cache-Control"]
    assert "080190000017" not in response.content.decode()


def test_a_dossier_leads_to_where_its_owner_reads_of_it(national, me, look):
    look(dossier='H80.12-20261123-0001/"?x')
    look(dossier="8f14e45f-ceea-467f-ab3c-1a2b3c4d5e6f")
    look(dossier="tai-ban-2026-11-23", officer="officer:8")
    assert "cong.example" not in national.browser.get(PAGE).content.decode()
    Subscriber.objects.update(dossier_page="https://cong.example/ho-so/{code}/")
    html = national.browser.get(PAGE).content.decode()
    assert html.count("cong.example") == 1
    assert 'href="https://cong.example/ho-so/H80.12-20261123-0001%2F%22%3Fx/"' in html


def test_what_was_asked_in_vain_is_told_as_such(national, me, look):
    Person.objects.update(number_index=b"x" * 32)
    look()
    Person.objects.update(number_index=secrets.blind("080190000017", place=NUMBER))
    text = words(national.browser.get(PAGE))
    assert "Hỏi nhưng không nhận được: họ, chữ đệm và tên, ngày sinh" in text and "Đọc:" not in text


def test_who_gives_no_name_is_shown_by_code(national, me, look):
    look(agency_name="", officer_name="", officer_role="")
    text = words(national.browser.get(PAGE))
    assert "H80.12" in text and "Mã officer:7" in text


def test_names_are_escaped_and_never_a_number(national, me, look):
    look(officer_name="<b>Hoa</b>", agency_name="UBND 080190000017")
    html = national.browser.get(PAGE).content.decode()
    assert "&lt;b&gt;Hoa" in html and "<b>Hoa" not in html and "080190000017" not in html


def test_a_comparison_is_no_reading(national, me, look):
    look(given={"name": "Ai Đó"})
    assert "Chỉ đối chiếu, không đọc: họ, chữ đệm và tên" in words(national.browser.get(PAGE))


def test_a_denied_look_up_is_marked(national, me, look):
    look(procedure="9.9")
    text = words(national.browser.get(PAGE))
    assert "Bị từ chối, không xem được gì" in text and "Đọc:" not in text


def test_programs_are_gathered_and_people_are_not(national, me, look):
    for officer in ("officer:7", "system", "system", "system", "officer:7"):
        look(officer=officer)
    html = national.browser.get(PAGE).content.decode()
    assert "tự động tra cứu 3 lần" in html and html.count('<details class="govuk-details">') == 1
    assert html.count("Tôi thấy lạ") == 5


def test_pages_go_by_key_newest_first(national, me, look):
    now = timezone.now()
    for number in range(23):
        look(dossier=f"HS-{number}-", at=now - timedelta(minutes=30 - number))
    first = national.browser.get(PAGE).content.decode()
    assert first.index("HS-22-") < first.index("HS-21-") and "HS-2-" not in first
    last = sorted(Usage.objects.values_list("pk", flat=True))[3]
    assert f'href="?truoc={last}"' in first
    second = national.browser.get(f"{PAGE}?truoc={last}").content.decode()
    assert "HS-2-" in second and "HS-0-" in second and "HS-3-" not in second and 'rel="next"' not in second


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "٣", "%00", "1"])
def test_a_made_up_page_is_no_error(national, me, look, before):
    look()
    assert national.browser.get(f"{PAGE}?truoc={before}").status_code == 200


def test_one_sees_only_ones_own(national, me, look, holder):
    holder("080190000025", name="Lê Văn Khác")
    look("080190000025", dossier="HS-KHAC")
    assert "HS-KHAC" not in words(national.browser.get(PAGE))
    theirs = Usage.objects.get()
    assert national.browser.get(f"{PAGE}{theirs.pk}/").status_code == 404
    assert national.browser.post(f"{PAGE}{theirs.pk}/", {"text": "lạ"}).status_code == 404
    assert not Complaint.objects.exists()


def test_nobody_else_has_looks(me, look):
    look()
    for role in (Role.SYSTEM, Role.AUDITOR):
        assert not queries.looks(Actor(name="", roles=frozenset({role})), at=timezone.now()).exists()


def test_what_the_law_hides_is_seen_after_its_time(national, me, look):
    now = timezone.now()
    look(procedure="9.2", dossier="HS-KIN", at=now - timedelta(days=29))
    look(procedure="9.2", dossier="HS-HET-HAN", at=now - timedelta(days=31))
    text = words(national.browser.get(PAGE))
    assert "HS-HET-HAN" in text and "HS-KIN" not in text
    hidden = Usage.objects.get(dossier="HS-KIN")
    assert hidden.visible_from == hidden.at + timedelta(days=30)
    assert national.browser.get(f"{PAGE}{hidden.pk}/").status_code == 404
    at = now + timedelta(days=1, minutes=1)
    assert hidden in queries.looks(me, at=at)


def test_a_look_up_is_proved_to_its_person_alone(national, me, look, holder):
    look()
    row = Usage.objects.get()
    there = f"{PAGE}{row.pk}/bang-chung.json"
    assert national.browser.get(there).status_code == 409
    jobs.sign_heads(at=timezone.now())
    response = national.browser.get(there)
    found = json.loads(response.content)
    assert found["tree_size"] == 1 and "RFC 9162" in found["how"]
    assert f"bang-chung-{row.pk}.json" in response["Content-Disposition"]
    assert "080190000017" not in response.content.decode()
    assert there in national.browser.get(f"{PAGE}{row.pk}/").content.decode()
    enter(national, holder("080190000025", name="Lê Văn Khác"))
    assert national.browser.get(there).status_code == 404


def test_what_the_law_hides_has_no_proof_before_its_time(national, me, look):
    now = timezone.now()
    look(procedure="9.2", at=now - timedelta(days=29))
    look(procedure="9.2", at=now - timedelta(days=31))
    jobs.sign_heads(at=now)
    hidden, seen = Usage.objects.order_by("-at")
    assert national.browser.get(f"{PAGE}{hidden.pk}/bang-chung.json").status_code == 404
    assert national.browser.get(f"{PAGE}{seen.pk}/bang-chung.json").status_code == 200


def test_a_delay_needs_its_law(db):
    grant = Grant(procedure="9.3", verb=Verb.STATUS, fields=(), law=LAW, hidden_days=3)
    with pytest.raises(Refused, match="căn cứ luật"):
        subscribing.subscribe(code="x", name="x", keys=[], grants=[grant], by=SYSTEM, at=timezone.now())


def test_the_time_of_showing_is_part_of_the_chain(me, look):
    look(procedure="9.2", at=timezone.now() - timedelta(days=31))
    rows = queries.chain(number="080190000017")
    assert not list(queries.broken(rows))
    rows[0].visible_from += timedelta(days=365)
    assert list(queries.broken(rows)) == rows


def test_a_strange_look_up_is_complained_about_once_and_answered(national, me, look):
    look()
    row = Usage.objects.get()
    assert "Gửi phản ánh" in words(national.browser.get(f"{PAGE}{row.pk}/"))
    assert national.browser.post(f"{PAGE}{row.pk}/", {"text": " "}).status_code == 422
    for text in ("Tôi không nộp hồ sơ nào.", "Lần nữa"):
        response = national.browser.post(f"{PAGE}{row.pk}/", {"text": text})
        assert response["Location"] == f"{PAGE}{row.pk}/"
    complaint = Complaint.objects.get()
    assert complaint.text == "Tôi không nộp hồ sơ nào."
    assert [event.name for event in events.history(complaint.subject)] == ["complaint.make"]
    assert "Đã tiếp nhận" in words(national.browser.get(PAGE))
    auditor = Actor(name="Người kiểm tra", roles=frozenset({Role.AUDITOR}))
    at = timezone.now()
    assert list(queries.complaints(auditor)) == [complaint]
    assert not queries.complaints(me)
    with pytest.raises(Refused):
        complaining.answer(complaint=complaint.pk, text="Đúng quy định.", by=me, at=at)
    complaining.answer(complaint=complaint.pk, text="Đúng quy định.", by=auditor, at=at)
    text = words(national.browser.get(f"{PAGE}{row.pk}/"))
    assert "Đã trả lời" in text and "Đúng quy định." in text and "Gửi phản ánh" not in text
    with pytest.raises(Refused):
        complaining.answer(complaint=complaint.pk, text="Nữa.", by=auditor, at=at)


def test_a_complaint_from_another_site_is_refused(national, me, look):
    look()
    strict = Browser(enforce_csrf_checks=True)
    strict.cookies = national.browser.cookies
    assert strict.post(f"{PAGE}{Usage.objects.get().pk}/", {"text": "lạ"}).status_code == 403


def test_the_page_is_found_from_every_page(national, me):
    html = national.browser.get("/dinh-danh/da-dang-xuat/").content.decode()
    assert f'href="http://testserver{PAGE}"' in html and f'href="{PAGE}"' in html


def test_a_page_takes_a_fixed_number_of_queries(national, me, look, django_assert_max_num_queries):
    for _time in range(12):
        look()
    with django_assert_max_num_queries(7):
        national.browser.get(PAGE)
