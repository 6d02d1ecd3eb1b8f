"""Reads the whole event log and names every fact that is not what it was when it was written."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from motcua.base import events
from motcua.base.models import Event


class Command(BaseCommand):
    """Recomputes every hash and every chain."""

    help = "Kiểm tra toàn bộ nhật ký sự kiện / verifies the whole event log."

    def handle(self, *args: Any, **options: Any) -> None:
        """Name what was altered or lies behind a gap; the exit code is 1 when there is any."""
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = 0")
            facts = Event.objects.order_by("subject", "number").iterator(chunk_size=2000)
            wrong = [f"{event.subject} #{event.number} {event.name}" for event in events.astray(facts)]
        for line in wrong[:100]:
            self.stdout.write(line)
        if wrong:
            raise CommandError(f"{len(wrong)} sự kiện đã bị sửa hoặc đứng sau chỗ bị xóa / facts altered")
        self.stdout.write("Nhật ký nguyên vẹn / the log is intact")
