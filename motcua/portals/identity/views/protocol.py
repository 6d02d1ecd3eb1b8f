"""What clients and their browsers call: discovery, keys, pushed requests, authorize, token, userinfo."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from motcua.base.actor import SYSTEM
from motcua.base.limits import limited
from motcua.base.web import EVERYONE, Request, gate, page
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import grants, keys, tokens
from motcua.domain.accounts.models import Client
from motcua.domain.accounts.rules.machines import REGISTRATION, asked_scopes
from motcua.domain.accounts.rules.requests import PUSHED_LIFE, Fault, single, visible
from motcua.portals.identity import answering, discovery, machine, reading


@require_GET
@gate(*EVERYONE)
def configuration(request: Request) -> HttpResponse:
    """Tell clients where everything is and what is spoken here."""
    return _public(discovery.document())


@require_GET
@gate(*EVERYONE)
def jwks(request: Request) -> HttpResponse:
    """Give the public keys of all turns, so that a new one is known before it signs."""
    keys.ensure_keys(by=SYSTEM, at=timezone.now())
    return _public({"keys": queries.public_keys()})


@csrf_exempt
@require_POST
@gate(*EVERYONE)
@machine.answered("par")
def push(request: Request) -> Mapping[str, Any]:
    """Take a request that a client sends ahead of its browser (RFC 9126)."""
    params = reading.params_of(request)
    client = reading.authenticated(request, params)
    wanted = reading.pushed(client, params, reading.holder(request, client, endpoint="par"))
    name = grants.push(client=client, asked=wanted, by=request.actor, at=timezone.now())
    return {"request_uri": name, "expires_in": int(PUSHED_LIFE.total_seconds())}


@csrf_exempt
@require_http_methods(["GET", "POST"])
@gate(*EVERYONE)
@limited("authorize", times=600, seconds=300, methods=("GET", "POST"))
def authorize(request: Request) -> HttpResponse:
    """Take a client's request; without a known client and a registered address nobody is sent anywhere."""
    params = reading.params_of(request)
    if "request_uri" in params:
        return _take_up(request, params)
    known = reading.client_and_address(params)
    if known is None:
        return page(request, "identity/unknown_client.html", status=400)
    client, redirect_uri = known
    try:
        wanted = reading.asked(client, redirect_uri, params)
        asked = grants.ask(client=client, asked=wanted, by=request.actor, at=timezone.now())
    except Fault as fault:
        words = {"error": fault.code, "error_description": fault.description}
        return answering.back(redirect_uri, state=reading.state_of(params), **words)
    return answering.go_on(request, asked)


@csrf_exempt
@require_POST
@gate(*EVERYONE)
@machine.answered("token")
def token(request: Request) -> Mapping[str, Any]:
    """Exchange a code for tokens, a refresh token for newer ones, or give a system one for itself."""
    params = reading.params_of(request)
    client = reading.authenticated(request, params)
    give = _GRANTS.get(single(params, "grant_type"))
    if give is None:
        raise Fault("unsupported_grant_type", f"grant_type must be one of {' '.join(_GRANTS)}")
    given = give(request, client, params)
    return {
        "access_token": given.access_token,
        "token_type": machine.PROOF if given.bound else "Bearer",
        "expires_in": int(given.life.total_seconds()),
        "scope": " ".join(given.scopes),
        **({"id_token": given.id_token} if given.id_token else {}),
        **({"refresh_token": given.refresh_token} if given.refresh_token else {}),
    }


@csrf_exempt
@require_POST
@gate(*EVERYONE)
@machine.answered("introspect")
def introspect(request: Request) -> Mapping[str, Any]:
    """Tell whether a token is good, to its own client and to the one it is brought to (RFC 7662)."""
    params = reading.params_of(request)
    asker, token = reading.authenticated(request, params), visible(params, "token")
    return queries.looked_into(token, asker=asker, issuer=settings.NATIONAL_URL, at=timezone.now())


@csrf_exempt
@require_POST
@gate(*EVERYONE)
@machine.answered("revoke")
def revoke(request: Request) -> Mapping[str, Any]:
    """End a token (RFC 7009); of one unknown or another client's, say just the same."""
    params = reading.params_of(request)
    client = reading.authenticated(request, params)
    tokens.give_up(client=client, token=visible(params, "token"), by=request.actor, at=timezone.now())
    return {}


@csrf_exempt
@require_http_methods(["GET", "POST"])
@gate(*EVERYONE)
@machine.answered("userinfo")
def userinfo(request: Request) -> Mapping[str, Any]:
    """Give the agreed claims to the holder of an access token."""
    return queries.userinfo(reading.access_token(request), on=timezone.localdate())


@require_GET
@gate(*EVERYONE)
@machine.answered("registration")
def registration(request: Request) -> Mapping[str, Any]:
    """Tell a system what is registered of it (RFC 7592's reading, none of its writing)."""
    client = reading.machine_client(request, scope=REGISTRATION, endpoint="registration")
    address = discovery.address("registration")
    return {**queries.registration(client, at=timezone.now()), "registration_client_uri": address}


def _take_up(request: Request, params: reading.Params) -> HttpResponse:
    """Go on with the request that was pushed under this name; whatever else the browser says is not read."""
    try:
        known = {"client_id": visible(params, "client_id"), "name": visible(params, "request_uri")}
    except Fault:
        return answering.lost(request)
    asked = grants.open_pushed(**known, by=request.actor, at=timezone.now())
    return answering.go_on(request, asked) if asked else answering.lost(request)


def _renewed(request: Request, client: Client, params: reading.Params) -> tokens.Tokens:
    return tokens.renew(
        client=client,
        refresh_token=visible(params, "refresh_token"),
        scope=single(params, "scope"),
        holder=reading.holder(request, client, endpoint="token"),
        by=request.actor,
        at=timezone.now(),
    )


def _redeemed(request: Request, client: Client, params: reading.Params) -> tokens.Tokens:
    return tokens.redeem(
        client=client,
        code=visible(params, "code"),
        redirect_uri=single(params, "redirect_uri"),
        verifier=single(params, "code_verifier"),
        holder=reading.holder(request, client, endpoint="token"),
        issuer=settings.NATIONAL_URL,
        by=request.actor,
        at=timezone.now(),
    )


def _to_machine(request: Request, client: Client, params: reading.Params) -> tokens.Tokens:
    return tokens.issue_to_machine(
        client=client,
        scopes=asked_scopes(params, strict=client.strict, allowed=client.machine_scopes),
        holder=reading.holder(request, client, endpoint="token"),
        by=request.actor,
        at=timezone.now(),
    )


_GRANTS = {"authorization_code": _redeemed, "refresh_token": _renewed, "client_credentials": _to_machine}


def _public(body: dict[str, Any]) -> HttpResponse:
    headers = {"Cache-Control": "public, max-age=300", "Access-Control-Allow-Origin": "*"}
    return JsonResponse(body, headers=headers)
