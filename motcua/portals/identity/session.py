"""Who is logged in at the identity provider in this browser."""

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone

from motcua.base.actor import Actor
from motcua.domain.accounts import queries
from motcua.domain.accounts.models import Session
from motcua.domain.accounts.rules.accounts import ABSOLUTE, IDLE

_KEY, _SEEN = "account_session", "account_seen"


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
    """Tie a log-in to this browser under a new cookie, so that an old one is worth nothing."""
    if request.session.session_key:  # a browser without one gets its first at the end
        request.session.cycle_key()
    request.session[_KEY] = session.key
    request.session[_SEEN] = int(at.timestamp())
    request.session.set_expiry(ABSOLUTE)
    vars(request)[_KEY] = session


def leave(request: HttpRequest) -> None:
    """Forget the log-in of this browser."""
    request.session.flush()
    vars(request)[_KEY] = None


def _find(request: HttpRequest, at: datetime) -> Session | None:
    key, seen = request.session.get(_KEY), request.session.get(_SEEN, 0)
    now = int(at.timestamp())
    if not key or now - seen > IDLE.total_seconds():
        return None
    if now - seen > 60:  # not a write for every request
        request.session[_SEEN] = now
    return queries.session(key, at=at)
