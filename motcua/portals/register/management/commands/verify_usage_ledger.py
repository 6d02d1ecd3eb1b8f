"""Checks an exported usage log, or the proof of one look-up, with nothing but files."""

from argparse import ArgumentParser
from collections.abc import Mapping
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
            kept = ledger.kept_heads(options["kept"]) if options["kept"] else {}
            said = _one(folder, kept) if folder.is_file() else _all(folder, kept)
        except ledger.Altered as altered:
            raise CommandError(str(altered)) from altered
        except OSError as error:
            raise CommandError(f"Không đọc được {error.filename}.") from error
        self.stdout.write(said)


def _all(folder: Path, kept: Mapping[bytes, int]) -> str:
    heads = ledger.verify(folder)
    ledger.hold_kept(folder, kept)
    rows, last = (heads[-1]["size"], f", ký lần cuối lúc {_moment(heads[-1])}") if heads else (0, "")
    said = f"Nguyên vẹn: {rows} lượt khai thác, {len(heads)} đỉnh cây{last} / intact"
    # Whoever makes a new ledger with a key of his own makes one that is whole in itself.
    return said if kept else f"{said}\nChưa so với đỉnh cây giữ ở nơi khác (--kept) / no kept heads compared"


def _one(file: Path, kept: Mapping[bytes, int]) -> str:
    claims, token = ledger.verify_one(file)
    if kept and token.encode() not in kept:
        raise ledger.Altered("Đỉnh cây của bằng chứng này không có trong các đỉnh cây đã giữ.")
    return f"Nguyên vẹn: lượt tra cứu nằm trong sổ {claims['size']} dòng, ký lúc {_moment(claims)} / intact"


def _moment(head: dict[str, Any]) -> str:
    return datetime.fromtimestamp(head["iat"], tz=UTC).isoformat()
