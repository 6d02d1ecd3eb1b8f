"""What connected systems and their browsers call: discovery, keys, authorize, token, userinfo."""

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
from motcua.domain.accounts.commands import grants, keys
from motcua.domain.accounts.rules.requests import TOKEN_LIFE, Fault, read, single, visible
from motcua.portals.identity import answering, discovery, reading


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
@require_http_methods(["GET", "POST"])
@gate(*EVERYONE)
@limited("authorize", times=600, seconds=300, methods=("GET", "POST"))
def authorize(request: Request) -> HttpResponse:
    """Take a client's request; without a known client and a registered address nobody is sent anywhere."""
    params = reading.params_of(request)
    known = reading.client_and_address(params)
    if known is None:
        return page(request, "identity/unknown_client.html", status=400)
    client, redirect_uri = known
    try:
        wanted = read(params, redirect_uri=redirect_uri, allowed_scopes=client.scopes)
    except Fault as fault:
        return answering.back(redirect_uri, state=reading.state_of(params), **_words(fault))
    asked = grants.ask(client=client, asked=wanted, by=request.actor, at=timezone.now())
    return answering.go_on(request, asked)


@csrf_exempt
@require_POST
@gate(*EVERYONE)
def token(request: Request) -> HttpResponse:
    """Exchange a code for an ID token and an access token."""
    params = reading.params_of(request)
    try:
        tokens = _redeemed(request, params)
    except Fault as fault:
        return _fault(fault)
    return _private(
        {
            "access_token": tokens.access_token,
            "token_type": "Bearer",
            "expires_in": int(TOKEN_LIFE.total_seconds()),
            "scope": " ".join(tokens.scopes),
            "id_token": tokens.id_token,
        }
    )


@csrf_exempt
@require_http_methods(["GET", "POST"])
@gate(*EVERYONE)
def userinfo(request: Request) -> HttpResponse:
    """Give the agreed claims to the bearer of an access token."""
    bearer = reading.bearer(request)
    if not bearer:
        return _challenge('Bearer realm="userinfo"')
    found = queries.userinfo(bearer, at=timezone.now())
    if found is None:
        return _challenge('Bearer realm="userinfo", error="invalid_token"')
    return _private(found)


def _redeemed(request: Request, params: reading.Params) -> grants.Tokens:
    client = reading.authenticated(request, params)
    if single(params, "grant_type") != "authorization_code":
        raise Fault("unsupported_grant_type", "grant_type must be authorization_code")
    keys.ensure_keys(by=SYSTEM, at=timezone.now())
    return grants.redeem(
        client=client,
        code=visible(params, "code"),
        redirect_uri=single(params, "redirect_uri"),
        verifier=single(params, "code_verifier"),
        issuer=settings.NATIONAL_URL,
        by=request.actor,
        at=timezone.now(),
    )


def _words(fault: Fault) -> dict[str, str]:
    return {"error": fault.code, "error_description": fault.description}


def _fault(fault: Fault) -> HttpResponse:
    response = _private(_words(fault))
    response.status_code = fault.status
    if fault.status == 401:
        response["WWW-Authenticate"] = 'Basic realm="token"'
    return response


def _challenge(words: str) -> HttpResponse:
    return HttpResponse(status=401, headers={"WWW-Authenticate": words, "Cache-Control": "no-store"})


def _private(body: dict[str, Any]) -> HttpResponse:
    return JsonResponse(body, headers={"Cache-Control": "no-store", "Pragma": "no-cache"})


def _public(body: dict[str, Any]) -> HttpResponse:
    headers = {"Cache-Control": "public, max-age=300", "Access-Control-Allow-Origin": "*"}
    return JsonResponse(body, headers=headers)
