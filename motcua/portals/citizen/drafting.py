"""Beginning a draft: which office answers for which commune, and what the register already knows."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from motcua.base.actor import Actor
from motcua.base.errors import Refused
from motcua.base.web import Request
from motcua.connectors.population import Denied
from motcua.domain.agencies import places
from motcua.domain.agencies import queries as agencies
from motcua.domain.agencies.models import Agency
from motcua.domain.agencies.rules import Kind
from motcua.domain.dossiers import commands, register
from motcua.domain.dossiers.models import Channel, Dossier
from motcua.domain.people import queries as people
from motcua.domain.people.commands import introduce
from motcua.domain.people.models import Person
from motcua.domain.procedures import rules
from motcua.domain.procedures.models import ProcedureVersion
from motcua.portals.citizen.forms import OTHER, OfficeForm, StartForm

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Offices:
    """Who resolves a dossier and at whose counter it is received."""

    agency: Agency
    desk: Agency


def surer(version: ProcedureVersion, onward: str) -> str:
    """Give the address of a log-in that is sure enough for this procedure."""
    wanted = {"muc": str(version.spec.assurance), "next": onward}
    return f"{settings.LOGIN_URL}?{urlencode(wanted)}"


def unsure(request: Request, version: ProcedureVersion, *, keep: str = "") -> HttpResponse | None:
    """Lead whoever is not logged in surely enough to a better log-in and back here; None for the rest."""
    if request.actor.assurance >= version.spec.assurance:
        return None
    here = request.get_full_path() if request.method == "GET" else f"{request.path}{keep}"
    return redirect(surer(version, here))


def communes(version: ProcedureVersion, *, on: date) -> list[tuple[str, str]]:
    """List the communes to choose from, code and name; none when one office serves the whole province."""
    words = {version.spec.resolves, version.spec.receives}
    served = agencies.agencies(on=on).filter(division_code__regex=r"^\d{5}$")
    if not served.filter(Q(kind__in=words) | Q(code__in=words)).exists():
        return []
    offices = set(served.filter(kind=Kind.COMMUNE).values_list("division_code", flat=True))
    return [(one.code, str(one)) for one in places.communes(settings.PROVINCE_CODE) if one.code in offices]


def choices(version: ProcedureVersion, person: Person, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Give what the first form offers: communes, the proposed one, and whether it asks for whom.

    Whoever this procedure is not for is refused here, before anything is typed.
    """
    if reason := rules.why_not_apply(version.spec, person.kind):
        raise Refused(reason)
    return {
        "communes": communes(version, on=timezone.localdate(at)),
        "proxy": by.proxy is not None,
        "initial": {"commune": proposed(version, person)},
    }


def proposed(version: ProcedureVersion, person: Person) -> str:
    """Propose the commune of residence, unless the procedure is about another place."""
    place = version.spec.by_name.get(version.spec.place)
    return person.commune if place is None or place.fill_from else ""


def offices(version: ProcedureVersion, *, commune: str, on: date) -> Offices:
    """Find the agency and the counter that answer for a commune, or refuse in words."""
    spec = version.spec
    agency = agencies.responsible(spec.resolves, division_code=commune, on=on)
    desk = agencies.responsible(spec.receives, division_code=commune, on=on)
    if agency is None or desk is None:
        raise Refused(
            _("Nơi bạn chọn chưa có cơ quan nhận thủ tục này. Hãy chọn nơi khác hoặc gọi tổng đài.")
        )
    return Offices(agency, desk)


def begin(version: ProcedureVersion, form: StartForm, *, by: Actor, at: datetime) -> Dossier | None:
    """Open the draft that the form asks for and fill it from the register; None when the form must be mended.

    A register that is away stops nobody: the citizen types what it would have said.
    """
    chosen = form.cleaned_data
    where = offices(version, commune=chosen.get("commune", ""), on=timezone.localdate(at))
    try:
        applicant = _applicant(chosen, by=by, at=at)
    except Refused as refused:
        form.add_error("number", str(refused))
        return None
    draft = commands.start(
        key=chosen["key"],
        version=version,
        applicant=applicant,
        agency=where.agency,
        desk=where.desk,
        channel=Channel.ONLINE,
        by=by,
        at=at,
    )
    fill(draft, by=by, at=at)
    return draft


def move(draft: Dossier, form: OfficeForm, *, by: Actor, at: datetime) -> None:
    """Send a draft to the offices of the commune that the form names."""
    where = offices(draft.version, commune=form.cleaned_data["commune"], on=timezone.localdate(at))
    commands.move_office(dossier=draft, agency=where.agency, desk=where.desk, by=by, at=at)


def _applicant(chosen: Mapping[str, Any], *, by: Actor, at: datetime) -> Person:
    if chosen.get("whom", "me") == "me":
        return people.get(by, by.person or 0)
    told = {name: chosen[name] for name in OTHER}
    return introduce(**told, by=by, at=at)


def fill(draft: Dossier, *, by: Actor, at: datetime) -> None:
    """Fill a draft from the register, once; nobody learns from it what it knows of somebody else's life."""
    if draft.register_at is not None or draft.filer_id is not None:
        return
    try:
        record = register.ask(draft, by=by)
        if record is not None:
            commands.prefill(dossier=draft, record=record, by=by, at=at)
    except register.Unavailable:
        log.warning("population register away: draft %s is filled in by hand", draft.key)
    except Denied as denied:
        log.error("population register refused draft %s: %s", draft.key, denied)
