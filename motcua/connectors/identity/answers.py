"""Reading what the provider answers, once it is sure that the provider said it."""

import re
from collections.abc import Mapping
from typing import Any, TypeGuard

from motcua.connectors.identity import Claims, Invalid, Registration, Represented

ACR = "urn:vn:loa:"
#: people and organizations for which one person may act
_MOST = 200
_CITIZEN, _ORGANIZATION = re.compile(r"\d{12}", re.ASCII), re.compile(r"[0-9A-Z-]{5,20}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
#: seconds since 1970 of the last end of a key that is read as one: the year 2106
_LAST = 2**32


def registration(said: Mapping[str, Any], *, client_id: str, kid: str) -> Registration:
    """Read what is registered of one client, the end of one of its keys among it."""
    name, addresses, held = said.get("client_name"), said.get("redirect_uris"), said.get("jwks")
    keys = held.get("keys") if isinstance(held, dict) else None
    if said.get("client_id") != client_id or not isinstance(name, str):
        raise Invalid("registration of another")
    if not _is_texts(addresses) or not isinstance(keys, list):
        raise Invalid("registration")
    key = next((key for key in keys if isinstance(key, dict) and key.get("kid") == kid), None)
    end, late = (key or {}).get("exp", 0), said.get("logouts_undelivered", 0)
    if not _is_count(end) or not _is_count(late):
        raise Invalid("registration")
    return Registration(
        name=name[:200],
        profile=str(said.get("security_profile", ""))[:20],
        redirect_uris=tuple(addresses),
        key=kid if key else "",
        key_ends=end,
        logouts_undelivered=late,
    )


def _is_texts(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_count(value: object) -> TypeGuard[int]:
    return type(value) is int and 0 <= value < _LAST


def claims(said: Mapping[str, Any], facts: Mapping[str, Any], level: int, token: str) -> Claims:
    """Give a checked ID token and the facts that came after it the shape that the province reads."""

    def text(name: str) -> str:
        value = facts.get(name, "")
        return value if isinstance(value, str) else ""

    account_level = facts.get("account_level")
    return Claims(
        sub=said["sub"],
        number=text("citizen_number"),
        name=text("name"),
        born_on=text("birthdate"),
        gender=text("gender"),
        phone=text("phone_number"),
        acting_for=_acting_for(facts.get("acting_for", [])),
        account_level=account_level if isinstance(account_level, int) else 0,
        acr=level,
        auth_time=said["auth_time"],
        sid=str(said.get("sid", "")),
        id_token=token,
    )


def _acting_for(said: object) -> tuple[Represented, ...]:
    """Read for whom the person may act; a list that is not quite right is not believed at all."""
    if not isinstance(said, list) or len(said) > _MOST:
        raise Invalid("acting_for")
    return tuple(_represented(one) for one in said)


def _represented(one: object) -> Represented:
    words = ("citizen_number", "organization_code", "name", "birthdate", "gender", "tie", "until")
    if not isinstance(one, dict) or not all(isinstance(one.get(word, ""), str) for word in words):
        raise Invalid("acting_for")
    procedures, until = one.get("procedures", []), one.get("until", "")
    if not (isinstance(procedures, list) and all(isinstance(code, str) for code in procedures)):
        raise Invalid("acting_for")
    tie = one.get("tie", "")
    if tie in ("head", "delegate"):
        number, good = one.get("organization_code", ""), _ORGANIZATION
    else:
        number, good = one.get("citizen_number", ""), _CITIZEN
    if not (good.fullmatch(number) and one.get("name")):
        raise Invalid("acting_for")
    if tie not in ("mandate", "parent", "head", "delegate") or (until and not _DAY.fullmatch(until)):
        raise Invalid("acting_for")
    return Represented(
        number=number,
        name=one["name"],
        born_on=one.get("birthdate", ""),
        gender=one.get("gender", ""),
        tie=tie,
        procedures=tuple(procedures),
        until=until,
    )


def level(acr: object) -> int:
    """Read an authentication level; anything unknown is none at all."""
    text = acr.removeprefix(ACR) if isinstance(acr, str) and acr.startswith(ACR) else ""
    return int(text) if text in ("1", "2", "3", "4") else 0
