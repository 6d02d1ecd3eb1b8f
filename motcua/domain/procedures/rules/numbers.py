"""What a personal number says (số định danh): PPP G YY NNNNNN, no check digit."""

import re
from typing import NamedTuple

PATTERN = re.compile(r"^\d{12}$")

#: codes of the 63 provinces of registration; they stay in numbers given before July 2025
PROVINCES = frozenset(range(1, 97)) - {
    3, 5, 7, 9, 13, 16, 18, 21, 23, 28, 29, 32, 39, 41, 43, 47, 50, 53, 55, 57, 59, 61, 63, 65, 69, 71, 73,
    76, 78, 81, 85, 88, 90,
}  # fmt: skip


class Said(NamedTuple):
    """What the digits say of their bearer."""

    born_in: int
    gender: str


def read(number: str) -> Said:
    """Read the year of birth and the gender: G is 0–1 for the 1900s, 2–3 for the 2000s …, even for men."""
    century, woman = divmod(int(number[3]), 2)
    return Said(1900 + 100 * century + int(number[4:6]), "female" if woman else "male")


def known_place(number: str) -> bool:
    """Tell whether the first three digits are a province; 100 and above are countries."""
    return int(number[:3]) >= 100 or int(number[:3]) in PROVINCES
