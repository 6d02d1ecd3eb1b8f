"""Checks an exported usage log with nothing but its files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from motcua.portals.register import ledger


class Command(BaseCommand):
    """Recomputes the tree, checks signatures, and names the first row that was altered."""

    help = "Kiểm tra sổ khai thác đã xuất / verifies an exported usage ledger."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the folder, and heads that somebody kept."""
        parser.add_argument("folder", type=Path)
        parser.add_argument("--kept", type=Path, help="heads.txt of an earlier export, kept elsewhere")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify; whoever kept the heads of an earlier export learns that they are still there."""
        folder: Path = options["folder"]
        try:
            rows, heads = ledger.verify(folder)
            kept = list(ledger.lines(options["kept"])) if options["kept"] else []
            if set(kept) - set(ledger.lines(folder / ledger.HEADS)):
                raise ledger.Altered("Sổ này không chứa một đỉnh cây đã giữ từ trước: sổ đã được viết lại.")
        except ledger.Altered as altered:
            raise CommandError(str(altered)) from altered
        except OSError as error:
            raise CommandError(f"Không đọc được {error.filename}.") from error
        self.stdout.write(f"Nguyên vẹn: {rows} lượt khai thác, {heads} đỉnh cây / intact")
