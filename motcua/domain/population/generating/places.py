"""Where the made-up people live and come from: Tây Ninh, and the provinces people move there from."""

import csv
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from random import Random

from motcua.domain.population.generating.names import choice

_DATA = Path(__file__).parent / "data"
#: the demonstration province in the codes of 1 July 2025
PROVINCE = "80"
#: from this day births are registered in the merged provinces
MERGED_ON = "2025-07-01"


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True, eq=False)
class Commune:
    """A commune of today, and where it lay before the merger: province, commune and district."""

    code: str
    name: str
    #: number prefix of the former province
    former: str
    #: commune and district as papers from before 1 July 2025 write them; unverified
    old_place: str

    @cached_property
    def old_address(self) -> str:
        """The three levels of before the merger."""
        return f"{self.old_place}, tỉnh {former_name(self.former)}"

    @cached_property
    def urban(self) -> bool:
        """Tell whether it is a ward (phường)."""
        return self.name.startswith("Phường")


COMMUNES = [
    Commune(row["code"], row["name"], row["former_province"], row["old_place"])
    for row in _rows("communes.csv")
]
_PROVINCES = {row["number_prefix"]: row for row in _rows("provinces63.csv")}
#: where those come from who were not born in the province
_ORIGINS = choice(
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
_HOUSES, _QUARTERS, _PLOTS, _HAMLETS = range(1, 481), range(1, 10), range(1, 321), range(1, 13)
_CHURCHES = ("Cao Đài", "Phật giáo", "Công giáo", "Phật giáo Hòa Hảo", "Tin Lành", "Không")
#: religions of Kinh families by former province; Cao Đài has its Holy See in the old Tây Ninh
_RELIGIONS = {
    "072": choice(dict(zip(_CHURCHES, (34, 8, 4, 1, 1, 52), strict=True))),
    "080": choice(dict(zip(_CHURCHES, (9, 12, 4, 2, 1, 72), strict=True))),
}


def former_name(prefix: str) -> str:
    """Name a province as it was called before the merger."""
    return _PROVINCES[prefix]["name"]


def merged_prefix(prefix: str) -> str:
    """Give the first three digits of a number for a birth registered in the area of a former province.

    Unverified: that births after the merger take the merged province's code.
    """
    return f"0{_PROVINCES[prefix]['new_code']}"


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
        number, street = rng.choice(_HOUSES), rng.choice(_STREETS)
        return f"Số {number}, đường {street}, khu phố {rng.choice(_QUARTERS)}"
    house = f"Số {rng.choice(_PLOTS)}, " if rng.random() < 0.6 else ""
    return f"{house}{'ấp' if house else 'Ấp'} {rng.choice(_HAMLETS)}"


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
    """Draw the religion of a Kinh family."""
    return _RELIGIONS[here.former](rng)
