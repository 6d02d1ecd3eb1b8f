"""Somebody at the counter has no number at hand: who it may be, and then the draft of the one chosen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from motcua.base.actor import Actor
from motcua.base.errors import Refused
from motcua.domain.agencies import places
from motcua.domain.dossiers import register
from motcua.domain.dossiers.models import Dossier
from motcua.domain.dossiers.register import Candidate, Denied, Sought, Unavailable
from motcua.portals.counter import desk
from motcua.portals.counter.forms import SeekForm

_AWAY = _(
    "CSDL dân cư chưa trả lời. Thử lại sau ít phút, hoặc mở hồ sơ bằng số trên thẻ, trên giấy khai sinh."
)
#: from so many points on
_SURE, _FAIR = 90, 50


@dataclass(frozen=True)
class Shown:
    """One person as the clerk sees her before choosing."""

    candidate: Candidate

    @property
    def commune(self) -> str:
        """The name of the commune."""
        return places.place_name(self.candidate.commune)

    @property
    def likely(self) -> object:
        """Say in words how likely it is this person."""
        score = self.candidate.score
        return _("Rất khớp") if score >= _SURE else _("Khá khớp") if score >= _FAIR else _("Có thể")


def form(actor: Actor, *args: Any, at: datetime, **words: Any) -> SeekForm:
    """Make the form with what this counter receives and the communes of the province."""
    communes = [(one.code, str(one)) for one in places.communes(settings.PROVINCE_CODE)]
    return SeekForm(*args, versions=desk.received_here(actor, at=at), communes=communes, **words)


def seek(said: dict[str, Any], *, by: Actor, at: datetime) -> list[Shown]:
    """Ask the register who may be meant, for the dossier that will have this key."""
    _desk, version, agency = desk.office(said["procedure"], by=by, at=at)
    sought = Sought(
        name=said["name"],
        born_on=said["born_on"] or "",
        commune=said["commune"],
        old_number=said["old_number"],
    )
    try:
        found = register.find(sought, agency=agency, procedure=version.code, key=said["key"], by=by)
    except Unavailable as why:
        raise Refused(_AWAY) from why
    except Denied as why:
        raise Refused(why.message or _AWAY) from why
    return [Shown(candidate) for candidate in found]


def choose(*, handle: str, key: UUID, code: str, by: Actor, at: datetime) -> Dossier:
    """Open the draft of the person chosen, read by the number as for anybody who brought it."""
    _desk, version, agency = desk.office(code, by=by, at=at)
    try:
        number = register.choose(handle, agency=agency, procedure=version.code, key=key, by=by)
    except Unavailable as why:
        raise Refused(_AWAY) from why
    except Denied as why:
        raise Refused(why.message or _AWAY) from why
    return desk.open_draft(key=key, number=number, code=code, by=by, at=at)
