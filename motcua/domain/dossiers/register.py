"""Asking the population register on behalf of one dossier: the purpose goes with the question."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from motcua.base.actor import OFFICE_ROLES, ROLE_NAMES, Actor, Role
from motcua.connectors.population import (
    Candidate,
    Denied,
    Purpose,
    Record,
    Sought,
    Unavailable,
    Unknown,
    Unsaid,
    client,
)
from motcua.domain.agencies.models import Agency
from motcua.domain.dossiers.models import Dossier
from motcua.domain.dossiers.rules import ENDED
from motcua.domain.procedures import rules as procedures

#: needed for every dossier: who it is, where results and messages go, whether the person lives
ALWAYS = ("name", "born_on", "gender", "permanent_address", "phone", "deceased_on")
#: as the person reads it: the law, and what it says in plain words
BASIS = "Nghị quyết 66.7/2025/NQ-CP, Điều 2: cơ quan tra cứu dữ liệu trước khi yêu cầu bạn nộp giấy tờ"


def ask(dossier: Dossier, *, by: Actor) -> dict[str, Any] | None:
    """Fetch the record of the applicant, with the records of the relatives that the form speaks of.

    None when the register knows no such person. Raises Unavailable when it does not answer in time,
    Denied when it refuses the purpose, Unsaid when the wire has no words for the question. A dossier that
    has ended is no purpose any more: it is not even asked.
    """
    if dossier.state in ENDED:
        raise Denied("dossier_ended", str(_("Hồ sơ đã kết thúc nên không còn là căn cứ để tra cứu.")))
    spec = dossier.version.spec
    names = tuple(sorted({*ALWAYS, *procedures.attributes(spec)}))
    purpose = _purpose(dossier.agency, dossier.version.code, dossier.code or str(dossier.key), by)
    try:
        found = _plain(
            client.attributes(dossier.applicant.number, names, known=_known(dossier), purpose=purpose)
        )
    except Unknown:
        return None
    for relation in procedures.relatives(spec):
        if number := (found.get(relation) or {}).get("number"):
            found[relation] = _relative(number, names, purpose) or found[relation]
    return found


def find(sought: Sought, *, agency: Agency, procedure: str, key: UUID, by: Actor) -> list[Candidate]:
    """Look for an applicant who has no number at hand, for the dossier that will be opened under this key.

    Everybody shown is told so by the register's log. Raises Unavailable or Denied.
    """
    return client.find(sought, purpose=_purpose(agency, procedure, str(key), by))


def choose(handle: str, *, agency: Agency, procedure: str, key: UUID, by: Actor) -> str:
    """Learn the number of the one who was chosen; raises Unavailable or Denied."""
    return client.choose(handle, purpose=_purpose(agency, procedure, str(key), by))


def _purpose(agency: Agency, procedure: str, dossier: str, by: Actor) -> Purpose:
    return Purpose(
        agency=agency.code,
        officer=by.subject,
        procedure=procedure,
        dossier=dossier,
        basis=BASIS,
        agency_name=agency.name,
        **_called(by),
    )


def _known(dossier: Dossier) -> Sought:
    """Say what we know of the applicant besides the number, from a log-in, the register or the form."""
    said = procedures.applicant(dossier.version.spec, dossier.answers)
    return Sought(
        name=dossier.applicant_name or str(said.get("name") or ""),
        born_on=dossier.applicant.born_on or str(said.get("born_on") or ""),
    )


def _called(by: Actor) -> dict[str, str]:
    """Say for the person who looks who looked: in Vietnamese, whatever the officer reads."""
    if by.has(Role.SYSTEM):
        return {}
    role = next((one for one in (*OFFICE_ROLES, Role.CITIZEN) if by.has(one)), None)
    with translation.override("vi"):
        return {"officer_name": by.name, "officer_role": str(ROLE_NAMES[role]) if role else ""}


def _relative(number: str, names: tuple[str, ...], purpose: Purpose) -> Mapping[str, Any] | None:
    try:
        return _plain(client.attributes(number, names, purpose=purpose))
    except (Unknown, Unsaid):
        return None


def _plain(record: Record) -> dict[str, Any]:
    return {name: value for name, value in asdict(record).items() if value not in ("", (), {})}


__all__ = ["Candidate", "Denied", "Sought", "Unavailable", "Unsaid", "ask", "choose", "find"]
