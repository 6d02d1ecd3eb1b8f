"""Tokens: given for a code, renewed, given up."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from motcua.base import events, jose
from motcua.base.actor import Actor
from motcua.domain.accounts import queries
from motcua.domain.accounts.events import REPLAYED, TOKEN_GIVEN_UP, TOKEN_ISSUED, TOKEN_RENEWED
from motcua.domain.accounts.models import (
    AccessToken,
    Account,
    AuthorizationCode,
    Client,
    RefreshToken,
    Session,
)
from motcua.domain.accounts.rules.accounts import State, assurance
from motcua.domain.accounts.rules.machines import MACHINE_LIFE
from motcua.domain.accounts.rules.requests import (
    OFFLINE,
    TOKEN_LIFE,
    Fault,
    fingerprint,
    id_token,
    narrowed,
    proves,
    refresh_life,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """What a client gets for a code, for a refresh token, or for itself."""

    access_token: str
    #: only for a code
    id_token: str = ""
    #: only with offline_access
    refresh_token: str = ""
    scopes: tuple[str, ...]
    #: bound to a key, so that they are nothing to whoever steals them
    bound: bool
    #: of the access token
    life: timedelta = TOKEN_LIFE


def redeem(
    *,
    client: Client,
    code: str,
    redirect_uri: str,
    verifier: str,
    holder: str = "",
    issuer: str,
    by: Actor,
    at: datetime,
) -> Tokens:
    """Exchange a code for tokens, once; a second try also kills the tokens of the first (RFC 6749 4.1.2).

    `holder` is the key that the client has just proved to hold: the tokens are then bound to it.
    """
    _must_prove(client, holder)
    # The replay must be written down although the answer is a fault.
    tokens = _redeem(
        client=client,
        code=code,
        redirect_uri=redirect_uri,
        verifier=verifier,
        holder=holder,
        issuer=issuer,
        by=by,
        at=at,
    )
    if tokens is None:
        raise Fault("invalid_grant", "the code is wrong, expired, used or not yours")
    return tokens


def renew(
    *, client: Client, refresh_token: str, scope: str = "", holder: str = "", by: Actor, at: datetime
) -> Tokens:
    """Exchange a refresh token for the next one and an access token, perhaps for fewer scopes.

    One that was used before has been stolen, from whom nobody can tell: the whole family dies (RFC 9700
    4.14.2).
    """
    _must_prove(client, holder)
    tokens = _renew(client=client, refresh_token=refresh_token, scope=scope, holder=holder, by=by, at=at)
    if tokens is None:
        raise Fault("invalid_grant", "the refresh token is wrong, expired, used or not yours")
    return tokens


@transaction.atomic
def issue_to_machine(
    *, client: Client, scopes: Sequence[str], holder: str, by: Actor, at: datetime
) -> Tokens:
    """Give a system a token for itself, bound to the key it has just proved to hold; nothing renews it."""
    _must_prove(client, holder)
    # What proved it may have been taken from it meanwhile: then it was not here in time.
    as_it_was = {"active": True, "keys": client.keys, "machine_scopes": client.machine_scopes}
    same = Client.objects.select_for_update(no_key=True).filter(pk=client.pk, profile=Client.Profile.FAPI)
    if not same.filter(**as_it_was).exists():
        raise Fault("invalid_client", "client authentication failed", status=401)
    # A chain of its own: the story of the client is what people decided about it.
    subject, data = f"{client.subject}:tokens", {"scopes": list(scopes)}
    events.record(TOKEN_ISSUED, subject=subject, by=by, at=at, data=data)
    grant = {"family": "", "client": client, "scopes": list(scopes), "holder": holder}
    access_token = _access_token(grant, at, MACHINE_LIFE)
    return Tokens(access_token=access_token, scopes=tuple(scopes), bound=True, life=MACHINE_LIFE)


@transaction.atomic
def end_machine_tokens(*, client: Client, by: Actor, at: datetime) -> None:
    """End what a system holds for itself, when what it proves itself with or may ask for has changed."""
    AccessToken.objects.filter(client=client, session=None, revoked_at=None).update(revoked_at=at)


@transaction.atomic
def give_up(*, client: Client, token: str, by: Actor, at: datetime) -> None:
    """End a token that a client no longer needs, a refresh token with all that came of it (RFC 7009)."""
    ours = {"hash": fingerprint(token), "client": client, "revoked_at": None}
    renewable = RefreshToken.objects.select_related("session").filter(**ours).first()
    if renewable is not None:
        # Locked as when it is renewed: the next of its family is there by now, or never comes.
        account = _lock(renewable.session.account_id)
        _end_family(renewable.family, at)
        events.record(TOKEN_GIVEN_UP, subject=account.subject, by=by, at=at, data={"client": client.code})
    AccessToken.objects.filter(**ours).update(revoked_at=at)


@transaction.atomic
def _redeem(
    *,
    client: Client,
    code: str,
    redirect_uri: str,
    verifier: str,
    holder: str,
    issuer: str,
    by: Actor,
    at: datetime,
) -> Tokens | None:
    found = (
        AuthorizationCode.objects.select_related("request", "session")
        .select_for_update(of=("self",))
        .filter(hash=fingerprint(code), request__client=client)
        .first()
    )
    if found is None:
        return None
    account = found.session.account = _lock(found.session.account_id)
    if found.used_at is not None:
        _end_family(found.hash, at)
        events.record(REPLAYED, subject=account.subject, by=by, at=at, data={"client": client.code})
        return None
    # Used up by any try: a code seen with a wrong verifier has leaked.
    AuthorizationCode.objects.filter(pk=found.pk).update(used_at=at)
    right = (
        at < found.expires_at
        and redirect_uri == found.request.redirect_uri
        and proves(verifier, found.request.challenge)
        and found.request.holder in ("", holder)
        and account.state == State.ACTIVE
        and Session.objects.filter(pk=found.session_id, ended_at=None).exists()
    )
    if not right:
        return None
    events.record(TOKEN_ISSUED, subject=account.subject, by=by, at=at, data={"client": client.code})
    return _issue(found, client, holder, issuer, at=at)


def _issue(found: AuthorizationCode, client: Client, holder: str, issuer: str, *, at: datetime) -> Tokens:
    account, scopes = found.session.account, found.request.scopes
    grant = {"family": found.hash, "client": client, "session": found.session, "holder": holder}
    grant |= {"scopes": scopes, "verified": found.request.verified}
    access_token = _access_token(grant, at)
    refresh_token = ""
    if OFFLINE in scopes and OFFLINE in queries.agreed(account, client):
        expires_at, until = refresh_life(at)
        refresh_token = _refresh_token(RefreshToken(**grant, until=until), expires_at)
    claims = id_token(
        issuer=issuer,
        client=client.code,
        sub=queries.subject_of(account, client),
        sid=queries.sid_of(found.session, client),
        nonce=found.request.nonce,
        access_token=access_token,
        level=assurance(found.methods),
        methods=found.methods,
        authenticated_at=found.authenticated_at,
        at=at,
    )
    return Tokens(
        access_token=access_token,
        id_token=jose.sign(claims, queries.signing_key()),
        refresh_token=refresh_token,
        scopes=tuple(scopes),
        bound=bool(holder),
    )


@transaction.atomic
def _renew(
    *, client: Client, refresh_token: str, scope: str, holder: str, by: Actor, at: datetime
) -> Tokens | None:
    known = RefreshToken.objects.filter(hash=fingerprint(refresh_token), client=client)
    seen = known.select_related("session").first()
    if seen is None or seen.holder != holder:
        return None
    account = _lock(seen.session.account_id)
    found = known.select_related("session").select_for_update(of=("self",)).get()
    if found.used_at is not None:
        if _end_family(found.family, at):
            events.record(REPLAYED, subject=account.subject, by=by, at=at, data={"client": client.code})
        return None
    usable = found.revoked_at is None and at < found.expires_at and account.state == State.ACTIVE
    if not usable or OFFLINE not in client.scopes or OFFLINE not in queries.agreed(account, client):
        return None
    scopes = narrowed(scope, found.scopes)
    RefreshToken.objects.filter(pk=found.pk).update(used_at=at)
    events.record(TOKEN_RENEWED, subject=account.subject, by=by, at=at, data={"client": client.code})
    grant = {"family": found.family, "client": client, "session": found.session, "holder": holder}
    access_token = _access_token(grant | {"scopes": scopes, "verified": found.verified}, at)
    found.pk = None
    next_token = _refresh_token(found, min(refresh_life(at)[0], found.until))
    return Tokens(
        access_token=access_token, refresh_token=next_token, scopes=tuple(scopes), bound=bool(holder)
    )


def _access_token(grant: dict[str, Any], at: datetime, life: timedelta = TOKEN_LIFE) -> str:
    token = secrets.token_urlsafe(32)
    AccessToken.objects.create(**grant, hash=fingerprint(token), expires_at=at + life)
    return token


def _refresh_token(row: RefreshToken, expires_at: datetime) -> str:
    token = secrets.token_urlsafe(32)
    row.hash, row.expires_at = fingerprint(token), expires_at
    row.save(force_insert=True)
    return token


def _end_family(family: str, at: datetime) -> int:
    AccessToken.objects.filter(family=family, revoked_at=None).update(revoked_at=at)
    return RefreshToken.objects.filter(family=family, revoked_at=None).update(revoked_at=at)


def _must_prove(client: Client, holder: str) -> None:
    if client.strict and not holder:
        raise Fault("invalid_dpop_proof", "this client must prove that it holds a key")


def _lock(pk: int) -> Account:
    return Account.objects.select_for_update().get(pk=pk)
