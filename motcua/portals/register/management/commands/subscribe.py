"""Lets a system ask the register."""

import json
import tomllib
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from motcua.base import jose
from motcua.base.actor import SYSTEM
from motcua.base.errors import Refused
from motcua.domain.population.commands import subscribing
from motcua.domain.population.commands.subscribing import Grant
from motcua.domain.population.rules import ACCOUNT, Verb

#: what the up to four rights of a row share
_WORDS = ("procedure", "law", "agency", "title", "hidden_days", "hidden_by")
RIGHTS = Path(__file__).parents[2] / "rights.toml"


class Command(BaseCommand):
    """Keeps a subscriber's public keys and rights as given; run again, it changes what has changed."""

    help = "Cấp quyền khai thác dữ liệu dân cư cho một hệ thống / lets a system ask the register."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the subscriber's code, the files of its public keys, and the file of its rights."""
        parser.add_argument("--code", default=settings.POPULATION_CLIENT_ID)
        parser.add_argument("--key", type=Path, action="append", help="file of a public key (JWK)")
        parser.add_argument("--rights", type=Path, default=RIGHTS)
        parser.add_argument("--dossier-page", help="where people read of their dossiers: https://…/{code}/")

    def handle(self, *args: Any, **options: Any) -> None:
        """Subscribe; on one machine with the province its key is made from the shared secret."""
        keys = [json.loads(path.read_text(encoding="utf-8")) for path in options["key"] or []]
        if not keys and settings.POPULATION_KEY:
            keys = [jose.derived_key(settings.POPULATION_KEY)]
        page = options["dossier_page"] or ""
        if not page and options["code"] == settings.POPULATION_CLIENT_ID:
            page = f"{settings.PROVINCE_URL}/ho-so/{{code}}/"
        if not keys:
            self.stdout.write("Chưa có khóa công khai của hệ thống khai thác (--key) / no public key given")
            return
        with options["rights"].open("rb") as file:
            found = tomllib.load(file)
        try:
            subscribing.subscribe(
                code=options["code"],
                name=found["name"],
                keys=keys,
                grants=list(grants(found["right"])),
                officer_budget=found["officer_budget"],
                system_budget=found["system_budget"],
                dossier_page=page,
                by=SYSTEM,
                at=timezone.now(),
            )
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{options['code']}: {len(found['right'])} thủ tục / subscribed")


def grants(rows: list[dict[str, Any]]) -> Iterator[Grant]:
    """Read a row of the file as up to six rights, one for each verb."""
    for row in rows:
        words = {name: row[name] for name in _WORDS if name in row}
        if fields := row.get("attributes"):
            yield Grant(verb=Verb.ATTRIBUTES, fields=tuple(fields), **words)
        if fields := row.get("match"):
            yield Grant(verb=Verb.MATCH, fields=tuple(fields), **words)
        if fields := row.get("verify"):
            yield Grant(verb=Verb.VERIFY, fields=tuple(fields), **words)
        if row.get("status"):
            yield Grant(verb=Verb.STATUS, fields=(ACCOUNT,) if row.get("account") else (), **words)
        if row.get("numbers"):
            yield Grant(verb=Verb.NUMBERS, fields=(), **words)
        if row.get("find"):
            yield Grant(verb=Verb.FIND, fields=(), **words)
