"""Paying online: off to the platform, back from it, and what it tells us by itself."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from motcua.base.actor import SYSTEM, Role
from motcua.base.limits import limited
from motcua.base.web import EVERYONE, Request, gate, page
from motcua.connectors.payment import Forged
from motcua.connectors.payment.client import opened
from motcua.connectors.payment.signatures import HEAD
from motcua.domain.dossiers import queries
from motcua.domain.payments import commands, jobs
from motcua.domain.payments import queries as payments
from motcua.portals.citizen import paying


@never_cache
@gate(Role.CITIZEN)
def pay(request: Request, code: str) -> HttpResponse:
    """Show what is to be paid; the press leads to the platform, the same payment however often."""
    found, at = queries.get(request.actor, code), timezone.now()
    told = paying.told(payments.of(found.subject), payments.attempts(found.subject))
    if not (bill := told["payable"]):
        return redirect("citizen:dossier", code)
    if unsure := paying.unsure(request, found):
        return unsure
    pressed = request.method == "POST"
    if pressed and (there := paying.begin(found, bill, by=request.actor, at=at)):
        return redirect(there)
    told |= {"dossier": found, "away": pressed}
    return page(request, "citizen/pay.html", told, status=503 if pressed else 200)


@never_cache
@gate(Role.CITIZEN)
@limited("paid", times=60, seconds=300, who=lambda request: request.actor.subject)  # type: ignore[attr-defined]
def paid(request: Request, code: str) -> HttpResponse:
    """Ask the platform what became of a payment, whatever the browser says, and show the dossier."""
    found = queries.get(request.actor, code)
    jobs.ask(subject=found.subject, at=timezone.now())
    return redirect(f"{reverse('citizen:dossier', args=[code])}#phi")


@never_cache
@gate(Role.CITIZEN)
def symbol(request: Request, code: str) -> HttpResponse:
    """Draw the VietQR symbol for paying by transfer: account, sum and the bill's code."""
    found = queries.get(request.actor, code)
    drawn = paying.symbol(found, payments.open_bill(found.subject), on=timezone.localdate())
    return HttpResponse(drawn, content_type="image/svg+xml")


@csrf_exempt
@require_POST
@gate(*EVERYONE)
def notice(request: Request) -> HttpResponse:
    """Note what the platform tells by itself, under its signature; told twice it is noted once."""
    try:
        said = opened(request.body, request.headers.get(HEAD, ""))
    except Forged:
        return JsonResponse({"error_code": "1"}, status=401)
    commands.note(said=said, by=SYSTEM, at=timezone.now())
    return JsonResponse({"error_code": "0"})
