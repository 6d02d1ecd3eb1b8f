"""What workers do with papers: scan them, draw copies to look at, sweep up."""

from datetime import datetime, timedelta

from motcua.base import files, scanning
from motcua.base.actor import SYSTEM
from motcua.base.models import Event, FileState
from motcua.domain.papers import commands, queries
from motcua.domain.papers.models import Paper


def scan(*, event: Event, at: datetime) -> None:
    """Scan the paper that has just been attached."""
    _scan(queries.at_work(event.data["paper"]), at)


def scan_again(*, at: datetime) -> None:
    """Scan whatever was missed: the worker was killed, or the scanner gave no answer."""
    for paper in queries.waiting(before=at - timedelta(minutes=1)):
        _scan(paper, at)


def _scan(paper: Paper, at: datetime) -> None:
    verdict = scanning.scan(files.path(paper.file), paper.file.kind)
    commands.note_scan(paper=paper, state=verdict.state, found=verdict.found, by=SYSTEM, at=at)


def draw(*, event: Event, at: datetime) -> None:
    """Draw the small and the large copy of a picture that has been found clean."""
    paper = queries.at_work(event.data["paper"])
    if paper.file.state == FileState.CLEAN and paper.is_picture:
        for longest in (files.THUMBNAIL, files.PREVIEW):
            files.derive(paper.file, longest=longest, at=at)


def sweep(*, at: datetime) -> None:
    """Remove bytes that no row names."""
    files.sweep(at=at)
