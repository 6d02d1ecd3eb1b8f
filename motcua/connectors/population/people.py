"""The made-up people of the twin, as the wire spells them."""

from typing import Any

#: a young couple whose child is not registered yet
FATHER, MOTHER = "080092000011", "072195000012"
DRIVER = "079085000013"
#: lives in her husband's household on a temporary registration
NEWCOMER, HOST = "080199000014", "080096000015"
#: only her year of birth is known
ELDER = "072148000016"
DECEASED = "080050000017"
#: a well-formed number that nobody has
NOBODY = "080090999999"

_HOME = {"province": "80", "commune": "27694", "detail": "Số 12, đường Hùng Vương, khu phố 3"}
_TOWN = {"province": "80", "commune": "25459", "detail": "Số 8, đường Cách Mạng Tháng Tám, khu phố 1"}
_FARM = {"province": "80", "commune": "27991", "detail": "Ấp 4"}


def _person(number: str, name: str, born_on: str, **more: Any) -> dict[str, Any]:
    surname, *middle, given = name.split()
    address = more.pop("address", _HOME)
    return {
        "name": name,
        "surname": surname,
        "middle_name": " ".join(middle) or None,
        "given_name": given,
        "other_name": None,
        "born_on": born_on,
        "gender": "male" if number[3] in "02" else "female",
        "birth_place": "Bệnh viện đa khoa tỉnh Long An",
        "birth_registration_place": "UBND phường Long An, tỉnh Long An",
        "home_town": "Phường Long An, tỉnh Tây Ninh",
        "ethnicity": "Kinh",
        "religion": "Không",
        "nationality": "Việt Nam",
        "blood_group": None,
        "old_number": None,
        "card": {"issued_on": "2022-03-08", "expires_on": "2032-05-04", "issued_by": "Bộ Công an"},
        "father": None,
        "mother": None,
        "spouse": None,
        "permanent_address": address,
        "temporary_address": None,
        "current_address": address,
        "marital_status": "single",
        "household": None,
        "deceased_on": None,
        "phone": f"054{number[-7:]}",
        "email": None,
        **more,
    }


def _kin(number: str | None, name: str) -> dict[str, Any]:
    return {"number": number, "name": name, "nationality": "Việt Nam" if number else None}


def _household(code: str, address: dict[str, str], members: list[tuple[str, str]]) -> None:
    """Give everybody in a household its description, the head first."""
    head = {"number": members[0][0], "name": PEOPLE[members[0][0]]["name"]}
    rows = [
        {
            "number": number,
            "name": PEOPLE[number]["name"],
            "born_on": PEOPLE[number]["born_on"],
            "gender": PEOPLE[number]["gender"],
            "relation": relation,
        }
        for number, relation in members
    ]
    for number, relation in members:
        PEOPLE[number]["household"] = {
            "code": code,
            "address": address,
            "relation": relation,
            "head": head,
            "members": rows,
        }


PEOPLE: dict[str, dict[str, Any]] = {
    FATHER: _person(
        FATHER,
        "Nguyễn Minh Khôi",
        "1992-05-04",
        marital_status="married",
        spouse=_kin(MOTHER, "Trần Thị Hòa"),
        father=_kin(DECEASED, "Nguyễn Văn Được"),
        mother=_kin(None, "Lê Thị Sáu"),
        old_number="301423501",
    ),
    MOTHER: _person(
        MOTHER,
        "Trần Thị Hòa",
        "1995-11-20",
        marital_status="married",
        spouse=_kin(FATHER, "Nguyễn Minh Khôi"),
        birth_place="Bệnh viện đa khoa tỉnh Tây Ninh",
        home_town="Phường Tân Ninh, tỉnh Tây Ninh",
        religion="Cao Đài",
    ),
    DRIVER: _person(DRIVER, "Phạm Quốc Toản", "1985-02-28", address=_TOWN, birth_place="Hồ Chí Minh"),
    HOST: _person(
        HOST,
        "Võ Hữu Đạt",
        "1996-08-15",
        address=_FARM,
        marital_status="married",
        spouse=_kin(NEWCOMER, "Đỗ Ngọc Ánh"),
    ),
    NEWCOMER: _person(
        NEWCOMER,
        "Đỗ Ngọc Ánh",
        "1999-12-31",
        address=_TOWN,
        temporary_address=_FARM,
        current_address=_FARM,
        marital_status="married",
        spouse=_kin(HOST, "Võ Hữu Đạt"),
    ),
    ELDER: _person(
        ELDER, "Thạch Thị Neang", "1948", address=_TOWN, ethnicity="Khmer", marital_status="widowed"
    ),
    DECEASED: _person(
        DECEASED,
        "Nguyễn Văn Được",
        "1950-03",
        address=None,
        deceased_on="2019-07-01",
        marital_status="married",
        phone=None,
        card={"issued_on": None, "expires_on": None, "issued_by": ""},
    ),
}
_household("27694000000101", _HOME, [(FATHER, "head"), (MOTHER, "spouse")])
_household("27991000000102", _FARM, [(HOST, "head")])
_household("25459000000103", _TOWN, [(DRIVER, "head"), (ELDER, "other")])
