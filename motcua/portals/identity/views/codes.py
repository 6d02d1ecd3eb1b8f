"""Enrolling an app for one-time codes; backup codes."""

import base64
from io import BytesIO
from urllib.parse import quote, urlencode

import segno
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from motcua.base.actor import Role
from motcua.base.errors import Refused
from motcua.base.web import Request, gate, page
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import factors
from motcua.domain.accounts.commands import texts as texts_to
from motcua.domain.accounts.models import Challenge, Session
from motcua.domain.accounts.rules.passkeys import Purpose
from motcua.portals.identity import answering, session
from motcua.portals.identity.entering import proof, shown_confirm, status_of
from motcua.portals.identity.forms import OneTimeCode

_KEY = "account_code_challenge"


@never_cache
@require_http_methods(["GET", "POST"])
@gate(Role.CITIZEN)
def add(request: Request) -> HttpResponse:
    """Show the secret for an app and ask for its first code; the backup codes follow, once."""
    current, form, status = _current(request), OneTimeCode(request.POST or None), 200
    if weak := proof(request, current):
        return weak
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                codes = _confirmed(request, current, form.cleaned_data["code"])
                return page(request, "identity/backup_codes.html", {"codes": _spaced(codes), "added": True})
        except Refused as refused:
            form.add_error(None, str(refused))
            status = status_of(refused)
    return page(request, "identity/code.html", {"form": form, **_shown(request, current)}, status=status)


@never_cache
@gate(Role.CITIZEN)
def picture(request: Request) -> HttpResponse:
    """Draw the secret that waits for its code, as apps read it."""
    current = _current(request)
    waiting = _waiting(request, current)
    if waiting is None:
        raise Http404
    site, secret = str(settings.SITE_NAME), _secret(waiting)
    label = quote(f"{site}:{current.account.person.name}")
    address = f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': site}, quote_via=quote)}"
    drawn = BytesIO()
    segno.make_qr(address, error="m").save(drawn, kind="svg", scale=4, border=4, light="#fff")
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml")


@never_cache
@require_POST
@gate(Role.CITIZEN)
def backup(request: Request) -> HttpResponse:
    """Make new backup codes and show them, once."""
    current = _current(request)
    if weak := proof(request, current):
        return weak
    codes = factors.make_backup_codes(session=current, by=request.actor, at=timezone.now())
    return page(request, "identity/backup_codes.html", {"codes": _spaced(codes)})


@never_cache
@require_POST
@gate(Role.CITIZEN)
def send_text(request: Request) -> HttpResponse:
    """Send a code to the holder's phone and go back to where it is typed."""
    try:
        texts_to.send_code(session=_current(request), by=request.actor, at=timezone.now())
    except Refused as refused:
        return shown_confirm(request, answering.waiting(request), refused=refused)
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return answering.SeeOther(f"{reverse('identity:confirm')}{query}")


@require_POST
@gate(Role.CITIZEN)
def texts(request: Request) -> HttpResponse:
    """Let codes come by text, or no longer."""
    current = _current(request)
    if weak := proof(request, current):
        return weak
    change = texts_to.allow if "allow" in request.POST else texts_to.forbid
    change(session=current, by=request.actor, at=timezone.now())
    return redirect("identity:home")


def _confirmed(request: Request, current: Session, code: str) -> list[str]:
    key = request.session.get(_KEY, "")
    return factors.confirm_code(session=current, key=key, code=code, by=request.actor, at=timezone.now())


def _shown(request: Request, current: Session) -> dict[str, object]:
    """Give the secret in letters: the one that waits for its code, or a new one."""
    kept = _waiting(request, current)
    if kept is None:
        kept = factors.begin_code(session=current, by=request.actor, at=timezone.now())
        request.session[_KEY] = kept.key
    secret = _secret(kept)
    return {
        "typed": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "has_app": queries.code_factor(current.account),
    }


def _waiting(request: Request, current: Session) -> Challenge | None:
    key = request.session.get(_KEY, "")
    return queries.challenge(key, purpose=Purpose.ADD_CODE, session=current, at=timezone.now())


def _secret(challenge: Challenge) -> str:
    return base64.b32encode(queries.value_of(challenge)).decode()


def _spaced(codes: list[str]) -> list[str]:
    return [f"{code[:5]} {code[5:]}" for code in codes]


def _current(request: Request) -> Session:
    current = session.current(request)
    assert current is not None  # the gate let somebody in
    return current
