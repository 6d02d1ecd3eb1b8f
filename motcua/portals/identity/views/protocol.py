"""What connected systems and their browsers call: discovery, keys, authorize, token, userinfo."""

import base64
import binascii
from typing import Any
from urllib.parse import unquote_plus

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from motcua.base import jose
from motcua.base.actor import SYSTEM
from motcua.base.limits import limited
from motcua.base.web import EVERYONE, Request, gate, page
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import clients, grants, keys
from motcua.domain.accounts.models import Client
from motcua.domain.accounts.rules.accounts import ACR
from motcua.domain.accounts.rules.requests import (
    CLAIM_NAMES,
    CLAIMS_OF_SCOPE,
    TOKEN_LIFE,
    Fault,
    read,
    single,
    visible,
)
from motcua.portals.identity import answering

_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@require_GET
@gate(*EVERYONE)
def configuration(request: Request) -> HttpResponse:
    """Tell clients where everything is and what is spoken here (OpenID Connect Discovery)."""

    def at(name: str) -> str:
        return settings.NATIONAL_URL + reverse(f"identity:{name}")

    return _public(
        {
            "issuer": settings.NATIONAL_URL,
            "authorization_endpoint": at("authorize"),
            "token_endpoint": at("token"),
            "userinfo_endpoint": at("userinfo"),
            "jwks_uri": at("jwks"),
            "end_session_endpoint": at("end_session"),
            "scopes_supported": list(CLAIMS_OF_SCOPE),
            "claims_supported": ["sub", *CLAIM_NAMES, "acr", "amr", "auth_time", "sid"],
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": [jose.ALGORITHM],
            "token_endpoint_auth_methods_supported": list(Client.Method.values),
            "token_endpoint_auth_signing_alg_values_supported": [jose.ALGORITHM],
            "code_challenge_methods_supported": ["S256"],
            "acr_values_supported": [ACR[1], ACR[2]],
            "prompt_values_supported": ["none", "login", "consent", "select_account"],
            "ui_locales_supported": ["vi", "en"],
            "authorization_response_iss_parameter_supported": True,
            "claims_parameter_supported": False,
            "request_parameter_supported": False,
            "request_uri_parameter_supported": False,
        }
    )


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
    params = dict((request.POST if request.method == "POST" else request.GET).lists())
    try:
        client = queries.client(visible(params, "client_id"))
        redirect_uri = visible(params, "redirect_uri")
    except Fault:
        client, redirect_uri = None, ""
    if client is None or redirect_uri not in client.redirect_uris:
        return page(request, "identity/unknown_client.html", status=400)
    try:
        wanted = read(params, redirect_uri=redirect_uri, allowed_scopes=client.scopes)
    except Fault as fault:
        return answering.back(redirect_uri, state=_state(params), **_words(fault))
    asked = grants.ask(client=client, asked=wanted, by=request.actor, at=timezone.now())
    return answering.go_on(request, asked)


@csrf_exempt
@require_POST
@gate(*EVERYONE)
def token(request: Request) -> HttpResponse:
    """Exchange a code for an ID token and an access token."""
    params = dict(request.POST.lists())
    try:
        client = _client(request, params)
        if single(params, "grant_type") != "authorization_code":
            raise Fault("unsupported_grant_type", "grant_type must be authorization_code")
        keys.ensure_keys(by=SYSTEM, at=timezone.now())
        tokens = grants.redeem(
            client=client,
            code=visible(params, "code"),
            redirect_uri=single(params, "redirect_uri"),
            verifier=single(params, "code_verifier"),
            issuer=settings.NATIONAL_URL,
            by=request.actor,
            at=timezone.now(),
        )
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
    scheme, _space, bearer = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not bearer:
        return _challenge('Bearer realm="userinfo"')
    found = queries.userinfo(bearer.strip(), at=timezone.now())
    if found is None:
        return _challenge('Bearer realm="userinfo", error="invalid_token"')
    return _private(found)


def _client(request: Request, params: dict[str, list[str]]) -> Client:
    at, header = timezone.now(), request.headers.get("Authorization", "")
    assertion = single(params, "client_assertion")
    if assertion and not header and single(params, "client_assertion_type") == _ASSERTION_TYPE:
        issuer = settings.NATIONAL_URL
        audiences = (issuer, issuer + reverse("identity:token"))
        by = request.actor
        client = clients.client_by_assertion(assertion=assertion, audiences=audiences, by=by, at=at)
    elif header and not assertion and "client_secret" not in params:
        code, secret = _basic(header)
        client = clients.client_by_secret(code=code, secret=secret, by=request.actor, at=at)
    else:
        raise Fault("invalid_client", "exactly one way of client authentication is needed", status=401)
    if single(params, "client_id") not in ("", client.code):
        raise Fault("invalid_client", "client_id is not the authenticated client", status=401)
    return client


def _basic(header: str) -> tuple[str, str]:
    scheme, _space, text = header.partition(" ")
    try:
        pair = base64.b64decode(text, validate=True).decode() if scheme.lower() == "basic" else ""
    except (binascii.Error, ValueError):
        pair = ""
    code, _colon, secret = pair.partition(":")
    return unquote_plus(code), unquote_plus(secret)


def _state(params: dict[str, list[str]]) -> str:
    try:
        return visible(params, "state")
    except Fault:
        return ""


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
