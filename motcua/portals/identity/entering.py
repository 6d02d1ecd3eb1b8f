"""What follows a log-in, and what must come before one's own factors may be changed."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from motcua.base.actor import ROLE_NAMES, Role
from motcua.base.errors import Refused
from motcua.base.web import Request, clean
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import duties, sessions
from motcua.domain.accounts.models import Account, AuthorizationRequest, Session
from motcua.domain.accounts.passwords import Busy
from motcua.domain.accounts.rules.passkeys import RECENT, party, why_not_change
from motcua.domain.accounts.rules.requests import CLAIM_NAMES, Step, claims_of
from motcua.portals.identity import answering, session
from motcua.portals.identity.forms import NumberAndPassword, OneTimeCode

#: where those who act in a duty work: another portal of this site
DESK = "/ban-dinh-danh/"


def entered(request: Request, asked: AuthorizationRequest | None, opened: Session) -> HttpResponse:
    """Tie a log-in to this browser and go on: to the offer of a passkey, once, or to where one was going."""
    session.enter(request, opened, at=timezone.now())
    request.actor = queries.actor_of(opened)
    add = reverse("identity:passkey_add")
    if queries.passkey_offer_due(opened) and request.GET.get("next") != add:
        going = request.GET.urlencode() or urlencode({"next": reverse("identity:home")})
        response: HttpResponse = answering.SeeOther(f"{add}?{going}")
    else:
        response = onward(request, asked)
    session.remember(request, response, opened.account.person.number)
    return response


def onward(request: Request, asked: AuthorizationRequest | None) -> HttpResponse:
    """Go to where one was going: a waiting client, a page of this site, one's own account."""
    if asked is not None:
        return answering.go_on(request, asked)
    there = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(there, {request.get_host()}, require_https=request.is_secure())
    return answering.SeeOther(there if safe else reverse("identity:home"))


def on_duty(request: Request, asked: AuthorizationRequest | None, opened: Session) -> HttpResponse:
    """Go on after a demo's one click: straight to the desk whoever has a duty and no client waiting."""
    response = entered(request, asked, opened)
    if asked is not None or "next" in request.GET:
        return response
    mine = queries.own_duties(opened.account, on=timezone.localdate()).first()
    if mine is None:
        return response
    duties.take_up(session=opened, duty=mine, by=request.actor, at=timezone.now())
    return answering.SeeOther(DESK)


def proof(request: Request, current: Session) -> HttpResponse | None:
    """Lead whoever has not proved lately who they are to the step that is missing; None for the rest."""
    at = timezone.now()
    if why_not_change(current.assurance_here, current.authenticated_at, at=at) is None:
        return None
    there = request.get_full_path() if request.method == "GET" else reverse("identity:home")
    begun = current.assurance_here and at - current.authenticated_at <= RECENT
    step = answering.PAGES[Step.CONFIRM if begun else Step.LOG_IN]
    return answering.SeeOther(f"{reverse(step)}?{urlencode({'next': there})}")


def here(request: Request) -> dict[str, str]:
    """Tell pages where passkeys are good; of another name of this machine, the same page under that name."""
    good = party(settings.NATIONAL_URL)
    elsewhere = settings.DEMO and f"{request.scheme}://{request.get_host()}" != good.origin
    # Only a page that was asked for can be opened again under another name.
    path = clean(request.get_full_path()) if request.method == "GET" else request.path
    return {"origin": good.origin, "elsewhere": f"{good.origin}{path}" if elsewhere else ""}


def shown(
    request: Request, template: str, context: dict[str, Any], asked: AuthorizationRequest | None, status: int
) -> HttpResponse:
    """Show a page of the log-in, or say that the client's request is over."""
    if answering.WAITING in request.GET and asked is None:
        return answering.lost(request)
    context = {**context, "demo": settings.DEMO, "passkeys_at": here(request)}
    response = answering.show(request, template, context, asked, status=status)
    if status in (429, 503):
        response["Retry-After"] = "600" if status == 429 else "5"
    return response


def code_form(request: Request) -> OneTimeCode:
    """Give the form for a one-time code, saying where the code is to be found."""
    current, sent = session.current(request), None
    if current is not None and queries.texts_offered(current.account):
        sent = queries.text_code(current, at=timezone.now())
    sent_to = current.account.phone[-3:] if current is not None and sent is not None else ""
    typed = request.POST if "code" in request.POST else None
    return OneTimeCode(typed, sent_to=sent_to)


def shown_confirm(
    request: Request,
    asked: AuthorizationRequest | None,
    form: OneTimeCode | None = None,
    status: int = 200,
    refused: Refused | None = None,
) -> HttpResponse:
    """Show the page of the second step, with every way that this account has, the strongest first."""
    current = session.current(request)
    assert current is not None  # the gate let somebody in
    account, at = current.account, timezone.now()
    offered = queries.texts_offered(account)
    context = {
        "form": form or code_form(request),
        "problems": [{"message": str(refused)}] if refused else [],
        "code": queries.demo_code(request.actor, at=at),
        "app": queries.code_factor(account),
        "passkeys": queries.working_passkeys(account).exists(),
        "phone_end": account.phone[-3:] if offered else "",
        "texted": queries.text_code(current, at=at) if offered else None,
        "texts_at": settings.SMS_URL if settings.SMS_TWIN else "",
    }
    return shown(request, "confirm.html", context, asked, status_of(refused) if refused else status)


def shown_log_in(
    request: Request,
    asked: AuthorizationRequest | None,
    refused: Refused | None = None,
    form: Form | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the page that asks for number and password, with why a passkey was refused."""
    problems = [{"message": str(refused)}] if refused else []
    context = {"form": form or NumberAndPassword(), "people": _demo_people(asked), "problems": problems}
    return shown(request, "log_in.html", context, asked, status_of(refused) if refused else status)


def status_of(refused: Refused) -> int:
    """Give the status of a page that says why somebody was not let in."""
    if isinstance(refused, Busy):
        return 503
    return 429 if refused.reason is sessions.WAIT else 422


def rows(asked: AuthorizationRequest, current: Session) -> dict[str, list[dict[str, str]]]:
    """List what would be told, with what each is for: what the client needs, and what it can do without."""
    claims = claims_of(asked.scopes)
    facts = queries.facts(current.account, claims, on=timezone.localdate())
    parts: dict[str, list[dict[str, str]]] = {"needed": [], "voluntary": []}
    for claim in claims:
        known = {"claim": claim, "label": str(CLAIM_NAMES[claim]), "value": facts.get(claim, "")}
        part = "voluntary" if claim in asked.client.voluntary else "needed"
        parts[part].append({**known, "reason": asked.client.reasons.get(claim, "")})
    return parts


def row(request: Request, name: str) -> int:
    """Read the number of a row from a form; 0, which no row has, for anything else."""
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def _demo_people(asked: AuthorizationRequest | None) -> list[tuple[str, Account]]:
    """List the demo's people under the names of their roles; to clients, not this site's officials."""
    order, found = list(Role), queries.demo_accounts()
    people = sorted(
        found if asked is None else found.filter(duties=None),
        key=lambda one: order.index(Role(one.demo_role)),
    )
    return [(str(ROLE_NAMES[Role(one.demo_role)]), one) for one in people]
