"""Draw docs/states.md."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from motcua.domain.dossiers.drawing import diagram


class Command(BaseCommand):
    """Write the picture of a dossier's life from the table of moves."""

    help = "Write docs/states.md from rules.MOVES"

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file."""
        (settings.ROOT / "docs/states.md").write_text(diagram(), encoding="utf-8")
