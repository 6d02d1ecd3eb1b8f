"""Every write of papers; whether the subject may change now is the caller's rule."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from motcua.base import events, files, numbers
from motcua.base.actor import Actor
from motcua.base.errors import Refused
from motcua.base.models import FileState, StoredFile
from motcua.base.text import nfc
from motcua.domain.papers import printing, rules
from motcua.domain.papers.events import ATTACHED, ISSUED, REMOVED, REPLACED, SCANNED
from motcua.domain.papers.models import Paper
from motcua.domain.papers.rules import Origin


@transaction.atomic
def attach(
    *, subject: str, kind: str, title: str, upload: files.Upload, origin: Origin, by: Actor, at: datetime
) -> Paper:
    """Keep a file as a paper of the subject; the same bytes in the same place again change nothing."""
    events.hold(subject)
    if reason := rules.why_not_attach(held=_live(subject).count()):
        raise Refused(reason)
    stored = files.store(upload, at=at)
    if known := _same(subject, kind, stored):
        return known
    paper = _keep(subject=subject, kind=kind, title=title, origin=origin, stored=stored, by=by, at=at)
    _record(ATTACHED, paper, by=by, at=at)
    return paper


@transaction.atomic
def replace(*, paper: Paper, upload: files.Upload, by: Actor, at: datetime) -> Paper:
    """Put another file in the place of a paper; the old one is kept aside with its history."""
    events.hold(paper.subject)
    old = _live(paper.subject).get(pk=paper.pk)
    if reason := rules.why_not_remove(old.origin):
        raise Refused(reason)
    stored = files.store(upload, at=at)
    if known := _same(old.subject, old.kind, stored):
        return known
    old.removed_at = at
    old.save(update_fields=["removed_at"])
    new = _keep(
        subject=old.subject,
        kind=old.kind,
        title=old.title,
        origin=Origin(old.origin),
        stored=stored,
        by=by,
        at=at,
        replaces=old,
    )
    _record(REPLACED, new, by=by, at=at, replaces=old.pk)
    return new


@transaction.atomic
def remove(*, paper: Paper, by: Actor, at: datetime) -> Paper:
    """Take a paper out of its subject; a second time changes nothing."""
    events.hold(paper.subject)
    paper = Paper.objects.select_related("file").get(pk=paper.pk)
    if paper.removed_at:
        return paper
    if reason := rules.why_not_remove(paper.origin):
        raise Refused(reason)
    paper.removed_at = at
    paper.save(update_fields=["removed_at"])
    _record(REMOVED, paper, by=by, at=at)
    return paper


@transaction.atomic
def note_scan(*, paper: Paper, state: FileState, found: str, by: Actor, at: datetime) -> Paper:
    """Write down what the scanner said; only news makes an event, and what is known to be bad stays bad."""
    events.hold(paper.subject)
    paper = Paper.objects.select_related("file").get(pk=paper.pk)
    before = paper.file.state
    if before == FileState.INFECTED:
        return paper
    files.note(paper.file, state=state, found=found, at=at)
    if state != before:
        _record(SCANNED, paper, by=by, at=at, state=str(state), found=found)
    return paper


@transaction.atomic
def issue(
    *,
    subject: str,
    kind: str,
    title: str,
    template: str,
    content: Mapping[str, Any],
    by: Actor,
    at: datetime,
    series: str = "",
) -> Paper:
    """Print a paper and keep it with its subject.

    `template` is the name of a slip in rules.Slip, or the Typst source of a result; a result gets the
    number "<content["code"]>-KQ(n)" and finds it as `data.result`. With a `series`, such as "agency:12",
    a slip takes its running number of the year from there: "15/TNHS".
    """
    events.hold(subject)
    is_slip = template in set(rules.Slip)
    sheet = dict(content)
    if is_slip:
        if series:
            sheet["number"] = _slip_number(rules.Slip(template), series, timezone.localtime(at).year)
        number = str(sheet.get("number") or "")
        printed = printing.slip(template, sheet, at=at)
    else:
        ordinal = Paper.objects.filter(subject=subject, origin=Origin.RESULT).count() + 1
        number = sheet["result"] = rules.result_number(str(sheet["code"]), ordinal)
        printed = printing.pdf(template, sheet, at=at)
    upload = files.wrapped(printed, f"{title} {number.replace('/', '-')}".strip() + ".pdf")
    paper = _keep(
        subject=subject,
        kind=kind,
        title=title,
        origin=Origin.SLIP if is_slip else Origin.RESULT,
        # drawn by ourselves from plain text: there is nothing in it to scan for
        stored=files.store(upload, at=at, state=FileState.CLEAN),
        by=by,
        at=at,
        number=number,
    )
    _record(ISSUED, paper, by=by, at=at, number=number)
    return paper


def _slip_number(slip: rules.Slip, series: str, year: int) -> str:
    mark = rules.SLIP_MARKS[slip]
    return f"{numbers.take(f'slip:{series}:{year}:{mark}'):02d}/{mark}"


def _live(subject: str) -> Any:
    return Paper.objects.filter(subject=subject, removed_at__isnull=True)


def _same(subject: str, kind: str, stored: StoredFile) -> Paper | None:
    known: Paper | None = (
        _live(subject).filter(kind=kind, sha256=stored.sha256).select_related("file").first()
    )
    if known:
        stored.delete()
    return known


def _keep(
    *,
    subject: str,
    kind: str,
    title: str,
    origin: Origin,
    stored: StoredFile,
    by: Actor,
    at: datetime,
    **more: Any,
) -> Paper:
    return Paper.objects.create(
        subject=subject,
        kind=kind,
        title=nfc(title),
        origin=origin,
        file=stored,
        sha256=stored.sha256,
        by=by.subject,
        by_name=by.name,
        attached_at=at,
        **more,
    )


def _record(name: str, paper: Paper, *, by: Actor, at: datetime, **more: Any) -> None:
    data = {"paper": paper.pk, "kind": paper.kind, "origin": paper.origin, **more}
    events.record(name, subject=paper.subject, by=by, at=at, note=paper.title, data=data)
