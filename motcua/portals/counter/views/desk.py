"""The working screen: one person, one procedure, one form, the papers on the table."""

from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from motcua.base import files
from motcua.base.actor import Role
from motcua.base.web import Request, gate, page, sent
from motcua.domain.dossiers import commands, queries
from motcua.domain.dossiers.models import Dossier, Handing
from motcua.domain.papers import queries as papers
from motcua.portals.counter import desk
from motcua.portals.counter.forms import HandingForm, OpenForm, ReasonForm
from motcua.portals.counter.views.line import show_line


@require_POST
@gate(Role.CLERK)
def open_draft(request: Request) -> HttpResponse:
    """Open a draft for the number that was scanned or typed."""
    at = timezone.now()
    form = OpenForm(request.POST, versions=desk.received_here(request.actor, at=at))
    if not form.is_valid():
        return show_line(request, form=form, at=at, status=422)
    draft = desk.open_draft(
        key=form.cleaned_data["key"],
        number=form.cleaned_data["number"],
        code=form.cleaned_data["procedure"],
        by=request.actor,
        at=at,
    )
    return redirect("counter:work", key=draft.key)


@gate(Role.CLERK)
def work(request: Request, key: UUID) -> HttpResponse:
    """Fill the form, tick the papers, keep or receive."""
    draft, at = queries.draft(request.actor, key), timezone.now()
    if draft.code:
        return redirect("counter:dossier", code=draft.code)
    if request.method != "POST":
        return _screen(request, draft, desk.sheet(draft, at=at))
    sent = desk.sheet(draft, request.POST, at=at)
    draft = desk.keep(draft, sent, request.POST, by=request.actor, at=at)
    if not sent.fits:
        return _screen(request, draft, sent, status=422)
    return _received(request, draft) if "receive" in request.POST else redirect("counter:work", key=key)


def _received(request: Request, draft: Dossier) -> HttpResponse:
    """Receive a draft whose answers fit, or show what the whole form still lacks."""
    at = timezone.now()
    if problems := desk.lacking(draft, at=at):
        return _screen(request, draft, desk.sheet(draft, at=at), problems=problems, status=422)
    form = HandingForm(request.POST)
    handing = Handing(form.cleaned_data["handing"]) if form.is_valid() else Handing.DESK
    dossier = commands.take_in(dossier=draft, handing=handing, by=request.actor, at=at)
    return redirect("counter:dossier", code=str(dossier.code))


def _screen(
    request: Request, draft: Dossier, laid: desk.Sheet, *, problems: object = (), status: int = 200
) -> HttpResponse:
    at = timezone.now()
    context = {
        **desk.whole(request.actor, draft, laid, at=at),
        "handing": HandingForm(),
        "problems": problems or [problem for form in laid.forms for problem in desk.mistakes(form)],
        "now": at,
    }
    return page(request, "counter/work.html", context, status=status)


@gate(Role.CLERK)
def guide(request: Request, key: UUID) -> HttpResponse:
    """Print what is still missing; the draft stays."""
    draft, at = queries.draft(request.actor, key), timezone.now()
    form = ReasonForm(sent(request))
    if not form.is_valid():
        context = {
            "draft": draft,
            "form": form,
            "missing": queries.problems(draft, on=timezone.localdate(at)),
        }
        return page(request, "counter/guide.html", context, status=422 if form.is_bound else 200)
    paper = commands.guide(dossier=draft, reason=form.cleaned_data["reason"], by=request.actor, at=at)
    return page(request, "counter/guided.html", {"draft": draft, "paper": paper})


@gate(Role.CLERK)
def refuse(request: Request, key: UUID) -> HttpResponse:
    """Refuse what cannot be taken, with a reason and form 03."""
    draft = queries.draft(request.actor, key)
    form = ReasonForm(sent(request))
    if not form.is_valid():
        context = {"draft": draft, "form": form}
        return page(request, "counter/refuse.html", context, status=422 if form.is_bound else 200)
    dossier = commands.refuse_draft(
        dossier=draft, reason=form.cleaned_data["reason"], by=request.actor, at=timezone.now()
    )
    return redirect("counter:dossier", code=str(dossier.code))


@require_POST
@gate(Role.CLERK)
def discard(request: Request, key: UUID) -> HttpResponse:
    """Throw the draft away."""
    commands.discard(dossier=queries.draft(request.actor, key), by=request.actor, at=timezone.now())
    return redirect("counter:line")


@gate(Role.CLERK)
def paper(request: Request, key: UUID, paper: int) -> HttpResponseBase:
    """Send a paper of a draft, such as the guide just printed."""
    found = papers.get(queries.draft(request.actor, key).subject, paper)
    return files.answer(papers.opened(found, request.actor), inline=True)
