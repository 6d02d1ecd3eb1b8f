"""Who is logged in at the identity provider in this browser."""

import re
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from motcua.base.actor import Actor
from motcua.domain.accounts import queries
from motcua.domain.accounts.models import Session
from motcua.domain.accounts.rules.accounts import ABSOLUTE, IDLE

_KEY, _WHO, _SEEN = "account_session", "account_holder", "account_seen"
#: people of one browser who are remembered, and for how long
_MOST, _REMEMBERED = 5, timedelta(days=180)
_KNOWN = re.compile(r"[0-9a-f]{32}(\.[0-9a-f]{32}){1,5}")


def actor_of(request: HttpRequest) -> Actor | None:
    """Find the person logged in here: no query for strangers, one for the rest."""
    session = current(request)
    return queries.actor_of(session, on=timezone.localdate()) if session else None


def current(request: HttpRequest) -> Session | None:
    """Find the live log-in of this browser; one left idle is as good as none."""
    kept = vars(request)
    if _KEY not in kept:
        kept[_KEY] = _find(request, timezone.now())
    found: Session | None = kept[_KEY]
    return found


def enter(request: HttpRequest, session: Session, *, at: datetime) -> None:
    """Tie a log-in to this browser under a new cookie, so that an old one is worth nothing.

    What another person left here ends: what stood at the desk, what was being added, forms still open.
    """
    if request.session.get(_WHO, session.account_id) != session.account_id:
        request.session.flush()
        rotate_token(request)
    elif request.session.session_key:  # a browser without one gets its first at the end
        request.session.cycle_key()
    request.session[_KEY], request.session[_WHO] = session.key, session.account_id
    request.session[_SEEN] = int(at.timestamp())
    request.session.set_expiry(ABSOLUTE)
    vars(request)[_KEY] = session


def known(request: HttpRequest, number: str) -> str:
    """Name this browser if that person has been logged in here: strangers' tries then do not count here."""
    device, marks = _marks(request)
    return device if any(constant_time_compare(mark, _mark(device, number)) for mark in marks) else ""


def remember(request: HttpRequest, response: HttpResponse, number: str) -> None:
    """Let this browser show later that this person was logged in here; it tells nobody who that was."""
    device, marks = _marks(request)
    kept = list(dict.fromkeys([_mark(device, number), *marks]))[:_MOST]
    response.set_cookie(
        settings.KNOWN_COOKIE_NAME,
        ".".join([device, *kept]),
        max_age=_REMEMBERED,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def leave(request: HttpRequest) -> None:
    """Forget the log-in of this browser."""
    request.session.flush()
    vars(request)[_KEY] = None


def _marks(request: HttpRequest) -> tuple[str, list[str]]:
    """Read the cookie: this browser's own name, or a new one, and the marks of who was logged in here."""
    text = request.COOKIES.get(settings.KNOWN_COOKIE_NAME, "")
    if not _KNOWN.fullmatch(text):
        return secrets.token_hex(16), []
    device, *marks = text.split(".")
    return device, marks


def _mark(device: str, number: str) -> str:
    return salted_hmac("known browser", f"{device} {number}", algorithm="sha256").hexdigest()[:32]


def _find(request: HttpRequest, at: datetime) -> Session | None:
    key, seen = request.session.get(_KEY), request.session.get(_SEEN, 0)
    now = int(at.timestamp())
    if not key or now - seen > IDLE.total_seconds():
        return None
    if now - seen > 60:  # not a write for every request
        request.session[_SEEN] = now
    return queries.session(key, at=at)
