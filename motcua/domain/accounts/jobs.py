"""What the workers do for accounts at their hours."""

from datetime import datetime

from motcua.base.actor import SYSTEM
from motcua.domain.accounts.commands import grants, keys


def rotate_keys(*, at: datetime) -> None:
    """Let the next signing key take its turn."""
    keys.rotate_keys(by=SYSTEM, at=at)


def forget(*, at: datetime) -> None:
    """Delete requests, codes, tokens and tries whose time is long over."""
    grants.forget(by=SYSTEM, at=at)
