"""What a personal number says (số định danh): PPP G YY NNNNNN, no check digit."""

import re
from typing import NamedTuple

PATTERN = re.compile(r"^\d{12}$")

#: codes of the 63 provinces of registration; they stay in numbers given before July 2025
PROVINCES = frozenset(
    int(code)
    for code in (
        "1 2 4 6 8 10 11 12 14 15 17 19 20 22 24 25 26 27 30 31 33 34 35 36 37 38 40 42 44 45 46 48 49 51 "
        "52 54 56 58 60 62 64 66 67 68 70 72 74 75 77 79 80 82 83 84 86 87 89 91 92 93 94 95 96"
    ).split()
)


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
