"""Names the people that demonstrations use."""

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from motcua.base.actor import SYSTEM
from motcua.domain.population import queries
from motcua.domain.population.generating.population import AS_OF
from motcua.domain.population.models import Person
from motcua.domain.population.queries import casting


class Command(BaseCommand):
    """Prints one JSON object: part in the story → people, the same ones for the same population."""

    help = "In ra các công dân dùng cho bản trình diễn / prints the people of the demonstration as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the day to count ages on, how many officials and applicants are wanted, and where to write."""
        parser.add_argument("--on", type=date.fromisoformat, default=AS_OF)
        parser.add_argument("--officers", type=int, default=24)
        parser.add_argument("--applicants", type=int, default=0)
        parser.add_argument("--communes", type=int, default=8, help="in which the applicants live")
        parser.add_argument("--out", type=Path, help="a file, which only its owner can read")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print; outside a demonstration nobody's number leaves the register this way."""
        if not settings.DEMO:
            raise CommandError("Chỉ dùng cho bản trình diễn (MOTCUA_DEMO=1) / only for demonstrations")
        wanted = {name: options[name] for name in ("on", "officers", "applicants", "communes")}
        found = casting.demo_people(SYSTEM, **wanted)
        parts = {
            part: [
                {
                    **facts(person),
                    "phone": person.phone,
                    "commune": person.current_commune,
                    "family": [
                        {**facts(one), "relation": str(relation)}
                        for one, relation in queries.family(person, on=options["on"])
                    ],
                }
                for person in people
            ]
            for part, people in found.items()
        }
        text = json.dumps(parts, ensure_ascii=False, indent=1)
        if out := options["out"]:
            out.parent.mkdir(parents=True, exist_ok=True)
            out.touch(mode=0o600)
            out.write_text(text, encoding="utf-8")
            self.stdout.write(f"{sum(map(len, parts.values()))} người / people: {out}")
        else:
            self.stdout.write(text)


def facts(person: Person) -> dict[str, str]:
    """Give what every form asks of a person."""
    return {name: getattr(person, name) for name in ("number", "name", "born_on", "gender")}
