"""What anybody may see without logging in."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from motcua.domain.agencies import queries as agencies
from motcua.domain.dossiers import commands
from motcua.portals.citizen.tests.birth import filed
from motcua.portals.citizen.tests.conftest import BIRTH, text


def test_the_front_page_offers_search_procedures_and_look_up(client, library):
    page = text(client.get("/"))
    assert 'role="search"' in page
    assert "Bạn cần làm gì?" in page
    assert reverse("citizen:look_up") in page
    for code in library:
        assert reverse("citizen:procedure", args=[code]) in page


@pytest.mark.parametrize("words", ["khai sinh", "khai sinh".upper(), "dang ky khai sinh", "khai  sinh"])
def test_search_forgives_missing_marks(client, library, words):
    page = text(client.get("/thu-tuc/", {"q": words}))
    assert reverse("citizen:procedure", args=[BIRTH]) in page


def test_search_says_what_to_do_when_nothing_is_found(client, library):
    page = text(client.get("/thu-tuc/", {"q": "qqqq"}))
    assert "Chưa tìm thấy thủ tục nào cho “qqqq”" in page
    assert "1022" in page


def test_words_of_a_search_are_escaped(client, library):
    page = text(client.get("/thu-tuc/", {"q": '"><script>alert(1)</script>'}))
    assert "<script>alert" not in page


def test_every_procedure_has_a_start_page_in_both_languages(client, library):
    for code, version in library.items():
        page = text(client.get(reverse("citizen:procedure", args=[code])))
        assert version.spec.title.vi in page
        for paper in version.spec.papers:
            assert paper.title.vi in page
        client.cookies["django_language"] = "en"
        page = text(client.get(reverse("citizen:procedure", args=[code])))
        assert version.spec.title.en in page
        assert "What do you need" not in page
        client.cookies.clear()


def test_an_unknown_procedure_is_not_found(client, library):
    assert client.get("/thu-tuc/9.999999/").status_code == 404


def test_questions_come_one_by_one_and_end_with_a_verdict(client, library):
    spec = library[BIRTH].spec
    address = reverse("citizen:eligibility", args=[BIRTH])
    answers = {}
    for question in spec.questions:
        page = text(client.get(address, answers))
        assert question.text.vi in page
        answers[question.key] = "no" if question.stop_on else "yes"
    assert "Bạn nộp được" in text(client.get(address, answers))


def test_one_answer_may_end_the_way(client, library):
    question = library[BIRTH].spec.questions[0]
    answer = client.get(
        reverse("citizen:eligibility", args=[BIRTH]), {question.key: "yes" if question.stop_on else "no"}
    )
    assert question.outcome.vi in text(answer)
    assert "Bắt đầu" not in text(answer)


def test_a_question_without_an_answer_is_asked_again(client, library):
    question = library[BIRTH].spec.questions[0]
    answer = client.get(reverse("citizen:eligibility", args=[BIRTH]), {"asked": question.key})
    assert answer.status_code == 422
    assert "<title>Lỗi:" in text(answer)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Nhập mã hồ sơ"),
        ({"code": "H53.17-261123-0042", "phone_tail": "12a4"}, "Nhập đúng 4 chữ số"),
        ({"code": "H53.17-261123-0042", "phone_tail": "1234"}, "Không có hồ sơ nào khớp"),
    ],
)
def test_a_look_up_that_fails_says_why_but_not_which(client, library, sent, said):
    answer = client.post("/tra-cuu/", sent)
    assert answer.status_code == 422
    assert said in text(answer)


def test_guessing_codes_runs_out_of_tries(client, library):
    guess = {"code": "H53.17-261123-0042", "phone_tail": "1234"}
    answers = {client.post("/tra-cuu/", guess).status_code for _ in range(21)}
    assert answers == {422, 429}


def test_a_dossier_is_looked_up_by_code_and_the_end_of_the_phone(client, lan, mother, library, register):
    dossier = filed(lan, mother)
    page = text(Client().post("/tra-cuu/", {"code": f" {dossier.code.lower()} ", "phone_tail": "5678"}))
    assert dossier.code in page
    assert "Mới đăng ký" in page
    assert "UBND phường Long An" in page
    for secret in ("Trần Thị Hòa", "Nguyễn Thị Bảo Ngọc", "0912345678", mother.number):
        assert secret not in page
    wrong = Client().post("/tra-cuu/", {"code": dossier.code, "phone_tail": "5679"})
    assert wrong.status_code == 422


def test_a_look_up_shows_the_promise_and_the_time_left(lan, mother, library, register, officer):
    hoa, at = agencies.actor_by_officer(officer.pk, timezone.localdate()), timezone.now()
    dossier = commands.receive(dossier=filed(lan, mother), by=hoa, at=at)
    page = text(Client().post("/tra-cuu/", {"code": dossier.code, "phone_tail": "5678"}))
    assert "Được tiếp nhận" in page
    assert "Hẹn trả" in page
    assert 'class="deadline' in page


def test_the_front_page_calls_for_what_waits_for_the_citizen(lan, mother, library, register, officer):
    hoa, at = agencies.actor_by_officer(officer.pk, timezone.localdate()), timezone.now()
    dossier = commands.receive(dossier=filed(lan, mother), by=hoa, at=at)
    assert dossier.code not in text(lan.get("/"))
    commands.ask_more(
        dossier=dossier,
        items=[{"kind": "paper", "name": "birth_note", "title": "Giấy chứng sinh", "why": "Ảnh mờ"}],
        reason="Ảnh giấy chứng sinh bị mờ số.",
        until=at.date() + timedelta(days=30),
        by=hoa,
        at=at,
    )
    assert reverse("citizen:dossier", args=[dossier.code]) in text(lan.get("/"))
    assert dossier.code not in text(Client().get("/"))


def test_the_address_in_the_qr_symbol_of_a_slip_fills_in_the_code(client, library):
    page = text(client.get("/tra-cuu/", {"ma": 'H53.17-261123-0042"><b>'}))
    assert 'value="H53.17-261123-0042&quot;&gt;&lt;b&gt;"' in page
    assert "Nhập 4 số cuối" not in page
