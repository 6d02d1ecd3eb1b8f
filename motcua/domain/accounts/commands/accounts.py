"""Opening, locking and closing accounts; their passwords and factors."""

import base64
import os
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from motcua.base import events, secrets
from motcua.base.actor import Actor, Role
from motcua.base.errors import Refused
from motcua.domain.accounts import passwords, queries
from motcua.domain.accounts.commands import ending, mandates, messages
from motcua.domain.accounts.events import CLOSED, FACTOR_ADDED, LOCKED, OPENED, PASSWORD_SET, UNLOCKED
from motcua.domain.accounts.models import Account, Factor
from motcua.domain.accounts.rules.accounts import GROUND_NAMES, Ground, State, why_not_password
from motcua.domain.accounts.rules.applications import DEAD
from motcua.domain.accounts.rules.locking import ROWS, why_not_lock, why_not_unlock
from motcua.domain.population.models import Person

#: what a lock without a desk goes by
REGISTER = _("Cơ sở dữ liệu quốc gia về dân cư")


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
    # Locked meanwhile, so that a death told at the same time is seen here or finds the account.
    if _person(person).deceased_on is not None:
        raise Refused(DEAD)
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
    ending.end_everything(account=account, by=by, at=at)
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
    """Lock an account on a ground of the law, end its sessions and tokens at once, and tell its holder.

    With a death all that the dead let others do, or were let do, ends (Civil Code 2015 art. 140).
    """
    account = _locked(by, account)
    if reason := why_not_lock(ground, **_facts(account, by, note)):
        raise Refused(reason)
    account.state, account.locks = State.LOCKED, [*account.locks, str(ground)]
    account.save(update_fields=["state", "locks"])
    ending.end_everything(account=account, by=by, at=at)
    events.record(LOCKED, subject=account.subject, by=by, at=at, note=note, data={"ground": ground})
    if ground == Ground.DEATH:
        mandates.end_all(whose=account.person, by=by, at=at)
    else:
        ending.recall(agents=queries.agents(account), by=by, at=at)
    if ROWS[Ground(ground)].notice:
        words = say("Tài khoản định danh của bạn đã bị khóa: %(ground)s. Nếu thấy lạ, hãy đến Công an xã.")
        _tell(account, "lock", words % {"ground": GROUND_NAMES[Ground(ground)]}, by, at)
    return account


@transaction.atomic
def note_death(*, person: Person, by: Actor, at: datetime) -> Account | None:
    """Lock for good the account of somebody whom the register knows dead; doing it twice is no harm.

    Law on Identification 26/2023/QH15 art. 34.1.d. Whoever has no account may still be in a mandate.
    """
    if _person(person).deceased_on is None:
        return None
    found = Account.objects.select_for_update(of=("self",)).filter(person=person).exclude(state=State.CLOSED)
    account = found.first()
    if account is not None and Ground.DEATH not in account.locks:
        return lock(account=account, ground=Ground.DEATH, note=str(REGISTER), by=by, at=at)
    mandates.end_all(whose=person, by=by, at=at)
    return account


@transaction.atomic
def unlock(*, account: Account, ground: str, note: str = "", by: Actor, at: datetime) -> Account:
    """Lift the lock whose ground has ended; with none left the account is active again; never after death."""
    account = _locked(by, account)
    if reason := why_not_unlock(ground, **_facts(account, by, note)):
        raise Refused(reason)
    account.locks = [one for one in account.locks if one != ground]
    account.state = State.LOCKED if account.locks else State.ACTIVE
    account.save(update_fields=["state", "locks"])
    events.record(UNLOCKED, subject=account.subject, by=by, at=at, note=note, data={"ground": ground})
    if account.state == State.ACTIVE:
        _tell(account, "unlock", say("Tài khoản định danh của bạn đã được mở khóa."), by, at)
    return account


@transaction.atomic
def close(*, account: Account, note: str = "", by: Actor, at: datetime) -> Account:
    """Close an account for good."""
    account = _locked(by, account)
    if account.state == State.CLOSED:
        raise Refused(_("Tài khoản này đã hủy."))
    account.state, account.locks = State.CLOSED, []
    account.save(update_fields=["state", "locks"])
    ending.end_everything(account=account, by=by, at=at)
    ending.recall(agents=queries.agents(account), by=by, at=at)
    events.record(CLOSED, subject=account.subject, by=by, at=at, note=note)
    return account


def _facts(account: Account, by: Actor, note: str) -> dict[str, Any]:
    own = account.person_id == by.person
    return {"state": account.state, "locks": account.locks, "roles": by.roles, "own": own, "note": note}


def _tell(account: Account, about: str, words: str, by: Actor, at: datetime) -> None:
    if account.phone:
        messages.send(account=account, about=about, words=words, by=by, at=at)


def _person(person: Person) -> Person:
    return Person.objects.select_for_update(no_key=True, of=("self",)).get(pk=person.pk)


def _locked(by: Actor, account: Account) -> Account:
    return queries.visible(by).select_for_update(of=("self",)).get(pk=account.pk)
