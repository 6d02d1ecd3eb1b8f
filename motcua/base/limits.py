"""Budgets: how much one visitor may ask and send, and what a browser may do with our pages."""

import hashlib
import hmac
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from motcua.base.web import Request, names_somebody, page

P = ParamSpec("P")
View = Callable[Concatenate[Request, P], HttpResponse]
PERMISSIONS = "camera=(self), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"


def address(request: HttpRequest) -> str:
    """Tell the visitor's network address: what the outermost of our own proxies saw, if we have any."""
    seen = [*request.headers.get("X-Forwarded-For", "").split(","), request.META.get("REMOTE_ADDR", "")]
    chain: list[str] = [step.strip() for step in seen if step.strip()]
    # Everything further left was written by the visitor, who may write what he likes.
    return chain[-1 - settings.PROXIES] if len(chain) > settings.PROXIES else chain[0]


def spend(name: str, who: str, *, times: int, seconds: int) -> bool:
    """Take one use out of a visitor's budget of so many in so many seconds; False when it is used up.

    Kept in the database, because the processes of a site share nothing else; who asked is kept as a
    keyed hash. A window slides: the part of the one before that is still in sight counts too.
    """
    key = hmac.new(settings.SECRET_KEY.encode(), f"{name}\0{who}".encode(), hashlib.sha256).hexdigest()[:32]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH clock AS (
                SELECT floor(extract(epoch FROM statement_timestamp()) / %(seconds)s)::bigint AS part,
                       extract(epoch FROM statement_timestamp()) / %(seconds)s %% 1 AS into_it
            )
            INSERT INTO base_budget AS b (key, part, used, used_before, until)
            SELECT %(key)s, part, 1, 0, to_timestamp((part + 2) * %(seconds)s) FROM clock
            ON CONFLICT (key) DO UPDATE SET
                part = excluded.part,
                until = excluded.until,
                used_before = CASE excluded.part - b.part
                    WHEN 0 THEN b.used_before WHEN 1 THEN b.used ELSE 0 END,
                used = CASE WHEN excluded.part = b.part THEN least(b.used, %(times)s) + 1 ELSE 1 END
            RETURNING used + used_before * (1 - (SELECT into_it FROM clock)) <= %(times)s
            """,
            {"key": key, "times": times, "seconds": seconds},
        )
        return bool(cursor.fetchone()[0])


def limited(
    name: str,
    *,
    times: int,
    seconds: int,
    who: Callable[[HttpRequest], str] = address,
    methods: tuple[str, ...] = ("POST",),
) -> Callable[[View[P]], View[P]]:
    """Answer a visitor who asks too often with a plain page and 429; stands under `@gate`."""

    def wrap(view: View[P]) -> View[P]:
        @wraps(view)
        def counted(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method in methods and not spend(name, who(request), times=times, seconds=seconds):
                answer = page(request, "429.html", {"minutes": -(-seconds // 60)}, status=429)
                answer["Retry-After"] = str(seconds)
                return answer
            return view(request, *args, **kwargs)

        return counted

    return wrap


class BodyLimit:
    """Refuses a request that announces more than the site takes, before reading it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        announced = str(request.META.get("CONTENT_LENGTH") or "0")
        if not announced.isdecimal() or int(announced) > settings.REQUEST_LIMIT:
            most = settings.REQUEST_LIMIT // 2**20
            return HttpResponse(render_to_string("400.html", {"most": most}), status=413)
        return self.get_response(request)


class AddressLimit:
    """Lets nobody's number into an address: refuses a path with one, and leads nowhere on with one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # The fingerprint in a style sheet's name may happen to be twelve digits.
        own = request.path_info.startswith(settings.STATIC_URL)
        if not own and names_somebody(request.path_info):
            return HttpResponse(render_to_string("400.html"), status=404)
        response = self.get_response(request)
        there = urlsplit(response.headers.get("Location", ""))
        # What another site said of itself, as `state`, goes back to it as it came.
        if (
            there.query
            and there.netloc in ("", request.META.get("HTTP_HOST"))
            and names_somebody(there.query)
        ):
            response["Location"] = there._replace(query="").geturl()
        return response


class BrowserLimits:
    """Tells the browser which of its powers our pages may use."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response
