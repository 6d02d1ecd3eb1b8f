"""Names the people that demonstrations use."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from motcua.base.actor import SYSTEM
from motcua.domain.population import queries
from motcua.domain.population.generating.population import AS_OF


class Command(BaseCommand):
    """Prints one JSON object: part in the story → people, the same ones for the same population."""

    help = "In ra các công dân dùng cho bản trình diễn / prints the people of the demonstration as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the day to count ages on, and how many officials are wanted."""
        parser.add_argument("--on", type=date.fromisoformat, default=AS_OF)
        parser.add_argument("--officers", type=int, default=24)

    def handle(self, *args: Any, **options: Any) -> None:
        """Print; outside a demonstration nobody's number leaves the register this way."""
        if not settings.DEMO:
            raise CommandError("Chỉ dùng cho bản trình diễn (MOTCUA_DEMO=1) / only for demonstrations")
        found = queries.demo_people(SYSTEM, on=options["on"], officers=options["officers"])
        parts = {
            part: [
                {
                    "number": person.number,
                    "name": person.name,
                    "born_on": person.born_on,
                    "gender": person.gender,
                    "phone": person.phone,
                    "commune": person.current_commune,
                }
                for person in people
            ]
            for part, people in found.items()
        }
        self.stdout.write(json.dumps(parts, ensure_ascii=False, indent=1))
