"""Asking about one's data, and answering."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from motcua.base import events
from motcua.base.actor import SYSTEM, Actor
from motcua.base.errors import Refused
from motcua.domain.privacy import queries, rules
from motcua.domain.privacy.events import ASKED, COPIED, FULFILLED, NOTICED, REPORTED, TAKEN, WITHDRAWN
from motcua.domain.privacy.events import REFUSED as TURNED_DOWN
from motcua.domain.privacy.models import Breach, DataRequest
from motcua.domain.privacy.rules import MOVES, Action, Kind, State

#: authentication level at which a copy of everything is handed out
ASSURANCE = 2
_FACTS = {
    Action.TAKE: TAKEN,
    Action.FULFIL: FULFILLED,
    Action.REFUSE: TURNED_DOWN,
    Action.WITHDRAW: WITHDRAWN,
}


@transaction.atomic
def ask(*, kind: str, text: str, by: Actor, at: datetime) -> DataRequest:
    """Ask something about one's own data; seeing and copying are served at once by the page itself."""
    if by.oneself is None:
        raise Refused(_("Chỉ người có dữ liệu mới được yêu cầu."))
    wanted = Kind(kind)
    if wanted not in rules.SELF_SERVED and not text.strip():
        raise Refused(_("Hãy viết rõ bạn muốn gì, với dữ liệu nào."))
    events.hold(f"data_requests:{by.person}")
    if queries.mine(by).filter(kind=wanted, state__in=list(rules.OPEN)).exists():
        raise Refused(_("Bạn đã có một yêu cầu như vậy đang được xử lý."))
    due = rules.due(wanted, received_at=at)
    request = DataRequest.objects.create(
        person=by.oneself,
        name=by.name,
        kind=wanted,
        text=text.strip(),
        received_at=at,
        due_at=due.due_at,
        last_at=due.last_at,
        law=due.law,
        verified=due.verified,
    )
    events.record(ASKED, subject=request.subject, by=by, at=at, data={"kind": wanted.value})
    if wanted in rules.SELF_SERVED:
        said = now("Bạn xem và tải được ngay ở trang Dữ liệu của tôi.")
        return move(request=request.pk, action=Action.FULFIL, answer=said, by=SYSTEM, at=at)
    return request


@transaction.atomic
def move(
    *, request: int, action: Action, answer: str = "", ground: str = "", by: Actor, at: datetime
) -> DataRequest:
    """Take a request, fulfil it, refuse it on a legal ground, or withdraw one's own."""
    found = DataRequest.objects.select_for_update().get(pk=request)
    if action is not Action.WITHDRAW and not queries.answers(by):
        raise Refused(_("Bạn không được làm việc này."))
    reason = rules.why_not(
        action,
        state=found.state,
        roles=by.roles,
        own=by.oneself is not None and by.oneself == found.person,
        kind=found.kind,
        ground=ground,
        at=at,
    )
    if reason:
        raise Refused(reason)
    if action in (Action.FULFIL, Action.REFUSE) and not answer.strip():
        raise Refused(_("Hãy viết câu trả lời."))
    found.state = MOVES[action].end
    if found.state not in rules.OPEN:
        found.answer, found.ended_at = answer.strip(), at
    found.ground = ground if found.state == State.REFUSED else ""
    found.save()
    data = {"ground": found.ground} if found.ground else {}
    events.record(_FACTS[action], subject=found.subject, by=by, at=at, data=data)
    return found


@transaction.atomic
def note_copy(*, by: Actor, at: datetime) -> None:
    """Write down that somebody took a copy of everything held of them, if they proved who they are."""
    if by.oneself is None or by.assurance < ASSURANCE:
        raise Refused(_("Hãy xác nhận bước thứ hai trước khi tải dữ liệu của bạn."))
    events.record(COPIED, subject=f"person:{by.person}", by=by, at=at)


@transaction.atomic
def notice(*, text: str, people: int, noticed_at: datetime, by: Actor, at: datetime) -> Breach:
    """Write down that data got where they should not; the clock for telling the authority starts."""
    if not queries.answers(by):
        raise Refused(_("Chỉ quản trị hoặc người kiểm tra mới được ghi vi phạm dữ liệu."))
    if noticed_at > at:
        raise Refused(_("Lúc phát hiện không thể ở tương lai."))
    due = rules.due("breach", received_at=noticed_at)
    breach = Breach.objects.create(
        text=text.strip(), people=people, noticed_at=noticed_at, due_at=due.last_at, law=due.law
    )
    events.record(NOTICED, subject=breach.subject, by=by, at=at, data={"people": people})
    return breach


@transaction.atomic
def report(*, breach: int, notice: str, by: Actor, at: datetime) -> Breach:
    """Write down that the authority was told."""
    if not queries.answers(by):
        raise Refused(_("Chỉ quản trị hoặc người kiểm tra mới được ghi vi phạm dữ liệu."))
    found = Breach.objects.select_for_update().get(pk=breach)
    if found.reported_at:
        raise Refused(_("Vi phạm này đã được báo."))
    if not notice.strip():
        raise Refused(_("Hãy ghi số và ngày văn bản thông báo."))
    found.reported_at, found.notice = at, notice.strip()
    found.save()
    events.record(REPORTED, subject=found.subject, by=by, at=at, note=found.notice)
    return found
