"""The twin's second face: the old format, put into questions of the first and its answers put back."""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

CODES = {"purpose_not_allowed": "004", "field_not_allowed": "004", "purpose_missing": "005"}
_BASIS = "Luật Căn cước 26/2023/QH15, Điều 10: cơ quan nhà nước tra cứu trong phạm vi nhiệm vụ được giao"
_NEEDED = {"MaYeuCau", "MaTichHop", "HoVaTen", "NgayThangNamSinh", "SoDinhDanh"}
_KNOWN = _NEEDED | {"MaDVC", "MaCanBo", "GovAgencyCode", "type", "SoCMND", "StaffEmail"}
_RULES = {
    "MaYeuCau": "[0-9]{1,20}",
    "MaTichHop": "037|033|034",
    "type": "TraCuuThongTinCongDan|XacThucThongTinCongDan",
    "HoVaTen": ".{1,100}",
    "NgayThangNamSinh": "[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?",
    "SoDinhDanh": "[0-9]{12}",
    "SoCMND": "([0-9]{9})?",
}
_TOLD = [
    *("name", "born_on", "gender", "nationality", "ethnicity", "religion", "permanent_address"),
    *("current_address", "home_town", "blood_group", "marital_status", "spouse", "father", "mother"),
    *("old_number", "residence_number", "deceased_on"),
]
_CODED = {
    "GioiTinh": ("gender", {"male": "1", "female": "2"}, ""),
    "NhomMau": ("blood_group", {"A": "01", "B": "02", "AB": "03", "O": "04"}, "00"),
    "TinhTrangHonNhan": (
        "marital_status",
        {"single": "1", "married": "2", "divorced": "3", "widowed": "3"},
        "",
    ),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One question in the old words."""

    said: Mapping[str, str]

    @property
    def compares(self) -> bool:
        """Tell whether only yes or no is asked for."""
        service, kind = self.said["MaTichHop"], self.said.get("type", "")
        return service == "033" or (service == "037" and kind.startswith("XacThuc"))

    @property
    def first(self) -> tuple[str, dict[str, Any]]:
        """Give the verb and the question of the first face."""
        said = self.said
        about = {"number": said["SoDinhDanh"], "procedure": said.get("MaDVC", ""), "basis": _BASIS}
        if not self.compares:
            household = said["MaTichHop"] == "034"
            return "attributes", {
                **about,
                "names": ["name", "born_on", "household"] if household else [*_TOLD],
            }
        given = {"name": said["HoVaTen"], "born_on": said["NgayThangNamSinh"]}
        return "match", {
            **about,
            "given": given | ({"old_number": said["SoCMND"]} if said.get("SoCMND") else {}),
        }

    def written(self, told: Mapping[str, Any]) -> dict[str, Any] | None:
        """Put what the first face told into the old words; None for whoever does not know name and birth."""
        if self.compares:
            return {"XacThucThongTinCongDanResponse": {"SoLuongCongDan": int(told["match"])}}
        person = told["attributes"]
        known = self.said["HoVaTen"].upper(), self.said["NgayThangNamSinh"]
        if (str(person.get("name")).upper(), person.get("born_on")) != known:
            return None
        if self.said["MaTichHop"] == "034":
            return {"HoGiaDinh": _household(person.get("household") or {})}
        return {"CongDan": _citizen(self.said["SoDinhDanh"], person)}


def read(body: bytes) -> Asked | None:
    """Read a question as strictly as the real register does; None for what makes none."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict) or not _NEEDED <= said.keys() <= _KNOWN:
        return None
    if not all(isinstance(text, str) and len(text) <= 100 and _is_plain(text) for text in said.values()):
        return None
    return Asked(said) if all(re.fullmatch(_RULES.get(n, ".*"), text) for n, text in said.items()) else None


def _is_plain(text: str) -> bool:
    return not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in text)


def _citizen(number: str, person: Mapping[str, Any]) -> dict[str, Any]:
    words = {name: person.get(name) or "" for name in _TOLD}
    return {
        "HoVaTen": {"Ten": words["name"]},
        "SoDinhDanh": number,
        "SoCMND": words["old_number"],
        "NgayThangNamSinh": {"NgayThangNam": words["born_on"]},
        "QuocTich": words["nationality"],
        "DanToc": words["ethnicity"],
        "TonGiao": words["religion"],
        "ThuongTru": _place(person.get("permanent_address")),
        "NoiOHienTai": _place(person.get("current_address")),
        "QueQuan": words["home_town"],
        "VoChong": _relative(person.get("spouse")),
        "Cha": _relative(person.get("father")),
        "Me": _relative(person.get("mother")),
        "SoSoHoKhau": words["residence_number"],
        "TrangThai": ("2" if words["deceased_on"] else "1") if "deceased_on" in person else "",
        **{word: meanings.get(words[name], none) for word, (name, meanings, none) in _CODED.items()},
    }


def _household(home: Mapping[str, Any]) -> dict[str, Any]:
    head = home.get("head") or {}
    return {
        "SoSoHoKhau": home.get("code", ""),
        "DiaChi": _place(home.get("address")),
        "ChuHo": {
            "HoVaTen": head.get("name", ""),
            "QuanHe": home.get("relation", ""),
            "SoDinhDanh": head.get("number", ""),
            "SoCMND": "",
        },
        "ThanhVien": [
            {"HoVaTen": one["name"], "QuanHe": one["relation"], "SoDinhDanh": one["number"]}
            for one in home.get("members", [])
        ],
    }


def _place(address: Mapping[str, str] | None) -> dict[str, str]:
    known = address or {}
    words = {"MaTinhThanh": "province", "MaPhuongXa": "commune", "ChiTiet": "detail"}
    return {"MaQuanHuyen": "", **{word: known.get(name, "") for word, name in words.items()}}


def _relative(person: Mapping[str, Any] | None) -> dict[str, str]:
    known = person or {}
    words = {"HoVaTen": "name", "QuocTich": "nationality", "SoDinhDanh": "number"}
    return {"SoCMND": "", **{word: known.get(name) or "" for word, name in words.items()}}
