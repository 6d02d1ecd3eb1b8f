"""Reading clients, their requests and tokens, and the keys that sign for them."""

import json
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from motcua.base import secrets
from motcua.base.actor import Actor
from motcua.domain.accounts.models import (
    AccessToken,
    Account,
    AuthorizationRequest,
    Client,
    Consent,
    LogoutNotice,
    RefreshToken,
    Session,
    SigningKey,
)
from motcua.domain.accounts.queries.accounts import own, reachable
from motcua.domain.accounts.queries.mandates import Represented, represented
from motcua.domain.accounts.rules import proofs, verified
from motcua.domain.accounts.rules.accounts import State
from motcua.domain.accounts.rules.machines import LATE
from motcua.domain.accounts.rules.requests import (
    OFFLINE,
    REQUEST_LIFE,
    Asked,
    Standing,
    claims_of,
    fingerprint,
    pairwise,
)

#: people and organizations that one claim names
MOST = 200


def client(client_id: str) -> Client | None:
    """Find a client that is in use by its client_id."""
    # Every call of every client begins here, and writing the statement anew costs more than asking it.
    found = Client.objects.raw("SELECT * FROM accounts_client WHERE code = %s AND active", [client_id])
    return next(iter(found), None)


def consents(actor: Actor) -> QuerySet[Consent]:
    """List with which clients the person shares what."""
    held = Consent.objects.filter(account__in=own(actor), withdrawn_at=None)
    return held.select_related("account", "client").order_by("-given_at")


def nonces(*, at: datetime) -> tuple[str, str]:
    """Give the nonces that proofs of possession may bear now, the one to give out first."""
    return proofs.nonces(settings.SECRET_KEY, at=at)


def request(key: str, *, at: datetime) -> AuthorizationRequest | None:
    """Find an authorization request that is still waiting for its answer, with its client."""
    return (
        AuthorizationRequest.objects.select_related("client")
        .filter(key=key, answered_at=None, made_at__gt=at - REQUEST_LIFE, client__active=True)
        .exclude(pushed__isnull=False, opened_at=None)
        .first()
    )


def asked(request: AuthorizationRequest) -> Asked:
    """Give a kept authorization request the shape that the rules read."""
    return Asked(
        redirect_uri=request.redirect_uri,
        scopes=tuple(request.scopes),
        state=request.state,
        nonce=request.nonce,
        challenge=request.challenge,
        prompts=frozenset(request.prompts),
        max_age=request.max_age,
        levels=tuple(request.levels),
        holder=request.holder,
        verified=tuple(request.verified),
    )


def standing(session: Session, client: Client) -> Standing:
    """Tell how a log-in stands towards a client: how strong, how strong it could be, what was agreed."""
    consent = Consent.objects.filter(account=session.account, client=client, withdrawn_at=None).first()
    return Standing(
        authenticated_at=session.authenticated_at,
        level=session.assurance,
        reachable=max(session.assurance, reachable(session.account)),
        decided=frozenset(consent.claims) | (set(consent.declined) & set(client.voluntary))
        if consent
        else frozenset(),
        agreed_at=consent.given_at if consent else None,
    )


def facts(account: Account, claims: tuple[str, ...], *, on: date) -> dict[str, Any]:
    """Give the claims about a person by name on a day, leaving out what is not known."""
    person = account.person
    known: dict[str, Any] = {
        "name": person.name,
        "birthdate": person.born_on,
        "gender": person.gender,
        "account_level": account.level,
        "phone_number": account.phone,
    }
    if "citizen_number" in claims:
        known["citizen_number"] = person.number
    if "acting_for" in claims:
        known["acting_for"] = [_told(one) for one in represented(person, on=on)[:MOST]]
    return {claim: known[claim] for claim in claims if known.get(claim)}


def _told(one: Represented) -> dict[str, Any]:
    """Write down one person or organization for which somebody acts, as clients read it."""
    found: dict[str, Any] = {"tie": one.tie.value, "procedures": list(one.procedures)}
    if one.person is not None:
        found |= {"citizen_number": one.person.number, "name": one.person.name}
        found |= {"birthdate": one.person.born_on, "gender": one.person.gender}
    if one.organization is not None:
        found |= {"organization_code": one.organization.code, "name": one.organization.name}
    return {**found, "until": one.until.isoformat()} if one.until else found


def subject_of(account: Account, client: Client) -> str:
    """Give the pairwise `sub` of an account towards a client."""
    return pairwise(settings.PAIRWISE_KEY, account.pk, client.sector)


def sid_of(session: Session, client: Client) -> str:
    """Give the name of a log-in towards a client: two sectors cannot compare theirs, as with `sub`."""
    return pairwise(settings.PAIRWISE_KEY, session.key, client.sector)


def access_token(token: str, *, at: datetime) -> AccessToken | None:
    """Find an access token that still opens something, with its client and account."""
    return (
        AccessToken.objects.select_related("session__account__person", "client")
        .filter(
            hash=fingerprint(token),
            revoked_at=None,
            expires_at__gt=at,
            client__active=True,
            session__account__state=State.ACTIVE,
        )
        .filter(Q(session__ended_at=None) | Q(scopes__contains=[OFFLINE]))
        .first()
    )


def machine_token(token: str, *, at: datetime) -> AccessToken | None:
    """Find an access token that a system got for itself and that still opens something, with the system."""
    good = {"session": None, "revoked_at": None, "expires_at__gt": at, "client__active": True}
    return AccessToken.objects.select_related("client").filter(hash=fingerprint(token), **good).first()


def registration(client: Client, *, at: datetime) -> dict[str, Any]:
    """Tell a system what is registered of it (RFC 7592 section 2.1), and which log-outs did not reach it."""
    late = LogoutNotice.objects.filter(client=client, sent_at=None, made_at__lt=at - LATE)
    return {
        "client_id": client.code,
        "client_name": client.name,
        "security_profile": client.profile,
        "redirect_uris": client.redirect_uris,
        "post_logout_redirect_uris": client.logout_uris,
        "backchannel_logout_uri": client.backchannel_uri,
        "scope": " ".join([*client.scopes, *client.machine_scopes]),
        "token_endpoint_auth_method": client.method,
        "dpop_bound_access_tokens": client.strict,
        "require_pushed_authorization_requests": client.strict,
        "jwks": {"keys": client.keys},
        "logouts_undelivered": late.count(),
    }


def userinfo(token: AccessToken, *, on: date) -> dict[str, Any]:
    """Give what an access token opens: of what was asked, what the person agreed to and still does."""
    assert token.session is not None  # whoever asks for itself is not found above
    account = token.session.account
    still = agreed(account, token.client)
    known = facts(account, tuple(claim for claim in claims_of(token.scopes) if claim in still), on=on)
    sure = verified.told(known, token.verified, level=account.level, opened_at=account.opened_at)
    return {"sub": subject_of(account, token.client), **known, **sure}


def agreed(account: Account, client: Client) -> frozenset[str]:
    """Give the claims that a person lets a client have now."""
    consent = Consent.objects.filter(account=account, client=client, withdrawn_at=None).first()
    return frozenset(consent.claims) if consent else frozenset()


def looked_into(token: str, *, asker: Client, issuer: str, at: datetime) -> dict[str, Any]:
    """Tell about a token to the client it was given to, or to the one it is brought to (RFC 7662).

    To anybody else, and of any other text, only that it is not good.
    """
    found: AccessToken | RefreshToken | None = access_token(token, at=at) or machine_token(token, at=at)
    if found is None:
        own = RefreshToken.objects.select_related("session__account", "client").filter(
            hash=fingerprint(token), used_at=None, revoked_at=None, expires_at__gt=at, client=asker
        )
        found = own.filter(session__account__state=State.ACTIVE).first()
    if found is None or not (found.client == asker or found.client.code in asker.serves):
        return {"active": False}
    told = {
        "active": True,
        "iss": issuer,
        "client_id": found.client.code,
        "sub": subject_of(found.session.account, asker) if found.session else found.client.code,
        "scope": " ".join(found.scopes),
        "exp": int(found.expires_at.timestamp()),
    }
    if isinstance(found, AccessToken):
        told["token_type"] = "DPoP" if found.holder else "Bearer"
    return {**told, "cnf": {"jkt": found.holder}} if found.holder else told


def notice(pk: int) -> LogoutNotice | None:
    """Find what a client is to be told about a log-out."""
    return LogoutNotice.objects.select_related("client", "session__account").filter(pk=pk).first()


def public_keys() -> list[dict[str, Any]]:
    """List every key that clients should know: whose turn is to come, is now, and was lately."""
    return [key.public for key in SigningKey.objects.order_by("-turned_at", "pk")]


def signing_key() -> dict[str, Any]:
    """Give the private key whose turn it is."""
    current = SigningKey.objects.get(turn=SigningKey.Turn.CURRENT)
    return dict(
        json.loads(secrets.unseal(bytes(current.private), place=f"accounts_signing_key:{current.kid}"))
    )
