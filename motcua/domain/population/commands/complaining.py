"""A person finds a look-up strange; somebody explains it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from motcua.base import events
from motcua.base.actor import Actor, Role
from motcua.base.errors import Refused
from motcua.domain.population import queries
from motcua.domain.population.events import ANSWERED, ASKED, COMPLAINED, REPLIED
from motcua.domain.population.models import Complaint, Inquiry
from motcua.domain.population.rules import ComplaintState
from motcua.domain.privacy import rules as privacy


@transaction.atomic
def complain(*, usage: int, text: str, by: Actor, at: datetime) -> Complaint:
    """Ask for an explanation of a look-up about oneself; asked again, the first question stands."""
    row = queries.looks(by, at=at).get(pk=usage)
    events.hold(f"usage:{row.pk}")
    if found := Complaint.objects.filter(usage=row).first():
        return found
    if not text.strip():
        raise Refused(_("Hãy viết bạn thấy lạ ở điểm nào."))
    due_at = privacy.due("explain", received_at=at).due_at
    complaint = Complaint.objects.create(usage=row, text=text.strip(), made_at=at, due_at=due_at)
    # What the person writes stays with the complaint: the event log is read by more people.
    events.record(COMPLAINED, subject=complaint.subject, by=by, at=at, data={"usage": row.pk})
    return complaint


@transaction.atomic
def ask(*, complaint: int, text: str, by: Actor, at: datetime) -> Inquiry:
    """Ask the agency that looked for an explanation; how it is sent is up to the one who asks."""
    found = _open(complaint, by)
    if not text.strip():
        raise Refused(_("Hãy viết câu hỏi gửi cơ quan."))
    found.state = ComplaintState.ASKED
    found.save()
    inquiry = Inquiry.objects.create(complaint=found, text=text.strip(), asked_at=at)
    events.record(ASKED, subject=found.subject, by=by, at=at, data={"inquiry": inquiry.pk})
    return inquiry


@transaction.atomic
def note_reply(*, inquiry: int, text: str, by: Actor, at: datetime) -> Inquiry:
    """Write down what the agency replied."""
    _open(Inquiry.objects.values_list("complaint_id", flat=True).get(pk=inquiry), by)
    found = Inquiry.objects.select_for_update().get(pk=inquiry)
    if found.replied_at:
        raise Refused(_("Câu hỏi này đã có trả lời."))
    if not text.strip():
        raise Refused(_("Hãy ghi nội dung cơ quan trả lời."))
    found.reply, found.replied_at = text.strip(), at
    found.save()
    events.record(REPLIED, subject=found.complaint.subject, by=by, at=at, data={"inquiry": found.pk})
    return found


@transaction.atomic
def answer(*, complaint: int, text: str, by: Actor, at: datetime) -> Complaint:
    """Explain a look-up to the person whose data it was."""
    found = _open(complaint, by)
    if not text.strip():
        raise Refused(_("Hãy viết câu trả lời."))
    found.state, found.answer, found.answered_at = ComplaintState.ANSWERED, text.strip(), at
    found.save()
    events.record(ANSWERED, subject=found.subject, by=by, at=at)
    return found


def _open(complaint: int, by: Actor) -> Complaint:
    """Lock a complaint that still waits for its answer."""
    if not by.has(Role.AUDITOR, Role.SYSTEM):
        raise Refused(_("Chỉ người kiểm tra mới được trả lời phản ánh."))
    found = Complaint.objects.select_for_update().get(pk=complaint)
    if found.state == ComplaintState.ANSWERED:
        raise Refused(_("Phản ánh này đã được trả lời."))
    return found
