"""Numbers nobody has twice: each shard draws from its own part of every number space."""

import hashlib

from motcua.domain.population.generating.places import birth_prefix
from motcua.domain.population.rules import Gender

#: independent parts of a population; a part never looks at another, so parts can be made side by side
SHARDS = 16


class Numbers:
    """Gives out keys and numbers of one shard: unique, in no visible order, the same for the same seed."""

    def __init__(self, seed: int, shard: int) -> None:
        self.seed = seed
        self.shard = shard
        self.given: dict[str, int] = {}
        self.shifts: dict[str, int] = {}

    def key(self, table: str) -> int:
        """Give the next primary key of a table."""
        return 1 + self._next(f"key {table}")

    def personal(self, prefix: str, gender: Gender, born_on: str) -> str:
        """Give a twelve-digit number: province of birth registration, century and sex, year, six digits."""
        year = int(born_on[:4])
        century = (year // 100 - 19) * 2 + (gender == Gender.FEMALE)
        head = f"{birth_prefix(prefix, born_on)}{century}{year % 100:02}"
        return f"{head}{self._scattered(head, 6)}"

    def old(self, head: str) -> str:
        """Give a nine-digit number of the old identity card for a police province."""
        return f"{head}{self._scattered('old' + head, 9 - len(head))}"

    def phone(self) -> str:
        """Give a telephone number from a range that no operator uses."""
        return f"054{self._scattered('phone', 7)}"

    def _next(self, series: str) -> int:
        count = self.given.get(series, 0)
        self.given[series] = count + 1
        return count * SHARDS + self.shard

    def _scattered(self, series: str, digits: int) -> str:
        """Map 0, 1, 2 … one to one onto numbers that look random: multiply by a unit modulo 10ⁿ and shift."""
        size = 10**digits
        count = self._next(series)
        if count >= size:
            raise OverflowError(f"number space {series[:3]}… is full")
        shift = self.shifts.get(series)
        if shift is None:
            code = hashlib.blake2b(f"{self.seed} {series}".encode(), digest_size=8).digest()
            shift = self.shifts[series] = int.from_bytes(code) % size
        return str((count * 387_420_489 + shift) % size).rjust(digits, "0")
