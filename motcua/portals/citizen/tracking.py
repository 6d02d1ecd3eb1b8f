"""What a citizen is told about a filed dossier: what to do now, what has happened, what comes next."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from motcua.base.actor import Actor
from motcua.base.templatetags.ui import money, vn_date, vn_datetime
from motcua.domain.agencies import queries as agencies
from motcua.domain.dossiers import queries
from motcua.domain.dossiers.models import Dossier, Handing, Supplement
from motcua.domain.dossiers.queries import Entry
from motcua.domain.dossiers.rules import ENDED, Action, State, why_not
from motcua.domain.papers.rules import ISSUED, Origin
from motcua.domain.payments import queries as payments
from motcua.domain.payments.rules import State as Standing
from motcua.portals.citizen import paying
from motcua.portals.citizen.checking import cost, sections

#: nothing goes on without the citizen: these stand first in the list
WAITS_FOR_CITIZEN = frozenset({State.AWAITING_SUPPLEMENT, State.AWAITING_PAYMENT})
#: what is still to come; the first one is being done or waited for now
AHEAD: dict[State, Sequence[Promise]] = {
    State.SUBMITTED: (lazy("Bộ phận Một cửa kiểm tra hồ sơ"), lazy("Giải quyết"), lazy("Trả kết quả")),
    State.ACCEPTED: (lazy("Chờ cán bộ thụ lý"), lazy("Phê duyệt"), lazy("Trả kết quả")),
    State.PROCESSING: (lazy("Cán bộ đang giải quyết"), lazy("Phê duyệt"), lazy("Trả kết quả")),
    State.AWAITING_SUPPLEMENT: (lazy("Chờ bạn bổ sung"), lazy("Giải quyết tiếp"), lazy("Trả kết quả")),
    State.AWAITING_PAYMENT: (lazy("Chờ bạn nộp phí, lệ phí"), lazy("Giải quyết tiếp"), lazy("Trả kết quả")),
    State.WITHDRAWAL_ASKED: (lazy("Chờ cơ quan xác nhận việc rút hồ sơ"),),
    State.SETTLED: (lazy("Chờ bạn nhận kết quả"),),
}
_STOPS = frozenset(f"dossier.{action}" for action in (Action.REFUSE, Action.STOP, Action.RETURN))


def told(dossier: Dossier, *, actor: Actor, at: datetime) -> dict[str, Any]:
    """Gather everything that the page of one dossier says."""
    facts = queries.facts(dossier)
    asked = queries.open_supplement(dossier)
    held = queries.papers_for(actor, dossier)
    bills = payments.of(dossier.subject)
    owing = any(bill.state == Standing.ASKED for bill in bills)
    online = paying.told(bills, payments.attempts(dossier.subject))
    return {
        "todo": todo(dossier, asked=asked, owed=facts.fee_due, online=online),
        "asked": asked,
        "left": queries.minutes_left(dossier, at=at),
        "timeline": timeline(dossier, queries.story(actor, dossier)),
        "explained": queries.explained(dossier),
        "sections": sections(dossier, change=False),
        "brought": [paper for paper in held if paper.origin not in ISSUED],
        "slips": [paper for paper in held if paper.origin == Origin.SLIP],
        "results": [paper for paper in held if paper.origin == Origin.RESULT],
        "why_no_result": queries.why_no_result(actor, dossier),
        "bills": bills,
        **online,
        "cost": None if bills else cost(dossier, at=dossier.submitted_at or at),
        "account": agencies.bank_account(dossier.desk, on=timezone.localdate(at)) if owing else None,
        "may_withdraw": why_not(Action.ASK_WITHDRAWAL, facts=facts, by=actor) is None,
        "may_keep": why_not(Action.KEEP, facts=facts, by=actor) is None,
    }


@dataclass(frozen=True)
class Todo:
    """What the citizen has to do and where; `mine` is False when there is nothing to do."""

    text: str
    href: str = ""
    link: str = ""
    mine: bool = True


def todo(dossier: Dossier, *, asked: Supplement | None, owed: int, online: Mapping[str, Any]) -> Todo:
    """Say what the citizen has to do now, or what she is waiting for."""
    way = ("#phi", _("Xem cách nộp"))
    if online["open_attempt"]:
        text = _(
            "Chưa thấy tiền về. Nếu bạn đã trả trực tuyến, đừng trả lại lần nữa: chúng tôi hỏi ngân hàng."
        )
        return Todo(text, "#phi", _("Xem lần thanh toán"))
    if online["payable"]:
        way = (reverse("citizen:pay", args=[dossier.code]), _("Thanh toán trực tuyến"))
    match dossier.status:
        case State.AWAITING_SUPPLEMENT if asked is not None:
            text = _("Bổ sung %(titles)s đến hết ngày %(until)s.") % {
                "titles": "; ".join(item["title"] for item in asked.items),
                "until": vn_date(asked.until),
            }
            return Todo(text, reverse("citizen:supplement", args=[dossier.code]), _("Bổ sung ngay"))
        case State.AWAITING_PAYMENT if not owed:
            return Todo(_("Tiền đã về. Hồ sơ được giải quyết tiếp."), mine=False)
        case State.AWAITING_PAYMENT:
            return Todo(_("Nộp phí, lệ phí để hồ sơ được giải quyết tiếp."), *way)
        case State.ACCEPTED | State.PROCESSING | State.SETTLED if owed:
            text = _("Nộp %(amount)s phí, lệ phí trước khi nhận kết quả.") % {"amount": money(owed)}
            return Todo(text, *way)
        case State.SETTLED:
            return _fetching(dossier)
        case State.REFUSED:
            text = _("Hồ sơ không được tiếp nhận. Sửa theo lý do ghi ở phần diễn biến rồi nộp hồ sơ mới.")
            return Todo(text, reverse("citizen:start", args=[dossier.version.code]), _("Nộp hồ sơ mới"))
    return Todo(_waiting(dossier), mine=False)


def _fetching(dossier: Dossier) -> Todo:
    if dossier.handing == Handing.ELECTRONIC:
        return Todo(_("Đã có kết quả. Mở bản điện tử ở dưới để nhận."))
    if dossier.handing == Handing.POST:
        return Todo(_("Đã có kết quả. Bưu chính sẽ giao tận nơi."), mine=False)
    text = _("Đã có kết quả. Mang giấy tờ tùy thân đến %(desk)s để nhận.") % {"desk": dossier.desk}
    return Todo(text)


def _waiting(dossier: Dossier) -> str:
    match dossier.status:
        case State.SUBMITTED:
            return _("Cơ quan trả lời chậm nhất %(at)s.") % {"at": vn_datetime(dossier.step_due_at)}
        case State.WITHDRAWAL_ASKED:
            return _("Bạn đã xin rút hồ sơ. Nếu đổi ý, hãy báo tiếp tục trước khi cơ quan dừng giải quyết.")
        case State.STOPPED:
            return _("Hồ sơ đã dừng giải quyết. Lý do ghi ở phần diễn biến.")
        case State.RETURNED:
            return _("Bạn đã nhận kết quả.")
    return _("Khi có kết quả hoặc cần thêm gì, trang này sẽ ghi ở đây.")


@dataclass(frozen=True)
class Line:
    """One line of the timeline: what happened, or what is still to come."""

    title: Promise | str
    mark: str
    at: datetime | None = None
    by: str = ""
    note: str = ""


def timeline(dossier: Dossier, story: Sequence[Entry]) -> Iterator[Line]:
    """Give what has happened, then what comes next as the state promises it."""
    for entry in story:
        mark = "stop" if entry.name in _STOPS else "done"
        yield Line(entry.text, mark, entry.at, entry.by_name, entry.note)
    if dossier.status in ENDED:
        return
    for place, title in enumerate(AHEAD.get(dossier.status, ())):
        yield Line(title, "next" if place else "now")


def in_order(dossiers: Sequence[Dossier]) -> dict[str, list[Dossier]]:
    """Group a citizen's dossiers: what waits for her, drafts, what the office is doing, what is over."""
    groups: dict[str, list[Dossier]] = {"waiting": [], "drafts": [], "running": [], "over": []}
    for dossier in dossiers:
        groups[_group(dossier)].append(dossier)
    return groups


def _group(dossier: Dossier) -> str:
    if dossier.status is State.DRAFT:
        return "drafts"
    if dossier.status in ENDED:
        return "over"
    fetch = dossier.status is State.SETTLED and dossier.handing != Handing.POST
    return "waiting" if fetch or dossier.status in WAITS_FOR_CITIZEN else "running"
