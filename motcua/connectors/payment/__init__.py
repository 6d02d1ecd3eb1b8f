"""Paying online (thanh toán trực tuyến) by way of a payment platform."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """What the platform says of one payment, as the wire spells it."""

    PENDING = "cho-thanh-toan"
    PAID = "da-thanh-toan"
    FAILED = "khong-thanh-cong"
    UNKNOWN = "khong-co"


@dataclass(frozen=True, slots=True)
class Item:
    """One fee or charge, in whole đồng."""

    kind: str
    name: str
    amount: int


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody is to pay; the same code again is the same order. No personal number goes along."""

    code: str
    dossier: str
    procedure: str
    procedure_name: str
    agency: str
    agency_name: str
    payer: str
    items: tuple[Item, ...]
    until: datetime
    #: where the payer's browser goes afterwards, and where the platform itself tells us
    back: str
    notice: str

    @property
    def amount(self) -> int:
        """Sum the items."""
        return sum(item.amount for item in self.items)


@dataclass(frozen=True, slots=True)
class Said:
    """The platform's word on one payment."""

    code: str
    state: State
    amount: int = 0
    #: the bank's own number of the transaction
    reference: str = ""
    paid_at: datetime | None = None


class Failed(Exception):
    """The platform gave no answer that counts; says why in one word."""


class Unavailable(Failed):
    """The platform is away, slow or talks nonsense: ask again later."""


class Denied(Failed):
    """The platform refuses us or the order: asking again will not help."""


class Forged(Exception):
    """Somebody else's notice, or one that was altered on its way."""
