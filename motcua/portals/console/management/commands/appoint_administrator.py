"""Gives a new province its first administrator, who appoints everybody else in the console."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from motcua.base.actor import SYSTEM, Role
from motcua.base.errors import Refused
from motcua.domain.agencies import commands, queries
from motcua.domain.agencies.rules import Kind


class Command(BaseCommand):
    """Makes somebody administrator of the province; the personal number is read, never an argument."""

    help = "Giao vai trò quản trị cấp tỉnh / appoints the administrator of the province."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the name; the number would stay in the history of the shell."""
        parser.add_argument("name", help="họ và tên / full name")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask for the number and appoint."""
        at = timezone.now()
        today = timezone.localdate(at)
        root = queries.agencies(on=today, kind=Kind.PROVINCE).first()
        if root is None:
            raise CommandError("Chưa có cơ quan nào: chạy load_agencies trước / load the agencies first")
        self.stderr.write("Số định danh (12 số) / personal number: ", ending="")
        try:
            commands.engage(
                citizen_number=sys.stdin.readline().strip(),
                name=options["name"],
                agency=root,
                role=Role.ADMINISTRATOR,
                in_force_from=today,
                by=SYSTEM,
                at=at,
            )
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{options['name']}: {root.name}")
