"""Register a system that lets people in by this provider."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from motcua.base.actor import SYSTEM
from motcua.base.errors import Refused
from motcua.domain.accounts.commands import clients
from motcua.domain.accounts.models import Client
from motcua.domain.accounts.rules.machines import MACHINE_SCOPES
from motcua.domain.accounts.rules.requests import CLAIMS_OF_SCOPE, OFFLINE


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
        parser.add_argument("--profile", choices=Client.Profile.values, default=Client.Profile.PLAIN)
        parser.add_argument("--redirect-uri", action="append", required=True)
        parser.add_argument("--logout-uri", action="append", default=[])
        parser.add_argument("--backchannel-uri", default="", help="where it is told about log-outs")
        parser.add_argument(
            "--scope",
            action="append",
            choices=list(CLAIMS_OF_SCOPE),
            help="all but the last when none is named",
        )
        parser.add_argument(
            "--machine-scope",
            action="append",
            choices=list(MACHINE_SCOPES),
            default=[],
            help="what it may ask for itself, for no person; with --profile fapi only",
        )
        parser.add_argument(
            "--reason", action="append", default=[], help="claim=what it is for, as people read it"
        )
        parser.add_argument("--voluntary", action="append", default=[], help="a claim it can do without")
        parser.add_argument(
            "--serves", action="append", default=[], help="client_id of those that bring their tokens to it"
        )
        parser.add_argument("--sector", default="", help="host of the first redirect URI when not named")
        parser.add_argument("--keys", default="", help="JWK set: a file, or - for standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        """Register, and print the secret if there is one."""
        try:
            given = self.keys(options["keys"])
            _client, secret = clients.register_client(
                code=options["code"],
                name=options["name"],
                purpose=options["purpose"],
                profile=options["profile"],
                redirect_uris=options["redirect_uri"],
                logout_uris=options["logout_uri"],
                backchannel_uri=options["backchannel_uri"],
                scopes=options["scope"] or [scope for scope in CLAIMS_OF_SCOPE if scope != OFFLINE],
                machine_scopes=options["machine_scope"],
                reasons=dict(reason.split("=", 1) for reason in options["reason"]),
                voluntary=options["voluntary"],
                serves=options["serves"],
                keys=given,
                sector=options["sector"],
                by=SYSTEM,
                at=timezone.now(),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise CommandError("The keys are not a JWK set.") from error
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        if secret:
            self.stdout.write(secret)

    def keys(self, path: str) -> list[dict[str, Any]]:
        """Read the keys of a JWK set."""
        if not path:
            return []
        text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
        return list(json.loads(text)["keys"])
