"""Loads the agencies of a province from a file; may be run again, and adds only what is missing."""

import tomllib
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from motcua.base.actor import SYSTEM
from motcua.base.calendar import Spans
from motcua.domain.agencies import commands, places, queries
from motcua.domain.agencies.models import Agency
from motcua.domain.agencies.rules import Kind

FILE = Path(places.__file__).with_name("tay-ninh.toml")


class Command(BaseCommand):
    """Loads provinces, departments, communes and commune police through the commands."""

    help = "Loads the agencies of a province (the demo province when no file is named)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=FILE)

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Read the file and add what is not there yet."""
        self.plan = tomllib.loads(options["file"].read_text(encoding="utf-8"))
        self.at = timezone.now()
        self.since: date = self.plan["province"]["in_force_from"]
        self.law: str = self.plan["province"]["law"]
        # Agencies of the past have their own files; what stands today is asked for today.
        here = queries.agencies(on=timezone.localdate(self.at))
        self.known = {agency.path: agency for agency in here}
        before = len(self.known)
        province = self.plan["province"]
        root = self.add(
            "",
            Kind.PROVINCE,
            **_words(province),
            official_code=province["official_code"],
            division_code=province["code"],
        )
        self.hours(root, self.plan["hours"])
        for row in self.plan["agency"]:
            code = f"{root.official_code}.{row['code']}"
            self.add(
                row["below"], Kind(row["kind"]), **_words(row), division_code=root.code, official_code=code
            )
        self.communes(root)
        added = len(self.known) - before
        self.stdout.write(f"{root.name}: {len(self.known)} agencies, {added} new")

    def communes(self, root: Agency) -> None:
        """Add the communes, and their police below the provincial police."""
        for place in places.communes(root.code):
            name = f"{place.kind.lower()} {place.name}"
            serves = {"code": place.code, "division_code": place.code}
            self.add(
                root.path,
                Kind.COMMUNE,
                **serves,
                name=f"Ủy ban nhân dân {name}",
                name_en=f"People's Committee of {place.name_en}",
                official_code=f"{root.official_code}.{place.code}",
            )
            police = self.add(
                f"{root.path}CA/",
                Kind.COMMUNE_POLICE,
                **serves,
                name=f"Công an {name}",
                name_en=f"Police of {place.name_en}",
                official_code=f"{root.official_code}.CA.{place.code}",
            )
            self.hours(police, self.plan["commune_police_hours"])

    def add(
        self,
        below: str,
        kind: Kind,
        *,
        code: str,
        name: str,
        name_en: str,
        official_code: str,
        division_code: str,
    ) -> Agency:
        """Found one agency unless it stands already."""
        path = f"{below}{code}/"
        if path not in self.known:
            self.known[path] = commands.found(
                code=code,
                name=name,
                name_en=name_en,
                kind=kind,
                parent=self.known[below] if below else None,
                official_code=official_code,
                division_code=division_code,
                in_force_from=self.since,
                law=self.law,
                by=SYSTEM,
                at=self.at,
            )
        return self.known[path]

    def hours(self, agency: Agency, row: dict[str, Any]) -> None:
        """Write the hours of an agency that has none of its own."""
        if queries.hours_of(SYSTEM, agency).exists():
            return
        spans: Spans = tuple((row[name][0], row[name][1]) for name in ("morning", "afternoon") if name in row)
        week = dict.fromkeys(row["weekdays"], spans)
        commands.set_hours(
            agency=agency, week=week, in_force_from=self.since, law=row["law"], by=SYSTEM, at=self.at
        )


def _words(row: dict[str, Any]) -> dict[str, str]:
    return {word: row[word] for word in ("code", "name", "name_en")}
