"""My desk, and one dossier."""

from datetime import datetime

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import urlencode

from motcua.base import files
from motcua.base.actor import Role
from motcua.base.web import Request, gate, page
from motcua.domain.dossiers import queries
from motcua.domain.papers import queries as papers
from motcua.domain.procedures import queries as procedures
from motcua.portals.office import showing
from motcua.portals.office.forms import FilterForm

READERS = (Role.OFFICER, Role.HEAD, Role.LEADER, Role.PROVINCE_OFFICE, Role.AUDITOR)


def _after(request: Request) -> tuple[datetime | None, int] | None:
    """Read the key of the last row of the page before, as `sau=<due time or ->~<id>`."""
    due, _sep, pk = request.GET.get("sau", "").partition("~")
    if not pk.isdecimal():
        return None
    if due == "-":
        return None, int(pk)
    try:
        at = datetime.fromisoformat(due)
    except ValueError:
        return None
    return (at, int(pk)) if at.tzinfo else None


def _next(request: Request, found: list[showing.Row]) -> str:
    """Give the address of the next page, or nothing on the last one."""
    if len(found) <= queries.PAGE:
        return ""
    last = found[queries.PAGE - 1].dossier
    due = last.due_at.isoformat() if last.due_at else "-"
    kept = {key: str(value) for key, value in request.GET.items() if key != "sau" and value}
    return "?" + urlencode({**kept, "sau": f"{due}~{last.pk}"})


@gate(*READERS)
def worklist(request: Request) -> HttpResponse:
    """Show what the office has to do, by working time left."""
    at = timezone.now()
    form = FilterForm(request.GET, versions=list(procedures.in_force(on=timezone.localdate(at))))
    found = queries.worklist(request.actor, filters=form.filters(), after=_after(request), at=at)
    rows = showing.rows(found, at=at)
    context = {
        "rows": rows[: queries.PAGE],
        "next": _next(request, rows),
        "tallies": showing.tallies(request.actor, at=at),
        "filter": form,
        "now": at,
    }
    return page(request, "office/worklist.html", context)


@gate(*READERS)
def dossier(request: Request, code: str) -> HttpResponse:
    """Show one dossier: answers beside the register's, papers, clock, log, and one row of buttons."""
    found = queries.get(request.actor, code)
    return page(request, "office/dossier.html", showing.whole(request.actor, found, at=timezone.now()))


@gate(*READERS)
def paper(request: Request, code: str, paper: int) -> HttpResponseBase:
    """Send the file of one paper."""
    found = papers.get(queries.get(request.actor, code).subject, paper)
    return files.answer(papers.opened(found, request.actor), inline=True)
