"""From a client's request to its tokens: ask, agree, answer, redeem."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from motcua.base import events, jose
from motcua.base.actor import Actor
from motcua.base.errors import Refused
from motcua.domain.accounts import queries
from motcua.domain.accounts.events import CONSENT_WITHDRAWN, CONSENTED, REPLAYED, SHARED, TOKEN_ISSUED
from motcua.domain.accounts.models import (
    AccessToken,
    Account,
    AuthorizationCode,
    AuthorizationRequest,
    Challenge,
    Client,
    Consent,
    Message,
    Session,
    TextCode,
    Tries,
    UsedAssertion,
)
from motcua.domain.accounts.rules.accounts import State, assurance
from motcua.domain.accounts.rules.requests import (
    CLAIM_NAMES,
    CODE_LIFE,
    PUSHED,
    PUSHED_LIFE,
    TOKEN_LIFE,
    Asked,
    Fault,
    claims_of,
    fingerprint,
    id_token,
    proves,
)

#: how long the rows of a log-in are kept for looking into a complaint
MEMORY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a client gets for a code."""

    access_token: str
    id_token: str
    scopes: tuple[str, ...]
    #: bound to a key, so that they are nothing to whoever steals them
    bound: bool


@transaction.atomic
def ask(*, client: Client, asked: Asked, by: Actor, at: datetime) -> AuthorizationRequest:
    """Keep a well-formed request while the person logs in and agrees; strict clients must push theirs."""
    if client.strict:
        raise Fault("invalid_request", "this client must push its requests")
    return AuthorizationRequest.objects.create(**_kept(client, asked, at))


@transaction.atomic
def push(*, client: Client, asked: Asked, by: Actor, at: datetime) -> str:
    """Keep a request that an authenticated client sends ahead; give the name for its browser (RFC 9126)."""
    if client.strict and not asked.holder:
        raise Fault("invalid_request", "dpop_jkt is missing")
    name = secrets.token_urlsafe(32)
    AuthorizationRequest.objects.create(**_kept(client, asked, at), pushed=fingerprint(name))
    return PUSHED + name


@transaction.atomic
def open_pushed(*, client: Client, name: str, by: Actor, at: datetime) -> AuthorizationRequest | None:
    """Take up a pushed request of this client, once and soon; None when there is none such."""
    fresh = AuthorizationRequest.objects.filter(
        client=client,
        pushed=fingerprint(name.removeprefix(PUSHED)),
        opened_at=None,
        made_at__gt=at - PUSHED_LIFE,
    )
    found = fresh.select_for_update(of=("self",)).select_related("client").first()
    if found is not None:
        found.opened_at = at
        found.save(update_fields=["opened_at"])
    return found


@transaction.atomic
def agree(*, session: Session, request: AuthorizationRequest, by: Actor, at: datetime) -> Consent:
    """Remember that a person lets a client have the claims it asked for."""
    account = _lock(session.account)
    agreed = set(claims_of(request.scopes))
    earlier = Consent.objects.filter(account=account, client=request.client, withdrawn_at=None).first()
    if earlier is not None:
        agreed |= set(earlier.claims)
        Consent.objects.filter(pk=earlier.pk).update(withdrawn_at=at)
    consent = Consent.objects.create(
        account=account,
        client=request.client,
        claims=[claim for claim in CLAIM_NAMES if claim in agreed],
        given_at=at,
    )
    data = {"client": request.client.code, "claims": consent.claims}
    events.record(CONSENTED, subject=account.subject, by=by, at=at, data=data)
    return consent


@transaction.atomic
def withdraw_consent(*, account: Account, client: Client, by: Actor, at: datetime) -> None:
    """Take an agreement back; the client's tokens of this person die at once."""
    account = queries.own(by).select_for_update(of=("self",)).get(pk=account.pk)
    in_force = Consent.objects.filter(account=account, client=client, withdrawn_at=None)
    if not in_force.update(withdrawn_at=at):
        raise Refused(_("Bạn không đang chia sẻ dữ liệu với ứng dụng này."))
    AccessToken.objects.filter(session__account=account, client=client, revoked_at=None).update(revoked_at=at)
    events.record(CONSENT_WITHDRAWN, subject=account.subject, by=by, at=at, data={"client": client.code})


@transaction.atomic
def answer(*, request: AuthorizationRequest, session: Session, by: Actor, at: datetime) -> str:
    """Answer a request with a code, once; whoever calls has checked that nothing is left to do."""
    account = _lock(session.account)
    if not AuthorizationRequest.objects.filter(pk=request.pk, answered_at=None).update(answered_at=at):
        raise Refused(_("Yêu cầu đăng nhập này đã được trả lời."))
    code = secrets.token_urlsafe(32)
    AuthorizationCode.objects.create(
        hash=fingerprint(code),
        request=request,
        session=session,
        methods=session.methods,
        authenticated_at=session.authenticated_at,
        expires_at=at + CODE_LIFE,
    )
    data = {"client": request.client.code, "claims": list(claims_of(request.scopes))}
    events.record(SHARED, subject=account.subject, by=by, at=at, data=data)
    return code


@transaction.atomic
def decline(*, request: AuthorizationRequest, by: Actor, at: datetime) -> None:
    """Close a request that was refused, so that it cannot be answered later."""
    AuthorizationRequest.objects.filter(pk=request.pk, answered_at=None).update(answered_at=at)


@transaction.atomic
def forget(*, by: Actor, at: datetime) -> None:
    """Delete what is only of use for minutes, a day after; what it led to stands on the event log."""
    AuthorizationRequest.objects.filter(made_at__lt=at - MEMORY).delete()
    UsedAssertion.objects.filter(expires_at__lt=at).delete()
    Tries.objects.filter(tried_at__lt=at - MEMORY).delete()
    Challenge.objects.filter(made_at__lt=at - MEMORY).delete()
    TextCode.objects.filter(made_at__lt=at - MEMORY).delete()
    Message.objects.filter(made_at__lt=at - 7 * MEMORY).delete()


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
    if client.strict and not holder:
        raise Fault("invalid_dpop_proof", "this client must prove that it holds a key")
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
    account = _lock(found.session.account)
    if found.used_at is not None:
        AccessToken.objects.filter(code=found, revoked_at=None).update(revoked_at=at)
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
    return _issue(found, client, holder, issuer, by=by, at=at) if right else None


def _issue(
    found: AuthorizationCode, client: Client, holder: str, issuer: str, *, by: Actor, at: datetime
) -> Tokens:
    access_token = secrets.token_urlsafe(32)
    AccessToken.objects.create(
        hash=fingerprint(access_token),
        code=found,
        client=client,
        session=found.session,
        scopes=found.request.scopes,
        holder=holder,
        expires_at=at + TOKEN_LIFE,
    )
    account = found.session.account
    claims = id_token(
        issuer=issuer,
        client=client.code,
        sub=queries.subject_of(account, client),
        sid=found.session.key,
        nonce=found.request.nonce,
        access_token=access_token,
        level=assurance(found.methods),
        methods=found.methods,
        authenticated_at=found.authenticated_at,
        at=at,
    )
    events.record(TOKEN_ISSUED, subject=account.subject, by=by, at=at, data={"client": client.code})
    return Tokens(
        access_token, jose.sign(claims, queries.signing_key()), tuple(found.request.scopes), bool(holder)
    )


def _kept(client: Client, asked: Asked, at: datetime) -> dict[str, Any]:
    return {
        "key": secrets.token_urlsafe(32),
        "client": client,
        "redirect_uri": asked.redirect_uri,
        "scopes": list(asked.scopes),
        "state": asked.state,
        "nonce": asked.nonce,
        "challenge": asked.challenge,
        "prompts": sorted(asked.prompts),
        "max_age": asked.max_age,
        "levels": list(asked.levels),
        "holder": asked.holder,
        "made_at": at,
    }


def _lock(account: Account) -> Account:
    return Account.objects.select_for_update().get(pk=account.pk)
