"""Fits the weights of finding a person without a number."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from motcua.domain.population.generating import fitting
from motcua.domain.population.generating.population import AS_OF
from motcua.domain.population.rules.finding import WEIGHTS


class Command(BaseCommand):
    """Writes the file that is committed; the same seed gives the same file."""

    help = "Ước lượng lại trọng số tìm người không nhớ số / fits the weights of finding a person."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the size and the seed of the made-up population."""
        parser.add_argument("--people", type=int, default=60_000)
        parser.add_argument("--seed", type=int, default=17)
        parser.add_argument("--on", type=date.fromisoformat, default=AS_OF)

    def handle(self, *args: Any, **options: Any) -> None:
        """Fit and write."""
        found = fitting.fit(people=options["people"], seed=options["seed"], on=options["on"])
        WEIGHTS.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        self.stdout.write(found["source"])
