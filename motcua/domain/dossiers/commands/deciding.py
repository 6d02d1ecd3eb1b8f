"""The leader's decision."""

from datetime import datetime

from django.db import transaction

from motcua.base.actor import Actor
from motcua.domain.dossiers.commands.moving import take
from motcua.domain.dossiers.commands.printing import print_result
from motcua.domain.dossiers.models import Dossier
from motcua.domain.dossiers.rules import Action


@transaction.atomic
def settle(*, dossier: Dossier, note: str = "", by: Actor, at: datetime) -> Dossier:
    """Approve: the result is issued under <code>-KQ1 (ND 45/2020 art. 14) and the clock ends."""
    data = {"due_at": dossier.due_at.isoformat() if dossier.due_at else None}
    dossier = take(Action.SETTLE, dossier, by=by, at=at, change={"settled_at": at}, note=note, data=data)
    print_result(dossier, by=by, at=at)
    return dossier
