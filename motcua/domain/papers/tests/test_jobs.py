from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from motcua.base import events, files
from motcua.base.models import Event, FileState
from motcua.base.tests.samples import document, infected_picture, phone_picture, picture, scripted_document
from motcua.domain.papers import commands, jobs, queries
from motcua.domain.papers.models import Paper
from motcua.domain.papers.tests.conftest import HOA, LAN
from motcua.domain.papers.tests.samples import AT

pytestmark = pytest.mark.django_db
REACTIONS = import_string(f"{settings.WIRING}.REACTIONS")
SCHEDULE = import_string(f"{settings.WIRING}.SCHEDULE")


def react(subject: str = "dossier:1") -> None:
    """Run what wiring lists for the last fact, as a worker does."""
    event = events.history(subject)[-1]
    for job in REACTIONS[event.name]:
        events.react(event_id=event.pk, job=job)


def again(paper: Paper) -> Paper:
    return queries.at_work(paper.pk)


def test_an_attached_paper_becomes_readable_when_it_is_found_clean(attach):
    paper = attach()
    react()
    assert again(paper).file.state == FileState.CLEAN
    assert queries.readable(again(paper), HOA)


@pytest.mark.parametrize("content", [infected_picture(), scripted_document()])
def test_a_dangerous_paper_is_never_readable(content, attach):
    paper = attach(content)
    react()
    assert again(paper).file.state == FileState.INFECTED
    assert not queries.readable(again(paper), LAN)


def test_a_replacement_is_scanned_too(attach):
    old = attach()
    new = commands.replace(paper=old, upload=files.wrapped(document(), "x.pdf"), by=LAN, at=AT)
    react()
    assert again(new).file.state == FileState.CLEAN


@pytest.mark.parametrize("content", [picture(size=(4000, 3000)), phone_picture()])
def test_a_clean_picture_gets_a_small_and_a_large_copy(content, attach):
    paper = attach(content)
    assert queries.picture(paper, LAN) is None
    react()
    react()
    for longest in (files.THUMBNAIL, files.PREVIEW):
        copy = queries.picture(again(paper), HOA, longest=longest)
        assert copy is not None and copy.derived_from == paper.file


def test_a_document_gets_no_picture(attach):
    paper = attach(document())
    react()
    react()
    assert queries.picture(again(paper), HOA) is None


def test_a_dead_scanner_leaves_the_paper_unscanned_and_the_schedule_makes_up_for_it(
    attach, settings, tmp_path
):
    settings.CLAMD_SOCKET = str(tmp_path / "nobody")
    paper = attach()
    react()
    assert again(paper).file.state == FileState.UNSCANNED
    assert not queries.readable(again(paper), HOA)
    later = AT + timedelta(minutes=10)
    jobs.scan_again(at=later)
    assert again(paper).file.state == FileState.UNSCANNED
    assert queries.stuck(at=AT + timedelta(hours=2)) == 1
    settings.CLAMD_SOCKET = ""
    jobs.scan_again(at=later)
    assert again(paper).file.state == FileState.CLEAN
    assert queries.stuck(at=AT + timedelta(hours=2)) == 0


def test_a_worker_killed_before_the_scan_loses_nothing(attach):
    paper = attach()
    jobs.scan_again(at=AT + timedelta(seconds=10))
    assert again(paper).file.state == FileState.PENDING
    jobs.scan_again(at=AT + timedelta(minutes=5))
    assert again(paper).file.state == FileState.CLEAN


def test_scanning_twice_is_told_once(attach):
    attach()
    for _time in range(2):
        jobs.scan(event=Event.objects.get(name="paper.attach"), at=AT)
    assert [event.name for event in events.history("dossier:1")] == ["paper.attach", "paper.note_scan"]


def test_a_removed_paper_is_left_in_peace(attach):
    paper = attach()
    commands.remove(paper=paper, by=LAN, at=AT)
    jobs.scan_again(at=AT + timedelta(minutes=5))
    assert again(paper).file.state == FileState.PENDING


def test_the_schedule_scans_again_and_sweeps():
    listed = {job for _hour, job in SCHEDULE}
    assert {f"motcua.domain.papers.jobs.{name}" for name in ("scan_again", "sweep")} <= listed


def test_sweeping_leaves_the_papers_alone(attach):
    paper = attach()
    jobs.sweep(at=timezone.now() + timedelta(days=2))
    assert files.path(paper.file).exists()
