"""Writes the usage log into a folder that can be checked by anybody."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from motcua.base import merkle
from motcua.base.actor import SYSTEM
from motcua.domain.population import queries
from motcua.domain.population.commands import sealing
from motcua.portals.register import ledger


class Command(BaseCommand):
    """Signs what is there, then writes rows, leaf hashes, heads and public keys."""

    help = "Xuất sổ khai thác dữ liệu dân cư / exports the usage ledger."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the folder; it is made, and may not have anything in it."""
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Export up to the newest head."""
        folder: Path = options["folder"]
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise CommandError(f"{folder} không trống / is not empty")
        while sealing.sign_head(by=SYSTEM, at=timezone.now()):
            pass
        last = queries.last_head()
        heads = [head for head in queries.heads() if last and head.size <= last.size]
        with (
            (folder / ledger.ROWS).open("wb") as rows,
            (folder / ledger.LEAVES).open("w", encoding="ascii") as leaves,
        ):
            for row in queries.leaves(last=last.last if last else 0):
                rows.write(row + b"\n")
                leaves.write(merkle.leaf(row).hex() + "\n")
        keys = {head.key.kid: head.key.public for head in heads}
        (folder / ledger.HEADS).write_text("".join(f"{head.token}\n" for head in heads), encoding="ascii")
        (folder / ledger.KEYS).write_text(ledger.keys_text(list(keys.values())), encoding="ascii")
        self.stdout.write(f"{last.size if last else 0} lượt khai thác, {len(heads)} đỉnh cây / exported")
