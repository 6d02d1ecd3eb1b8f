"""The errands of browsers that were sent to the identity provider."""

import time
from typing import Any

from django.contrib.sessions.backends.base import SessionBase

from motcua.connectors.identity.client import Errand, errand

_ERRANDS = "entrance_errands"
#: log-ins begun at the same time in several tabs, and seconds until one is forgotten
_MOST, _LIFE = 5, 1800


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
