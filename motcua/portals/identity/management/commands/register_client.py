"""Register a system that lets people in by this provider."""

import argparse
import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from motcua.base.actor import SYSTEM
from motcua.base.errors import Refused
from motcua.domain.accounts.commands import clients, keys
from motcua.domain.accounts.rules.requests import CLAIMS_OF_SCOPE


class Command(BaseCommand):
    """Register a client or bring it up to date; may be run again."""

    help = "Register a client: with public keys it uses private_key_jwt, without them a secret is printed."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name what an agreement with the client must say."""
        parser.add_argument("code", help="client_id")
        parser.add_argument("--name", required=True)
        parser.add_argument(
            "--purpose", required=True, help="what the data is for; shown when people are asked"
        )
        parser.add_argument("--redirect-uri", action="append", required=True)
        parser.add_argument("--logout-uri", action="append", default=[])
        parser.add_argument(
            "--scope", action="append", choices=list(CLAIMS_OF_SCOPE), help="all when none is named"
        )
        parser.add_argument("--sector", default="", help="host of the first redirect URI when not named")
        parser.add_argument(
            "--keys",
            type=argparse.FileType(encoding="utf-8"),
            help="file with a JWK set; - reads standard input",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Register, make the provider's own keys if there are none, and print the secret if there is one."""
        try:
            given = json.load(options["keys"])["keys"] if options["keys"] else []
            _client, secret = clients.register_client(
                code=options["code"],
                name=options["name"],
                purpose=options["purpose"],
                redirect_uris=options["redirect_uri"],
                logout_uris=options["logout_uri"],
                scopes=options["scope"] or list(CLAIMS_OF_SCOPE),
                keys=given,
                sector=options["sector"],
                by=SYSTEM,
                at=timezone.now(),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise CommandError("The keys are not a JWK set.") from error
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        keys.ensure_keys(by=SYSTEM, at=timezone.now())
        if secret:
            sys.stdout.write(f"{secret}\n")
