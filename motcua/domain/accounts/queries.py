"""Reading accounts, sessions, clients and keys."""

import base64
import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from motcua.base import secrets
from motcua.base.actor import Actor, Role
from motcua.domain.accounts.models import (
    AccessToken,
    Account,
    AuthorizationRequest,
    BackupCode,
    Challenge,
    Client,
    Consent,
    Factor,
    Passkey,
    Session,
    SigningKey,
)
from motcua.domain.accounts.rules.accounts import ABSOLUTE, State, code, step_at
from motcua.domain.accounts.rules.passkeys import LIFE, Purpose
from motcua.domain.accounts.rules.requests import (
    REQUEST_LIFE,
    Asked,
    Standing,
    claims_of,
    fingerprint,
    pairwise,
)
from motcua.domain.population.models import NUMBER


def actor_of(session: Session) -> Actor:
    """Give the person of a log-in as the one who acts."""
    person = session.account.person
    return Actor(
        name=person.name,
        roles=frozenset({Role.CITIZEN}),
        person=person.pk,
        assurance=session.assurance,
    )


def visible(actor: Actor) -> QuerySet[Account]:
    """Give the accounts that somebody may see: one's own; all of them for an administrator or the system."""
    if actor.has(Role.SYSTEM, Role.ADMINISTRATOR):
        return Account.objects.all()
    return Account.objects.filter(person_id=actor.person) if actor.person else Account.objects.none()


def account_by_number(number: str) -> Account | None:
    """Find the account of a citizen number, in whatever state; for logging in only."""
    found = Account.objects.filter(person__number_index__in=secrets.blinds(number, place=NUMBER))
    return found.select_related("person").first()


def session(key: str, *, at: datetime) -> Session | None:
    """Find a live log-in by its key, with its account and person, in one query."""
    live = Session.objects.select_related("account__person").filter(
        key=key, ended_at=None, opened_at__gt=at - ABSOLUTE, account__state=State.ACTIVE
    )
    return live.first() if settings.DEMO else live.filter(account__demo_role="").first()


def sessions(actor: Actor, *, at: datetime) -> QuerySet[Session]:
    """List where the person is logged in, newest first."""
    live = Session.objects.filter(account__in=visible(actor), ended_at=None, opened_at__gt=at - ABSOLUTE)
    return live.select_related("account").order_by("-authenticated_at")


def consents(actor: Actor) -> QuerySet[Consent]:
    """List with which clients the person shares what."""
    held = Consent.objects.filter(account__in=visible(actor), withdrawn_at=None)
    return held.select_related("account", "client").order_by("-given_at")


def reachable(account: Account) -> int:
    """Give the highest authentication level that an account's factors allow."""
    return 2 if code_factor(account) or working_passkeys(account).exists() else 1


def code_factor(account: Account) -> Factor | None:
    """Find the app whose one-time codes an account takes."""
    return Factor.objects.filter(account=account, kind=Factor.Kind.CODE, ended_at=None).first()


def usable(account: Account) -> bool:
    """Tell whether an account can be entered at all; a demo's only in a demo."""
    return account.state == State.ACTIVE and (settings.DEMO or not account.demo_role)


def passkeys(actor: Actor) -> QuerySet[Passkey]:
    """List one's passkeys, the locked ones too, in the order in which they came."""
    return Passkey.objects.filter(account__in=visible(actor), removed_at=None).order_by("pk")


def working_passkeys(account: Account) -> QuerySet[Passkey]:
    """List the passkeys with which an account can be entered."""
    return Passkey.objects.filter(account=account, removed_at=None, locked_at=None)


def passkey_offer_due(session: Session) -> bool:
    """Tell whether to offer a passkey: once, to those who typed both steps and have none."""
    account = session.account
    typed = {"pwd", "otp"} <= set(session.methods)
    return typed and account.passkey_declined_at is None and not working_passkeys(account).exists()


def handle_of(account: Account) -> bytes:
    """Give the name under which devices keep an account's passkeys; it tells nothing about the person."""
    return pairwise(settings.PAIRWISE_KEY, account.pk, "passkeys").encode()


def place_of_backup_codes(account: Account) -> str:
    """Give the place under which the backup codes of an account are hashed."""
    return f"accounts_backup_code:{account.pk}"


def backup_code(account: Account, typed: str) -> BackupCode | None:
    """Find the backup code that somebody typed, if it still opens."""
    hashes = secrets.blinds(typed, place=place_of_backup_codes(account))
    return BackupCode.objects.filter(account=account, hash__in=hashes, ended_at=None).first()


def backup_codes_left(account: Account) -> int:
    """Count the backup codes that still open."""
    return BackupCode.objects.filter(account=account, ended_at=None).count()


def challenge(key: str, *, purpose: Purpose, session: Session | None, at: datetime) -> Challenge | None:
    """Find a challenge that still waits for its answer, from the log-in it was made for."""
    live = Challenge.objects.filter(purpose=purpose, used_at=None, made_at__gt=at - LIFE[purpose])
    return live.filter(key=key, session=session).first()


def value_of(challenge: Challenge) -> bytes:
    """Open what a challenge holds."""
    return base64.b64decode(
        secrets.unseal(bytes(challenge.value), place=f"accounts_challenge:{challenge.key}")
    )


def demo_accounts() -> QuerySet[Account]:
    """List the people whom a demo's log-in page offers; nobody unless this is a demo."""
    if not settings.DEMO:
        return Account.objects.none()
    found = Account.objects.exclude(demo_role="").filter(state=State.ACTIVE)
    return found.select_related("person").order_by("pk")


def demo_code(actor: Actor, *, at: datetime) -> str:
    """Give the one-time code that will do now to one of the demo's people; nothing to anybody else."""
    held = Factor.objects.filter(account__in=visible(actor), kind=Factor.Kind.CODE, ended_at=None)
    factor = held.exclude(account__demo_role="").first() if settings.DEMO else None
    # The code of this half minute may have been used already; the next one is good, too.
    return code(secret_of(factor), max(step_at(at), factor.last_step + 1)) if factor else ""


def secret_of(factor: Factor) -> bytes:
    """Open the secret from which a factor's codes are made."""
    return base64.b32decode(
        secrets.unseal(bytes(factor.secret), place=f"accounts_factor:{factor.account_id}")
    )


def client(client_id: str) -> Client | None:
    """Find a client that is in use by its client_id."""
    return Client.objects.filter(code=client_id, active=True).first()


def request(key: str, *, at: datetime) -> AuthorizationRequest | None:
    """Find an authorization request that is still waiting for its answer, with its client."""
    return (
        AuthorizationRequest.objects.select_related("client")
        .filter(key=key, answered_at=None, made_at__gt=at - REQUEST_LIFE, client__active=True)
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
    )


def standing(session: Session, client: Client) -> Standing:
    """Tell how a log-in stands towards a client: how strong, how strong it could be, what was agreed."""
    consent = Consent.objects.filter(account=session.account, client=client, withdrawn_at=None).first()
    return Standing(
        authenticated_at=session.authenticated_at,
        level=session.assurance,
        reachable=max(session.assurance, reachable(session.account)),
        agreed=frozenset(consent.claims) if consent else frozenset(),
        agreed_at=consent.given_at if consent else None,
    )


def facts(account: Account, claims: tuple[str, ...]) -> dict[str, Any]:
    """Give the claims about a person by name, leaving out what is not known."""
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
    return {claim: known[claim] for claim in claims if known[claim]}


def subject_of(account: Account, client: Client) -> str:
    """Give the pairwise `sub` of an account towards a client."""
    return pairwise(settings.PAIRWISE_KEY, account.pk, client.sector)


def userinfo(token: str, *, at: datetime) -> dict[str, Any] | None:
    """Give what an access token opens, or None when it is unknown or no longer good."""
    found = (
        AccessToken.objects.select_related("session__account__person", "client")
        .filter(
            hash=fingerprint(token),
            revoked_at=None,
            expires_at__gt=at,
            client__active=True,
            session__ended_at=None,
            session__account__state=State.ACTIVE,
        )
        .first()
    )
    if found is None:
        return None
    account = found.session.account
    return {"sub": subject_of(account, found.client), **facts(account, claims_of(found.scopes))}


def public_keys() -> list[dict[str, Any]]:
    """List every key that clients should know: whose turn is to come, is now, and was lately."""
    return [key.public for key in SigningKey.objects.order_by("-turned_at", "pk")]


def signing_key() -> dict[str, Any]:
    """Give the private key whose turn it is."""
    current = SigningKey.objects.get(turn=SigningKey.Turn.CURRENT)
    return dict(
        json.loads(secrets.unseal(bytes(current.private), place=f"accounts_signing_key:{current.kid}"))
    )
