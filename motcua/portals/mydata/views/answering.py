"""The desk that answers for personal data: requests by due time, breaches by the notice that is due."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from motcua.base import events
from motcua.base.actor import Role
from motcua.base.web import Request, gate, page, sent
from motcua.domain.privacy import commands, queries
from motcua.domain.privacy.rules import Action
from motcua.portals.mydata import showing
from motcua.portals.mydata.forms import MoveForm, NoticeForm, ReportForm

DESK = (Role.ADMINISTRATOR, Role.AUDITOR)


@never_cache
@require_safe
@gate(*DESK)
def waiting(request: Request) -> HttpResponse:
    """List requests, open ones first, the one due first on top."""
    rows = queries.waiting(request.actor)[: showing.SHOWN]
    return page(request, "mydata/waiting.html", {"requests": rows, "now": timezone.now()})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@gate(*DESK)
def one(request: Request, pk: int) -> HttpResponse:
    """Show one request; take it, fulfil it, refuse it."""
    found, at = queries.waiting(request.actor).get(pk=pk), timezone.now()
    form = MoveForm(sent(request) if "answer" in request.POST else None, request=found, at=at)
    if "take" in request.POST:
        commands.move(request=pk, action=Action.TAKE, by=request.actor, at=at)
        return redirect("mydata:answer", pk)
    if form.is_valid():
        given = {**form.cleaned_data, "action": Action(form.cleaned_data["action"])}
        commands.move(request=pk, by=request.actor, at=at, **given)
        return redirect("mydata:answer", pk)
    context = {"one": found, "form": form, "now": at, "story": showing.story(events.history(found.subject))}
    return page(request, "mydata/answer.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@gate(*DESK)
def breaches(request: Request) -> HttpResponse:
    """List breaches and the notices that are due; write one down, or the notice that was sent."""
    noticing = NoticeForm(sent(request) if "noticed_at" in request.POST else None)
    reporting = ReportForm(sent(request) if "notice" in request.POST else None)
    if noticing.is_valid():
        commands.notice(by=request.actor, at=timezone.now(), **noticing.cleaned_data)
        return redirect("mydata:breaches")
    if reporting.is_valid():
        commands.report(by=request.actor, at=timezone.now(), **reporting.cleaned_data)
        return redirect("mydata:breaches")
    wrong = reporting if reporting.is_bound else noticing
    context = {"breaches": queries.breaches(request.actor), "form": noticing, "now": timezone.now()}
    return page(request, "mydata/breaches.html", context, status=422 if wrong.errors else 200)
