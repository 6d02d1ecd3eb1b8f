"""Registering clients and finding out whether it is really them."""

import hmac
import secrets as randomness
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from motcua.base import events, jose
from motcua.base.actor import Actor
from motcua.base.errors import Refused
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands.keys import ensure_keys
from motcua.domain.accounts.commands.tokens import end_machine_tokens
from motcua.domain.accounts.events import CLIENT_REGISTERED
from motcua.domain.accounts.models import Client
from motcua.domain.accounts.rules.machines import why_not_machine_scopes
from motcua.domain.accounts.rules.proofs import ASSERTION_TYPES, check_assertion, check_proof
from motcua.domain.accounts.rules.requests import (
    CLAIMS_OF_SCOPE,
    Fault,
    claims_of,
    fingerprint,
    why_not_redirect_uri,
)

_UNKNOWN = ("invalid_client", "client authentication failed")


@transaction.atomic
def register_client(
    *,
    code: str,
    name: str,
    purpose: str,
    redirect_uris: Sequence[str],
    logout_uris: Sequence[str] = (),
    backchannel_uri: str = "",
    scopes: Sequence[str],
    machine_scopes: Sequence[str] = (),
    keys: Sequence[Mapping[str, Any]] = (),
    reasons: Mapping[str, str] | None = None,
    voluntary: Sequence[str] = (),
    serves: Sequence[str] = (),
    sector: str = "",
    profile: str = Client.Profile.PLAIN,
    by: Actor,
    at: datetime,
) -> tuple[Client, str]:
    """Register a client, or bring a registered one up to date; give it with its secret, shown only now.

    With public keys it proves itself by private_key_jwt and the secret is empty.
    """
    if profile == Client.Profile.FAPI and not keys:
        raise Refused(_("Ứng dụng theo hồ sơ FAPI phải có khóa công khai."))
    if not all(jose.usable(key) for key in keys):
        raise Refused(_("Chỉ nhận khóa EC P-256 để ký (ES256)."))
    for uri in filter(None, (*redirect_uris, *logout_uris, backchannel_uri)):
        if reason := why_not_redirect_uri(uri):
            raise Refused(reason)
    if not redirect_uris or "openid" not in scopes or not set(scopes) <= set(CLAIMS_OF_SCOPE):
        raise Refused(_("Cần địa chỉ quay lại, phạm vi openid, và chỉ những phạm vi trong danh mục."))
    if not {*(reasons or {}), *voluntary} <= set(claims_of(scopes)):
        raise Refused(_("Chỉ nêu lý do cho những thông tin mà các phạm vi này mở ra."))
    if reason := why_not_machine_scopes(machine_scopes, strict=profile == Client.Profile.FAPI):
        raise Refused(reason)
    secret = "" if keys else randomness.token_urlsafe(32)
    client, _made = Client.objects.update_or_create(
        code=code,
        defaults={
            "name": name,
            "purpose": purpose,
            "profile": profile,
            "method": Client.Method.KEY if keys else Client.Method.SECRET,
            "keys": [jose.public(key) for key in keys],
            "secret": fingerprint(secret) if secret else "",
            "redirect_uris": list(redirect_uris),
            "logout_uris": list(logout_uris),
            "backchannel_uri": backchannel_uri,
            "scopes": list(scopes),
            "machine_scopes": list(machine_scopes),
            "reasons": dict(reasons or {}),
            "voluntary": list(voluntary),
            "serves": list(serves),
            "sector": sector or urlsplit(redirect_uris[0]).netloc,
        },
    )
    end_machine_tokens(client=client, by=by, at=at)
    ensure_keys(by=by, at=at)  # from now on somebody may ask for what they sign
    events.record(
        CLIENT_REGISTERED, subject=client.subject, by=by, at=at, data={"scopes": [*scopes, *machine_scopes]}
    )
    return client, secret


def client_by_assertion(*, assertion: str, issuer: str, endpoint: str, by: Actor, at: datetime) -> Client:
    """Find out which client signed an assertion (private_key_jwt, RFC 7523); each assertion works once.

    It names the issuer as its only audience; of ordinary clients the endpoint is taken, too.
    """
    try:
        claimed = jose.unverified(assertion).get("sub")
        client = queries.client(claimed) if isinstance(claimed, str) and "\0" not in claimed else None
        if client is None or client.method != Client.Method.KEY:
            raise jose.BadToken("unknown client")
        in_force = [key for key in client.keys if jose.lasts(key, at=at)]
        claims = jose.opened(assertion, in_force, types=ASSERTION_TYPES)
        audiences = (issuer,) if client.strict else (issuer, endpoint)
        jti, expires_at = check_assertion(claims, client=client.code, audiences=audiences, at=at)
    except jose.BadToken as error:
        raise Fault(*_UNKNOWN, status=401) from error
    if not _use_once(client=client, jti=jti, expires_at=expires_at):
        raise Fault(*_UNKNOWN, status=401)
    return client


def accept_proof(
    *,
    client: Client,
    proof: str,
    method: str,
    address: str,
    access_token: str = "",
    by: Actor,
    at: datetime,
) -> str:
    """Give the thumbprint of the key that a client proves to hold (DPoP, RFC 9449); each proof works once."""
    shown = check_proof(
        proof,
        method=method,
        address=address,
        access_token=access_token,
        nonces=queries.nonces(at=at),
        at=at,
    )
    if not _use_once(client=client, jti=f"{shown.holder} {shown.jti}", expires_at=shown.forget_at):
        raise Fault("invalid_dpop_proof", "the proof was used before")
    return shown.holder


def client_by_secret(*, code: str, secret: str, by: Actor, at: datetime) -> Client:
    """Find the client that knows a secret (client_secret_basic)."""
    client = queries.client(code) if "\0" not in code else None
    kept = client.secret if client is not None and client.method == Client.Method.SECRET else ""
    if not hmac.compare_digest(fingerprint(secret), kept) or client is None:
        raise Fault(*_UNKNOWN, status=401)
    return client


def _use_once(*, client: Client, jti: str, expires_at: datetime) -> bool:
    # One statement: every call of every client comes through here.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_usedassertion (client_id, hash, expires_at) VALUES (%s, %s, %s) "
            "ON CONFLICT DO NOTHING",
            [client.pk, fingerprint(jti), expires_at],
        )
        return bool(cursor.rowcount == 1)
