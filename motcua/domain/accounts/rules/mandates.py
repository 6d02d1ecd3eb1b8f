"""Who may let whom act for them, and for how long."""

from calendar import monthrange
from datetime import date
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.domain.population.rules import age


class MandateState(StrEnum):
    """Where a mandate is in its life; one whose last day is over is simply over."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ENDED = "ended"


STATE_NAMES: dict[MandateState, Promise] = {
    MandateState.OFFERED: _("Chờ trả lời"),
    MandateState.ACCEPTED: _("Đang có hiệu lực"),
    MandateState.DECLINED: _("Đã từ chối"),
    MandateState.ENDED: _("Đã chấm dứt"),
}


class Tie(StrEnum):
    """Why one person may act for another."""

    MANDATE = "mandate"
    PARENT = "parent"


#: months to choose from; without an agreed time a mandate lasts a year (Civil Code 2015 art. 563)
MONTHS = (1, 3, 6, 12)
#: full age (Civil Code 2015 art. 20); until then parents act (Law on Marriage and Family 2014 art. 73)
FULL_AGE = 18


def is_child(born_on: str, on: date) -> bool:
    """Tell whether somebody is surely under age; of a birth date known by its year the first day counts."""
    parts = [int(part) for part in born_on.split("-")]
    year, month, day = parts + [1, 1][len(parts) - 1 :]
    return on.year - year - ((on.month, on.day) < (month, day)) < FULL_AGE


def why_not_offer(*, principal: str, agent: str, same: bool, on: date) -> Promise | None:
    """Say why somebody born then cannot let somebody born then act for them, or None."""
    if same:
        return _("Bạn không cần ủy quyền cho chính mình.")
    if age(principal, on) < FULL_AGE:
        return _("Người chưa đủ 18 tuổi do cha, mẹ đại diện nên không tự ủy quyền ở đây.")
    if age(agent, on) < FULL_AGE:
        return _("Người nhận ủy quyền phải đủ 18 tuổi.")
    return None


def last_day(since: date, months: int) -> date:
    """Give the last day of a mandate that lasts so many months."""
    year, month = divmod(since.month - 1 + months, 12)
    year, month = since.year + year, month + 1
    return date(year, month, min(since.day, monthrange(year, month)[1]))
