"""In which role somebody goes on, and where to."""

from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from motcua.base.actor import Actor, Role
from motcua.portals.entrance.session import OFFICER_LEVEL

#: where work begins, the first role held counts
DESKS = (
    (Role.CLERK, "/mot-cua/"),
    (Role.OFFICER, "/xu-ly/"),
    (Role.HEAD, "/xu-ly/"),
    (Role.LEADER, "/xu-ly/"),
    (Role.ADMINISTRATOR, "/quan-tri/"),
)


def safe(request: HttpRequest, onward: str) -> str:
    """Give an address of this site as it is, and nothing for any other."""
    good = url_has_allowed_host_and_scheme(onward, {request.get_host()}, require_https=request.is_secure())
    return onward if good and onward.startswith("/") else ""


def acting(options: Mapping[str, Actor], onward: str) -> str:
    """Choose between "officer" and "citizen" by what the wanted page asks for; an officer comes to work."""
    wanted = _roles_for(onward)
    fitting = [name for name, actor in options.items() if wanted and actor.has(*wanted)]
    if len(fitting) == 1:
        return fitting[0]
    return "officer" if "officer" in options else "citizen"


def others(held: Mapping[str, Any], options: Collection[str]) -> list[tuple[str, Mapping[str, Any]]]:
    """List for whom the holder of a session may act now, under the names of the choices."""
    named = [(f"for:{one['person']}", one) for one in held.get("represents", [])]
    return [(name, one) for name, one in named if name in options]


def level_for(onward: str) -> int:
    """Give the least authentication level for a page: pages for officers only ask for two factors."""
    wanted = _roles_for(onward)
    return OFFICER_LEVEL if wanted and Role.CITIZEN not in wanted else 0


def desk(actor: Actor) -> str:
    """Give the address where somebody in this role begins."""
    return next((address for role, address in DESKS if actor.has(role)), "/")


def _roles_for(onward: str) -> tuple[Role, ...]:
    try:
        view = resolve(urlsplit(onward).path).func
    except (Resolver404, ValueError):
        return ()
    return tuple(getattr(view, "gate", ()))
