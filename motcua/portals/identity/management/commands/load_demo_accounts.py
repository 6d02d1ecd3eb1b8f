"""Open the accounts of a demonstration's people."""

import json
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from motcua.base.actor import SYSTEM, Role
from motcua.base.errors import Refused
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import demo
from motcua.domain.population import queries as population

PASSWORD = "mot cua dung thu"  # noqa: S105


class Command(BaseCommand):
    """Open an account, with password and one-time codes, for every person listed; may be run again."""

    help = (
        "Read a JSON list of {number, role, note?, level?} (role: citizen, clerk, …) and offer these "
        "people on the demo's log-in page, in the order of the list."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the list."""
        parser.add_argument("list", help="a file, or - for standard input")
        parser.add_argument("--password", default=PASSWORD, help="one password for all of them")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load the list and say how many accounts were opened."""
        if not settings.DEMO:
            raise CommandError("Only a demonstration (MOTCUA_DEMO=1) may have demo accounts.")
        path = options["list"]
        rows = json.loads(sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8"))
        opened = sum(self.load(row, options["password"]) for row in rows)
        self.stdout.write(f"{opened} opened, {len(rows) - opened} were there.")

    def load(self, row: dict[str, Any], password: str) -> bool:
        """Open one account unless the person has one."""
        person = population.by_number(row["number"])
        if person is None:
            raise CommandError(f"The register has nobody for {row['role']} {row.get('note', '')}.")
        if queries.account_by_number(row["number"]) is not None:
            return False
        try:
            demo.open_demo_account(
                person=person,
                role=Role(row["role"]),
                note=row.get("note", ""),
                level=row.get("level", 2),
                password=password,
                by=SYSTEM,
                at=timezone.now(),
            )
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        return True
