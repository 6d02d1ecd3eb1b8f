"""Passkeys: logging in, adding, renaming, removing, putting off."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from motcua.base.actor import Role
from motcua.base.errors import Refused
from motcua.base.limits import address
from motcua.base.web import EVERYONE, Request, gate, page
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import passkeys
from motcua.domain.accounts.models import Challenge, Session
from motcua.domain.accounts.rules import devices
from motcua.domain.accounts.rules.passkeys import Party, ask_new, ask_use, party
from motcua.portals.identity import answering, session
from motcua.portals.identity.entering import entered, here, onward, proof, row, shown_log_in

_KEY = "account_challenge"


@require_POST
@gate(*EVERYONE)
def log_in_options(request: Request) -> HttpResponse:
    """Tell the browser what a device must sign to log in."""
    try:
        challenge = passkeys.begin_log_in(address=address(request), by=request.actor, at=timezone.now())
    except Refused as refused:
        return _words(refused)
    return _json(request, challenge, ask_use(_party(), challenge=queries.value_of(challenge)))


@never_cache
@require_POST
@gate(*EVERYONE)
def log_in(request: Request) -> HttpResponse:
    """Log in by what the device signed."""
    asked = answering.waiting(request)
    try:
        return entered(request, asked, _logged_in(request))
    except Refused as refused:
        return shown_log_in(request, asked, refused)


@require_POST
@gate(Role.CITIZEN)
def add_options(request: Request) -> HttpResponse:
    """Tell the browser what a device must know to make a passkey."""
    current = _current(request)
    try:
        challenge = passkeys.begin_adding(session=current, by=request.actor, at=timezone.now())
    except Refused as refused:
        return _words(refused)
    known = queries.working_passkeys(current.account).values_list("credential_id", flat=True)
    options = ask_new(
        _party(),
        site=str(settings.SITE_NAME),
        name=current.account.person.name,
        handle=queries.handle_of(current.account),
        challenge=queries.value_of(challenge),
        known=[bytes(one) for one in known],
    )
    return _json(request, challenge, options)


@never_cache
@require_http_methods(["GET", "POST"])
@gate(Role.CITIZEN)
def add(request: Request) -> HttpResponse:
    """Add the passkey that this browser's device makes, or none, and go on to where one was going."""
    current = _current(request)
    if weak := proof(request, current):
        return weak
    if request.method == "GET":
        return _shown(request, current)
    try:
        _added_or_declined(request, current)
    except Refused as refused:
        return _shown(request, current, refused)
    return onward(request, answering.waiting(request))


@require_POST
@gate(Role.CITIZEN)
def rename(request: Request) -> HttpResponse:
    """Give one of one's passkeys another name."""
    mine = queries.passkeys(request.actor).get(pk=row(request, "passkey"))
    passkeys.rename(passkey=mine, name=request.POST.get("name", ""), by=request.actor, at=timezone.now())
    return redirect("identity:home")


@require_POST
@gate(Role.CITIZEN)
def remove(request: Request) -> HttpResponse:
    """Remove one of one's passkeys."""
    current = _current(request)
    if weak := proof(request, current):
        return weak
    mine = queries.passkeys(request.actor).get(pk=row(request, "passkey"))
    passkeys.remove(passkey=mine, session=current, by=request.actor, at=timezone.now())
    return redirect("identity:home")


def _logged_in(request: Request) -> Session:
    return passkeys.log_in(
        key=request.session.pop(_KEY, ""),
        answer=request.POST.get("credential", ""),
        number="".join(c for c in request.POST.get("number", "") if c.isdigit()),
        address=address(request),
        agent=request.headers.get("User-Agent", ""),
        current=session.current(request),
        by=request.actor,
        at=timezone.now(),
    )


def _added_or_declined(request: Request, current: Session) -> None:
    if "credential" not in request.POST:
        passkeys.decline(account=current.account, by=request.actor, at=timezone.now())
        return
    passkeys.add(
        session=current,
        key=request.session.pop(_KEY, ""),
        answer=request.POST.get("credential", ""),
        name=request.POST.get("name", "") or _suggested(request),
        by=request.actor,
        at=timezone.now(),
    )


def _current(request: Request) -> Session:
    current = session.current(request)
    assert current is not None  # the gate let somebody in
    return current


def _shown(request: Request, current: Session, refused: Refused | None = None) -> HttpResponse:
    context = {
        "problems": [{"message": str(refused)}] if refused else [],
        "passkeys_at": here(request),
        "suggested": _suggested(request),
        "offered": bool(request.GET) and queries.passkey_offer_due(current),
    }
    return page(request, "identity/passkey.html", context, status=422 if refused else 200)


def _suggested(request: Request) -> str:
    return devices.name(request.headers.get("User-Agent", ""))


def _party() -> Party:
    return party(settings.NATIONAL_URL)


def _json(request: Request, challenge: Challenge, text: str) -> HttpResponse:
    request.session[_KEY] = challenge.key
    return HttpResponse(text, content_type="application/json", headers={"Cache-Control": "no-store"})


def _words(refused: Refused) -> HttpResponse:
    return HttpResponse(str(refused), content_type="text/plain; charset=utf-8", status=409)
