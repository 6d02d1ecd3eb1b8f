"""Accounts of a demonstration's people."""

from datetime import datetime

from django.db import transaction

from motcua.base.actor import Actor, Role
from motcua.domain.accounts.commands import accounts
from motcua.domain.accounts.models import Account
from motcua.domain.population.models import Person


@transaction.atomic
def open_demo_account(
    *, person: Person, role: Role, note: str, level: int, password: str, by: Actor, at: datetime
) -> Account:
    """Open an account that a demonstration offers by one click, with a password and codes besides."""
    account = accounts.open_account(
        person=person, level=level, phone=person.phone, demo_role=role, demo_note=note, by=by, at=at
    )
    account = accounts.set_password(account=account, password=password, by=by, at=at)
    accounts.add_code_factor(account=account, by=by, at=at)
    return account
