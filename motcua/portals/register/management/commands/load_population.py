"""Fills the register with a made-up population."""

import os
import time
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone

from motcua.base.actor import SYSTEM
from motcua.base.errors import Refused
from motcua.domain.population.commands import loading
from motcua.domain.population.generating.population import AS_OF


class Command(BaseCommand):
    """Loads once; a register that has people already is left as it is."""

    help = "Nạp dân số giả lập vào cơ sở dữ liệu dân cư / fills the register with a made-up population."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the size, the seed and the day on which the population is as generated."""
        parser.add_argument("--people", type=int, default=10_000)
        parser.add_argument("--seed", type=int, default=6)
        parser.add_argument("--processes", type=int, help="as many as there are processors unless given")
        parser.add_argument("--on", type=date.fromisoformat, default=AS_OF)

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say how far it has come."""
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
        wanted, began = options["people"], time.monotonic()
        # Starting processes takes longer than making a few people up.
        processes = options["processes"] or (os.cpu_count() or 1 if wanted >= loading.LARGE else 1)

        def tell(done: int) -> None:
            pace = done / max(time.monotonic() - began, 0.001)
            self.stdout.write(f"  {done:>10,} / {wanted:,} người ({pace:,.0f}/s)")

        try:
            done = loading.load(
                people=wanted,
                seed=options["seed"],
                on=options["on"],
                processes=processes,
                progress=tell,
                by=SYSTEM,
                at=timezone.now(),
            )
        except Refused as refused:
            self.stdout.write(str(refused))
            return
        self.stdout.write(f"Đã nạp {done:,} người giả lập / loaded")
