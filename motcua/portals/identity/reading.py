"""Finding out which client is speaking, and where it may be answered."""

import base64
import binascii
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import unquote_plus

from django.conf import settings
from django.utils import timezone

from motcua.base.limits import address, spend
from motcua.base.web import Request
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import clients
from motcua.domain.accounts.models import AccessToken, Client
from motcua.domain.accounts.rules import verified
from motcua.domain.accounts.rules.requests import Asked, Fault, claims_of, read, single, visible
from motcua.portals.identity import discovery, machine

#: how often from one address clients may fail to say who they are
FAILURES = {"times": 300, "seconds": 300}
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

Params = dict[str, list[str]]


def params_of(request: Request) -> Params:
    """Give the parameters of a request, each with all its values."""
    return dict((request.POST if request.method == "POST" else request.GET).lists())


def client_and_address(params: Params) -> tuple[Client, str] | None:
    """Give a known client and one of its own registered addresses, letter by letter; else nothing."""
    try:
        client = queries.client(visible(params, "client_id"))
        redirect_uri = visible(params, "redirect_uri")
    except Fault:
        return None
    return (client, redirect_uri) if client is not None and redirect_uri in client.redirect_uris else None


def state_of(params: Params) -> str:
    """Give the state to send back with an error, when it can be sent back."""
    try:
        return visible(params, "state")
    except Fault:
        return ""


def authenticated(request: Request, params: Params) -> Client:
    """Give the client that proved itself in exactly one way, the one it is registered with.

    Only failures are counted, so that honest calls cost nothing more and nobody shuts out a neighbour.
    """
    try:
        return _authenticated(request, params)
    except Fault as fault:
        if fault.status == 401 and not spend("client", address(request), **FAILURES):
            raise Fault(fault.code, "too many failed attempts, try again later", status=429) from fault
        raise


def _authenticated(request: Request, params: Params) -> Client:
    header, assertion = request.headers.get("Authorization", ""), single(params, "client_assertion")
    if "client_secret" in params:
        raise Fault("invalid_client", "a secret is believed in the header only", status=401)
    if assertion and not header and single(params, "client_assertion_type") == _ASSERTION_TYPE:
        client = clients.client_by_assertion(
            assertion=assertion,
            issuer=settings.NATIONAL_URL,
            endpoint=discovery.address("token"),
            by=request.actor,
            at=timezone.now(),
        )
    elif header and not assertion:
        code, secret = _basic(header)
        client = clients.client_by_secret(code=code, secret=secret, by=request.actor, at=timezone.now())
    else:
        raise Fault("invalid_client", "exactly one way of client authentication is needed", status=401)
    if single(params, "client_id") not in ("", client.code):
        raise Fault("invalid_client", "client_id is not the authenticated client", status=401)
    return client


def asked(client: Client, redirect_uri: str, params: Params) -> Asked:
    """Read what a known client asks for, to be answered at an address of its own."""
    wanted = read(params, redirect_uri=redirect_uri, allowed_scopes=client.scopes)
    opened = claims_of(wanted.scopes)
    return replace(wanted, verified=verified.read(single(params, "claims"), opened=opened))


def pushed(client: Client, params: Params, holder: str) -> Asked:
    """Read the request that a client sends ahead, bound to the key that it has proved or named."""
    redirect_uri = visible(params, "redirect_uri")
    if redirect_uri not in client.redirect_uris:
        raise Fault("invalid_request", "redirect_uri is not registered")
    wanted = asked(client, redirect_uri, params)
    if holder and wanted.holder not in ("", holder):
        raise Fault("invalid_request", "dpop_jkt is not the key of the proof")
    return replace(wanted, holder=holder or wanted.holder)


def holder(request: Request, client: Client, *, endpoint: str, access_token: str = "") -> str:
    """Give the key that a request proves to hold; empty when it brings no proof."""
    text = request.headers.get(machine.PROOF, "")
    if not text:
        return ""
    return clients.accept_proof(
        client=client,
        proof=text,
        method=request.method or "",
        address=discovery.address(endpoint),
        access_token=access_token,
        by=request.actor,
        at=timezone.now(),
    )


def access_token(request: Request) -> AccessToken:
    """Give the good access token for a person's claims that a request brings."""
    return _brought(request, queries.access_token, endpoint="userinfo")


def machine_client(request: Request, *, scope: str, endpoint: str) -> Client:
    """Give the system that brings a good access token of its own which opens this."""
    found = _brought(request, queries.machine_token, endpoint=endpoint)
    if scope not in found.scopes:
        raise Fault("insufficient_scope", f"the token does not open {scope}", status=403)
    return found.client


def _brought(request: Request, find: Callable[..., AccessToken | None], *, endpoint: str) -> AccessToken:
    """Give the good access token of a request, from the Authorization header only, by whom it is bound to."""
    used, text = machine.scheme(request), request.headers.get("Authorization", "").partition(" ")[2].strip()
    found = find(text, at=timezone.now()) if used in ("bearer", "dpop") else None
    if found is None or (used == "dpop") != bool(found.holder):
        raise Fault("invalid_token", "an access token that is good here is needed", status=401)
    try:
        proved = holder(request, found.client, endpoint=endpoint, access_token=text) if found.holder else ""
    except Fault as fault:
        raise Fault(fault.code, fault.description, status=401) from fault
    if proved != found.holder:
        raise Fault("invalid_token", "the token is bound to another key", status=401)
    return found


def _basic(header: str) -> tuple[str, str]:
    scheme, _space, text = header.partition(" ")
    try:
        pair = base64.b64decode(text, validate=True).decode() if scheme.lower() == "basic" else ""
    except (binascii.Error, ValueError):
        pair = ""
    code, _colon, secret = pair.partition(":")
    return unquote_plus(code), unquote_plus(secret)
