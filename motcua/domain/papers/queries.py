"""Every read of papers; whoever asks has been let in to the subject by the caller."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.functional import Promise

from motcua.base import files
from motcua.base.actor import Actor, Role
from motcua.base.errors import Refused
from motcua.base.models import FileState, StoredFile
from motcua.domain.papers import rules
from motcua.domain.papers.models import Paper


def of(subject: str) -> list[Paper]:
    """List the papers of a subject that have not been removed, oldest first."""
    papers = Paper.objects.filter(subject=subject, removed_at__isnull=True)
    return list(papers.select_related("file").order_by("attached_at", "pk"))


def get(subject: str, pk: int) -> Paper:
    """Find one paper inside its subject, so that a guessed number opens nobody else's paper."""
    return Paper.objects.select_related("file").get(subject=subject, pk=pk, removed_at__isnull=True)


def at_work(pk: int) -> Paper:
    """Find one paper for a job of the system, removed or not."""
    return Paper.objects.select_related("file").get(pk=pk)


def why_not_readable(paper: Paper, actor: Actor) -> str | Promise | None:
    """Say why this actor cannot open the file, or None; an officer waits for a clean scan of any upload."""
    own = actor.has(Role.CITIZEN) and actor.person is not None and paper.by == actor.subject
    return rules.why_not_read(paper.file.state, own=own)


def readable(paper: Paper, actor: Actor) -> bool:
    """Tell whether this actor can open the file now."""
    return why_not_readable(paper, actor) is None


def opened(paper: Paper, actor: Actor) -> StoredFile:
    """Give the file for sending it, or refuse in words."""
    if reason := why_not_readable(paper, actor):
        raise Refused(reason)
    return paper.file


def picture(paper: Paper, actor: Actor, *, longest: int = files.PREVIEW) -> StoredFile | None:
    """Give the copy of a picture made for looking at, once a scan has led to it; None for documents."""
    copies = opened(paper, actor).derived.filter(how__startswith=f"JPEG, {longest} px")
    return copies.order_by("-pk").first()


def missing(subject: str, needed: Sequence[str]) -> list[str]:
    """List the needed kinds without a usable paper, in their order."""
    held = {paper.kind for paper in of(subject) if paper.file.state != FileState.INFECTED}
    return rules.missing(needed, held)


def waiting(*, before: datetime, limit: int = 200) -> list[Paper]:
    """List papers whose file could not be called clean or infected yet, oldest first."""
    states = [FileState.PENDING, FileState.UNSCANNED]
    papers = Paper.objects.filter(removed_at__isnull=True, file__state__in=states, attached_at__lt=before)
    return list(papers.select_related("file").order_by("attached_at")[:limit])


def stuck(*, at: datetime) -> int:
    """Count the papers that have waited more than an hour for a scan: the scanner is dead."""
    states = [FileState.PENDING, FileState.UNSCANNED]
    old = at - timedelta(hours=1)
    return Paper.objects.filter(removed_at__isnull=True, file__state__in=states, attached_at__lt=old).count()
