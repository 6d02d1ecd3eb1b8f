"""Who may let whom act for them, and for how long."""

from calendar import monthrange
from datetime import date, timedelta
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
    """Why one person may act for another, or for an organization."""

    MANDATE = "mandate"
    PARENT = "parent"
    #: heads the organization
    HEAD = "head"
    #: has a mandate from the organization's head
    DELEGATE = "delegate"


#: months to choose from; without an agreed time a mandate lasts a year (Civil Code 2015 art. 563)
MONTHS = (1, 3, 6, 12)
#: full age (Civil Code 2015 art. 20); until then parents act (Law on Marriage and Family 2014 art. 73)
FULL_AGE = 18


def is_child(born_on: str, on: date) -> bool:
    """Tell whether somebody is surely under age; of a birth date known by its year the first day counts."""
    return on <= last_of_childhood(born_on)


def last_of_childhood(born_on: str) -> date:
    """Give the last day on which somebody is surely under age."""
    parts = [int(part) for part in born_on.split("-")]
    year, month, day = parts + [1, 1][len(parts) - 1 :]
    # Who was born on 29 February is of age on 1 March.
    last = monthrange(year + FULL_AGE, month)[1]
    birthday = date(year + FULL_AGE, month, min(day, last)) + timedelta(days=day > last)
    return birthday - timedelta(days=1)


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
