"""Logging out: here, or sent by a system that a person leaves (OpenID Connect RP-Initiated Logout)."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from motcua.base import jose
from motcua.base.web import EVERYONE, Request, gate, page
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import sessions
from motcua.domain.accounts.models import Client
from motcua.domain.accounts.rules.requests import answer
from motcua.portals.identity import session
from motcua.portals.identity.answering import SeeOther

_BACK = "account_back_to"


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
@gate(*EVERYONE)
def end_session(request: Request) -> HttpResponse:
    """Log out at a client's wish: at once when it shows its ID token of this log-in, else after asking."""
    params = request.POST if request.method == "POST" else request.GET
    hint, current = _hint(params.get("id_token_hint", "")), session.current(request)
    client = queries.client(str(hint.get("aud", "")))
    onward = _onward(client, params.get("post_logout_redirect_uri", ""), params.get("state", ""))
    shown = client is not None and current is not None and hint.get("sid") == queries.sid_of(current, client)
    if current is not None and not shown:
        request.session[_BACK] = onward
        return page(request, "identity/log_out.html", {"person": request.actor})
    return _leave(request, onward)


@require_POST
@gate(*EVERYONE)
def log_out(request: Request) -> HttpResponse:
    """Log out after the person said so."""
    return _leave(request, request.session.get(_BACK, "") if "back" in request.POST else "")


@gate(*EVERYONE)
def logged_out(request: Request) -> HttpResponse:
    """Say that one is logged out."""
    return page(request, "identity/logged_out.html")


def _leave(request: Request, onward: str) -> HttpResponse:
    current = session.current(request)
    if current is not None:
        sessions.log_out(session=current, by=request.actor, at=timezone.now())
    session.leave(request)
    return SeeOther(onward or reverse("identity:logged_out"))


def _hint(token: str) -> dict[str, object]:
    """Read an ID token of ours; an expired one still tells who is leaving."""
    try:
        return jose.opened(token, queries.public_keys(), types=("JWT",))
    except jose.BadToken:
        return {}


def _onward(client: Client | None, uri: str, state: str) -> str:
    """Give the address to go to afterwards: only one that the hint's client has registered."""
    if client is None or uri not in client.logout_uris or not (state.isascii() and state.isprintable()):
        return ""
    return answer(uri, state=state[:512])
