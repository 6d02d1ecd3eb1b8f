"""What a dossier waits for from the citizen: papers of a draft, and what a supplement asked."""

from datetime import date

from motcua.domain.dossiers.models import Dossier, Supplement
from motcua.domain.dossiers.rules import State
from motcua.domain.papers import queries as papers
from motcua.domain.papers.models import Paper
from motcua.domain.papers.rules import Origin
from motcua.domain.procedures import rules as procedures
from motcua.domain.procedures.rules import Copy, PaperRule, Source, Text

#: whoever files for somebody else shows that he may (Civil Code 2015 art. 138)
AUTHORIZATION = PaperRule(
    key="authorization",
    title=Text("Văn bản ủy quyền", "Authorisation"),
    hint=Text(
        "Văn bản ủy quyền có chữ ký của người bạn nộp thay, hoặc giấy tờ chứng minh bạn là người đại diện.",
        "The authorisation signed by the person you file for, or proof that you represent them.",
    ),
    copy=Copy.COPY,
    source=Source(
        law=Text("Bộ luật Dân sự 2015", "Civil Code 2015"), at="138", in_force_from=date(2017, 1, 1)
    ),
)


def needed_papers(dossier: Dossier) -> list[PaperRule]:
    """List the papers that the procedure and the way of filing call for, the optional ones too."""
    needed = procedures.papers_needed(dossier.version.spec, dossier.answers)
    return [AUTHORIZATION, *needed] if dossier.filer_id is not None and not dossier.filer_tie else needed


def open_supplement(dossier: Dossier) -> Supplement | None:
    """Give the request that the citizen has not answered yet, if any."""
    return dossier.supplements.filter(answered_at__isnull=True).first()


def bringable(dossier: Dossier) -> dict[str, str]:
    """Name the papers that may be brought now: kind → title."""
    if dossier.status is State.DRAFT:
        return {rule.key: rule.title.vi for rule in needed_papers(dossier)}
    asked = open_supplement(dossier) if dossier.status is State.AWAITING_SUPPLEMENT else None
    items = asked.items if asked else ()
    return {item["name"]: item["title"] for item in items if item["kind"] != "field"}


def unfiled(dossier: Dossier) -> list[Paper]:
    """List the files that were brought since the last filing, so that they may still be changed."""
    asked = open_supplement(dossier)
    return [
        paper
        for paper in papers.of(dossier.subject)
        if paper.origin == Origin.UPLOAD and (asked is None or paper.attached_at >= asked.asked_at)
    ]
