"""Look-ups that look like sweeping: what one official asked within an hour, and what of it is strange."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

#: people asked about in an hour; nobody serves so many
MANY_PEOPLE = 80
#: people of one surname, and which part of all they are; four of ten people are called Nguyễn
MANY_NAMESAKES, NAMESAKES_OF_TEN = 15, 8
#: people asked about for one dossier
MANY_FOR_ONE = 12
MANY_DENIED = 20


class Sweep(StrEnum):
    """What is strange."""

    PEOPLE = "people"
    SURNAME = "surname"
    KIN = "kin"
    DOSSIER = "dossier"
    DENIED = "denied"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What one official asked within an hour, counted."""

    subscriber: int
    agency: str
    officer: str
    people: int
    #: people of the commonest surname
    namesakes: int
    #: people who bear the official's name, or whose father, mother or spouse does
    kin: int
    #: people asked about for one dossier, where they are most
    for_one: int
    denied: int


def strange(tally: Tally) -> dict[Sweep, int]:
    """Name what is strange, each with its count; names alone prove nothing, so somebody must look."""
    found = {
        Sweep.PEOPLE: (tally.people, tally.people >= MANY_PEOPLE),
        Sweep.SURNAME: (
            tally.namesakes,
            tally.namesakes >= MANY_NAMESAKES and tally.namesakes * 10 >= tally.people * NAMESAKES_OF_TEN,
        ),
        Sweep.KIN: (tally.kin, tally.kin > 0),
        Sweep.DOSSIER: (tally.for_one, tally.for_one >= MANY_FOR_ONE),
        Sweep.DENIED: (tally.denied, tally.denied >= MANY_DENIED),
    }
    return {sweep: count for sweep, (count, is_strange) in found.items() if is_strange}


SWEEP_NAMES = {
    Sweep.PEOPLE: _("Tra cứu quá nhiều người trong một giờ"),
    Sweep.SURNAME: _("Tra cứu hàng loạt người cùng họ"),
    Sweep.KIN: _("Có thể là người thân: trùng họ tên với cán bộ"),
    Sweep.DOSSIER: _("Một hồ sơ dùng cho quá nhiều người"),
    Sweep.DENIED: _("Bị từ chối nhiều lần"),
}
