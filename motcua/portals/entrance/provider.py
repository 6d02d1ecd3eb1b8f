"""The identity provider that the settings name, and the errands of browsers that were sent there."""

import time
from functools import lru_cache
from typing import Any

import httpx
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.urls import reverse

from motcua.base import jose
from motcua.connectors.identity.client import Errand, Provider, errand

_ERRANDS = "entrance_errands"
#: log-ins begun at the same time in several tabs, and seconds until one is forgotten
_MOST, _LIFE = 5, 1800


def provider() -> Provider:
    """Give the one provider, made anew only when the settings change."""
    return _made(
        issuer=settings.IDENTITY_ISSUER,
        client_id=settings.IDENTITY_CLIENT_ID,
        secret=settings.IDENTITY_CLIENT_KEY,
        redirect_uri=settings.PROVINCE_URL + reverse("entrance:come_back"),
        timeout=settings.IDENTITY_TIMEOUT,
        transport=settings.IDENTITY_TRANSPORT,
    )


@lru_cache(maxsize=2)
def _made(
    *,
    issuer: str,
    client_id: str,
    secret: str,
    redirect_uri: str,
    timeout: float,
    transport: httpx.BaseTransport | None,
) -> Provider:
    return Provider(
        issuer=issuer,
        client_id=client_id,
        key=jose.derived_key(secret),
        redirect_uri=redirect_uri,
        timeout=timeout,
        transport=transport,
    )


def send_off(session: SessionBase, *, onward: str, level: int, max_age: int | None = None) -> Errand:
    """Begin a log-in: remember in this browser what it must bring back, and where it wanted to go."""
    now = int(time.time())
    begun: dict[str, Any] = {
        state: one for state, one in session.get(_ERRANDS, {}).items() if one["at"] > now - _LIFE
    }
    new = errand()
    kept = dict(list(begun.items())[-(_MOST - 1) :])
    kept[new.state] = {
        "nonce": new.nonce,
        "verifier": new.verifier,
        "onward": onward,
        "level": level,
        "max_age": max_age,
        "at": now,
    }
    session[_ERRANDS] = kept
    return new


def take_back(session: SessionBase, state: str) -> dict[str, Any] | None:
    """Give what was remembered under a state, once."""
    begun = dict(session.get(_ERRANDS, {}))
    found: dict[str, Any] | None = begun.pop(state, None)
    if found is None or found["at"] < time.time() - _LIFE:
        return None
    session[_ERRANDS] = begun
    return found
