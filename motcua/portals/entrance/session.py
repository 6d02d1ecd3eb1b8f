"""Who is logged in at the province in this browser, and in which of their roles."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.base import visits
from motcua.base.actor import Actor, Role
from motcua.domain.agencies import queries as agencies

#: key of our part of the session; templates look here for `officer` to offer the change of roles
KEY = "entrance"
#: who was logged in here last, also when that log-in is over
_WHO = "entrance_person"
ABSOLUTE = timedelta(hours=12)
#: an officer's screen shows other people's data; a citizen fills in long forms
IDLE = {"officer": timedelta(minutes=30), "citizen": timedelta(minutes=60)}
#: an officer proves more than a password (Decree 69/2024 art. 20, level 2)
OFFICER_LEVEL = 2


def actor_of(request: HttpRequest) -> Actor | None:
    """Find the actor of this session: no query for citizens, one for officers, whose role may have ended."""
    held, now = request.session.get(KEY), timezone.now()
    if held is None:
        return None
    if _over(held, now):
        del request.session[KEY]
        return None
    if now.timestamp() - held["seen"] > 60:  # not a write for every request
        held["seen"] = int(now.timestamp())
        request.session.modified = True
    if held["acting"] == "officer":
        return officer_of(held, now)
    return citizen_of(held) if held["acting"] == "citizen" else _proxies(held, now).get(held["acting"])


def options(held: dict[str, Any], at: datetime) -> dict[str, Actor]:
    """Give everybody as whom the holder of a session can go on at this moment, by name."""
    found = {"officer": officer_of(held, at), "citizen": citizen_of(held), **_proxies(held, at)}
    return {name: actor for name, actor in found.items() if actor is not None}


def _proxies(held: dict[str, Any], at: datetime) -> dict[str, Actor]:
    """Give the holder acting for each person and organization they may act for today."""
    me, today = citizen_of(held), timezone.localdate(at).isoformat()
    return {
        f"for:{one['person']}": replace(
            me,
            name=_("%(me)s, thay mặt %(other)s") % {"me": me.name, "other": one["name"]},
            person=one["person"],
            proxy=me.person,
            proxy_tie=one["tie"],
            proxy_scope=tuple(one["procedures"]),
            proxy_until=date.fromisoformat(one["until"]) if one["until"] else None,
        )
        for one in held.get("represents", [])
        if me is not None and (not one["until"] or today <= one["until"])
    }


def citizen_of(held: dict[str, Any]) -> Actor | None:
    """Give the holder of a session as a citizen."""
    if held["person"] is None:
        return None
    return Actor(
        name=held["name"],
        roles=frozenset({Role.CITIZEN}),
        person=held["person"],
        assurance=held["level"],
        proved_at=_proved(held),
    )


def officer_of(held: dict[str, Any], at: datetime) -> Actor | None:
    """Give the holder of a session as the officer they are at this moment, if they still are."""
    if held["officer"] is None or held["level"] < OFFICER_LEVEL:
        return None
    actor = agencies.actor_by_officer(held["officer"], timezone.localdate(at))
    return replace(actor, assurance=held["level"], proved_at=_proved(held)) if actor else None


def enter(
    session: SessionBase,
    *,
    name: str,
    level: int,
    person: int | None,
    officer: int | None,
    acting: str,
    id_token: str = "",
    proved_at: datetime | None = None,
    sid: str = "",
    represents: Sequence[Mapping[str, Any]] = (),
    at: datetime,
) -> None:
    """Open a session under a new cookie, so that one from before the log-in is worth nothing.

    What another person left in this browser ends.
    """
    if session.get(_WHO, person) != person:
        session.flush()
    else:
        session.cycle_key()
    now, session[_WHO] = int(at.timestamp()), person
    session[KEY] = {
        "name": name,
        "level": level,
        "person": person,
        "officer": officer,
        "acting": acting,
        "represents": [dict(one) for one in represents],
        "id_token": id_token,
        "sid": sid,
        "entered": now,
        "proved": int((proved_at or at).timestamp()),
        "seen": now,
    }
    session.set_expiry(ABSOLUTE)
    _note_visit(session)


def change(session: SessionBase, acting: str) -> None:
    """Go on in another of one's roles, under a new cookie."""
    session.cycle_key()
    session[KEY] = {**session[KEY], "acting": acting}
    _note_visit(session)


def _note_visit(session: SessionBase) -> None:
    held = session[KEY]
    if held.get("sid") and session.session_key:
        until = datetime.fromtimestamp(held["entered"], UTC) + ABSOLUTE
        visits.note(held["sid"], session.session_key, until=until)


def _proved(held: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp(held.get("proved", held["entered"]), timezone.get_default_timezone())


def _over(held: dict[str, Any], now: datetime) -> bool:
    at = now.timestamp()
    idle = IDLE["officer" if held["acting"] == "officer" else "citizen"].total_seconds()
    return bool(at - held["seen"] > idle or at - held["entered"] > ABSOLUTE.total_seconds())
