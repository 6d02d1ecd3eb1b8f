"""The leader's decision."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from motcua.base.actor import Actor
from motcua.base.errors import Refused
from motcua.domain.dossiers.commands.moving import take
from motcua.domain.dossiers.commands.printing import print_result
from motcua.domain.dossiers.models import Dossier
from motcua.domain.dossiers.rules import Action


@transaction.atomic
def settle(*, dossier: Dossier, note: str = "", by: Actor, at: datetime) -> Dossier:
    """Approve: the result is issued under <code>-KQ1 (ND 45/2020 art. 14) and the clock ends.

    Whoever logged in long ago must first prove once more who they are.
    """
    if not by.proved_within(settings.APPROVAL_FRESH, at=at):
        raise Refused(_("Hãy xác nhận lại bạn là ai trước khi phê duyệt."))
    data = {"due_at": dossier.due_at.isoformat() if dossier.due_at else None}
    dossier = take(Action.SETTLE, dossier, by=by, at=at, change={"settled_at": at}, note=note, data=data)
    print_result(dossier, by=by, at=at)
    return dossier
