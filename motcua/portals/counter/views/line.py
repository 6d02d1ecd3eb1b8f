"""What waits at the counter, and one dossier seen from it."""

from datetime import datetime, timedelta

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from motcua.base import files
from motcua.base.actor import Role
from motcua.base.web import Request, gate, page, sent
from motcua.domain.dossiers import commands, queries
from motcua.domain.dossiers.asking import AskMoreForm
from motcua.domain.dossiers.rules import Action, State
from motcua.domain.papers import queries as papers
from motcua.portals.counter import desk, showing
from motcua.portals.counter.forms import HandOverForm, OpenForm, ReasonForm


def show_line(request: Request, *, form: OpenForm, at: datetime, status: int = 200) -> HttpResponse:
    """Show the counter's first screen."""
    context = {
        "form": form,
        "filed": queries.line(request.actor, state=State.SUBMITTED),
        "settled": queries.line(request.actor, state=State.SETTLED),
        "drafts": queries.desk_drafts(request.actor),
        "unsettled": showing.unsettled(request.actor, at=at),
        "now": at,
    }
    return page(request, "counter/line.html", context, status=status)


@gate(Role.CLERK)
def line(request: Request) -> HttpResponse:
    """Show what waits, with the box for the next person."""
    at = timezone.now()
    form = OpenForm(versions=desk.received_here(request.actor, at=at))
    return show_line(request, form=form, at=at)


@gate(Role.CLERK)
def find(request: Request) -> HttpResponse:
    """Open a dossier by its code or the end of it."""
    found = queries.by_code(request.actor, request.GET.get("ma", ""))
    if len(found) == 1:
        return redirect("counter:dossier", code=str(found[0].code))
    return page(request, "counter/found.html", {"found": found, "words": request.GET.get("ma", "")})


@gate(Role.CLERK)
def dossier(request: Request, code: str) -> HttpResponse:
    """Show one dossier with what the counter can do to it."""
    found = queries.get(request.actor, code)
    return page(request, "counter/dossier.html", showing.whole(request.actor, found, at=timezone.now()))


@gate(Role.CLERK)
def paper(request: Request, code: str, paper: int) -> HttpResponseBase:
    """Send the file of one paper."""
    found = papers.get(queries.get(request.actor, code).subject, paper)
    return files.answer(papers.opened(found, request.actor), inline=True)


@require_POST
@gate(Role.CLERK)
def receive(request: Request, code: str) -> HttpResponse:
    """Take a dossier in that was filed online."""
    found = queries.get(request.actor, code)
    commands.receive(dossier=found, by=request.actor, at=timezone.now())
    return redirect("counter:dossier", code=code)


@gate(Role.CLERK)
def refuse(request: Request, code: str) -> HttpResponse:
    """Refuse a dossier that was filed online, with a reason and form 03."""
    found = queries.get(request.actor, code)
    form = ReasonForm(sent(request))
    if not form.is_valid():
        context = {"dossier": found, "form": form}
        return page(request, "counter/refuse.html", context, status=422 if form.is_bound else 200)
    reason = form.cleaned_data["reason"]
    commands.refuse(dossier=found, reason=reason, by=request.actor, at=timezone.now())
    return redirect("counter:dossier", code=code)


@gate(Role.CLERK)
def ask_more(request: Request, code: str) -> HttpResponse:
    """Ask for everything that is missing, at once."""
    found, at = queries.get(request.actor, code), timezone.now()
    until = (timezone.localdate(at) + timedelta(days=14)).isoformat()
    form = AskMoreForm(sent(request), dossier=found, initial={"until": until})
    if not form.is_valid():
        context = {"dossier": found, "form": form, "again": found.supplements.count()}
        return page(request, "counter/ask_more.html", context, status=422 if form.is_bound else 200)
    asked = {"reason": form.cleaned_data["reason"], "until": form.due_on}
    commands.ask_more(dossier=found, items=form.items(), **asked, by=request.actor, at=at)
    return redirect("counter:dossier", code=code)


@require_POST
@gate(Role.CLERK)
def supplement(request: Request, code: str) -> HttpResponse:
    """Note that the papers asked for were brought to the counter."""
    found = queries.get(request.actor, code)
    brought = request.POST.getlist("brought")
    commands.supplement(dossier=found, values={}, brought=brought, by=request.actor, at=timezone.now())
    return redirect("counter:dossier", code=code)


@gate(Role.CLERK)
def act(request: Request, code: str, action: str) -> HttpResponse:
    """Do one simple move; a move that needs a reason asks for it first."""
    found, move = queries.get(request.actor, code), showing.simple(action)
    form = ReasonForm(sent(request))
    form.fields["reason"].required = move.reason
    if not form.is_valid():
        context = {"dossier": found, "move": move, "form": form}
        return page(request, "counter/reason.html", context, status=422 if form.is_bound else 200)
    said = {"reason": form.cleaned_data["reason"], "seen": request.POST.get("step", "")}
    commands.act(action=Action(action), dossier=found, **said, by=request.actor, at=timezone.now())
    return redirect("counter:dossier", code=code)


@require_POST
@gate(Role.CLERK)
def hand_over(request: Request, code: str) -> HttpResponse:
    """Give the result to whoever fetches it."""
    found, at = queries.get(request.actor, code), timezone.now()
    form = HandOverForm(request.POST)
    if not form.is_valid():
        context = {**showing.whole(request.actor, found, at=at), "form": form, "fetch": form}
        return page(request, "counter/dossier.html", context, status=422)
    commands.hand_over(dossier=found, to=form.cleaned_data["to"], by=request.actor, at=at)
    return redirect("counter:dossier", code=code)
