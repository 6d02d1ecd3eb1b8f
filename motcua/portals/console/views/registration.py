"""What the identity provider has registered of this province."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from motcua.base.web import Request, gate, page
from motcua.domain.agencies import queries as agencies
from motcua.domain.witness import jobs, queries
from motcua.portals.console.views.agencies import READERS


@require_http_methods(["GET", "HEAD", "POST"])
@gate(*READERS)
def registration(request: Request) -> HttpResponse:
    """Show what was last read of our registration, and what is amiss; ask anew."""
    if request.method == "POST":
        jobs.check_registration(at=timezone.now())
        return redirect("console:registration")
    agency = agencies.top(request.actor, on=timezone.localdate())
    context = {"checked": queries.registration(request.actor), "agency": agency}
    return page(request, "console/registration.html", context)
