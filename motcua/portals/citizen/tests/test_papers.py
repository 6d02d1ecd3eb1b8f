"""Photos and files of papers: taken one by one, refused in words, sent to nobody else."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from motcua.base.models import FileState
from motcua.domain.papers import queries as papers
from motcua.portals.citizen.tests.birth import address, begin, filed, fill
from motcua.portals.citizen.tests.conftest import document, draft_of, opened, photo, text

BIRTH_NOTE = "paper-birth_note"


@pytest.fixture
def draft(lan, mother, library, register):
    begin(lan)
    return fill(lan, mother)


def send(browser, draft, **sent):
    return browser.post(address(draft, "giay-to"), {name.replace("__", "-"): v for name, v in sent.items()})


def names(draft):
    return sorted(paper.file.original_name for paper in papers.of(draft.subject))


def test_a_page_lists_what_is_needed_and_asks_for_nothing_else(lan, draft):
    page = text(lan.get(address(draft, "giay-to")))
    assert "Giấy chứng sinh" in page
    assert "người làm chứng" not in page
    assert 'capture="environment"' in page
    assert 'accept="image/*,application/pdf"' in page
    assert "Chúng tôi chưa tra được Dữ liệu giấy chứng sinh điện tử" in page


def test_several_files_make_one_paper(lan, draft):
    answer = send(lan, draft, paper__birth_note=[photo("a.jpg"), document("b.pdf")], stay="1")
    assert answer["Location"] == address(draft, "giay-to")
    page = text(lan.get(address(draft, "giay-to")))
    assert names(draft) == ["a.jpg", "b.pdf"]
    for words in ("a.jpg", "b.pdf", "kB", "Thay", "Bỏ"):
        assert words in page


def test_going_on_needs_every_paper(lan, draft):
    answer = send(lan, draft, next="1")
    assert answer.status_code == 422
    assert "Thiếu giấy tờ: Giấy chứng sinh." in text(answer)
    assert '<a href="#id_paper-birth_note">' in text(answer)
    assert "<title>Lỗi: " in text(answer)
    assert send(lan, draft, later="1")["Location"] == address(draft)
    assert send(lan, draft, paper__birth_note=photo(), next="1")["Location"] == address(draft, "kiem-tra")


def test_a_photo_that_is_too_large_is_refused_and_the_others_are_kept(lan, draft, settings):
    settings.UPLOAD_LIMIT = 2_000_000
    large = SimpleUploadedFile("anh-30mb.jpg", b"\xff\xd8\xff" + bytes(2_100_000), content_type="image/jpeg")
    answer = send(lan, draft, paper__birth_note=[large, photo("nho.jpg")], next="1")
    assert answer.status_code == 422
    assert "“anh-30mb.jpg” nặng 3 MB, vượt mức 2 MB" in text(answer)
    assert names(draft) == ["nho.jpg"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("giay.docx", b"PK\x03\x04" + bytes(100), "không dùng được"),
        ("giay.jpg", b"<script>alert(1)</script>", "không dùng được"),
        ("giay.pdf", b"", "trống"),
    ],
)
def test_what_is_no_picture_and_no_document_is_refused_in_words(lan, draft, name, content, words):
    answer = send(lan, draft, paper__birth_note=SimpleUploadedFile(name, content), next="1")
    assert answer.status_code == 422
    assert words in text(answer)
    assert not names(draft)


def test_a_file_that_was_cut_off_is_refused_in_words(lan, draft):
    whole = photo().read()
    answer = send(lan, draft, paper__birth_note=SimpleUploadedFile("anh.jpg", whole[: len(whole) // 2]))
    assert answer.status_code == 422
    assert "tệp bị hỏng hoặc chưa tải lên hết" in text(answer)
    assert not names(draft)


def test_a_file_named_as_a_path_keeps_only_its_last_part(lan, draft):
    send(lan, draft, paper__birth_note=photo("../../x.jpg"), stay="1")
    assert names(draft) == ["x.jpg"]


def test_the_same_photo_twice_is_one(lan, draft):
    content = photo().read()
    for _twice in range(2):
        send(lan, draft, paper__birth_note=SimpleUploadedFile("a.jpg", content), stay="1")
    assert names(draft) == ["a.jpg"]


def test_a_paper_that_is_not_waited_for_is_refused(lan, draft):
    answer = send(lan, draft, paper__driving_licence=photo(), stay="1")
    assert answer.status_code == 422
    assert not names(draft)


def test_a_file_can_be_replaced_and_taken_back(lan, draft):
    send(lan, draft, paper__birth_note=photo("a.jpg"), stay="1")
    first = papers.of(draft.subject)[0]
    send(lan, draft, **{f"instead__{first.pk}": document("b.pdf")}, stay="1")
    assert names(draft) == ["b.pdf"]
    second = papers.of(draft.subject)[0]
    send(lan, draft, remove=str(second.pk))
    assert not names(draft)


def test_a_file_is_seen_by_its_owner_only(lan, toan, log_in, officer, draft):
    send(lan, draft, paper__birth_note=photo("a.jpg"), stay="1")
    there = f"/ho-so/tep/{draft.key}/{papers.of(draft.subject)[0].pk}/"
    seen = lan.get(there)
    assert seen["Content-Type"] == "image/jpeg"
    assert seen["X-Content-Type-Options"] == "nosniff"
    assert opened(seen).startswith(b"\xff\xd8\xff")
    assert opened(lan.get(f"{there}anh/")).startswith(b"\xff\xd8\xff")
    assert toan.get(there).status_code == 404
    assert log_in(Client(), officer).get(there).status_code == 403
    assert Client().get(there).status_code == 302


def test_a_number_from_another_dossier_opens_nothing(lan, toan, draft, stranger):
    send(lan, draft, paper__birth_note=photo("a.jpg"), stay="1")
    pk = papers.of(draft.subject)[0].pk
    begin(toan)
    assert toan.get(f"/ho-so/tep/{draft_of(stranger).key}/{pk}/").status_code == 404


def test_what_is_not_safe_is_not_opened(lan, draft):
    send(lan, draft, paper__birth_note=photo("a.jpg"), stay="1")
    paper = papers.of(draft.subject)[0]
    paper.file.state = FileState.INFECTED
    paper.file.save()
    answer = lan.get(f"/ho-so/tep/{draft.key}/{paper.pk}/")
    assert answer.status_code == 409
    assert "không an toàn" in text(answer)


def test_nothing_is_added_or_taken_back_after_filing(lan, mother, library, register):
    dossier = filed(lan, mother)
    paper = papers.of(dossier.subject)[0]
    answer = lan.post(address(dossier, "giay-to"), {BIRTH_NOTE: photo("b.jpg"), "stay": "1"})
    assert "lúc này không nhận thêm" in text(answer)
    assert lan.post(address(dossier, "giay-to"), {"remove": paper.pk}).status_code == 409
    assert [each.pk for each in papers.of(dossier.subject)] == [paper.pk]
