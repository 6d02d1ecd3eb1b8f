"""A second face of the register: the words that the provinces' systems speak today (MaTichHop 037, 033, 034).

Same signatures, rights, budgets, policies and log as the first; only the words differ. What these systems
send and read is known from their sources, not from a published standard. District codes have been empty
since 1 July 2025.
"""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from motcua.domain.population.rules import Gender, Marital, Why
from motcua.portals.register.forms import Called, Meant, Number, OldNumber, PartialDate, Word

#: these systems name no legal ground: that of every look-up stands in its place
BASIS = "Luật Căn cước 26/2023/QH15, Điều 10: cơ quan nhà nước tra cứu trong phạm vi nhiệm vụ được giao"
LOOK_UP, NUMBERS, HOUSEHOLD = "037", "033", "034"
#: what a look-up asks for; the right decides what of it is told
NAMES = (
    "name",
    "born_on",
    "gender",
    "nationality",
    "ethnicity",
    "religion",
    "permanent_address",
    "current_address",
    "home_town",
    "blood_group",
    "marital_status",
    "spouse",
    "father",
    "mother",
    "old_number",
    "residence_number",
    "deceased_on",
)
_ERRORS = {Why.PURPOSE_NOT_ALLOWED: "004", Why.FIELD_NOT_ALLOWED: "004", Why.PURPOSE_MISSING: "005"}
_GENDERS = {Gender.MALE.value: "1", Gender.FEMALE.value: "2"}
_BLOOD = {"A": "01", "B": "02", "AB": "03", "O": "04"}
_MARITAL = {
    Marital.SINGLE.value: "1",
    Marital.MARRIED.value: "2",
    Marital.DIVORCED.value: "3",
    Marital.WIDOWED.value: "3",
}


class Asked(BaseModel):
    """One question; the dossier stands in X-Road-Issue as on the first face."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(alias="MaYeuCau", pattern=r"^[0-9]{1,20}$", description="Thời điểm gửi, mili giây")
    service: Literal["037", "033", "034"] = Field(alias="MaTichHop")
    procedure: Word = Field("", alias="MaDVC")
    officer: Word = Field("", alias="MaCanBo")
    agency: Word = Field("", alias="GovAgencyCode")
    kind: Literal["TraCuuThongTinCongDan", "XacThucThongTinCongDan"] = Field(
        "TraCuuThongTinCongDan", alias="type"
    )
    name: Called = Field(alias="HoVaTen", min_length=1)
    born_on: PartialDate = Field(alias="NgayThangNamSinh", min_length=4)
    number: Number = Field(alias="SoDinhDanh")
    old_number: OldNumber = Field("", alias="SoCMND")
    mail: Called = Field("", alias="StaffEmail")

    @property
    def meant(self) -> Meant:
        """Give what these systems say of the purpose as the first face says it."""
        return Meant.model_validate({"procedure": self.procedure, "basis": BASIS})

    @property
    def compares(self) -> bool:
        """Tell whether only yes or no is asked for."""
        return self.service == NUMBERS or (self.kind.startswith("XacThuc") and self.service == LOOK_UP)

    @property
    def given(self) -> dict[str, str]:
        """Give what is compared, or has to be known before anything is told."""
        old = {"old_number": self.old_number} if self.service == NUMBERS else {}
        return {"name": self.name, "born_on": self.born_on, **old}

    @property
    def names(self) -> tuple[str, ...]:
        """Give what is asked for."""
        return ("name", "born_on", "household") if self.service == HOUSEHOLD else NAMES


def error(why: Why) -> str:
    """Give the code of these systems: 004 the procedure, 005 the official may not ask; else our own word."""
    return _ERRORS.get(why, why.value)


def counted(match: bool) -> dict[str, Any]:
    """Answer a comparison: how many people there are like that."""
    return {"XacThucThongTinCongDanResponse": {"SoLuongCongDan": int(match)}}


def citizen(asked: Asked, told: Mapping[str, Any]) -> dict[str, Any]:
    """Write what the register tells of somebody in the words of these systems; what is not told is empty."""
    words = {name: told.get(name) or "" for name in NAMES}
    return {
        "CongDan": {
            "HoVaTen": {"Ten": words["name"]},
            "SoDinhDanh": asked.number,
            "SoCMND": words["old_number"],
            "NgayThangNamSinh": {"NgayThangNam": words["born_on"]},
            "GioiTinh": _GENDERS.get(words["gender"], ""),
            "QuocTich": words["nationality"],
            "DanToc": words["ethnicity"],
            "TonGiao": words["religion"],
            "ThuongTru": _place(told.get("permanent_address")),
            "NoiOHienTai": _place(told.get("current_address")),
            "QueQuan": words["home_town"],
            "NhomMau": _BLOOD.get(words["blood_group"], "00"),
            "TinhTrangHonNhan": _MARITAL.get(words["marital_status"], ""),
            "VoChong": _relative(told.get("spouse")),
            "Cha": _relative(told.get("father")),
            "Me": _relative(told.get("mother")),
            "SoSoHoKhau": words["residence_number"],
            "TrangThai": ("2" if words["deceased_on"] else "1") if "deceased_on" in told else "",
        }
    }


def household(told: Mapping[str, Any]) -> dict[str, Any]:
    """Write a household in the words of these systems."""
    home = told.get("household") or {}
    head = home.get("head") or {}
    return {
        "HoGiaDinh": {
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
    }


def _place(address: Mapping[str, str] | None) -> dict[str, str]:
    known = address or {}
    return {
        "MaTinhThanh": known.get("province", ""),
        "MaQuanHuyen": "",
        "MaPhuongXa": known.get("commune", ""),
        "ChiTiet": known.get("detail", ""),
    }


def _relative(person: Mapping[str, Any] | None) -> dict[str, str]:
    known = person or {}
    return {
        "HoVaTen": known.get("name") or "",
        "QuocTich": known.get("nationality") or "",
        "SoDinhDanh": known.get("number") or "",
        "SoCMND": "",
    }
