"""Papers that come after the first word: into a draft, and in answer to a supplement."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from motcua.base.actor import Actor
from motcua.base.errors import Refused
from motcua.base.files import Upload
from motcua.domain.dossiers import queries
from motcua.domain.dossiers.commands.moving import lock
from motcua.domain.dossiers.models import Dossier
from motcua.domain.papers import commands as papers
from motcua.domain.papers import queries as kept
from motcua.domain.papers.models import Paper
from motcua.domain.papers.rules import Origin


def _open_to(dossier: Dossier, kind: str, by: Actor, at: datetime) -> tuple[Dossier, str]:
    """Lock the dossier, see that this kind of paper may come now, and give its title."""
    dossier = lock(dossier, by=by, at=at)
    titles = queries.bringable(dossier)
    if kind not in titles:
        raise Refused(_("Hồ sơ lúc này không nhận thêm hoặc thay giấy tờ này."))
    return dossier, titles[kind]


@transaction.atomic
def bring(*, dossier: Dossier, kind: str, upload: Upload, by: Actor, at: datetime) -> Paper:
    """Add a file for one of the papers that are waited for; the same file again changes nothing.

    What was there when something better was asked for is refused: it would answer nothing.
    """
    dossier, title = _open_to(dossier, kind, by, at)
    paper = papers.attach(
        subject=dossier.subject,
        kind=kind,
        title=title,
        upload=upload,
        origin=Origin.UPLOAD,
        by=by,
        at=at,
    )
    asked = queries.open_supplement(dossier)
    if asked and paper.attached_at < asked.asked_at:
        raise Refused(_("Tệp này giống hệt tệp đã nộp lúc trước. Hãy chụp lại hoặc chọn tệp khác."))
    return paper


@transaction.atomic
def bring_instead(*, dossier: Dossier, paper: int, upload: Upload, by: Actor, at: datetime) -> Paper:
    """Put another file in the place of one that was brought; filed ones stay beside what was asked for."""
    old = _own(dossier, paper, by, at)
    return papers.replace(paper=old, upload=upload, by=by, at=at)


@transaction.atomic
def take_back(*, dossier: Dossier, paper: int, by: Actor, at: datetime) -> Paper:
    """Take a file out that was brought and has not been filed yet."""
    return papers.remove(paper=_own(dossier, paper, by, at), by=by, at=at)


def _own(dossier: Dossier, paper: int, by: Actor, at: datetime) -> Paper:
    found = kept.get(dossier.subject, paper)
    dossier, _title = _open_to(dossier, found.kind, by, at)
    if found.pk not in {each.pk for each in queries.unfiled(dossier)}:
        raise Refused(_("Giấy tờ đã nộp nên không bỏ hoặc thay được; bạn có thể nộp thêm bản mới."))
    return found
