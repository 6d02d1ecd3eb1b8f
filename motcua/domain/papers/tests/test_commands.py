from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from motcua.base import events, files
from motcua.base.actor import SYSTEM
from motcua.base.errors import Refused
from motcua.base.models import FileState, StoredFile
from motcua.base.tests.samples import document, picture, sent
from motcua.domain.papers import commands, queries, rules
from motcua.domain.papers.models import Paper
from motcua.domain.papers.rules import Origin, Slip
from motcua.domain.papers.tests import reading
from motcua.domain.papers.tests.conftest import HOA, LAN
from motcua.domain.papers.tests.samples import AT, CASE, CONTENTS, RESULT

pytestmark = pytest.mark.django_db


def told(subject: str = "dossier:1") -> list[str]:
    return [event.name for event in events.history(subject)]


def issue_result(**said) -> Paper:
    said = {"subject": "dossier:1", "template": RESULT, "content": CASE, **said}
    return commands.issue(kind="result", title="Quyết định", by=HOA, at=AT, **said)


# ---- attach -----------------------------------------------------------------------------------------


def test_a_paper_is_attached_with_its_file_and_one_event(attach):
    paper = attach()
    assert queries.of("dossier:1") == [paper]
    assert (paper.origin, paper.by, paper.by_name) == ("upload", "person:1", "Nguyễn Thị Lan")
    assert paper.file.state == FileState.PENDING
    [event] = events.history("dossier:1")
    assert (event.name, event.data["paper"], event.note) == ("paper.attach", paper.pk, "Giấy tờ nhà ở")


def test_attaching_sends_the_scanner_in_the_same_transaction(attach):
    attach()
    job = ProcrastinateJob.objects.get()
    assert job.args["job"] == "motcua.domain.papers.jobs.scan"


def test_the_same_bytes_in_the_same_place_twice_are_one_paper(attach):
    assert attach() == attach(name="tên khác.jpg")
    assert told() == ["paper.attach"]
    assert StoredFile.objects.count() == 1


def test_the_same_bytes_in_another_place_or_dossier_are_another_paper(attach):
    papers = {attach(), attach(kind="photo"), attach(subject="dossier:2")}
    assert len(papers) == 3
    assert len({files.path(paper.file) for paper in papers}) == 1


def test_the_same_bytes_may_come_again_after_they_were_removed(attach):
    first = attach()
    commands.remove(paper=first, by=LAN, at=AT)
    assert attach() != first


@pytest.mark.parametrize("content", [b"MZ a program", b"", picture()[:200]])
def test_a_refused_file_leaves_nothing_behind(content, attach):
    with pytest.raises(Refused):
        attach(content)
    assert not Paper.objects.exists()
    assert not StoredFile.objects.exists()
    assert told() == []


def test_a_dossier_does_not_take_papers_without_end(attach, monkeypatch):
    monkeypatch.setattr(rules, "MOST_PAPERS", 2)
    for pages in (1, 2):
        attach(document(pages))
    with pytest.raises(Refused, match="gộp các trang"):
        attach(document(3))


def test_a_subject_that_is_no_subject_is_a_bug_that_the_database_catches(attach):
    with pytest.raises(IntegrityError, match="paper_subject_format"), transaction.atomic():
        attach(subject="Hồ sơ 1")


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_send_the_same_file_at_once_make_one_paper(attach):
    content = picture()

    def tab(_number: int) -> Paper:
        try:
            return attach(content)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as tabs:
        assert len(set(tabs.map(tab, range(4)))) == 1
    assert Paper.objects.count() == 1
    assert told() == ["paper.attach"]


@pytest.mark.django_db(transaction=True)
def test_two_papers_at_once_stand_on_the_log_one_after_the_other(attach):
    def bring(pages: int) -> None:
        try:
            attach(document(pages))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as people:
        list(people.map(bring, range(1, 5)))
    assert [event.number for event in events.history("dossier:1")] == [1, 2, 3, 4]
    assert list(events.broken("dossier:1")) == []


# ---- replace, remove --------------------------------------------------------------------------------


def test_replacing_keeps_the_old_paper_aside_with_its_history(attach):
    old = attach()
    new = commands.replace(paper=old, upload=sent(document(), "bản rõ hơn.pdf"), by=LAN, at=AT)
    assert queries.of("dossier:1") == [new]
    assert new.replaces == old
    assert (new.kind, new.title, new.origin) == (old.kind, old.title, old.origin)
    assert told() == ["paper.attach", "paper.replace"]
    assert Paper.objects.count() == 2


def test_replacing_a_file_by_itself_changes_nothing(attach):
    old = attach()
    assert commands.replace(paper=old, upload=sent(picture()), by=LAN, at=AT) == old
    assert told() == ["paper.attach"]


def test_a_bad_replacement_leaves_the_old_paper_where_it_was(attach):
    old = attach()
    with pytest.raises(Refused):
        commands.replace(paper=old, upload=sent(b"MZ"), by=LAN, at=AT)
    assert queries.of("dossier:1") == [old]


def test_removing_takes_a_paper_out_once(attach):
    paper = attach()
    for _time in range(2):
        assert commands.remove(paper=paper, by=LAN, at=AT).removed_at == AT
    assert queries.of("dossier:1") == []
    assert told() == ["paper.attach", "paper.remove"]


def test_what_the_agency_made_is_neither_removed_nor_replaced():
    paper = issue_result()
    with pytest.raises(Refused, match="không xóa được"):
        commands.remove(paper=paper, by=HOA, at=AT)
    with pytest.raises(Refused, match="không xóa được"):
        commands.replace(paper=paper, upload=sent(picture()), by=HOA, at=AT)
    with pytest.raises(IntegrityError, match="paper_issued_stays"), transaction.atomic():
        Paper.objects.update(removed_at=AT)


# ---- note_scan --------------------------------------------------------------------------------------


def scanned(paper: Paper, state: FileState, found: str = "") -> Paper:
    return commands.note_scan(paper=paper, state=state, found=found, by=SYSTEM, at=AT)


def test_a_scan_changes_the_state_and_is_told_once(attach):
    paper = attach()
    for _time in range(2):
        assert scanned(paper, FileState.CLEAN).file.state == FileState.CLEAN
    assert told() == ["paper.attach", "paper.note_scan"]


def test_a_scan_without_an_answer_is_told_once_and_can_be_made_up_for(attach):
    paper = attach()
    scanned(paper, FileState.UNSCANNED, "clamd: ConnectionRefusedError")
    scanned(paper, FileState.UNSCANNED, "clamd: ConnectionRefusedError")
    assert scanned(paper, FileState.CLEAN).file.found == ""
    assert told() == ["paper.attach", "paper.note_scan", "paper.note_scan"]


def test_a_file_once_found_bad_stays_bad(attach):
    paper = attach()
    scanned(paper, FileState.INFECTED, "Eicar")
    assert scanned(paper, FileState.CLEAN).file.state == FileState.INFECTED


# ---- issue ------------------------------------------------------------------------------------------


def test_a_result_gets_the_number_that_the_decree_gives_it():
    papers = [
        issue_result(),
        issue_result(content={**CASE, "text": "Bản sửa"}),
        issue_result(subject="dossier:2"),
    ]
    assert [paper.number for paper in papers] == [
        "H80.45-261103-0015-KQ(1)",
        "H80.45-261103-0015-KQ(2)",
        "H80.45-261103-0015-KQ(1)",
    ]
    words = reading.text(files.path(papers[0].file).read_bytes())
    assert "Số: H80.45-261103-0015-KQ(1)" in words
    assert "Mã kết quả: H80.45-261103-0015-KQ(1)" in words


def test_a_result_says_plainly_that_it_is_not_digitally_signed():
    words = reading.text(files.path(issue_result().file).read_bytes())
    assert "[chưa ký số]" in words
    assert "Bản điện tử này chưa được ký số." in words


def test_an_issued_paper_is_readable_at_once_and_has_a_speaking_name():
    paper = issue_result()
    assert (paper.origin, paper.file.state, paper.file.kind) == ("result", "clean", "application/pdf")
    assert paper.file.original_name == "Quyết định H80.45-261103-0015-KQ(1).pdf"
    [event] = events.history("dossier:1")
    assert (event.name, event.data["number"]) == ("paper.issue", "H80.45-261103-0015-KQ(1)")


def test_slips_of_one_agency_and_year_are_numbered_without_gaps():
    def receipt(subject: str, series: str = "agency:12", at=AT) -> str:
        return commands.issue(
            subject=subject,
            kind=Slip.RECEIPT,
            title="Giấy tiếp nhận",
            template=Slip.RECEIPT,
            content=CONTENTS[Slip.RECEIPT],
            series=series,
            by=HOA,
            at=at,
        ).number

    assert [receipt("dossier:1"), receipt("dossier:2")] == ["01/TNHS", "02/TNHS"]
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        receipt("dossier:3")
        raise ZeroDivisionError
    assert receipt("dossier:4") == "03/TNHS"
    assert receipt("dossier:5", series="agency:13") == "01/TNHS"
    assert receipt("dossier:6", at=AT.replace(year=2027)) == "01/TNHS"


def test_a_slip_without_a_series_keeps_the_number_it_came_with():
    paper = commands.issue(
        subject="dossier:1",
        kind=Slip.RECEIPT,
        title="Giấy tiếp nhận",
        template="01-receipt",
        content=CONTENTS[Slip.RECEIPT],
        by=HOA,
        at=AT,
    )
    assert (paper.number, paper.origin) == ("15/TNHS", Origin.SLIP)
    assert paper.file.original_name == "Giấy tiếp nhận 15-TNHS.pdf"


def test_a_paper_that_cannot_be_printed_leaves_no_trace():
    with pytest.raises(KeyError):
        issue_result(content={})
    assert not Paper.objects.exists()
    assert told() == []
