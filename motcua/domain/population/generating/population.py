"""The whole population, shard after shard; shards may also be made side by side."""

from collections.abc import Iterable, Iterator
from datetime import date

from motcua.domain.population.generating.drafts import Clan
from motcua.domain.population.generating.families import Town
from motcua.domain.population.generating.numbers import SHARDS

#: the day on which the demonstration's population is as generated; a fixed day keeps everybody the same
AS_OF = date(2026, 7, 1)


def clans(*, people: int, seed: int, on: date, shards: Iterable[int] = range(SHARDS)) -> Iterator[Clan]:
    """Make up exactly so many people as they stood on a day, relatives together; memory stays small."""
    for shard in shards:
        share = people // SHARDS + (shard < people % SHARDS)
        yield from Town(seed=seed, shard=shard, on=on).make(share)
