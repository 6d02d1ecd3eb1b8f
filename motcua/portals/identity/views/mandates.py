"""For whom one acts, and who acts for oneself."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.base.actor import Role
from motcua.base.errors import Refused
from motcua.base.web import Request, gate, page, sent
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import mandates
from motcua.domain.accounts.models import Session
from motcua.portals.identity import representing, session
from motcua.portals.identity.entering import proof, row, status_of


@never_cache
@require_safe
@gate(Role.CITIZEN)
def both_ways(request: Request) -> HttpResponse:
    """Show for whom one acts and who acts for oneself."""
    told = representing.told(request.actor, _current(request).account.person, on=timezone.localdate())
    return page(request, "identity/mandates.html", told)


@never_cache
@require_http_methods(["GET", "POST"])
@gate(Role.CITIZEN)
def give(request: Request) -> HttpResponse:
    """Let somebody act for oneself."""
    current, form, status = _current(request), _form(request), 200
    if weak := proof(request, current):
        return weak
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                _offered(request, current, form)
                return redirect("identity:mandates")
        except Refused as refused:
            form.add_error(None, str(refused))
            status = status_of(refused)
    return page(request, "identity/mandate.html", {"form": form}, status=status)


@require_POST
@gate(Role.CITIZEN)
def answer(request: Request) -> HttpResponse:
    """Take on what somebody offered, or not."""
    current, at = _current(request), timezone.now()
    offered = queries.mandates(request.actor).get(pk=row(request, "mandate"))
    if "accept" not in request.POST:
        mandates.decline(mandate=offered, by=request.actor, at=at)
    elif weak := proof(request, current):
        return weak
    else:
        mandates.accept(mandate=offered, session=current, by=request.actor, at=at)
    return redirect("identity:mandates")


@require_POST
@gate(Role.CITIZEN)
def end(request: Request) -> HttpResponse:
    """End a mandate from either side."""
    mandate = queries.mandates(request.actor).get(pk=row(request, "mandate"))
    mandates.end(mandate=mandate, by=request.actor, at=timezone.now())
    return redirect("identity:mandates")


def _form(request: Request) -> representing.MandateForm:
    headed = queries.organizations(request.actor).filter(locked_at=None)
    first = {"organization": request.GET.get("to-chuc", representing.MYSELF)}
    return representing.MandateForm(sent(request), headed=headed, initial=first)


def _offered(request: Request, current: Session, form: representing.MandateForm) -> None:
    mandates.offer(session=current, **form.cleaned_data, by=request.actor, at=timezone.now())


def _current(request: Request) -> Session:
    current = session.current(request)
    assert current is not None  # the gate let somebody in
    return current
