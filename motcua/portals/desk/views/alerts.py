"""Look-ups that look like sweeping."""

from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from motcua.base.actor import Role
from motcua.base.web import Request, gate, page
from motcua.domain.population.queries import sweeping

#: alerts on one page
SHOWN = 100


@never_cache
@require_safe
@gate(Role.AUDITOR)
def alerts(request: Request) -> HttpResponse:
    """List alerts, the newest on top."""
    return page(request, "desk/alerts.html", {"alerts": sweeping.alerts(request.actor)[:SHOWN]})
