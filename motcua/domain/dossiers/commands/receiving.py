"""What the counter does: receive, refuse, and hand over."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from motcua.base.actor import Actor
from motcua.base.text import nfc
from motcua.domain.dossiers import queries
from motcua.domain.dossiers.commands.filing import file_incomplete, submit
from motcua.domain.dossiers.commands.moving import lock, take
from motcua.domain.dossiers.commands.printing import print_guide, print_slip
from motcua.domain.dossiers.commands.processing import given
from motcua.domain.dossiers.models import Dossier, Handing
from motcua.domain.dossiers.rules import Action
from motcua.domain.papers.models import Paper
from motcua.domain.payments import commands as payments
from motcua.domain.procedures import rules as procedures


@transaction.atomic
def receive(*, dossier: Dossier, note: str = "", by: Actor, at: datetime) -> Dossier:
    """Take a dossier in: the clock starts, the promise is printed (form 01) and the fee becomes due."""
    due_at = queries.promise(dossier, received_at=at).due_at
    assert due_at is not None
    change = {"received_at": at, "due_at": due_at, "promised_at": due_at, "step_due_at": due_at}
    dossier = take(
        Action.RECEIVE, dossier, by=by, at=at, change=change, note=note, data={"due_at": due_at.isoformat()}
    )
    lines = procedures.fees(
        dossier.version.spec, dossier.answers, channel=dossier.channel, on=timezone.localdate(at)
    )
    if sum(line.amount for line in lines):
        payments.ask(subject=dossier.subject, lines=lines, agency=dossier.desk_id, by=by, at=at)
    print_slip(Action.RECEIVE, dossier, by=by, at=at)
    return dossier


@transaction.atomic
def take_in(*, dossier: Dossier, handing: Handing, by: Actor, at: datetime) -> Dossier:
    """File and receive at once a draft that was filled in at the counter."""
    dossier = submit(dossier=dossier, handing=handing, by=by, at=at)
    return receive(dossier=dossier, by=by, at=at)


@transaction.atomic
def refuse(*, dossier: Dossier, reason: str, by: Actor, at: datetime) -> Dossier:
    """Refuse a dossier at intake with a reason, printed on form 03."""
    dossier = take(Action.REFUSE, dossier, by=by, at=at, note=given(reason))
    print_slip(Action.REFUSE, dossier, by=by, at=at, reason=reason)
    return dossier


@transaction.atomic
def refuse_draft(*, dossier: Dossier, reason: str, by: Actor, at: datetime) -> Dossier:
    """Refuse at the counter what cannot be taken: it is numbered and recorded, form 03 is printed."""
    dossier = file_incomplete(dossier=dossier, by=by, at=at)
    return refuse(dossier=dossier, reason=reason, by=by, at=at)


@transaction.atomic
def guide(*, dossier: Dossier, reason: str, by: Actor, at: datetime) -> Paper:
    """Print for somebody at the counter what is still missing (form 02); the draft stays open."""
    dossier = lock(dossier, by=by, at=at)
    with override("vi"):  # what is printed speaks Vietnamese, whatever the screen speaks
        found = queries.problems(dossier, on=timezone.localdate(at))
        items = [{"title": str(problem.message)} for problem in found]
    return print_guide(dossier, items=items, reason=given(reason), by=by, at=at)


@transaction.atomic
def hand_over(*, dossier: Dossier, to: str = "", by: Actor, at: datetime) -> Dossier:
    """Give the result to the citizen; this step is outside the deadline."""
    return take(Action.HAND_OVER, dossier, by=by, at=at, note=nfc(to))
