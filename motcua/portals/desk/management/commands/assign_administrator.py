"""Gives the first administrator of the national site the duty; every later one is appointed on the desk."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from motcua.base.actor import SYSTEM, Role
from motcua.base.errors import Refused
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import duties
from motcua.domain.people.rules import card_number


class Command(BaseCommand):
    """Appoints the first administrator; the number is read from standard input and shown nowhere."""

    help = "Appoint the first administrator: echo NUMBER | manage.py assign_administrator"

    def handle(self, *args: Any, **options: Any) -> None:
        """Appoint, unless somebody is administrator already."""
        on = timezone.localdate()
        if queries.duties(SYSTEM, on=on).filter(role=Role.ADMINISTRATOR).exists():
            raise CommandError("There is an administrator; the next one is appointed on the desk.")
        try:
            account = queries.account_by_number(card_number(sys.stdin.readline()))
            if account is None:
                raise CommandError("Nobody with this number has an account.")
            duties.assign(
                account=account, role=Role.ADMINISTRATOR, in_force_from=on, by=SYSTEM, at=timezone.now()
            )
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{account.person.name}: {Role.ADMINISTRATOR}")
