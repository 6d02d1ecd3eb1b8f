"""Draw docs/locks.md."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from motcua.domain.accounts.rules.locking import diagram


class Command(BaseCommand):
    """Write the picture of locking and unlocking from the table of the law."""

    help = "Write docs/locks.md from rules.locking.ROWS"

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file."""
        (settings.ROOT / "docs/locks.md").write_text(diagram(), encoding="utf-8")
