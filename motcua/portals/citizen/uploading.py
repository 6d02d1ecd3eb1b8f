"""Files that come with a page: each is taken or refused by itself, so that one bad photo loses nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from motcua.base.actor import Actor
from motcua.base.errors import Refused
from motcua.base.files import Upload
from motcua.base.web import Request
from motcua.base.widgets import PHOTO
from motcua.domain.dossiers import commands, queries
from motcua.domain.dossiers.models import Dossier
from motcua.domain.papers.models import Paper
from motcua.domain.papers.rules import ISSUED
from motcua.domain.procedures.rules import PaperRule, Problem
from motcua.portals.citizen import filling
from motcua.portals.citizen.filling import PAPERS

#: what the file inputs of a page need to know
INPUT = {"accept": "image/*,application/pdf", "photo": PHOTO}
#: names of inputs: a new file for a kind of paper, and one in the place of another
NEW, INSTEAD = "paper-", "instead-"


@dataclass
class Place:
    """One paper that is waited for, with the files that have come for it."""

    kind: str
    title: str
    hint: str = ""
    required: bool = True
    rule: PaperRule | None = None
    files: list[Paper] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Name the input; its id is the same after "id_"."""
        return f"{NEW}{self.kind}"


def places(draft: Dossier, wrong: list[Problem]) -> list[Place]:
    """List the papers of a draft with their files and what is wrong with what was just sent."""
    found = [
        Place(rule.key, str(rule.title), str(rule.hint or ""), rule.required, rule)
        for rule in filling.own_papers(draft)
    ]
    return with_files(found, queries.unfiled(draft), wrong)


def told(draft: Dossier, wrong: list[Problem]) -> dict[str, Any]:
    """Gather what the page of the papers shows."""
    return {"places": places(draft, wrong), **INPUT, **filling.place_of(draft, PAPERS)}


def with_files(found: list[Place], files: list[Paper], wrong: list[Problem]) -> list[Place]:
    """Put files and problems where they belong."""
    for place in found:
        place.files = [paper for paper in files if paper.kind == place.kind and paper.origin not in ISSUED]
        names = {place.name, *(f"{INSTEAD}{paper.pk}" for paper in place.files)}
        place.problems = [problem.message for problem in wrong if problem.field in names]
    return found


def take_in(dossier: Dossier, request: Request, *, at: datetime) -> list[Problem]:
    """Keep every file of a request that can be kept, take out what is to go, and list what was refused."""
    by = request.actor
    wrong = [
        problem
        for name, upload in _uploads(request.FILES)
        if (problem := _one(dossier, name, upload, by=by, at=at)) is not None
    ]
    gone = request.POST.get("remove", "")
    if gone.isdecimal():
        commands.take_back(dossier=dossier, paper=int(gone), by=by, at=at)
    return wrong


def _uploads(files: MultiValueDict[str, Any]) -> Iterator[tuple[str, Upload]]:
    for name in files:
        for upload in files.getlist(name):
            yield name, upload


def _one(dossier: Dossier, name: str, upload: Upload, *, by: Actor, at: datetime) -> Problem | None:
    kind, number = name.removeprefix(NEW), name.removeprefix(INSTEAD)
    try:
        if kind != name:
            commands.bring(dossier=dossier, kind=kind, upload=upload, by=by, at=at)
        elif number.isdecimal():
            commands.bring_instead(dossier=dossier, paper=int(number), upload=upload, by=by, at=at)
    except Refused as refused:
        return Problem(name, str(refused))
    return None


def onward(draft: Dossier, request: Request) -> str:
    """Give the address of what comes after the papers were sent: the same page, unless she goes on."""
    if "next" in request.POST or "later" in request.POST:
        return filling.onward(draft, PAPERS, request)
    return request.get_full_path()


def missing(draft: Dossier) -> list[Problem]:
    """Say which papers have not come yet, each at its own input."""
    return [
        Problem(f"{NEW}{rule.key}", _("Thiếu giấy tờ: %(title)s.") % {"title": rule.title})
        for rule in filling.missing_papers(draft)
    ]
