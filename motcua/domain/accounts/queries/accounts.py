"""Reading accounts, log-ins and what they are opened with."""

import base64
from datetime import date, datetime

from django.conf import settings
from django.db.models import QuerySet

from motcua.base import secrets
from motcua.base.actor import Actor, Role
from motcua.domain.accounts.models import Account, BackupCode, Challenge, Duty, Factor, Passkey, Session
from motcua.domain.accounts.rules.accounts import ABSOLUTE, State, code, step_at
from motcua.domain.accounts.rules.duties import why_not_act
from motcua.domain.accounts.rules.passkeys import LIFE, Purpose
from motcua.domain.accounts.rules.requests import pairwise
from motcua.domain.population.models import NUMBER


def actor_of(session: Session, *, on: date | None = None) -> Actor:
    """Give the person of a log-in as the one who acts; in the chosen duty if it is in force on the day."""
    person, duty = session.account.person, session.duty
    roles, place = {Role.CITIZEN}, ("", "")
    if duty is not None and on is not None and _acts(session, duty, on):
        roles, place = {Role.CITIZEN, Role(duty.role)}, (duty.place_name, duty.place_code)
    return Actor(
        name=person.name,
        roles=frozenset(roles),
        person=person.pk,
        place=place[0],
        reach=place[1],
        assurance=session.assurance,
    )


def _acts(session: Session, duty: Duty, on: date) -> bool:
    lasts = duty.in_force_from <= on and (duty.in_force_to is None or on < duty.in_force_to)
    return lasts and why_not_act(level=session.account.level, assurance=session.assurance) is None


def visible(actor: Actor) -> QuerySet[Account]:
    """Give the accounts that somebody may see: one's own; all of them at an identity desk."""
    return Account.objects.all() if actor.has(Role.IDENTITY_OFFICER) else own(actor)


def own(actor: Actor) -> QuerySet[Account]:
    """Give one's own account, whatever one may see besides; all of them for the system."""
    if actor.has(Role.SYSTEM):
        return Account.objects.all()
    return Account.objects.filter(person_id=actor.person) if actor.person else Account.objects.none()


def account_state(person: int) -> str:
    """Say of somebody whether the account is "active" or "locked" or there is "none"; never why."""
    open_ones = Account.objects.filter(person_id=person).exclude(state=State.CLOSED)
    state = open_ones.values_list("state", flat=True).first()
    return str(state or "none")


def account_by_number(number: str) -> Account | None:
    """Find the account of a citizen number, in whatever state; for logging in only."""
    found = Account.objects.filter(person__number_index__in=secrets.blinds(number, place=NUMBER))
    return found.select_related("person").first()


def session(key: str, *, at: datetime) -> Session | None:
    """Find a live log-in by its key, with its account and person, in one query."""
    live = Session.objects.select_related("account__person", "duty").filter(
        key=key, ended_at=None, opened_at__gt=at - ABSOLUTE, account__state=State.ACTIVE
    )
    return live.first() if settings.DEMO else live.filter(account__demo_role="").first()


def is_live(session: Session, *, at: datetime) -> bool:
    """Ask again whether a log-in that was found before still goes on."""
    return Session.objects.filter(pk=session.pk, ended_at=None, opened_at__gt=at - ABSOLUTE).exists()


def sessions(actor: Actor, *, at: datetime) -> QuerySet[Session]:
    """List where the person is logged in, newest first."""
    live = Session.objects.filter(account__in=own(actor), ended_at=None, opened_at__gt=at - ABSOLUTE)
    return live.select_related("account").order_by("-authenticated_at")


def reachable(account: Account) -> int:
    """Give the highest authentication level that an account's factors allow."""
    held = code_factor(account) or working_passkeys(account).exists() or texts_offered(account)
    return 2 if held else 1


def code_factor(account: Account) -> Factor | None:
    """Find the app whose one-time codes an account takes."""
    return Factor.objects.filter(account=account, kind=Factor.Kind.CODE, ended_at=None).first()


def texts_chosen(account: Account) -> Factor | None:
    """Find the holder's own choice to get codes by text beside something better."""
    return Factor.objects.filter(account=account, kind=Factor.Kind.TEXT, ended_at=None).first()


def texts_offered(account: Account) -> bool:
    """Tell whether codes come by text: the weakest way, so only for want of a better or by choice."""
    if not (settings.SMS_URL and account.phone):
        return False
    better = code_factor(account) or working_passkeys(account).exists()
    return not better or texts_chosen(account) is not None


def usable(account: Account) -> bool:
    """Tell whether an account can be entered at all; a demo's only in a demo."""
    return account.state == State.ACTIVE and (settings.DEMO or not account.demo_role)


def passkeys(actor: Actor) -> QuerySet[Passkey]:
    """List one's passkeys, the locked ones too, in the order in which they came."""
    return Passkey.objects.filter(account__in=own(actor), removed_at=None).order_by("pk")


def working_passkeys(account: Account) -> QuerySet[Passkey]:
    """List the passkeys with which an account can be entered."""
    return Passkey.objects.filter(account=account, removed_at=None, locked_at=None)


def passkey_offer_due(session: Session) -> bool:
    """Tell whether to offer a passkey: once, to those who typed both steps and have none."""
    account = session.account
    typed = "pwd" in session.methods and not {"otp", "sms"}.isdisjoint(session.methods)
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
    held = Factor.objects.filter(account__in=own(actor), kind=Factor.Kind.CODE, ended_at=None)
    factor = held.exclude(account__demo_role="").first() if settings.DEMO else None
    # The code of this half minute may have been used already; the next one is good, too.
    return code(secret_of(factor), max(step_at(at), factor.last_step + 1)) if factor else ""


def secret_of(factor: Factor) -> bytes:
    """Open the secret from which a factor's codes are made."""
    return base64.b32decode(
        secrets.unseal(bytes(factor.secret), place=f"accounts_factor:{factor.account_id}")
    )
