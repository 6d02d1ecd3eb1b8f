"""The counter's printed books."""

from datetime import date

from django.http import HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_date

from motcua.base.actor import Role
from motcua.base.web import Request, gate
from motcua.domain.agencies import queries as agencies
from motcua.domain.dossiers import queries
from motcua.domain.dossiers.queries import books
from motcua.domain.papers import printing
from motcua.domain.papers.rules import Slip


def _sheet(slip: Slip, content: dict[str, object]) -> HttpResponse:
    sheet = printing.slip(slip, content)
    return HttpResponse(sheet, content_type="application/pdf", headers={"Cache-Control": "private, no-store"})


def _month(text: str, today: date) -> date:
    """Read a month such as 2026-11; what is none, or none of ours, is the present one."""
    try:
        month = parse_date(f"{text}-01") or today
    except ValueError:
        return today
    return month if 2000 <= month.year <= today.year else today


@gate(Role.CLERK)
def register(request: Request) -> HttpResponse:
    """Print the counter's book of a month (form 07)."""
    assert request.actor.agency is not None
    at = timezone.now()
    month = _month(request.GET.get("thang", ""), timezone.localdate(at))
    desk = agencies.agency(request.actor.agency)
    return _sheet(Slip.REGISTER, books.register(request.actor, desk, month=month, at=at))


@gate(Role.CLERK)
def control(request: Request, code: str) -> HttpResponse:
    """Print how a dossier went from desk to desk (form 06)."""
    return _sheet(Slip.CONTROL, books.control(queries.get(request.actor, code), at=timezone.now()))
