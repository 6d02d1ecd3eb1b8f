"""Asking the register in the words that the provinces' systems spoke before (MaTichHop 037, 033, 034).

The old format knows no search, no statement to be judged, no legal ground and nobody's name who asks. It
answers only to whoever knows name and birth beside the number, and always with everything that the right
covers. Messages are signed as on the other wire.
"""

import time
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from motcua.connectors.population import (
    NOTHING,
    Candidate,
    Denied,
    Matching,
    Purpose,
    Record,
    Sought,
    Unavailable,
    Unsaid,
)
from motcua.connectors.population.road import Road

_LOOK_UP, _NUMBERS, _HOUSEHOLD = "037", "033", "034"
_KINDS = {True: "XacThucThongTinCongDan", False: "TraCuuThongTinCongDan"}
#: of these systems: the procedure, the official may not ask
_CODES = {"004": "purpose_not_allowed", "005": "purpose_missing"}
#: our name, and where the word stands
_WORDS = {
    "name": ("HoVaTen", "Ten"),
    "born_on": ("NgayThangNamSinh", "NgayThangNam"),
    "old_number": ("SoCMND",),
    "nationality": ("QuocTich",),
    "ethnicity": ("DanToc",),
    "religion": ("TonGiao",),
    "home_town": ("QueQuan",),
    "residence_number": ("SoSoHoKhau",),
}
_CODED = {
    "gender": ("GioiTinh", {"1": "male", "2": "female"}),
    "blood_group": ("NhomMau", {"01": "A", "02": "B", "03": "AB", "04": "O"}),
    # 3 is divorced or widowed: which of them, nobody can tell
    "marital_status": ("TinhTrangHonNhan", {"1": "single", "2": "married"}),
    "deceased_on": ("TrangThai", {"2": "unknown"}),
}
_PLACES = {"permanent_address": "ThuongTru", "current_address": "NoiOHienTai"}
_RELATIVES = {"spouse": "VoChong", "father": "Cha", "mother": "Me"}
_TOLD = frozenset({*_WORDS, *_CODED, *_PLACES, *_RELATIVES})


class OldFormat(Road):
    """A register that speaks the old format only."""

    __slots__ = ()

    def attributes(
        self,
        number: str,
        names: Sequence[str],
        *,
        on: date | None = None,
        known: Sought = NOTHING,
        purpose: Purpose,
    ) -> Record:
        """Fetch attributes, as they are now, of one person whose name and birth we know."""
        if on is not None:
            raise _unsaid()
        wanted = list(dict.fromkeys(names))
        said: dict[str, Any] = {}
        if told := [name for name in wanted if name in _TOLD]:
            citizen = _inside(self._ask(_LOOK_UP, number, known, purpose), "CongDan")
            if _text(citizen, "SoDinhDanh") != number:
                raise Unavailable("wrong_shape")
            said = {name: value for name in told if (value := _read(citizen, name))}
        elif "household" not in wanted:
            raise _unsaid()
        if "household" in wanted:
            said |= self._household(number, known, purpose)
        silent = (name for name in wanted if name not in _TOLD and name not in ("number", "household"))
        return Record(number=number, refused=tuple(silent), **said)

    def match(self, number: str, given: Mapping[str, str], *, purpose: Purpose) -> Matching:
        """Ask whether name, birth and old number are those of the number: all of them or not."""
        known = Sought(**{name: given.get(name, "") for name in ("name", "born_on", "old_number")})
        service = _NUMBERS if known.old_number else _LOOK_UP
        said = _inside(
            self._ask(service, number, known, purpose, compares=True), "XacThucThongTinCongDanResponse"
        )
        if said.get("SoLuongCongDan") not in (0, 1):
            raise Unavailable("wrong_shape")
        compared = tuple(name for name in given if name in ("name", "born_on", "old_number"))
        return Matching(
            match=said["SoLuongCongDan"] == 1,
            differing=() if said["SoLuongCongDan"] else compared,
            refused=tuple(name for name in given if name not in compared),
        )

    def status(self, number: str, *, purpose: Purpose) -> str:
        """Refuse: everything of somebody would have to be read for this one word."""
        raise _unsaid()

    def account(self, number: str, *, purpose: Purpose) -> str:
        """Refuse: the old format is older than the account."""
        raise _unsaid()

    def find(self, sought: Sought, *, purpose: Purpose) -> list[Candidate]:
        """Refuse: the old format looks for nobody."""
        raise Unsaid(
            "unsaid",
            _(
                "Đường kết nối CSDL dân cư kiểu cũ không tìm được người khi chưa biết số định danh. "
                "Hãy xem số trên thẻ, trên giấy khai sinh hoặc trong VNeID."
            ),
        )

    def choose(self, handle: str, *, purpose: Purpose) -> str:
        """Refuse: nobody was shown."""
        return str(self.find(NOTHING, purpose=purpose))

    def _household(self, number: str, known: Sought, purpose: Purpose) -> dict[str, Any]:
        """Fetch the household; who may read the rest but not this goes without it."""
        try:
            home = _inside(self._ask(_HOUSEHOLD, number, known, purpose), "HoGiaDinh")
        except Denied as denied:
            if denied.code != "purpose_not_allowed":
                raise
            return {}
        head, rows = _inside(home, "ChuHo"), home.get("ThanhVien")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise Unavailable("wrong_shape")
        if not _text(home, "SoSoHoKhau"):
            return {}
        members = [
            {
                "number": _text(row, "SoDinhDanh") or None,
                "name": _text(row, "HoVaTen"),
                "born_on": "",
                "gender": "",
                "relation": _text(row, "QuanHe"),
            }
            for row in rows
        ]
        return {
            "household": {
                "code": _text(home, "SoSoHoKhau"),
                "address": _place(_inside(home, "DiaChi")),
                "relation": _text(head, "QuanHe"),
                "head": {"number": _text(head, "SoDinhDanh") or None, "name": _text(head, "HoVaTen")},
                "members": members,
            }
        }

    def _ask(
        self, service: str, number: str, known: Sought, purpose: Purpose, *, compares: bool = False
    ) -> dict[str, Any]:
        if not (known.name and known.born_on):
            raise Unsaid(
                "unsaid",
                _(
                    "Đường kết nối CSDL dân cư kiểu cũ chỉ trả lời khi đã biết cả họ tên và ngày sinh. "
                    "Hãy khai bằng tay."
                ),
            )
        question = {
            "MaYeuCau": str(time.time_ns() // 1_000_000),
            "MaTichHop": service,
            "MaDVC": purpose.procedure,
            "MaCanBo": purpose.officer,
            "GovAgencyCode": purpose.agency,
            "type": _KINDS[compares],
            "HoVaTen": known.name.upper(),
            "NgayThangNamSinh": known.born_on,
            "SoDinhDanh": number,
            "SoCMND": known.old_number,
        }
        try:
            return self.ask("vnpt", question, purpose)
        except Denied as denied:
            raise Denied(_CODES.get(denied.code, denied.code), denied.message) from denied


def _unsaid() -> Unsaid:
    return Unsaid("unsaid", _("Đường kết nối CSDL dân cư kiểu cũ không trả lời được câu hỏi này."))


def _read(citizen: Mapping[str, Any], name: str) -> Any:
    """Read one attribute; empty is what was not told."""
    if name in _PLACES:
        return _place(_inside(citizen, _PLACES[name]))
    if name in _RELATIVES:
        return _relative(_inside(citizen, _RELATIVES[name]))
    if name in _CODED:
        word, meanings = _CODED[name]
        return meanings.get(_text(citizen, word), "")
    *above, word = _WORDS[name]
    return _text(_inside(citizen, *above), word)


def _place(place: Mapping[str, Any]) -> dict[str, str]:
    words = {"province": "MaTinhThanh", "commune": "MaPhuongXa", "detail": "ChiTiet"}
    found = {name: _text(place, word) for name, word in words.items()}
    return found if any(found.values()) else {}


def _relative(person: Mapping[str, Any]) -> dict[str, str | None]:
    name, number = _text(person, "HoVaTen"), _text(person, "SoDinhDanh")
    told = {"number": number or None, "name": name, "nationality": _text(person, "QuocTich") or None}
    return told if name or number else {}


def _inside(said: Mapping[str, Any], *words: str) -> Mapping[str, Any]:
    """Give the group under these words; one that is left out is empty."""
    for word in words:
        said = said.get(word) or {}
        if not isinstance(said, dict):
            raise Unavailable("wrong_shape")
    return said


def _text(said: Mapping[str, Any], word: str) -> str:
    text = said.get(word) or ""
    if not isinstance(text, str):
        raise Unavailable("wrong_shape")
    return text
