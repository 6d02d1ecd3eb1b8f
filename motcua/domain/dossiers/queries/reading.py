"""Reading one dossier: its answers beside the register's, its papers, its log."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from motcua.base import events
from motcua.base.actor import Actor, Role
from motcua.base.errors import Refused
from motcua.base.models import FileState
from motcua.domain.dossiers.events import CHECKED, DISCARDED, PREFILLED, SAVED, STARTED
from motcua.domain.dossiers.models import Dossier, Supplement
from motcua.domain.dossiers.queries.wanted import needed_papers
from motcua.domain.dossiers.rules import MOVES
from motcua.domain.papers import queries as papers
from motcua.domain.papers.models import Paper
from motcua.domain.papers.rules import Origin, Slip
from motcua.domain.payments import queries as payments
from motcua.domain.procedures import rules as procedures
from motcua.domain.procedures.rules import Problem

#: what the log says, by event name
SAYINGS: dict[str, Promise] = {
    **{f"dossier.{action}": move.done for action, move in MOVES.items()},
    STARTED: _("Bắt đầu khai"),
    PREFILLED: _("Điền sẵn từ CSDL dân cư"),
    SAVED: _("Lưu bản nháp"),
    DISCARDED: _("Xóa bản nháp"),
    CHECKED: _("Đối chiếu với CSDL dân cư"),
    "paper.attach": _("Thêm giấy tờ"),
    "paper.remove": _("Bỏ giấy tờ"),
    "paper.replace": _("Thay giấy tờ"),
    "paper.issue": _("In giấy tờ"),
    "paper.note_scan": _("Kiểm tra an toàn tệp"),
    "bill.ask": _("Lập khoản phí, lệ phí"),
    "bill.paid": _("Đã thu phí, lệ phí"),
    "bill.void": _("Hủy khoản phí, lệ phí"),
    "attempt.begin": _("Bắt đầu thanh toán trực tuyến"),
    "attempt.paid": _("Tiền đã về qua thanh toán trực tuyến"),
    "attempt.fail": _("Thanh toán trực tuyến không thành công"),
    "attempt.expire": _("Thanh toán trực tuyến hết hạn, không có tiền"),
    "attempt.surplus": _("Tiền về nhưng không trả được khoản nào, phải hoàn"),
    "attempt.refund": _("Đã hoàn tiền"),
}
#: what the citizen's timeline shows: moves, payments; not every save and scan
_TOLD = frozenset(
    {f"dossier.{action}" for action in MOVES} | {"bill.ask", "bill.paid", "attempt.surplus", "attempt.refund"}
)


@dataclass(frozen=True)
class Entry:
    """One line of a dossier's story."""

    at: datetime
    name: str
    text: Promise | str
    by_name: str
    note: str
    data: dict[str, Any]


def story(actor: Actor, dossier: Dossier) -> list[Entry]:
    """Tell what happened, oldest first; citizens get the moves, officers everything."""
    inside = _inside(actor)
    return [
        Entry(e.at, e.name, SAYINGS.get(e.name, e.name), e.by_name, e.note, e.data)
        for e in events.history(dossier.subject)
        if inside or e.name in _TOLD
    ]


def problems(dossier: Dossier, *, on: date) -> list[Problem]:
    """List what still keeps a draft from being filed: answers, then missing papers (field "paper:<kind>")."""
    spec = dossier.version.spec
    found = procedures.problems(spec, dossier.answers, on=on)
    kept = [paper for paper in papers.of(dossier.subject) if paper.file.state != FileState.INFECTED]
    have = {paper.kind for paper in kept} | set(dossier.handed_in)
    for rule in missing_papers(dossier, have):
        found.append(
            Problem(f"paper:{rule.key}", str(_("Thiếu giấy tờ: %(title)s.") % {"title": rule.title}))
        )
    return found


def missing_papers(dossier: Dossier, have: set[str]) -> list[procedures.PaperRule]:
    """List the papers that the procedure needs for these answers and that are not there yet."""
    return [rule for rule in needed_papers(dossier) if rule.required and rule.key not in have]


def differences(dossier: Dossier) -> dict[str, tuple[Any, Any]]:
    """Compare prefilled answers with the register's: field → (declared, register's) where they differ."""
    return {
        name: (answer["value"], answer["register"])
        for name, answer in dossier.answers.items()
        if "register" in answer and answer["register"] != answer["value"]
    }


def unanswered(dossier: Dossier, asked: Supplement, values: Mapping[str, Any]) -> list[str]:
    """List the titles of what a supplement asked for and what has still not come."""
    fresh = {paper.kind for paper in papers.of(dossier.subject) if paper.attached_at >= asked.asked_at}
    come = fresh | {name for name, value in values.items() if value not in (None, "", [])}
    return [item["title"] for item in asked.items if item["kind"] != "other" and item["name"] not in come]


def papers_for(actor: Actor, dossier: Dossier) -> list[Paper]:
    """List the papers that this actor may know of: citizens do not see the office's own control sheet."""
    held = papers.of(dossier.subject)
    return held if _inside(actor) else [paper for paper in held if paper.kind != Slip.CONTROL]


def paper(actor: Actor, dossier: Dossier, pk: int) -> Paper:
    """Give one paper of a dossier for opening; a citizen gets the result when nothing is owed any more."""
    found = next((each for each in papers_for(actor, dossier) if each.pk == pk), None)
    if found is None:
        raise Paper.DoesNotExist
    if found.origin == Origin.RESULT and (reason := why_no_result(actor, dossier)):
        raise Refused(reason)
    return found


def why_no_result(actor: Actor, dossier: Dossier) -> str | None:
    """Say why this actor cannot open the result yet, or None."""
    if not _inside(actor) and payments.due(dossier.subject):
        return gettext("Hồ sơ chưa nộp đủ phí, lệ phí nên chưa mở được kết quả.")
    return None


def _inside(actor: Actor) -> bool:
    return actor.has(
        Role.OFFICER, Role.HEAD, Role.LEADER, Role.CLERK, Role.AUDITOR, Role.PROVINCE_OFFICE, Role.SYSTEM
    )
