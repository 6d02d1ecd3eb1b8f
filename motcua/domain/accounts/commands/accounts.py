"""Opening, locking and closing accounts; their passwords and factors."""

import base64
import os
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from motcua.base import events, secrets
from motcua.base.actor import Actor, Role
from motcua.base.errors import Refused
from motcua.domain.accounts import passwords, queries
from motcua.domain.accounts.events import CLOSED, FACTOR_ADDED, LOCKED, OPENED, PASSWORD_SET, UNLOCKED
from motcua.domain.accounts.models import AccessToken, Account, Factor, Session
from motcua.domain.accounts.rules.accounts import State, why_not_lock, why_not_password, why_not_unlock
from motcua.domain.population.models import Person


@transaction.atomic
def open_account(
    *,
    person: Person,
    level: int,
    phone: str = "",
    demo_role: Role | None = None,
    demo_note: str = "",
    by: Actor,
    at: datetime,
) -> Account:
    """Open the one account of a person; an account that is there already is refused."""
    if person.deceased_on is not None:
        raise Refused(_("Người này đã chết nên không mở được tài khoản định danh."))
    account, made = Account.objects.get_or_create(
        person=person,
        defaults={
            "level": level,
            "phone": phone,
            "opened_at": at,
            "demo_role": demo_role or "",
            "demo_note": demo_note,
        },
    )
    if not made:
        raise Refused(_("Người này đã có tài khoản định danh."))
    events.record(OPENED, subject=account.subject, by=by, at=at, data={"level": level})
    return account


def set_password(*, account: Account, password: str, by: Actor, at: datetime) -> Account:
    """Give an account a new password and end its sessions; `Busy` when too many are being hashed."""
    person = account.person
    if reason := why_not_password(password, number=person.number, name=person.name):
        raise Refused(reason)
    # Hashing takes a tenth of a second: no row is locked meanwhile.
    return keep_password(account=account, kept=passwords.hashed(password), by=by, at=at)


@transaction.atomic
def keep_password(*, account: Account, kept: str, by: Actor, at: datetime) -> Account:
    """Give an account a password that was found good and hashed before, and end its sessions."""
    account = _locked(by, account)
    account.password = kept
    account.save(update_fields=["password"])
    _end_everything(account, at)
    events.record(PASSWORD_SET, subject=account.subject, by=by, at=at)
    return account


@transaction.atomic
def add_code_factor(*, account: Account, by: Actor, at: datetime) -> str:
    """Give an account one-time codes in place of earlier ones; the base32 secret is for the holder's app."""
    account = _locked(by, account)
    text = base64.b32encode(os.urandom(20)).decode()
    Factor.objects.filter(account=account, kind=Factor.Kind.CODE, ended_at=None).update(ended_at=at)
    Factor.objects.create(
        account=account,
        kind=Factor.Kind.CODE,
        secret=secrets.seal(text, place=f"accounts_factor:{account.pk}"),
        added_at=at,
    )
    events.record(FACTOR_ADDED, subject=account.subject, by=by, at=at, data={"kind": Factor.Kind.CODE.value})
    return text


@transaction.atomic
def lock(*, account: Account, ground: str, note: str = "", by: Actor, at: datetime) -> Account:
    """Lock an account on a ground of the law, and end its sessions and tokens at once."""
    account = _locked(by, account)
    if reason := why_not_lock(account.state):
        raise Refused(reason)
    account.state, account.locked_for = State.LOCKED, ground
    account.save(update_fields=["state", "locked_for"])
    _end_everything(account, at)
    events.record(LOCKED, subject=account.subject, by=by, at=at, note=note, data={"ground": ground})
    return account


@transaction.atomic
def unlock(*, account: Account, ground: str, note: str = "", by: Actor, at: datetime) -> Account:
    """Unlock an account whose ground of locking has ended; death never does."""
    account = _locked(by, account)
    if reason := why_not_unlock(account.state, account.locked_for, ground):
        raise Refused(reason)
    account.state, account.locked_for = State.ACTIVE, ""
    account.save(update_fields=["state", "locked_for"])
    events.record(UNLOCKED, subject=account.subject, by=by, at=at, note=note, data={"ground": ground})
    return account


@transaction.atomic
def close(*, account: Account, note: str = "", by: Actor, at: datetime) -> Account:
    """Close an account for good."""
    account = _locked(by, account)
    if account.state == State.CLOSED:
        raise Refused(_("Tài khoản này đã hủy."))
    account.state, account.locked_for = State.CLOSED, ""
    account.save(update_fields=["state", "locked_for"])
    _end_everything(account, at)
    events.record(CLOSED, subject=account.subject, by=by, at=at, note=note)
    return account


def _locked(by: Actor, account: Account) -> Account:
    return queries.visible(by).select_for_update(of=("self",)).get(pk=account.pk)


def _end_everything(account: Account, at: datetime) -> None:
    Session.objects.filter(account=account, ended_at=None).update(ended_at=at)
    AccessToken.objects.filter(session__account=account, revoked_at=None).update(revoked_at=at)
