"""Who plays in the demonstration: the file that the national site's `demo_people` wrote."""

import json
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from motcua.base.errors import Refused


@dataclass(frozen=True)
class Relative:
    """A spouse or a minor child, as far as a form asks."""

    number: str
    name: str
    born_on: str
    gender: str
    relation: str


@dataclass(frozen=True)
class Somebody:
    """One invented person; whatever else is known of them, the register tells when it is asked."""

    number: str
    name: str
    born_on: str
    gender: str
    phone: str
    commune: str
    family: tuple[Relative, ...] = ()


@dataclass(frozen=True)
class Cast:
    """Everybody, by part."""

    mother: Somebody
    father: Somebody
    mover: Somebody
    host: Somebody
    driver: Somebody
    elder: Somebody
    officers: tuple[Somebody, ...]
    mothers: tuple[Somebody, ...]
    adults: tuple[Somebody, ...]

    @property
    def communes(self) -> list[str]:
        """The communes in which people live, those of the stories first."""
        stories = (self.mother.commune, self.mover.commune)
        return list(dict.fromkeys([*stories, *(one.commune for one in (*self.mothers, *self.adults))]))


def read(path: Path) -> Cast:
    """Read the file, or say in a sentence how it is made."""
    try:
        parts = {part: _people(rows) for part, rows in json.loads(path.read_text("utf-8")).items()}
        father, mother = parts["parents"]
        (mover,), (host,), (driver,), (elder,) = (
            parts[part] for part in ("mover", "host", "driver", "elder")
        )
        crowd = {part: parts[part] for part in ("officers", "mothers", "adults")}
    except FileNotFoundError:
        raise Refused(
            _("Thiếu %(path)s: chạy `make demo`, hoặc lệnh demo_people ở hệ thống quốc gia.") % {"path": path}
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused(
            _("Không đọc được danh sách người trình diễn %(path)s. Chạy `make demo`.") % {"path": path}
        ) from error
    return Cast(mother=mother, father=father, mover=mover, host=host, driver=driver, elder=elder, **crowd)


def _people(rows: list[dict[str, Any]]) -> tuple[Somebody, ...]:
    return tuple(
        Somebody(**{**row, "family": tuple(Relative(**one) for one in row.get("family", ()))}) for row in rows
    )


@cache
def words() -> dict[str, Any]:
    """Give what people say and officials write (words.toml)."""
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))
