"""Systems that let people in by this provider: asked for, approved, suspended."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from motcua.base.actor import Role
from motcua.base.web import Request, gate, page, sent
from motcua.domain.accounts import queries
from motcua.portals.desk.connecting import STEPS, ConnectionForm, story
from motcua.portals.desk.showing import done, form_page


@never_cache
@require_safe
@gate(Role.ADMINISTRATOR, Role.AUDITOR)
def clients(request: Request) -> HttpResponse:
    """List the systems, those that wait for an answer first."""
    rows = queries.clients(request.actor)[:200]
    return page(request, "desk/clients.html", {"clients": rows, "now": timezone.now()})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@gate(Role.ADMINISTRATOR)
def add(request: Request) -> HttpResponse:
    """Take down that a system asks to be connected."""
    form = ConnectionForm(sent(request), request.FILES or None)
    if done(form, lambda: form.file(by=request.actor, at=timezone.now())):
        return redirect("desk:clients")
    return form_page(request, "desk/add_client.html", form)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@gate(Role.ADMINISTRATOR, Role.AUDITOR)
def client(request: Request, pk: int) -> HttpResponse:
    """Show one system with its evidence; answer it, suspend it, let it in again, take its keys."""
    found, at = queries.clients(request.actor).get(pk=pk), timezone.now()
    step = request.POST.get("buoc", "")
    form = STEPS.get(step, STEPS[""])(sent(request), request.FILES or None)
    if step in STEPS and done(form, lambda: form.act(client=found, by=request.actor, at=at)):
        return redirect("desk:client", pk)
    context = {"client": found, "now": at, "step": step, "story": story(found)}
    return form_page(request, "desk/client.html", form, context)
