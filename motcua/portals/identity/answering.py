"""Leading a person through a log-in, and a client's browser back with the answer."""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from motcua.base.web import Request, page
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import grants
from motcua.domain.accounts.models import AuthorizationRequest
from motcua.domain.accounts.rules.requests import Fault, Step, answer, next_step
from motcua.portals.identity import session

#: the parameter that names the waiting request in the addresses of our own pages
WAITING = "yeu-cau"
PAGES = {
    Step.LOG_IN: "identity:log_in",
    Step.CONFIRM: "identity:confirm",
    Step.CONSENT: "identity:consent",
}


class SeeOther(HttpResponseRedirect):
    """A redirect after which nothing is posted again (RFC 9700 section 4.12)."""

    status_code = 303
    allowed_schemes = ["http", "https"]


def waiting(request: Request) -> AuthorizationRequest | None:
    """Find the client's request that this page is about."""
    key = request.GET.get(WAITING, "")
    return queries.request(key, at=timezone.now()) if key and "\0" not in key else None


def go_on(request: Request, asked: AuthorizationRequest) -> HttpResponse:
    """Lead to the page of the next step, or back to the client with a code or an error."""
    at, current = timezone.now(), session.current(request)
    standing = queries.standing(current, asked.client) if current else None
    try:
        step = next_step(queries.asked(asked), standing, made_at=asked.made_at)
    except Fault as fault:
        return give_up(request, asked, fault)
    if step is Step.ANSWER and current is not None:
        code = grants.answer(request=asked, session=current, by=request.actor, at=at)
        return back(asked.redirect_uri, state=asked.state, code=code)
    return SeeOther(f"{reverse(PAGES[step])}?{urlencode({WAITING: asked.key})}")


def give_up(request: Request, asked: AuthorizationRequest, fault: Fault) -> HttpResponse:
    """Close a request and tell the client why."""
    grants.decline(request=asked, by=request.actor, at=timezone.now())
    return back(asked.redirect_uri, state=asked.state, error=fault.code, error_description=fault.description)


def back(redirect_uri: str, **params: str) -> HttpResponse:
    """Send the browser back to the client, saying who answers (RFC 9207)."""
    return SeeOther(answer(redirect_uri, **params, iss=settings.NATIONAL_URL))


def show(
    request: Request,
    template: str,
    context: dict[str, object],
    asked: AuthorizationRequest | None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Show a page whose form may end at the client: browsers must be told that they may follow it there."""
    response = page(request, f"identity/{template}", {**context, "asked": asked}, status=status)
    if asked is not None:
        parts = urlsplit(asked.redirect_uri)
        vars(response)["_csp_update"] = {"form-action": f"{parts.scheme}://{parts.netloc}"}
    return response


def lost(request: Request) -> HttpResponse:
    """Say that the log-in was begun too long ago, or never."""
    return page(request, "identity/lost.html", status=404)
