"""Publishes the library of procedures; what is in force already stays as it is."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from motcua.base.actor import SYSTEM
from motcua.base.errors import Refused
from motcua.domain.procedures import commands


class Command(BaseCommand):
    """Publishes every package of the folder procedures, or nothing when one of them is faulty."""

    help = "Publishes the procedures of the library."

    def handle(self, *args: Any, **options: Any) -> None:
        """Publish and say what is in force."""
        try:
            made = commands.publish_all(by=SYSTEM, at=timezone.now())
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        for version in made:
            self.stdout.write(f"{version.code} v{version.number} {version.title}")
