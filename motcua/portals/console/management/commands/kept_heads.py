"""Writes the kept heads of the register's usage ledger, for `verify_usage_ledger --kept`."""

from typing import Any

from django.core.management.base import BaseCommand

from motcua.base.actor import SYSTEM
from motcua.domain.witness import queries


class Command(BaseCommand):
    """One signed head a line, smallest first."""

    help = "In các đỉnh cây đã giữ / writes the kept tree heads."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write them to the standard output."""
        for head in queries.heads(SYSTEM).order_by("size"):
            self.stdout.write(head.token)
