"""Numbers nobody has twice: each shard draws from its own part of every number space."""

import hashlib
from collections.abc import Iterator
from functools import cache
from itertools import count

from motcua.domain.population.generating.places import MERGED_ON, merged_prefix
from motcua.domain.population.rules import Gender

#: independent parts of a population; a part never looks at another, so parts can be made side by side
SHARDS = 16


@cache
def _head(prefix: str, gender: Gender, year: str, merged: bool) -> str:
    """Give the first six digits of a number: province of birth registration, century and sex, year."""
    century = (int(year) // 100 - 19) * 2 + (gender == Gender.FEMALE)
    return f"{merged_prefix(prefix) if merged else prefix}{century}{year[2:]}"


class Numbers:
    """Gives out keys and numbers of one shard: unique, in no visible order, the same for the same seed."""

    def __init__(self, seed: int, shard: int) -> None:
        self.seed = seed
        self.shard = shard
        #: primary keys of the two tables
        self.people, self.households = count(1 + shard, SHARDS), count(1 + shard, SHARDS)
        self.series: dict[str, Iterator[str]] = {}

    def personal(self, prefix: str, gender: Gender, born_on: str) -> str:
        """Give a twelve-digit number, the last six of them without a meaning."""
        head = _head(prefix, gender, born_on[:4], born_on >= MERGED_ON)
        return self._next(head, head, 6)

    def old(self, head: str) -> str:
        """Give a nine-digit number of the old identity card for a police province."""
        return self._next("old" + head, head, 9 - len(head))

    def phone(self) -> str:
        """Give a telephone number from a range that no operator uses."""
        return self._next("phone", "054", 7)

    def _next(self, series: str, head: str, digits: int) -> str:
        numbers = self.series.get(series)
        if numbers is None:
            numbers = self.series[series] = self._scattered(series, head, digits)
        return next(numbers)

    def _scattered(self, series: str, head: str, digits: int) -> Iterator[str]:
        """Map 0, 1, 2 … one to one onto numbers that look random: multiply by a unit modulo 10ⁿ and shift."""
        size, form = 10**digits, f"{head}%0{digits}d"
        code = hashlib.blake2b(f"{self.seed} {series}".encode(), digest_size=8).digest()
        shift = int.from_bytes(code) % size
        for place in range(self.shard, size, SHARDS):
            yield form % ((place * 387_420_489 + shift) % size)
        raise OverflowError(f"number space {series[:3]}… is full")
