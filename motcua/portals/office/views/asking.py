"""Moves with a page of their own: ask for more, assign, promise a later date."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from motcua.base.actor import Role
from motcua.base.web import Request, gate, page, sent
from motcua.domain.agencies import queries as agencies
from motcua.domain.dossiers import commands, queries
from motcua.domain.dossiers.asking import AskMoreForm
from motcua.portals.office.forms import USUAL_TIME, AssignForm, PostponeForm


@gate(Role.OFFICER, Role.HEAD, Role.CLERK)
def ask_more(request: Request, code: str) -> HttpResponse:
    """Ask the citizen for everything that is missing, at once."""
    dossier, at = queries.get(request.actor, code), timezone.now()
    until = (timezone.localdate(at) + USUAL_TIME).isoformat()
    form = AskMoreForm(sent(request), dossier=dossier, initial={"until": until})
    if not form.is_valid():
        context = {"dossier": dossier, "form": form, "again": dossier.supplements.count()}
        return page(request, "office/ask_more.html", context, status=422 if form.is_bound else 200)
    data = {"reason": form.cleaned_data["reason"], "until": form.due_on}
    commands.ask_more(dossier=dossier, items=form.items(), **data, by=request.actor, at=at)
    return redirect("office:dossier", code=code)


@gate(Role.OFFICER, Role.HEAD)
def assign(request: Request, code: str) -> HttpResponse:
    """Give the dossier to somebody's desk."""
    dossier, at = queries.get(request.actor, code), timezone.now()
    officers = agencies.officers(dossier.agency_id, on=timezone.localdate(at))
    form = AssignForm(sent(request), officers=officers, initial={"officer": dossier.assignee_id})
    if not form.is_valid():
        context = {"dossier": dossier, "form": form}
        return page(request, "office/assign.html", context, status=422 if form.is_bound else 200)
    commands.assign(dossier=dossier, officer=form.chosen, by=request.actor, at=at)
    return redirect("office:dossier", code=code)


@gate(Role.HEAD, Role.LEADER)
def postpone(request: Request, code: str) -> HttpResponse:
    """Apologise and promise a later date."""
    dossier = queries.get(request.actor, code)
    form = PostponeForm(sent(request))
    if not form.is_valid():
        context = {"dossier": dossier, "form": form}
        return page(request, "office/postpone.html", context, status=422 if form.is_bound else 200)
    promise = {"until": form.until, "reason": form.cleaned_data["reason"]}
    commands.postpone(dossier=dossier, **promise, by=request.actor, at=timezone.now())
    return redirect("office:dossier", code=code)
