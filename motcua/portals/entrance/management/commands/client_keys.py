"""Print the public keys with which this province proves itself to the identity provider."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from motcua.base import jose


class Command(BaseCommand):
    """Print a JWK set, to be registered at the provider (there: `register_client --keys -`)."""

    help = "Print the public key (JWK set) to register at the identity provider."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it."""
        key = jose.derived_key(settings.IDENTITY_CLIENT_KEY)
        self.stdout.write(json.dumps({"keys": [jose.public(key)]}))
