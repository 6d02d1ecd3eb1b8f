"""Places (đơn vị hành chính): the provinces and communes in force, by code and by name; see SOURCE.md."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

from motcua.base.text import fold, sort_key

DIVISIONS = Path(__file__).with_name("divisions.tsv")
#: kind of division → how English texts call it
KINDS_EN = {
    "Tỉnh": "Province",
    "Thành phố": "City",
    "Xã": "Commune",
    "Phường": "Ward",
    "Đặc khu": "Special Zone",
}
#: the few places with an English name that is not the Vietnamese one without its marks
NAMES_EN = {"Hà Nội": "Hanoi", "Hải Phòng": "Haiphong", "Hoàng Sa": "Paracel", "Trường Sa": "Spratly"}


@dataclass(frozen=True, slots=True)
class Place:
    """One province (two digits) or commune (five digits)."""

    code: str
    kind: str
    name: str
    #: code of the province; its own for a province
    province: str

    @property
    def full_name(self) -> str:
        """Give the name with its kind, for example "Phường Long An"."""
        return f"{self.kind} {self.name}"

    @property
    def name_en(self) -> str:
        """Give the name as English texts write it, for example "Long An Ward"."""
        known = NAMES_EN.get(self.name)
        return f"{known or _without_marks(self.name)} {KINDS_EN[self.kind]}"

    def __str__(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.full_name


def _without_marks(name: str) -> str:
    return " ".join(fold(word).capitalize() for word in name.split(" "))


@cache
def _all() -> Mapping[str, Place]:
    found: dict[str, Place] = {}
    province = ""
    for line in DIVISIONS.read_text(encoding="utf-8").splitlines()[1:]:
        code, kind, name = line.split("\t")
        province = code if len(code) == 2 else province
        found[code] = Place(code, kind, name, province)
    return found


@cache
def provinces() -> tuple[Place, ...]:
    """List the provinces in dictionary order."""
    return _sorted(place for place in _all().values() if len(place.code) == 2)


@cache
def communes(province_code: str) -> tuple[Place, ...]:
    """List the communes of a province in dictionary order; none for a code that is no province."""
    found = (place for place in _all().values() if place.province == province_code)
    return _sorted(place for place in found if len(place.code) == 5)


def _sorted(found: Iterable[Place]) -> tuple[Place, ...]:
    return tuple(sorted(found, key=lambda place: sort_key(place.name)))


def place(code: str) -> Place | None:
    """Find a province or commune by its code."""
    return _all().get(code)


def place_name(code: str) -> str:
    """Give the full name in the reader's language, for example "Phường Long An"; the code when unknown."""
    found = _all().get(code)
    return str(found) if found else code


def address_line(*, detail: str, commune_code: str, province_code: str) -> str:
    """Write a two-level address on one line."""
    parts = (detail, commune_code and place_name(commune_code), province_code and place_name(province_code))
    return ", ".join(part for part in parts if part)


def find(name: str, *, province_code: str = "") -> tuple[Place, ...]:
    """Find places by name, with or without marks and kind: communes of one province, or the provinces."""
    among = communes(province_code) if province_code else provinces()
    wanted = fold(name)
    exact = tuple(one for one in among if wanted in {fold(one.name), fold(one.full_name)})
    return exact or tuple(one for one in among if wanted and wanted in fold(one.full_name))
