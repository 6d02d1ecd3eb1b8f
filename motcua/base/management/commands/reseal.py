"""Seals everything anew with the newest key of FIELD_KEYS, while the site runs."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from motcua.base import events, resealing, secrets
from motcua.base.actor import SYSTEM

#: says on the event log that a column has no row under an old key any more
RESEALED = "secrets.reseal"


class Command(BaseCommand):
    """Goes through the encrypted columns; stop it when you like and run it again."""

    help = "Niêm lại dữ liệu mã hóa bằng khóa mới nhất / re-encrypts with the newest key."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the size of a batch and a pause after it."""
        parser.add_argument("--batch", type=int, default=500)
        parser.add_argument("--pause", type=float, default=0.0, help="seconds after each batch")

    def handle(self, *args: Any, **options: Any) -> None:
        """Renew column by column, say how far it is, and what stays under old keys."""
        newest = secrets.newest()[0]
        left = 0
        try:
            for column in resealing.columns():
                left += self._renew(column, newest, options) if column.place else self._told(column, newest)
        except KeyboardInterrupt:
            raise CommandError("Đã dừng; chạy lại để làm tiếp / stopped, run again to go on") from None
        except secrets.Unreadable as error:
            raise CommandError(f"Không mở được {error}: thiếu khóa cũ của FIELD_KEYS / no key") from error
        if left:
            raise CommandError(f"Còn {left} dòng đang bị giữ; chạy lại / rows were held, run again")
        self.stdout.write(f"Xong: mọi cột dùng khóa {newest} / done")

    def _renew(self, column: resealing.Column, newest: int, options: dict[str, Any]) -> int:
        done = 0
        for count in resealing.reseal(column, size=options["batch"]):
            done += count
            self.stdout.write(f"{column}: {done}")
            time.sleep(options["pause"])
        left = sum(count for version, count in resealing.versions(column).items() if version != newest)
        if done and not left:
            data = {"rows": done, "key": newest}
            events.record(RESEALED, subject=f"secrets:{column}"[:60], by=SYSTEM, at=timezone.now(), data=data)
        return left

    def _told(self, column: resealing.Column, newest: int) -> int:
        """Say how many hashes stay under older keys, which must therefore be kept."""
        old = {version: n for version, n in resealing.versions(column).items() if version != newest}
        for version, count in old.items():
            self.stdout.write(f"{column}: {count} ở lại với khóa {version} ({column.stays})")
        return 0
