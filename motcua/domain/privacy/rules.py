"""What may be asked about one's data, what may happen to it next, and by when it must be done."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.base import calendar
from motcua.base.actor import Role
from motcua.base.deadline import Line, Term, Unit, deadline
from motcua.domain.privacy import law


class Kind(StrEnum):
    """What somebody asks for."""

    TELL = "tell"
    ACCESS = "access"
    COPY = "copy"
    CORRECT = "correct"
    DELETE = "delete"
    RESTRICT = "restrict"
    OBJECT = "object"
    WITHDRAW = "withdraw"


KIND_NAMES = {
    Kind.TELL: _("Được biết dữ liệu của tôi được xử lý thế nào"),
    Kind.ACCESS: _("Xem dữ liệu của tôi"),
    Kind.COPY: _("Nhận một bản sao dữ liệu của tôi"),
    Kind.CORRECT: _("Sửa dữ liệu sai"),
    Kind.DELETE: _("Xóa dữ liệu của tôi"),
    Kind.RESTRICT: _("Hạn chế xử lý dữ liệu của tôi"),
    Kind.OBJECT: _("Phản đối việc xử lý dữ liệu của tôi"),
    Kind.WITHDRAW: _("Rút lại sự đồng ý"),
}
#: served at once by the page that shows everything
SELF_SERVED = frozenset({Kind.ACCESS, Kind.COPY})


class State(StrEnum):
    """How far a request has come."""

    RECEIVED = "received"
    WORKING = "working"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


STATE_NAMES = {
    State.RECEIVED: _("Đã tiếp nhận"),
    State.WORKING: _("Đang xử lý"),
    State.DONE: _("Đã thực hiện"),
    State.REFUSED: _("Bị từ chối"),
    State.WITHDRAWN: _("Bạn đã rút lại"),
}
OPEN = frozenset({State.RECEIVED, State.WORKING})


class Action(StrEnum):
    """What may be done with a request."""

    TAKE = "take"
    FULFIL = "fulfil"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table: from where, to where, by whom."""

    start: frozenset[State]
    end: State
    roles: frozenset[Role]


_DESK = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})
MOVES: dict[Action, Move] = {
    Action.TAKE: Move(frozenset({State.RECEIVED}), State.WORKING, _DESK),
    Action.FULFIL: Move(OPEN, State.DONE, _DESK | {Role.SYSTEM}),
    Action.REFUSE: Move(OPEN, State.REFUSED, _DESK),
    Action.WITHDRAW: Move(OPEN, State.WITHDRAWN, frozenset({Role.CITIZEN})),
}


def why_not(
    action: Action, *, state: str, roles: Collection[Role], own: bool, kind: str, ground: str, at: datetime
) -> Promise | None:
    """Say why a request cannot be moved on, or None."""
    move = MOVES[action]
    if move.roles.isdisjoint(roles) or (action is Action.WITHDRAW and not own):
        return _("Bạn không được làm việc này.")
    if own and action is not Action.WITHDRAW and Role.SYSTEM not in roles:
        return _("Không ai tự giải quyết yêu cầu của mình.")
    if state not in move.start:
        return _("Yêu cầu này đã kết thúc.") if state not in OPEN else _("Yêu cầu này đã có người nhận.")
    fitting = law.fitting(kind, on=calendar.local(at).date())
    if action is Action.REFUSE and law.named(ground, fitting) is None:
        return _("Hãy chọn căn cứ pháp luật của việc từ chối.")
    return None


@dataclass(frozen=True, slots=True)
class Section:
    """Records of one kind that a site holds of a person, with the labels people read."""

    title: str
    records: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Due:
    """By when something must be done: what the site promises, and the most that the law gives."""

    due_at: datetime
    last_at: datetime
    lines: tuple[Line, ...]
    law: str
    verified: bool


def due(kind: str, *, received_at: datetime) -> Due:
    """Work out by when a request, a complaint ("explain") or the notice of a breach is due."""
    limit = law.limit(kind, on=calendar.local(received_at).date())
    first = _reached(received_at, min(limit.hours, law.promise()), limit.law)
    last = _reached(received_at, limit.hours, limit.law)
    return Due(first[0], last[0], first[1], limit.law, limit.verified)


def _reached(received_at: datetime, hours: int, name: str) -> tuple[datetime, tuple[Line, ...]]:
    term = Term(amount=Decimal(hours), unit=Unit.CLOCK_HOUR, law=name)
    found = deadline(received_at=received_at, term=term, pauses=(), calendar=calendar.ALWAYS)
    assert found.due_at is not None
    return found.due_at, found.lines
