"""What the workers do for the register at their hours."""

from datetime import datetime

from motcua.base.actor import SYSTEM
from motcua.domain.population.commands import sealing


def sign_heads(*, at: datetime) -> None:
    """Sign the tree over the usage log until every row is in it, and keep its hashes for proofs."""
    while sealing.lay_tiles(by=SYSTEM, at=at):
        pass
    while sealing.sign_head(by=SYSTEM, at=at):
        pass
