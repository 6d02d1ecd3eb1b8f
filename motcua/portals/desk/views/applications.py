"""Applications that wait for a desk."""

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.base import files
from motcua.base.actor import Role
from motcua.base.models import FileState
from motcua.base.web import Request, gate, page, sent
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import deciding
from motcua.domain.accounts.models import Application
from motcua.domain.accounts.rules.applications import Action
from motcua.portals.desk.forms import RefuseForm
from motcua.portals.desk.showing import done, form_page


@never_cache
@gate(Role.IDENTITY_OFFICER)
def line(request: Request) -> HttpResponse:
    """List what waits, the most urgent first."""
    at = timezone.now()
    waiting, approved = queries.line(request.actor, at=at), queries.lapsing(request.actor)
    return page(request, "desk/line.html", {"line": waiting, "approved": approved, "now": at})


@never_cache
@gate(Role.IDENTITY_OFFICER)
def application(request: Request, pk: int) -> HttpResponse:
    """Show one application beside what the register knows."""
    one = queries.applications(request.actor).get(pk=pk)
    return page(request, "desk/application.html", _shown(request, one))


@require_safe
@gate(Role.IDENTITY_OFFICER)
def photo(request: Request, pk: int) -> HttpResponseBase:
    """Show the photo of an application, drawn afresh, once it is known to be safe."""
    stored = queries.applications(request.actor).get(pk=pk).photo
    if stored is None or stored.state != FileState.CLEAN:
        raise Http404
    return files.answer(files.derive(stored, longest=files.PREVIEW, at=timezone.now()), inline=True)


@require_POST
@gate(Role.IDENTITY_OFFICER)
def approve(request: Request, pk: int) -> HttpResponse:
    """Approve an application."""
    one = queries.applications(request.actor).get(pk=pk)
    deciding.approve(application=one, by=request.actor, at=timezone.now())
    return redirect("desk:line")


@require_POST
@gate(Role.IDENTITY_OFFICER)
def reissue(request: Request, pk: int) -> HttpResponse:
    """Send a new activation code."""
    one = queries.applications(request.actor).get(pk=pk)
    deciding.reissue(application=one, by=request.actor, at=timezone.now())
    return redirect("desk:application", pk)


@never_cache
@require_http_methods(["GET", "POST"])
@gate(Role.IDENTITY_OFFICER)
def refuse(request: Request, pk: int) -> HttpResponse:
    """Refuse an application with a reason."""
    one, form = queries.applications(request.actor).get(pk=pk), RefuseForm(sent(request))
    by, at = request.actor, timezone.now()
    if done(form, lambda: deciding.refuse(application=one, by=by, at=at, **form.cleaned_data)):
        return redirect("desk:line")
    return form_page(request, "desk/refuse.html", form, {"one": one})


def _shown(request: Request, one: Application) -> dict[str, object]:
    at, filed = timezone.now(), one.filed_at
    return {
        "one": one,
        "now": at,
        "left": queries.left(one, at=at) if one.due_at else None,
        "lines": queries.due(one.case, filed_at=filed).lines if filed else (),
        "card_valid": queries.has_card(one.person, on=timezone.localdate(at)),
        "photo_ready": one.photo is not None and one.photo.state == FileState.CLEAN,
        "endorsed": one.endorsements.count(),
        "why": {action.value: queries.why_not_decide(one, action, by=request.actor) for action in Action},
    }
