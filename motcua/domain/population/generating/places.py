"""Where the made-up people live and come from: Tây Ninh, and the provinces people move there from."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from motcua.domain.population.generating.names import Choice

_DATA = Path(__file__).parent / "data"
#: the demonstration province in the codes of 1 July 2025
PROVINCE = "80"
#: from this day births are registered in the merged provinces
MERGED_ON = "2025-07-01"


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune of today, and where it lay before the merger: province, commune and district."""

    code: str
    name: str
    #: number prefix of the former province
    former: str
    #: commune and district as papers from before 1 July 2025 write them; unverified
    old_place: str

    @property
    def old_address(self) -> str:
        """The three levels of before the merger."""
        return f"{self.old_place}, tỉnh {former_name(self.former)}"

    @property
    def urban(self) -> bool:
        """Tell whether it is a ward (phường)."""
        return self.name.startswith("Phường")


COMMUNES = [
    Commune(row["code"], row["name"], row["former_province"], row["old_place"])
    for row in _rows("communes.csv")
]
_PROVINCES = {row["number_prefix"]: row for row in _rows("provinces63.csv")}
#: where those come from who were not born in the province
_ORIGINS = Choice(
    dict.fromkeys(_PROVINCES, 0.4)
    | {"079": 30, "082": 12, "083": 10, "074": 8, "087": 8, "086": 5, "091": 5, "038": 6, "040": 5, "036": 4}
)
_STREETS = (
    "Nguyễn Huệ",
    "Trần Hưng Đạo",
    "Lê Lợi",
    "Cách Mạng Tháng Tám",
    "Hùng Vương",
    "Nguyễn Trung Trực",
    "Châu Văn Giác",
    "Võ Văn Tần",
    "Quốc lộ 1",
    "Tỉnh lộ 826",
)
_CHURCHES = ("Cao Đài", "Phật giáo", "Công giáo", "Phật giáo Hòa Hảo", "Tin Lành")


def former_name(prefix: str) -> str:
    """Name a province as it was called before the merger."""
    return _PROVINCES[prefix]["name"]


def birth_prefix(prefix: str, born_on: str) -> str:
    """Give the first three digits of a number for a birth registered in the area of a former province.

    Unverified: that births after the merger take the merged province's code.
    """
    return f"0{_PROVINCES[prefix]['new_code']}" if born_on >= MERGED_ON else prefix


def commune(rng: Random) -> Commune:
    """Draw a commune; wards hold more people."""
    drawn = rng.choice(COMMUNES)
    return drawn if drawn.urban or rng.random() < 0.75 else rng.choice(COMMUNES)


def origin(rng: Random, here: Commune) -> str:
    """Draw the former province a grown-up of this commune was born in."""
    return here.former if rng.random() < 0.86 else _ORIGINS(rng)


def address(rng: Random, here: Commune) -> str:
    """Make the part of an address below the commune."""
    if here.urban:
        house = f"Số {rng.randint(1, 480)}, đường {rng.choice(_STREETS)}"
        return f"{house}, khu phố {rng.randint(1, 9)}"
    house = f"Số {rng.randint(1, 320)}, " if rng.random() < 0.6 else ""
    return f"{house}ấp {rng.randint(1, 12)}" if house else f"Ấp {rng.randint(1, 12)}"


@cache
def birth_place(prefix: str, here: Commune, year: int) -> tuple[str, str]:
    """Give place of birth and of birth registration in the words of their time."""
    if prefix != here.former:
        return former_name(prefix), former_name(prefix)
    if year > 2025:
        return "Bệnh viện đa khoa tỉnh Tây Ninh", f"UBND {here.name[0].lower()}{here.name[1:]}, tỉnh Tây Ninh"
    old = here.old_address
    hospital = f"Bệnh viện đa khoa tỉnh {former_name(prefix)}"
    return hospital if year >= 1985 else old[0].upper() + old[1:], f"UBND {old}"


def religion(rng: Random, here: Commune) -> str:
    """Draw the religion of a Kinh family; Cao Đài has its Holy See in the old Tây Ninh."""
    weights = (34, 8, 4, 1, 1, 52) if here.former == "072" else (9, 12, 4, 2, 1, 72)
    return rng.choices((*_CHURCHES, "Không"), weights)[0]
