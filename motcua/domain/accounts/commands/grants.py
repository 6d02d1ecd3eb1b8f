"""From a client's request to its code: ask or push, agree, answer."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from motcua.base import events
from motcua.base.actor import Actor
from motcua.base.errors import Refused
from motcua.domain.accounts import queries
from motcua.domain.accounts.events import CONSENT_WITHDRAWN, CONSENTED, SHARED
from motcua.domain.accounts.models import (
    AccessToken,
    Account,
    AuthorizationCode,
    AuthorizationRequest,
    Challenge,
    Client,
    Consent,
    LogoutNotice,
    Message,
    Pairing,
    RefreshToken,
    Session,
    TextCode,
    Tries,
    UsedAssertion,
)
from motcua.domain.accounts.rules.requests import (
    CLAIM_NAMES,
    CODE_LIFE,
    PUSHED,
    PUSHED_LIFE,
    Asked,
    Fault,
    claims_of,
    fingerprint,
)

#: how long the rows of a log-in are kept for looking into a complaint
MEMORY = timedelta(days=1)


def ask(*, client: Client, asked: Asked, by: Actor, at: datetime) -> AuthorizationRequest:
    """Keep a well-formed request while the person logs in and agrees; strict clients must push theirs."""
    if client.strict:
        raise Fault("invalid_request", "this client must push its requests")
    return AuthorizationRequest.objects.create(**_kept(client, asked, at))


def push(*, client: Client, asked: Asked, by: Actor, at: datetime) -> str:
    """Keep a request that an authenticated client sends ahead; give the name for its browser (RFC 9126)."""
    if client.strict and not asked.holder:
        raise Fault("invalid_request", "dpop_jkt is missing")
    name = secrets.token_urlsafe(32)
    AuthorizationRequest.objects.create(**_kept(client, asked, at), pushed=fingerprint(name))
    return PUSHED + name


def open_pushed(*, client_id: str, name: str, by: Actor, at: datetime) -> AuthorizationRequest | None:
    """Take up a pushed request of a client in use, once and soon; None when there is none such."""
    client = Client.objects.filter(code=client_id, active=True)
    hashed = fingerprint(name.removeprefix(PUSHED))
    pushed = AuthorizationRequest.objects.filter(client__in=client, pushed=hashed)
    if not pushed.filter(opened_at=None, made_at__gt=at - PUSHED_LIFE).update(opened_at=at):
        return None
    return pushed.select_related("client").get()


@transaction.atomic
def agree(
    *,
    session: Session,
    request: AuthorizationRequest,
    ticked: Collection[str] = (),
    by: Actor,
    at: datetime,
) -> Consent:
    """Remember that a person lets a client have what it asked for; of what is voluntary, what was ticked."""
    account = _lock(session.account)
    asked = set(claims_of(request.scopes))
    declined = asked & set(request.client.voluntary) - set(ticked)
    agreed = asked - declined
    earlier = Consent.objects.filter(account=account, client=request.client, withdrawn_at=None).first()
    if earlier is not None:
        agreed |= set(earlier.claims) - asked
        declined |= set(earlier.declined) - asked
        Consent.objects.filter(pk=earlier.pk).update(withdrawn_at=at)
    consent = Consent.objects.create(
        account=account,
        client=request.client,
        claims=[claim for claim in CLAIM_NAMES if claim in agreed],
        declined=sorted(declined),
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
        raise Refused(_("Bạn hiện không chia sẻ dữ liệu với ứng dụng này."))
    for model in (AccessToken, RefreshToken):
        model.objects.filter(session__account=account, client=client, revoked_at=None).update(revoked_at=at)
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
    shared = queries.agreed(account, request.client)
    told = [claim for claim in claims_of(request.scopes) if claim in shared]
    data = {"client": request.client.code, "claims": told}
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
    AccessToken.objects.filter(expires_at__lt=at - MEMORY).delete()
    LogoutNotice.objects.filter(made_at__lt=at - MEMORY).delete()
    RefreshToken.objects.filter(until__lt=at - MEMORY).delete()
    UsedAssertion.objects.filter(expires_at__lt=at).delete()
    Tries.objects.filter(tried_at__lt=at - MEMORY).delete()
    Challenge.objects.filter(made_at__lt=at - MEMORY).delete()
    Pairing.objects.filter(made_at__lt=at - MEMORY).delete()
    TextCode.objects.filter(made_at__lt=at - MEMORY).delete()
    Message.objects.filter(made_at__lt=at - 7 * MEMORY).delete()


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
        "verified": list(asked.verified),
        "made_at": at,
    }


def _lock(account: Account) -> Account:
    return Account.objects.select_for_update().get(pk=account.pk)
