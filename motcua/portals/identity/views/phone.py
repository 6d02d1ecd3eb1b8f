"""Logging in on a computer by the word of one's phone."""

from io import BytesIO

import segno
from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from motcua.base.actor import Role
from motcua.base.errors import Refused
from motcua.base.limits import address
from motcua.base.web import EVERYONE, Request, gate, page
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import pairing
from motcua.domain.accounts.models import Pairing, Session
from motcua.domain.accounts.rules import devices
from motcua.portals.identity import answering, session
from motcua.portals.identity.entering import entered, proof, row, shown, shown_log_in, status_of

_KEY = "account_pairing"


@never_cache
@require_http_methods(["GET", "POST"])
@gate(*EVERYONE)
def wait(request: Request) -> HttpResponse:
    """Show what the phone must read and choose; a post begins."""
    if request.method == "GET":
        return _shown(request)
    asked, agent, at = answering.waiting(request), request.headers.get("User-Agent", ""), timezone.now()
    try:
        begun = pairing.begin(request=asked, address=address(request), agent=agent, by=request.actor, at=at)
    except Refused as refused:
        return shown_log_in(request, asked, refused)
    request.session[_KEY] = begun.holder
    return answering.SeeOther(request.get_full_path())


@never_cache
@require_GET
@gate(*EVERYONE)
def picture(request: Request) -> HttpResponse:
    """Draw the address that the phone opens."""
    here = _here(request)
    if here is None:
        raise Http404
    there, drawn = reverse("identity:phone_answer", args=[here.key]), BytesIO()
    code = segno.make_qr(f"{settings.NATIONAL_URL}{there}", error="m")
    code.save(drawn, kind="svg", scale=5, border=4, light="#fff")
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml")


@never_cache
@require_GET
@gate(*EVERYONE)
def state(request: Request) -> HttpResponse:
    """Tell this browser's script, in one word, how far it has come."""
    here = _here(request)
    return HttpResponse(here.state if here else "over", content_type="text/plain")


@never_cache
@require_POST
@gate(*EVERYONE)
def take(request: Request) -> HttpResponse:
    """Log this browser in when the phone has let it in."""
    try:
        opened = pairing.take(
            holder=request.session.get(_KEY, ""),
            agent=request.headers.get("User-Agent", ""),
            current=session.current(request),
            by=request.actor,
            at=timezone.now(),
        )
    except Refused as refused:
        return _shown(request, refused)
    request.session.pop(_KEY, None)
    return entered(request, answering.waiting(request), opened)


@never_cache
@require_http_methods(["GET", "POST"])
@gate(Role.CITIZEN)
def answer(request: Request, key: str) -> HttpResponse:
    """Ask, on the phone, which number the computer shows."""
    current, at = session.current(request), timezone.now()
    assert current is not None  # the gate let somebody in
    if weak := proof(request, current):
        return weak
    found = queries.pairing(key, at=at)
    if request.method == "GET" or found is None:
        return _asked(request, current, found)
    number = None if "decline" in request.POST else row(request, "number")
    try:
        pairing.answer(key=key, number=number, session=current, by=request.actor, at=at)
    except Refused as refused:
        return _asked(request, current, found, refused)
    return answering.SeeOther(request.path)


def _asked(
    request: Request, current: Session, found: Pairing | None, refused: Refused | None = None
) -> HttpResponse:
    mine = found is not None and (found.state == "waiting" or found.session_id == current.pk)
    context = {
        "pairing": found if mine else None,
        "device": devices.name(found.agent) if found else "",
        "problems": [{"message": str(refused)}] if refused else [],
    }
    status = status_of(refused) if refused else 200 if mine else 404
    return page(request, "identity/phone_answer.html", context, status=status)


def _shown(request: Request, refused: Refused | None = None) -> HttpResponse:
    context = {"pairing": _here(request), "problems": [{"message": str(refused)}] if refused else []}
    status = status_of(refused) if refused else 200
    return shown(request, "phone.html", context, answering.waiting(request), status)


def _here(request: Request) -> Pairing | None:
    return queries.pairing_here(request.session.get(_KEY, ""), at=timezone.now())
