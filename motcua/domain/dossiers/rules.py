"""The life of a dossier: one table says who may do what from which state."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from motcua.base.actor import Actor, Role
from motcua.base.text import fold


class State(IntEnum):
    """National status codes (TrangThaiHoSo) of the public service portal; 0 is a draft nobody else sees."""

    DRAFT = 0
    SUBMITTED = 1
    ACCEPTED = 2
    REFUSED = 3
    PROCESSING = 4
    AWAITING_SUPPLEMENT = 5
    AWAITING_PAYMENT = 6
    WITHDRAWAL_ASKED = 7
    STOPPED = 8
    SETTLED = 9
    RETURNED = 10


STATE_NAMES: dict[State, Promise] = {
    State.DRAFT: _("Bản nháp"),
    State.SUBMITTED: _("Mới đăng ký"),
    State.ACCEPTED: _("Được tiếp nhận"),
    State.REFUSED: _("Không được tiếp nhận"),
    State.PROCESSING: _("Đang xử lý"),
    State.AWAITING_SUPPLEMENT: _("Yêu cầu bổ sung giấy tờ"),
    State.AWAITING_PAYMENT: _("Yêu cầu thực hiện nghĩa vụ tài chính"),
    State.WITHDRAWAL_ASKED: _("Công dân yêu cầu rút hồ sơ"),
    State.STOPPED: _("Dừng xử lý"),
    State.SETTLED: _("Đã xử lý xong"),
    State.RETURNED: _("Đã trả kết quả"),
}

#: nothing more can happen
ENDED = frozenset({State.REFUSED, State.STOPPED, State.RETURNED})
#: the office still owes something
OPEN = frozenset(
    {
        State.SUBMITTED,
        State.ACCEPTED,
        State.PROCESSING,
        State.AWAITING_SUPPLEMENT,
        State.AWAITING_PAYMENT,
        State.WITHDRAWAL_ASKED,
    }
)
#: the legal clock stands still (domain rule: status 5 and 6 pause it)
PAUSED = frozenset({State.AWAITING_SUPPLEMENT, State.AWAITING_PAYMENT})


class Action(StrEnum):
    """What can be done to a dossier; the value is the verb in the event name."""

    SUBMIT = "submit"
    RECEIVE = "receive"
    REFUSE = "refuse"
    ASK_MORE = "ask_more"
    SUPPLEMENT = "supplement"
    ASK_PAYMENT = "ask_payment"
    NOTE_PAID = "note_paid"
    PROCESS = "process"
    ASSIGN = "assign"
    FORWARD = "forward"
    SEND_BACK = "send_back"
    POSTPONE = "postpone"
    ASK_WITHDRAWAL = "ask_withdrawal"
    KEEP = "keep"
    STOP = "stop"
    RETURN = "return"
    SETTLE = "settle"
    HAND_OVER = "hand_over"


class Next(StrEnum):
    """Where a move leads when it is not to one fixed state."""

    SAME = "same"
    #: the state in which the dossier was interrupted
    RESUME = "resume"


@dataclass(frozen=True, kw_only=True)
class Move:
    """One row of the table: from which states, by whom, to which state, and how people call it."""

    label: Promise
    #: what the log says afterwards
    done: Promise
    roles: frozenset[Role]
    start: frozenset[State]
    end: State | Next
    reason: bool = False
    #: statutory slip printed with it (TT 03/2025/TT-VPCP forms 01–07)
    slip: str = ""
    #: deserves a page of its own (more than a button and perhaps a reason)
    own_page: bool = False


_OFFICE = frozenset({Role.OFFICER, Role.HEAD})
_DECIDERS = frozenset({Role.HEAD, Role.LEADER})
_RUNNING = frozenset({State.ACCEPTED, State.PROCESSING})

MOVES: dict[Action, Move] = {
    Action.SUBMIT: Move(
        label=_("Nộp hồ sơ"),
        done=_("Đã nộp hồ sơ"),
        roles=frozenset({Role.CITIZEN, Role.CLERK}),
        start=frozenset({State.DRAFT}),
        end=State.SUBMITTED,
        own_page=True,
    ),
    Action.RECEIVE: Move(
        label=_("Tiếp nhận"),
        done=_("Hồ sơ được tiếp nhận"),
        roles=frozenset({Role.CLERK}),
        start=frozenset({State.SUBMITTED}),
        end=State.ACCEPTED,
        slip="01",
        own_page=True,
    ),
    Action.REFUSE: Move(
        label=_("Từ chối tiếp nhận"),
        done=_("Hồ sơ không được tiếp nhận"),
        roles=frozenset({Role.CLERK}),
        start=frozenset({State.SUBMITTED}),
        end=State.REFUSED,
        reason=True,
        slip="03",
    ),
    Action.ASK_MORE: Move(
        label=_("Yêu cầu bổ sung"),
        done=_("Đã yêu cầu bổ sung hồ sơ"),
        roles=_OFFICE | {Role.CLERK},
        start=_RUNNING | {State.SUBMITTED},
        end=State.AWAITING_SUPPLEMENT,
        reason=True,
        slip="02",
        own_page=True,
    ),
    Action.SUPPLEMENT: Move(
        label=_("Nộp bổ sung"),
        done=_("Đã nộp bổ sung"),
        roles=frozenset({Role.CITIZEN, Role.CLERK}),
        start=frozenset({State.AWAITING_SUPPLEMENT}),
        end=Next.RESUME,
        own_page=True,
    ),
    Action.ASK_PAYMENT: Move(
        label=_("Yêu cầu nộp phí, lệ phí"),
        done=_("Đã yêu cầu nộp phí, lệ phí"),
        roles=_OFFICE | {Role.CLERK},
        start=_RUNNING,
        end=State.AWAITING_PAYMENT,
    ),
    Action.NOTE_PAID: Move(
        label=_("Ghi nhận đã nộp phí"),
        done=_("Đã nộp phí, lệ phí"),
        roles=frozenset({Role.SYSTEM}),
        start=frozenset({State.AWAITING_PAYMENT}),
        end=Next.RESUME,
    ),
    Action.PROCESS: Move(
        label=_("Thụ lý"),
        done=_("Đã bắt đầu thụ lý"),
        roles=_OFFICE,
        start=frozenset({State.ACCEPTED}),
        end=State.PROCESSING,
    ),
    Action.ASSIGN: Move(
        label=_("Phân công"),
        done=_("Đã phân công thụ lý"),
        roles=_OFFICE,
        start=_RUNNING,
        end=Next.SAME,
        own_page=True,
    ),
    Action.FORWARD: Move(
        label=_("Chuyển bước tiếp theo"),
        done=_("Đã chuyển bước"),
        roles=_OFFICE | {Role.CLERK},
        start=frozenset({State.PROCESSING}),
        end=Next.SAME,
    ),
    Action.SEND_BACK: Move(
        label=_("Trả lại bước trước"),
        done=_("Đã trả lại bước trước"),
        roles=_DECIDERS,
        start=frozenset({State.PROCESSING}),
        end=Next.SAME,
        reason=True,
    ),
    Action.POSTPONE: Move(
        label=_("Xin lỗi và hẹn lại"),
        done=_("Đã xin lỗi và hẹn lại ngày trả"),
        roles=_DECIDERS,
        start=_RUNNING,
        end=Next.SAME,
        reason=True,
        slip="04",
        own_page=True,
    ),
    Action.ASK_WITHDRAWAL: Move(
        label=_("Rút hồ sơ"),
        done=_("Công dân yêu cầu rút hồ sơ"),
        roles=frozenset({Role.CITIZEN, Role.CLERK}),
        start=_RUNNING | PAUSED | {State.SUBMITTED},
        end=State.WITHDRAWAL_ASKED,
        reason=True,
    ),
    Action.KEEP: Move(
        label=_("Tiếp tục giải quyết"),
        done=_("Hồ sơ tiếp tục được giải quyết"),
        roles=frozenset({Role.CITIZEN, Role.CLERK, Role.OFFICER, Role.HEAD}),
        start=frozenset({State.WITHDRAWAL_ASKED}),
        end=Next.RESUME,
        reason=True,
    ),
    Action.STOP: Move(
        label=_("Dừng giải quyết"),
        done=_("Đã dừng giải quyết theo yêu cầu rút"),
        roles=frozenset({Role.CLERK, Role.OFFICER, Role.HEAD}),
        start=frozenset({State.WITHDRAWAL_ASKED}),
        end=State.STOPPED,
        slip="05",
    ),
    Action.RETURN: Move(
        label=_("Trả hồ sơ kèm lý do"),
        done=_("Đã trả hồ sơ kèm lý do"),
        roles=_DECIDERS,
        start=_RUNNING | {State.AWAITING_SUPPLEMENT},
        end=State.STOPPED,
        reason=True,
        slip="05",
    ),
    Action.SETTLE: Move(
        label=_("Phê duyệt kết quả"),
        done=_("Đã có kết quả"),
        roles=frozenset({Role.LEADER}),
        start=frozenset({State.PROCESSING}),
        end=State.SETTLED,
    ),
    Action.HAND_OVER: Move(
        label=_("Trả kết quả"),
        done=_("Đã trả kết quả"),
        roles=frozenset({Role.CLERK, Role.CITIZEN}),
        start=frozenset({State.SETTLED}),
        end=State.RETURNED,
    ),
}


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the rules need to know of one dossier; values only."""

    state: State
    #: role that the present step of steps.toml waits for
    step_role: Role | None = None
    first_step: bool = True
    last_step: bool = False
    #: đồng still to pay
    fee_due: int = 0
    register_pending: bool = False
    postponed: bool = False
    #: the result is taken electronically by the citizen
    electronic: bool = False
    supplements: int = 0
    #: the day until which the citizen was given to answer is over
    unanswered: bool = False


Guard = Callable[[Facts, Actor], Promise | None]


def _forward(facts: Facts, by: Actor) -> Promise | None:
    if facts.last_step:
        return _("Đây là bước cuối: lãnh đạo phê duyệt kết quả.")
    if facts.step_role is not None and not by.has(facts.step_role):
        return _("Bước này không thuộc vai trò của bạn.")
    return None


def _send_back(facts: Facts, by: Actor) -> Promise | None:
    return _("Hồ sơ đang ở bước đầu, không còn bước trước.") if facts.first_step else None


def _postpone(facts: Facts, by: Actor) -> Promise | None:
    # ND 61/2018 art. 19: a new date is promised once only.
    return _("Hồ sơ đã được hẹn lại một lần, không hẹn lại lần nữa.") if facts.postponed else None


def _ask_payment(facts: Facts, by: Actor) -> Promise | None:
    return None if facts.fee_due else _("Hồ sơ không còn khoản phí nào phải nộp.")


def _return(facts: Facts, by: Actor) -> Promise | None:
    if facts.state is State.AWAITING_SUPPLEMENT and not facts.unanswered:
        return _("Người dân còn trong thời hạn bổ sung ghi trên phiếu.")
    return None


def _settle(facts: Facts, by: Actor) -> Promise | None:
    if not facts.last_step:
        return _("Hồ sơ chưa đến bước phê duyệt.")
    if facts.register_pending:
        return _("Chưa đối chiếu được với CSDL dân cư nên chưa phê duyệt được; hệ thống đang thử lại.")
    return None


def _hand_over(facts: Facts, by: Actor) -> Promise | None:
    if facts.fee_due:
        return _("Hồ sơ chưa nộp đủ phí, lệ phí.")
    if by.has(Role.CITIZEN) and not facts.electronic:
        return _("Kết quả được trả tại quầy hoặc qua bưu chính.")
    return None


GUARDS: Mapping[Action, Guard] = {
    Action.FORWARD: _forward,
    Action.SEND_BACK: _send_back,
    Action.POSTPONE: _postpone,
    Action.RETURN: _return,
    Action.ASK_PAYMENT: _ask_payment,
    Action.SETTLE: _settle,
    Action.HAND_OVER: _hand_over,
}


def why_not(action: Action, *, facts: Facts, by: Actor) -> str | None:
    """Say in Vietnamese why the action is refused, or None when it may go on.

    One answer serves the check in commands, the greyed-out button and the page that refuses.
    """
    move = MOVES[action]
    if facts.state not in move.start:
        return now("Hồ sơ đang ở trạng thái “%(state)s” nên không thể “%(action)s”.") % {
            "state": STATE_NAMES[facts.state],
            "action": move.label,
        }
    if not by.has(*move.roles):
        return now("Vai trò của bạn không được “%(action)s”.") % {"action": move.label}
    guard = GUARDS.get(action)
    reason = guard(facts, by) if guard else None
    return str(reason) if reason else None


@dataclass(frozen=True)
class Button:
    """One action offered on a page; `why_not` is empty when it can be pressed."""

    action: Action
    move: Move = field(repr=False)
    why_not: str = ""


def buttons(*, facts: Facts, by: Actor) -> list[Button]:
    """List the actions that the actor's roles know from this state, with the reason where one is refused."""
    return [
        Button(action, move, why_not(action, facts=facts, by=by) or "")
        for action, move in MOVES.items()
        if facts.state in move.start and by.has(*move.roles) and action is not Action.NOTE_PAID
    ]


def code_of(*, prefix: str, day: str, serial: int) -> str:
    """Write a dossier code: agency code, yymmdd, daily serial of four digits or more (TT 01/2018 art. 19)."""
    return f"{prefix}-{day}-{serial:04d}"


def register_verdict(
    *, known: Mapping[str, str], record: Mapping[str, object], overridden: Mapping[str, object]
) -> str:
    """Compare what a dossier claims of its applicant with the register's record: "agrees" or "differs".

    Names are compared without marks, since both tone placements (hòa, hoà) are right; a register that
    knows only the year of birth does not contradict a full date. A dead applicant differs.
    """
    name, born_on = str(record.get("name", "")), str(record.get("born_on", ""))
    same = (
        fold(known["name"]) == fold(name)
        and (known["born_on"].startswith(born_on) or born_on.startswith(known["born_on"]))
        and known["gender"] in ("", record.get("gender"))
        and not record.get("deceased_on")
    )
    return "agrees" if same and not overridden else "differs"
