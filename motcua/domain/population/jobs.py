"""What the workers do for the register at their hours."""

from datetime import datetime

from motcua.base.actor import SYSTEM
from motcua.domain.population.commands import finding, sealing, sweeping
from motcua.domain.population.queries import sweeping as watched
from motcua.domain.population.rules.sweeping import strange


def sign_heads(*, at: datetime) -> None:
    """Sign the tree over the usage log until every row is in it, and keep its hashes for proofs."""
    while sealing.lay_tiles(by=SYSTEM, at=at):
        pass
    while sealing.sign_head(by=SYSTEM, at=at):
        pass


def watch(*, at: datetime) -> None:
    """Look at what officials asked within the last hour, and raise an alarm over what is strange."""
    for tally in watched.tallies(at=at):
        for sweep, count in strange(tally).items():
            sweeping.alert(tally=tally, sweep=sweep, count=count, by=SYSTEM, at=at)


def forget_candidates(*, at: datetime) -> None:
    """Forget who was shown to officers that looked for somebody without a number."""
    finding.forget(by=SYSTEM, at=at)
