"""Logging in at the province, choosing a role, logging out."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from motcua.base import visits
from motcua.base.actor import OFFICE_ROLES, SYSTEM, Actor, Role
from motcua.base.limits import limited, spend
from motcua.base.web import EVERYONE, Request, gate, page
from motcua.connectors.identity import Claims, Invalid, Represented, Unavailable
from motcua.connectors.identity.client import LONGEST, provider
from motcua.domain.agencies import queries as agencies
from motcua.domain.people import commands as people
from motcua.domain.people.models import Person, Source
from motcua.domain.people.rules import ORGANIZATION_TIES
from motcua.portals.entrance import choosing, session
from motcua.portals.entrance.errands import send_off, take_back


@never_cache
@require_GET
@gate(*EVERYONE)
@limited("log_in", times=100, seconds=300, methods=("GET",))
def log_in(request: Request) -> HttpResponse:
    """Send the browser to the provider: `muc` is the least level, `moi` the most minutes since a proof."""
    onward, level, max_age = _wanted(request)
    if _sure(request.actor, level, max_age):
        return redirect(onward or choosing.desk(request.actor))
    try:
        errand = send_off(request.session, onward=onward, level=level, max_age=max_age)
        levels = (level,) if level else (2, 1)
        return redirect(provider().authorize_url(errand, levels=levels, max_age=max_age))
    except Unavailable:
        return _later(request)
    except Invalid:
        return _failed(request, "")


@never_cache
@require_GET
@gate(*EVERYONE)
def come_back(request: Request) -> HttpResponse:
    """Take in whoever comes back from the provider."""
    state = request.GET.get("state", "")
    begun = take_back(request.session, state)
    if begun is None:
        return _failed(request, "lost")
    try:
        code = provider().check_answer(request.GET.dict(), state=state)
        claims = provider().exchange(
            code, begun["verifier"], begun["nonce"], level=begun["level"], max_age=begun.get("max_age")
        )
    except Unavailable:
        return _later(request)
    except Invalid:
        return _failed(request, request.GET.get("error", ""))
    return redirect(_admit(request, claims, begun["onward"]))


@never_cache
@gate(Role.CITIZEN, *OFFICE_ROLES)
def roles(request: Request) -> HttpResponse:
    """Let somebody who is both citizen and officer say as whom they are here."""
    options = _options(request)
    onward = choosing.safe(request, request.GET.get("next", ""))
    if request.method == "POST" and request.POST.get("role") in options:
        chosen = request.POST["role"]
        session.change(request.session, chosen)
        return redirect(onward or choosing.desk(options[chosen]))
    agency = next((agencies.agency(one.agency) for one in options.values() if one.agency), None)
    held = request.session[session.KEY]
    others = choosing.others(held, options)
    context = {"options": options, "office": agency, "acting": held["acting"], "others": others}
    return page(request, "entrance/roles.html", context)


@require_POST
@gate(*EVERYONE)
def log_out(request: Request) -> HttpResponse:
    """Log out here, then at the provider."""
    id_token = request.session.get(session.KEY, {}).get("id_token", "")
    request.session.flush()
    bye = reverse("entrance:logged_out")
    if not id_token:
        return redirect(bye)
    try:
        return redirect(provider().logout_url(id_token=id_token, back_to=settings.PROVINCE_URL + bye))
    except Unavailable:
        return redirect(bye)


@csrf_exempt
@never_cache
@require_POST
@gate(*EVERYONE)
def log_out_from_afar(request: Request) -> HttpResponse:
    """End the sessions of a log-in that the provider says is over; it has nobody's browser at hand."""
    try:
        word = provider().logged_out(request.POST.get("logout_token", ""))
    except Unavailable:
        return HttpResponse(status=503)
    except Invalid:
        return JsonResponse({"error": "invalid_request"}, status=400)
    if not spend("logout_token", word.jti, times=1, seconds=LONGEST):
        return JsonResponse({"error": "invalid_request"}, status=400)
    visits.end(word.sid)
    return HttpResponse(status=200)


@gate(*EVERYONE)
def logged_out(request: Request) -> HttpResponse:
    """Say that one is logged out."""
    return page(request, "entrance/logged_out.html")


def _wanted(request: Request) -> tuple[str, int, int | None]:
    """Read where somebody wants to go, how sure the log-in must be, how many seconds old its proof may be."""
    onward = choosing.safe(request, request.GET.get("next", ""))
    level = int(request.GET["muc"]) if request.GET.get("muc") in ("1", "2", "3", "4") else 0
    minutes = request.GET.get("moi", "")
    fresh = int(minutes) * 60 if minutes.isascii() and minutes.isdigit() and len(minutes) < 5 else None
    return onward, max(level, choosing.level_for(onward)), fresh


def _sure(actor: Actor, level: int, max_age: int | None) -> bool:
    fresh = max_age is None or actor.proved_within(timedelta(seconds=max_age), at=timezone.now())
    return bool(actor.roles) and actor.assurance >= level and fresh


def _admit(request: Request, claims: Claims, onward: str) -> str:
    """Open the session of whoever the claims name, and give the address where they go on."""
    at = timezone.now()
    person = _remembered(claims)
    citizen = Actor(name=person.name, roles=frozenset({Role.CITIZEN}), person=person.pk)
    options = {"citizen": citizen}
    officer = agencies.actor_of_officer(citizen_number=person.number, on=timezone.localdate(at))
    if officer is not None and claims.acr >= session.OFFICER_LEVEL:
        options["officer"] = officer
    acting = choosing.acting(options, onward)
    session.enter(
        request.session,
        name=person.name,
        level=claims.acr,
        person=person.pk,
        officer=officer.officer if officer else None,
        acting=acting,
        id_token=claims.id_token,
        represents=[_known(one, at) for one in claims.acting_for],
        proved_at=datetime.fromtimestamp(min(claims.auth_time, at.timestamp()), at.tzinfo),
        sid=claims.sid,
        at=at,
    )
    return onward or choosing.desk(options[acting])


def _known(one: Represented, at: datetime) -> dict[str, Any]:
    """Remember a person or an organization for which the person may act, as the session keeps it."""
    words: dict[str, Any] = {"name": one.name, "source": Source.IDENTITY, "by": SYSTEM, "at": at}
    if one.tie in ORGANIZATION_TIES:
        person, code = people.remember_organization(code=one.number, **words), one.number
    else:
        words |= {"born_on": one.born_on, "gender": one.gender}
        person, code = people.remember(number=one.number, **words), ""
    kept = {"tie": one.tie, "code": code, "procedures": list(one.procedures), "until": one.until}
    return {"person": person.pk, "name": person.name, **kept}


def _remembered(claims: Claims) -> Person:
    return people.remember(
        number=claims.number,
        name=claims.name,
        born_on=claims.born_on,
        gender=claims.gender,
        phone=claims.phone if len(claims.phone) == 10 else "",
        source=Source.IDENTITY,
        by=SYSTEM,
        at=timezone.now(),
    )


def _options(request: Request) -> dict[str, Actor]:
    return session.options(request.session[session.KEY], timezone.now())


def _later(request: Request) -> HttpResponse:
    response = page(request, "entrance/later.html", status=503)
    response["Retry-After"] = "60"
    return response


def _failed(request: Request, why: str) -> HttpResponse:
    return page(request, "entrance/failed.html", {"why": why}, status=400)
