"""From the first press of "Bắt đầu" to the dossier that has been filed."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from motcua.base.actor import Role
from motcua.base.limits import limited
from motcua.base.web import Request, gate, page
from motcua.domain.dossiers import commands, queries
from motcua.domain.dossiers.models import Dossier, Handing
from motcua.domain.people import queries as people
from motcua.domain.procedures import queries as procedures
from motcua.domain.procedures import rules
from motcua.portals.citizen import checking, drafting, filling, tasks, uploading
from motcua.portals.citizen.forms import FilingForm, OfficeForm, StartForm

#: the answer to a page with mistakes: everything typed is still on it
MISTAKES = 422


def draft_gate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Let in the citizen whose draft it is; looking at what has been filed leads to the dossier."""

    @gate(Role.CITIZEN)
    @wraps(view)
    def found(request: Request, /, key: UUID, **rest: Any) -> HttpResponse:
        draft = queries.draft(request.actor, key)
        if draft.code is not None and request.method == "GET":
            return redirect("citizen:dossier", draft.code)
        return view(request, draft, **rest)

    return found


@gate(Role.CITIZEN)
@limited("start", times=60, seconds=3600, who=lambda request: request.actor.subject)  # type: ignore[attr-defined]
def start(request: Request, code: str) -> HttpResponse:
    """Begin a draft: where and for whom; unfinished drafts of the same procedure come first."""
    at = timezone.now()
    version = procedures.current(code, on=timezone.localdate(at))
    if unsure := drafting.unsure(request, version):
        return unsure
    me = people.get(request.actor, request.actor.person or 0)
    form = StartForm(request.POST or None, **drafting.choices(version, me, by=request.actor, at=at))
    if form.is_valid() and (draft := drafting.begin(version, form, by=request.actor, at=at)):
        return redirect("citizen:draft", draft.key)
    told = {"version": version, "form": form, "whose": me, "drafts": queries.drafts_of(request.actor, code)}
    return page(request, "citizen/start.html", told, status=MISTAKES if form.errors else 200)


@draft_gate
def draft(request: Request, draft: Dossier) -> HttpResponse:
    """Show what is done and what is not."""
    listed = tasks.tasks(draft, on=timezone.localdate())
    return page(request, "citizen/draft.html", {"draft": draft, "tasks": listed})


@require_POST
@draft_gate
def refill(request: Request, draft: Dossier) -> HttpResponse:
    """Ask the register again that was away when the draft began."""
    drafting.fill(draft, by=request.actor, at=timezone.now())
    return redirect("citizen:draft", draft.key)


@draft_gate
def office(request: Request, draft: Dossier) -> HttpResponse:
    """Send the draft to another commune's office."""
    at = timezone.now()
    communes = drafting.communes(draft.version, on=timezone.localdate(at))
    proposed = checking.misplaced(draft) or draft.desk.division_code
    form = OfficeForm(request.POST or None, communes=communes, initial={"commune": proposed})
    if form.is_valid():
        drafting.move(draft, form, by=request.actor, at=at)
        return redirect("citizen:check" if request.GET.get("ve") else "citizen:draft", draft.key)
    told = {"draft": draft, "form": form}
    return page(request, "citizen/office.html", told, status=MISTAKES if form.errors else 200)


@draft_gate
def fields(request: Request, draft: Dossier, name: str) -> HttpResponse:
    """Show and keep one page of the form."""
    at, spec = timezone.now(), draft.version.spec
    if name not in rules.pages(spec, draft.answers):
        raise Http404
    form = filling.form_of(draft, name, request, at=at)
    if request.method == "POST" and not form.reshaped:
        filling.keep(draft, form, by=request.actor, at=at)
        if not form.errors or ("later" in request.POST and filling.only_gaps(form)):
            fresh = queries.draft(request.actor, draft.key)
            return redirect(filling.onward(fresh, name, request))
    told = {"draft": draft, "form": form, "asked": spec.page(name), **filling.place_of(draft, name)}
    return page(request, "citizen/fields.html", told, status=MISTAKES if form.errors else 200)


@draft_gate
def papers(request: Request, draft: Dossier) -> HttpResponse:
    """Take photos and files of the papers that the answers call for."""
    wrong = uploading.take_in(draft, request, at=timezone.now()) if request.method == "POST" else []
    if "next" in request.POST and not wrong:
        wrong = uploading.missing(draft)
    if request.method == "POST" and not wrong:
        return redirect(uploading.onward(draft, request))
    told = {"draft": draft, "problems": wrong, **uploading.told(draft, wrong)}
    return page(request, "citizen/papers.html", told, status=MISTAKES if wrong else 200)


@draft_gate
def check(request: Request, draft: Dossier) -> HttpResponse:
    """Read everything once more, declare it true, and file it; filing twice is filing once."""
    at, chosen = timezone.now(), checking.chosen(request)
    if unsure := drafting.unsure(request, draft.version, keep=f"?{urlencode(chosen)}"):
        return unsure
    form = FilingForm(request.POST or None, spec=draft.version.spec, initial=chosen)
    if form.is_valid() and (draft.code or not checking.problems(draft, at=at)):
        handing = Handing(form.cleaned_data["handing"])
        filed = commands.submit(dossier=draft, handing=handing, by=request.actor, at=at)
        return redirect("citizen:filed", filed.code)
    told = {"draft": draft, "form": form, **checking.told(draft, at=at)}
    return page(request, "citizen/check.html", told, status=MISTAKES if form.is_bound else 200)


@draft_gate
def discard(request: Request, draft: Dossier) -> HttpResponse:
    """Throw a draft away, after asking once."""
    if request.method == "POST":
        commands.discard(dossier=draft, by=request.actor, at=timezone.now())
        return redirect("citizen:mine")
    return page(request, "citizen/discard.html", {"draft": draft})
