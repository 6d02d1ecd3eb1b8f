"""Pages that need no log-in: find a procedure, read about it, see whether one may file, look a dossier up."""

from django.http import HttpResponse
from django.utils import timezone

from motcua.base.limits import limited
from motcua.base.text import nfc
from motcua.base.web import EVERYONE, Request, gate, page, sent
from motcua.domain.dossiers import queries as dossiers
from motcua.domain.dossiers.rules import State
from motcua.domain.procedures import queries as procedures
from motcua.portals.citizen import starting
from motcua.portals.citizen.looking import LookUpForm

#: procedures on the front page; the search finds the others
FRONT = 12


@gate(*EVERYONE)
def home(request: Request) -> HttpResponse:
    """Open the portal: search, what people do, and looking a dossier up."""
    today = timezone.localdate()
    mine = dossiers.mine(request.actor) if request.actor.person else []
    waits = (State.AWAITING_SUPPLEMENT, State.AWAITING_PAYMENT)
    context = {
        "events": starting.by_event(procedures.search("", on=today)[:FRONT], on=today),
        "form": LookUpForm(),
        "waiting": [dossier for dossier in mine if dossier.status in waits],
    }
    return page(request, "citizen/home.html", context)


@gate(*EVERYONE)
def search(request: Request) -> HttpResponse:
    """Find procedures by words, with or without their marks."""
    words, today = nfc(request.GET.get("q", ""))[:200], timezone.localdate()
    found = [starting.card(version, on=today) for version in procedures.search(words, on=today)]
    return page(request, "citizen/search.html", {"words": words, "found": found})


@gate(*EVERYONE)
def procedure(request: Request, code: str) -> HttpResponse:
    """Tell everything about a procedure before anybody logs in."""
    today = timezone.localdate()
    spec = procedures.current(code, on=today).spec
    context = {
        "spec": spec,
        "online": starting.ONLINE[spec.online],
        "cost": starting.cost(spec, on=today),
        "times": starting.time_limits(spec, on=today),
        "prices": starting.prices(spec, on=today),
        "papers": [(paper, starting.copies(paper)) for paper in spec.papers],
    }
    return page(request, "citizen/procedure.html", context)


@gate(*EVERYONE)
def eligibility(request: Request, code: str) -> HttpResponse:
    """Ask the questions before the form, one a page; nothing is kept."""
    spec = procedures.current(code, on=timezone.localdate()).spec
    verdict = starting.verdict(spec, request.GET.dict())
    missing = (
        verdict.asked is not None and "asked" in request.GET and request.GET["asked"] == verdict.asked.key
    )
    return page(
        request,
        "citizen/eligibility.html",
        {"spec": spec, "verdict": verdict, "missing": missing},
        status=422 if missing else 200,
    )


@gate(*EVERYONE)
@limited("look-up", times=20, seconds=600)
def look_up(request: Request) -> HttpResponse:
    """Show the state of a dossier to whoever knows its code and the end of the phone number."""
    printed = {"code": request.GET.get("ma", "")}  # the address in the QR symbol of a slip
    form = LookUpForm(sent(request), initial=printed)
    dossier = dossiers.public_state(**form.cleaned_data) if form.is_valid() else None
    if form.is_bound and form.is_valid() and dossier is None:
        form.refuse()
    if dossier is None:
        return page(request, "citizen/look_up.html", {"form": form}, status=422 if form.is_bound else 200)
    at = timezone.now()
    left = dossiers.minutes_left(dossier, at=at)
    return page(request, "citizen/looked_up.html", {"dossier": dossier, "now": at, "left": left})
