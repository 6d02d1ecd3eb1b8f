"""A person finds a look-up strange; somebody explains it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from motcua.base import events
from motcua.base.actor import Actor, Role
from motcua.base.errors import Refused
from motcua.domain.population import queries
from motcua.domain.population.events import ANSWERED, COMPLAINED
from motcua.domain.population.models import Complaint
from motcua.domain.population.rules import ComplaintState


@transaction.atomic
def complain(*, usage: int, text: str, by: Actor, at: datetime) -> Complaint:
    """Ask for an explanation of a look-up about oneself; asked again, the first question stands."""
    row = queries.looks(by, at=at).get(pk=usage)
    events.hold(f"usage:{row.pk}")
    if found := Complaint.objects.filter(usage=row).first():
        return found
    complaint = Complaint.objects.create(usage=row, text=text.strip(), made_at=at)
    # What the person writes stays with the complaint: the event log is read by more people.
    events.record(COMPLAINED, subject=complaint.subject, by=by, at=at, data={"usage": row.pk})
    return complaint


@transaction.atomic
def answer(*, complaint: int, text: str, by: Actor, at: datetime) -> Complaint:
    """Explain a look-up to the person whose data it was."""
    if not by.has(Role.AUDITOR, Role.SYSTEM):
        raise Refused(_("Chỉ người kiểm tra mới được trả lời phản ánh."))
    found = Complaint.objects.select_for_update().get(pk=complaint)
    if found.state == ComplaintState.ANSWERED:
        raise Refused(_("Phản ánh này đã được trả lời."))
    if not text.strip():
        raise Refused(_("Hãy viết câu trả lời."))
    found.state, found.answer, found.answered_at = ComplaintState.ANSWERED, text.strip(), at
    found.save()
    events.record(ANSWERED, subject=found.subject, by=by, at=at)
    return found
