"""Asking the population register on behalf of one dossier: the purpose goes with the question."""

from dataclasses import asdict
from typing import Any

from motcua.base.actor import Actor
from motcua.connectors.population import Purpose, Unavailable, Unknown, client
from motcua.domain.dossiers.models import Dossier

#: everything that forms prefill from; the register gives only what the procedure's allow-list permits
WANTED = (
    "name",
    "born_on",
    "gender",
    "ethnicity",
    "nationality",
    "birth_place",
    "birth_registration_place",
    "home_town",
    "permanent_address",
    "current_address",
    "marital_status",
    "father",
    "mother",
    "spouse",
    "household",
    "phone",
    "deceased_on",
)
#: Resolution 66.7/2025/NQ-CP art. 2: look the data up before asking for a paper
BASIS = "NQ 66.7/2025/NQ-CP, Điều 2"


def ask(dossier: Dossier, *, number: str = "", by: Actor) -> dict[str, Any] | None:
    """Fetch the record of the applicant, or of another person named in the dossier; None when there is none.

    Raises Unavailable when the register does not answer in time, Denied when it refuses the purpose.
    """
    purpose = Purpose(
        agency=dossier.agency.code,
        officer=by.subject,
        procedure=dossier.version.procedure.code,
        dossier=dossier.code or str(dossier.key),
        basis=BASIS,
    )
    try:
        record = client.attributes(number or dossier.applicant.number, WANTED, purpose=purpose)
    except Unknown:
        return None
    return asdict(record)


__all__ = ["Unavailable", "ask"]
