"""Look-ups that somebody finds strange: asking the agency, answering the person."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from motcua.base.actor import Role
from motcua.base.web import Request, gate, page, sent
from motcua.domain.population import queries
from motcua.portals.desk import complaints as showing
from motcua.portals.desk.showing import done, form_page


@never_cache
@require_safe
@gate(Role.AUDITOR)
def complaints(request: Request) -> HttpResponse:
    """List complaints, open ones first and the oldest on top."""
    rows = queries.complaints(request.actor)[: showing.SHOWN]
    return page(request, "desk/complaints.html", {"complaints": rows, "now": timezone.now()})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@gate(Role.AUDITOR)
def complaint(request: Request, pk: int) -> HttpResponse:
    """Show one look-up with its purpose and codes; ask, note a reply, or answer."""
    found, at = queries.complaints(request.actor).get(pk=pk), timezone.now()
    form = showing.FORMS[showing.step(request)](sent(request))
    if done(form, lambda: form.act(complaint=found, by=request.actor, at=at)):
        return redirect("desk:complaint", pk)
    return form_page(request, "desk/complaint.html", form, showing.one(found, form, at=at))
