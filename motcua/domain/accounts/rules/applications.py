"""Applications for accounts: who may apply for what, by when it is answered, and what may happen next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from decimal import Decimal
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.base.actor import Role
from motcua.base.calendar import Hours, WorkingCalendar
from motcua.base.deadline import Term, Unit
from motcua.domain.agencies.rules import public_days

#: in force since 1 July 2024
LAW = "Nghị định 69/2024/NĐ-CP"
#: an approved account is activated within so many days of the notice (Decree 69/2024)
ACTIVATION = timedelta(days=7)
#: an applicant's telephone is proved within so long
DRAFT_LIFE = timedelta(minutes=30)


class Holder(StrEnum):
    """Who the account is for."""

    #: under 6
    CHILD = "child"
    #: from 6 to under 14
    MINOR = "minor"
    ADULT = "adult"
    #: a foreigner under 6
    FOREIGN_CHILD = "foreign_child"
    FOREIGNER = "foreigner"
    ORGANIZATION = "organization"


HOLDER_NAMES: dict[Holder, Promise] = {
    Holder.CHILD: _("Trẻ dưới 6 tuổi"),
    Holder.MINOR: _("Từ đủ 6 đến dưới 14 tuổi"),
    Holder.ADULT: _("Công dân từ đủ 14 tuổi"),
    Holder.FOREIGN_CHILD: _("Người nước ngoài dưới 6 tuổi"),
    Holder.FOREIGNER: _("Người nước ngoài từ đủ 6 tuổi"),
    Holder.ORGANIZATION: _("Tổ chức"),
}
#: an organization's account has no level (Decree 69/2024)
NO_LEVEL = 0
LEVELS: dict[Holder, frozenset[int]] = {
    Holder.CHILD: frozenset({1}),
    Holder.MINOR: frozenset({1, 2}),
    Holder.ADULT: frozenset({1, 2}),
    Holder.FOREIGN_CHILD: frozenset({1}),
    Holder.FOREIGNER: frozenset({1, 2}),
    Holder.ORGANIZATION: frozenset({NO_LEVEL}),
}
#: from this age one applies oneself
OWN_AGE = 14
SCHOOL_AGE = 6
VIETNAMESE = "Việt Nam"


def holder_of(nationality: str, age: int) -> Holder:
    """Tell which group of the decree a person belongs to on the day."""
    if nationality != VIETNAMESE:
        return Holder.FOREIGN_CHILD if age < SCHOOL_AGE else Holder.FOREIGNER
    if age < SCHOOL_AGE:
        return Holder.CHILD
    return Holder.MINOR if age < OWN_AGE else Holder.ADULT


class Case(StrEnum):
    """Which term of the decree applies."""

    LEVEL_1 = "level_1"
    LEVEL_2 = "level_2"
    LEVEL_2_NO_CARD = "level_2_no_card"
    FOREIGN_1 = "foreign_1"
    FOREIGN_2 = "foreign_2"
    FOREIGN_2_UNKNOWN = "foreign_2_unknown"
    ORGANIZATION = "organization"
    ORGANIZATION_UNKNOWN = "organization_unknown"


@dataclass(frozen=True, slots=True)
class Given:
    """How long the decree gives for one case."""

    words: Promise
    amount: int
    unit: Unit


TERMS: dict[Case, Given] = {
    Case.LEVEL_1: Given(_("Mức 1"), 1, Unit.WORKING_DAY),
    Case.LEVEL_2: Given(_("Mức 2, thẻ căn cước còn hạn"), 3, Unit.WORKING_DAY),
    Case.LEVEL_2_NO_CARD: Given(_("Mức 2, chưa có thẻ hoặc thẻ hết hạn"), 7, Unit.WORKING_DAY),
    Case.FOREIGN_1: Given(_("Người nước ngoài, mức 1"), 1, Unit.WORKING_DAY),
    Case.FOREIGN_2: Given(_("Người nước ngoài, mức 2, đã có sinh trắc học"), 3, Unit.WORKING_DAY),
    Case.FOREIGN_2_UNKNOWN: Given(_("Người nước ngoài, mức 2, chưa có sinh trắc học"), 7, Unit.WORKING_DAY),
    Case.ORGANIZATION: Given(_("Tổ chức, đã có trong cơ sở dữ liệu"), 3, Unit.WORKING_DAY),
    Case.ORGANIZATION_UNKNOWN: Given(_("Tổ chức, chưa có trong cơ sở dữ liệu"), 15, Unit.DAY),
}


def case_of(holder: Holder, level: int, *, known: bool) -> Case:
    """Tell which term applies; `known`: a valid card, biometrics or the organization is in its database."""
    if holder == Holder.ORGANIZATION:
        return Case.ORGANIZATION if known else Case.ORGANIZATION_UNKNOWN
    if holder in (Holder.FOREIGN_CHILD, Holder.FOREIGNER):
        return Case.FOREIGN_1 if level == 1 else Case.FOREIGN_2 if known else Case.FOREIGN_2_UNKNOWN
    return Case.LEVEL_1 if level == 1 else Case.LEVEL_2 if known else Case.LEVEL_2_NO_CARD


def term(case: Case) -> Term:
    """Give the term of a case with its law, as the deadline function reads it."""
    given = TERMS[case]
    return Term(amount=Decimal(given.amount), unit=given.unit, law=LAW)


#: common office hours, not taken from a text of law: unverified
_SPANS = ((time(7, 30), time(11, 30)), (time(13, 30), time(17, 0)))
CALENDAR = WorkingCalendar(tuple(Hours(weekday=day, spans=_SPANS) for day in range(5)), holidays=public_days)


class Check(StrEnum):
    """How an officer found out at the desk that it is really this person."""

    CARD = "card"
    CHIP = "chip"
    PHOTO = "photo"


CHECK_NAMES: dict[Check, Promise] = {
    Check.CARD: _("Xem thẻ căn cước, so mặt với ảnh trên thẻ"),
    Check.CHIP: _("Đọc chip của thẻ, so mặt và vân tay"),
    Check.PHOTO: _("So mặt với ảnh trong cơ sở dữ liệu, hỏi thêm thông tin"),
}


class State(StrEnum):
    """Where an application is."""

    #: the telephone is not proved, or other representatives have not agreed
    DRAFT = "draft"
    FILED = "filed"
    #: waits for its holder to activate the account
    APPROVED = "approved"
    REFUSED = "refused"
    ACTIVATED = "activated"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


STATE_NAMES: dict[State, Promise] = {
    State.DRAFT: _("Chưa gửi"),
    State.FILED: _("Chờ duyệt"),
    State.APPROVED: _("Chờ kích hoạt"),
    State.REFUSED: _("Bị từ chối"),
    State.ACTIVATED: _("Đã kích hoạt"),
    State.LAPSED: _("Quá hạn kích hoạt"),
    State.WITHDRAWN: _("Đã rút"),
}


class Action(StrEnum):
    """What can be done to an application; the value is the verb in the event name."""

    FILE = "file"
    APPROVE = "approve"
    REFUSE = "refuse"
    ACTIVATE = "activate"
    LAPSE = "lapse"
    REISSUE = "reissue"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table."""

    label: Promise
    roles: frozenset[Role]
    start: frozenset[State]
    end: State


_HOLDER = frozenset({Role.CITIZEN, Role.SYSTEM})
_OFFICER = frozenset({Role.IDENTITY_OFFICER})

#: nobody dead comes to an account
DEAD = _("Người này đã chết nên không mở được tài khoản định danh.")
HELD = _("Người này đã có tài khoản định danh ở mức này.")
MOVES: Mapping[Action, Move] = {
    Action.FILE: Move(_("Gửi đề nghị"), _HOLDER | _OFFICER, frozenset({State.DRAFT}), State.FILED),
    Action.APPROVE: Move(_("Duyệt"), _OFFICER, frozenset({State.FILED}), State.APPROVED),
    Action.REFUSE: Move(_("Từ chối"), _OFFICER, frozenset({State.FILED}), State.REFUSED),
    Action.ACTIVATE: Move(_("Kích hoạt"), _HOLDER, frozenset({State.APPROVED}), State.ACTIVATED),
    Action.LAPSE: Move(
        _("Hết hạn kích hoạt"), frozenset({Role.SYSTEM}), frozenset({State.APPROVED}), State.LAPSED
    ),
    Action.REISSUE: Move(
        _("Gửi lại mã kích hoạt"), _OFFICER, frozenset({State.APPROVED, State.LAPSED}), State.APPROVED
    ),
    # An officer does it only on the word of the applicant who stands there.
    Action.WITHDRAW: Move(
        _("Rút đề nghị"),
        _HOLDER | _OFFICER,
        frozenset({State.DRAFT, State.FILED, State.APPROVED}),
        State.WITHDRAWN,
    ),
}


def why_not(
    action: Action,
    *,
    state: str,
    roles: frozenset[Role],
    own: bool = False,
    dead: bool = False,
    held: bool = False,
) -> Promise | None:
    """Say why somebody cannot do this to an application, or None.

    `own`: about oneself or one's child, or, at level 2, taken in by the same officer: another one decides.
    `held`: the person has come to such an account in another way meanwhile.
    """
    move = MOVES[action]
    if roles.isdisjoint(move.roles):
        return _("Vai trò của bạn không làm được việc này.")
    if State(state) not in move.start:
        return _("Đề nghị này không còn ở bước đó.")
    if own and action in (Action.APPROVE, Action.REISSUE):
        return _("Đề nghị mức 2 do một cán bộ khác với người tiếp nhận duyệt, và không ai tự duyệt cho mình.")
    if action in (Action.APPROVE, Action.REISSUE):
        return DEAD if dead else HELD if held else None
    return None


def why_not_apply(
    holder: Holder, level: int, *, held: int | None, dead: bool, card: bool = True
) -> Promise | None:
    """Say why nobody can apply for this account, or None; `held` is the level that there is already.

    Level 1 is for citizens with a valid card, of children from 6 on; level 2 is also given without (69/2024).
    """
    if dead:
        return DEAD
    if level not in LEVELS[holder]:
        return _("Nhóm tuổi này không có tài khoản định danh mức 2.")
    if held is not None and held >= level:
        return HELD
    if level == 1 and not card and holder in (Holder.MINOR, Holder.ADULT):
        return _("Tài khoản mức 1 cần thẻ căn cước còn hạn. Hãy đề nghị mức 2 tại Công an xã, phường.")
    return None
