"""Checks an exported usage log, or the proof of one look-up, with nothing but files."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from motcua.portals.register import ledger


class Command(BaseCommand):
    """Recomputes the tree, checks signatures, and names the first row that was altered."""

    help = "Kiểm tra sổ khai thác đã xuất / verifies an exported usage ledger."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the folder or the proof, and heads that somebody kept."""
        parser.add_argument("folder", type=Path, help="an exported folder, or the file of one proof")
        parser.add_argument("--kept", type=Path, help="heads.txt of an earlier export, kept elsewhere")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify; whoever kept the heads of an earlier export learns that they are still there."""
        folder: Path = options["folder"]
        try:
            kept = list(ledger.lines(options["kept"])) if options["kept"] else []
            said = _one(folder, kept) if folder.is_file() else _all(folder, kept)
        except ledger.Altered as altered:
            raise CommandError(str(altered)) from altered
        except OSError as error:
            raise CommandError(f"Không đọc được {error.filename}.") from error
        self.stdout.write(said)


def _all(folder: Path, kept: list[bytes]) -> str:
    rows, heads = ledger.verify(folder)
    if set(kept) - set(ledger.lines(folder / ledger.HEADS)):
        raise ledger.Altered("Sổ này không chứa một đỉnh cây đã giữ từ trước: sổ đã được viết lại.")
    return f"Nguyên vẹn: {rows} lượt khai thác, {heads} đỉnh cây / intact"


def _one(file: Path, kept: list[bytes]) -> str:
    claims, token = ledger.verify_one(file)
    if kept and token.encode() not in kept:
        raise ledger.Altered("Đỉnh cây của bằng chứng này không có trong các đỉnh cây đã giữ.")
    signed = datetime.fromtimestamp(claims["iat"], tz=UTC).isoformat()
    return f"Nguyên vẹn: lượt tra cứu nằm trong sổ {claims['size']} dòng, ký lúc {signed} / intact"
