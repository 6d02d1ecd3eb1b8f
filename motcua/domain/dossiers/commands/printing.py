"""Print what goes with a move, in the same transaction as the move."""

from datetime import datetime

from django.utils.translation import override

from motcua.base.actor import Actor
from motcua.domain.dossiers.models import Dossier, Supplement
from motcua.domain.dossiers.queries import sheets
from motcua.domain.dossiers.rules import MOVES, Action
from motcua.domain.papers import commands as papers
from motcua.domain.papers.models import Paper
from motcua.domain.papers.rules import SLIP_NAMES, Slip


def _title(slip: Slip) -> str:
    with override("vi"):
        return str(SLIP_NAMES[slip])


def print_slip(
    action: Action,
    dossier: Dossier,
    *,
    reason: str = "",
    supplement: Supplement | None = None,
    by: Actor,
    at: datetime,
) -> Paper:
    """Issue the statutory slip of a move."""
    form = MOVES[action].slip
    slip = sheets.FORMS[form]
    return papers.issue(
        subject=dossier.subject,
        kind=slip,
        title=_title(slip),
        template=slip,
        content=sheets.slip(form, dossier, by=by, at=at, reason=reason, asked=supplement),
        series=f"agency:{dossier.desk_id}",
        by=by,
        at=at,
    )


def print_guide(
    dossier: Dossier, *, items: list[dict[str, str]], reason: str, by: Actor, at: datetime
) -> Paper:
    """Issue form 02 for a draft at the counter: nothing is filed yet, so it bears no dossier code."""
    content = sheets.guide(dossier, items=items, reason=reason, by=by, at=at)
    return papers.issue(
        subject=dossier.subject,
        kind=Slip.SUPPLEMENT,
        title=_title(Slip.SUPPLEMENT),
        template=Slip.SUPPLEMENT,
        content=content,
        series=f"agency:{dossier.desk_id}",
        by=by,
        at=at,
    )


def print_result(dossier: Dossier, *, by: Actor, at: datetime) -> Paper:
    """Issue the result from the template that the dossier's version carries."""
    outcome = dossier.version.spec.result
    return papers.issue(
        subject=dossier.subject,
        kind="result",
        title=outcome.name.vi,
        template=outcome.template,
        content=sheets.result(dossier, by=by, at=at),
        by=by,
        at=at,
    )
