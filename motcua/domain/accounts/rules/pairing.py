"""A log-in on one device let in by another: how long it waits, and what the other one's answer makes of it.

How it counts: `mca` (RFC 8176, more than one channel). Whoever answers has proved two kinds of factors on the
answering device within the last minutes, so it counts as something known and something held: level 2, never
more, and never above the device that answered. Nothing was proved on the waiting device itself: alone it
neither changes factors nor lets a third device in.
"""

from datetime import timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: how long a device waits, from its first page to being let in
LIFE = timedelta(minutes=2)
#: two digits, so that people read them at a glance; three of them to choose from
NUMBERS, SHOWN = range(10, 100), 3


class PairingState(StrEnum):
    """How far a device has come that waits to be let in."""

    WAITING = "waiting"
    APPROVED = "approved"
    DECLINED = "declined"
    #: the wrong number was chosen: there is no second guess
    MISTAKEN = "mistaken"
    TAKEN = "taken"


STATE_NAMES: dict[PairingState, Promise] = {
    PairingState.WAITING: _("Chờ điện thoại"),
    PairingState.APPROVED: _("Đã đồng ý"),
    PairingState.DECLINED: _("Đã từ chối"),
    PairingState.MISTAKEN: _("Chọn sai số"),
    PairingState.TAKEN: _("Đã đăng nhập"),
}


def answered(number: int, chosen: int | None) -> PairingState:
    """Give what an answer makes of a waiting device; choosing nothing turns it away."""
    if chosen is None:
        return PairingState.DECLINED
    return PairingState.APPROVED if chosen == number else PairingState.MISTAKEN
