"""The door of every view: who may enter, and what a refusal, a missing row or a crash looks like."""

import re
import sys
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import unquote_plus

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.http import urlencode
from django.utils.module_loading import import_string
from django_htmx.middleware import HtmxDetails

from motcua.base.actor import Actor, Role
from motcua.base.errors import Refused

P = ParamSpec("P")


class Request(HttpRequest):
    """A request behind the door: somebody is acting."""

    actor: Actor
    htmx: HtmxDetails


NOBODY = Actor(name="")
#: for @gate: the page is open to the whole world
EVERYONE: tuple[Role, ...] = ()
#: a personal number, new or old, or a telephone number; no address of ours holds one
_TYPED = re.compile(r"(?<![0-9A-Za-z])(?:[0-9]{9}|[0-9]{12}|0[0-9]{9})(?![0-9A-Za-z])")
#: random, so a run of digits in it means nothing
_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def nobody(request: HttpRequest) -> Actor | None:
    """Find no actor; the setting ACTOR_OF names the site's own finder."""
    return None


#: what stands behind the door
View = Callable[Concatenate[Request, P], HttpResponseBase]


def names_somebody(address: str) -> bool:
    """Tell whether somebody typed a personal or telephone number into an address, however it is written."""
    return _TYPED.search(_KEY.sub("", unquote_plus(address).replace(" ", ""))) is not None


def clean(address: str) -> str:
    """Give an address to come back to: the front page instead of one that names somebody."""
    return "/" if names_somebody(address) else address


def carried(request: HttpRequest) -> str:
    """Give the query of a page for the addresses that lead on from it; none when it names somebody."""
    query = request.GET.urlencode()
    return f"?{query}" if query and not names_somebody(query) else ""


class ActorMiddleware:
    """Puts `.actor` on every request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.find = import_string(settings.ACTOR_OF)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = self.find(request) or NOBODY  # type: ignore[attr-defined]
        response = self.get_response(request)
        asked = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
        if asked and response.status_code == 405:
            # Whoever pressed a button and had to log in first comes back to its address.
            shown = page(cast(Request, request), "405.html", status=405)
            shown["Allow"] = response["Allow"]
            return shown
        return response


def gate(*roles: Role) -> Callable[[View[P]], View[P]]:
    """Let in only holders of one of the roles; `@gate(*EVERYONE)` opens the page to the world.

    A stranger is sent to log in, a wrong role gets 403, `Refused` becomes 409 with its sentence,
    a missing row 404.
    """

    def wrap(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if "\0" in request.path_info:
                raise Http404  # no text in the database can hold it
            if roles and not request.actor.roles:
                return redirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}")
            if roles and not request.actor.has(*roles):
                return page(request, "403.html", status=403)
            try:
                return view(request, *args, **kwargs)
            except Refused as refused:
                return page(request, "refused.html", {"reason": refused.reason}, status=409)
            except ObjectDoesNotExist as missing:
                raise Http404 from missing

        guarded.gate = roles  # type: ignore[attr-defined]
        return guarded

    return wrap


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Answer with a rendered page."""
    return render(request, template, dict(context or {}), status=status)


def failed(request: HttpRequest) -> HttpResponse:
    """Answer for a view that crashed: 503 when the database was too busy or away, else 500.

    Needs neither a session nor the database, and tells nothing of what went wrong.
    """
    busy = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    html = render_to_string("500.html", {"busy": busy})
    return HttpResponse(html, status=503 if busy else 500, headers={"Retry-After": "30"} if busy else {})


def sent(request: HttpRequest) -> QueryDict | None:
    """Give what a form sent, or None when the page is only looked at; an empty form is sent too."""
    return request.POST if request.method == "POST" else None
