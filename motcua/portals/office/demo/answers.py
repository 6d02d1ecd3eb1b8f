"""What invented people answer, on top of what the register has filled in; by the folder of the procedure."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from django.conf import settings

from motcua.domain.procedures import package
from motcua.domain.procedures.rules import Definition
from motcua.domain.procedures.rules.kinds import address
from motcua.portals.office.demo.cast import Cast, Somebody, words

Values = dict[str, Any]
#: from this age on nobody pays for registering a residence
OLD = 60


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Somebody in front of a form."""

    who: Somebody
    cast: Cast
    #: what the register has filled in
    known: Mapping[str, Any]
    #: where they live or will live
    commune: str
    on: date
    chance: Random

    @property
    def home(self) -> dict[str, str]:
        """Make up an address in the commune."""
        detail = f"Số {self.chance.randrange(1, 300)}, {self.chance.choice(words()['streets'])}"
        return address(settings.PROVINCE_CODE, self.commune, detail)

    @property
    def age(self) -> int:
        """Years, as far as the year of birth tells."""
        return self.on.year - int(self.who.born_on[:4])

    def ago(self, least: int, most: int) -> date:
        """Choose a day before the filing."""
        return self.on - timedelta(days=self.chance.randint(least, most))

    def somebody_else(self) -> dict[str, str]:
        """Name another grown-up."""
        others = [one for one in self.cast.adults if one.number != self.who.number]
        other = self.chance.choice(others or [self.cast.host])
        return {"name": other.name, "number": other.number}


def answers(code: str, spec: Definition, asked: Asked) -> Values:
    """Give all answers of one form that the register has not given already."""
    who = asked.who
    own: Values = {"number": who.number, "name": who.name, "phone": who.phone, "address": asked.home}
    own |= {"born_on": who.born_on, "gender": who.gender}
    fields = dict(spec.applicant)
    mine = {fields[part]: value for part, value in own.items() if part in fields}
    mine |= {
        name: own[part] for part in ("born_on", "gender") if (name := f"applicant_{part}") in spec.by_name
    }
    teller = TELLERS.get(slug(code))
    told = teller(asked) if teller else package.example(_folder(code))["answers"]
    return {name: value for name, value in {**mine, **told}.items() if name not in asked.known}


@cache
def _folder(code: str) -> Path:
    return next(found for found in package.folders() if found.name.partition("-")[0] == code)


def slug(code: str) -> str:
    """Give the name of a procedure's folder without its code."""
    return _folder(code).name.partition("-")[2]


def mothers_only(name: str) -> bool:
    """Tell whether a procedure, by the name of its folder, is for mothers of newborns."""
    return TELLERS.get(name) is _birth


def _birth(asked: Asked) -> Values:
    chance, who = asked.chance, asked.who
    gender = chance.choice(("male", "female"))
    born = asked.ago(3, 45) if chance.random() < 0.9 else asked.ago(61, 120)
    father = asked.known.get("father_name", "")
    surname = str(father or who.name).split()[0]
    values: Values = {
        "applicant_relation": "mother",
        "child_name": f"{surname} {chance.choice(words()['boys' if gender == 'male' else 'girls'])}",
        "child_gender": gender,
        "child_born_on": born.isoformat(),
        "born_at": "facility" if chance.random() < 0.95 else "home",
        "birth_address": address(settings.PROVINCE_CODE, asked.commune),
        "child_ethnicity": "Kinh",
        "child_nationality": "Việt Nam",
        "child_home_town": "Tây Ninh",
        "father_declared": bool(father),
        "copies": chance.choice((0, 0, 1, 2, 3)),
        "exemption": "none",
    }
    mother: Values = {"number": who.number, "name": who.name, "born_on": who.born_on, "ethnicity": "Kinh"}
    mother |= {"nationality": "Việt Nam", "address": asked.home}
    values |= {f"mother_{part}": value for part, value in mother.items()}
    if values["born_at"] == "facility":
        values |= {
            "facility_name": chance.choice(words()["facilities"]),
            "certificate_number": f"{chance.randrange(1, 99999):05d}",
            "certificate_on": min(born + timedelta(days=2), asked.on).isoformat(),
        }
    return values


def _residence(asked: Asked) -> Values:
    chance, who = asked.chance, asked.who
    moves_in = who.number == asked.cast.mover.number
    housing = (
        "family_house"
        if moves_in
        else chance.choice(("own_house", "own_house", "rent_borrow", "family_house"))
    )
    host = asked.cast.host if moves_in else None
    other = {"name": host.name, "number": host.number} if host else asked.somebody_else()
    heads = housing == "own_house"
    values: Values = {
        "housing": housing,
        "new_address": asked.home,
        "members": [asdict(one) for one in who.family] if heads else [],
        "is_head": heads,
        "is_minor": False,
        "exemption": "elderly" if asked.age >= OLD else "none",
    }
    if not heads:
        relation = "in_law" if moves_in else "none" if housing == "rent_borrow" else "relative"
        consent = chance.choice(("signed", "electronic", "separate"))
        values |= {"owner": other, "owner_consent": consent}
        values |= {"head": other, "head_consent": "electronic", "relation_to_head": relation}
    if housing == "rent_borrow":
        values |= {"contract_until": asked.ago(-1500, -300).isoformat(), "area": chance.randrange(18, 60)}
    return values


def _licence(asked: Asked) -> Values:
    chance = asked.chance
    car = chance.random() < 0.45
    lost = chance.random() < 0.75 or asked.who.number == asked.cast.driver.number
    values: Values = {
        "licence_class": chance.choice(("B", "B", "C1", "C")) if car else chance.choice(("A1", "A1", "A")),
        "licence_number": f"{chance.randrange(72, 81)}0{chance.randrange(10**8, 10**9)}",
        "reason": "lost" if lost else "damaged",
        "portrait": {"name": "anh-chan-dung.jpg", "size": 12000},
    }
    if car:
        values["licence_expires_on"] = asked.ago(-2500, -200).isoformat()
        values["health_record"] = chance.choice(("electronic", "paper"))
    if lost:
        values["lost_on"] = asked.ago(5, 60).isoformat()[: chance.choice((7, 10))]
        values["lost_how"] = chance.choice(words()["losses"])
    return values


TELLERS: dict[str, Callable[[Asked], Values]] = {
    "birth-registration": _birth,
    "permanent-residence": _residence,
    "driving-licence-reissue": _licence,
}
