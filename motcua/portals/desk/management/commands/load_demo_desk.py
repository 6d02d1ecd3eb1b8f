"""Lets people of the register be officials of the national site in a demonstration."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from motcua.base.actor import SYSTEM, Role
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import demo, duties
from motcua.domain.accounts.rules.desk import police
from motcua.domain.agencies import places
from motcua.domain.population import queries as population

PASSWORD = "mot cua dung thu"  # noqa: S105
POSTS = (
    (Role.ADMINISTRATOR, "Giao nhiệm vụ, đăng ký hệ thống kết nối"),
    (Role.IDENTITY_OFFICER, "Tiếp người, khóa, khôi phục tài khoản tại {place}"),
    (Role.IDENTITY_OFFICER, "Duyệt đề nghị mức 2 mà người kia đã tiếp nhận, {place}"),
    (Role.AUDITOR, "Trả lời phản ánh, đọc nhật ký"),
)


class Command(BaseCommand):
    """Opens accounts for the people of the part `desk` and gives them duties; may be run again."""

    help = "Read what `demo_people` wrote, and make its part `desk` officials of the national site."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the file."""
        parser.add_argument("people", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Give each post to the next person who has no account yet."""
        if not settings.DEMO:
            raise CommandError("Only a demonstration (MOTCUA_DEMO=1) may have demo accounts.")
        cast = json.loads(options["people"].read_text(encoding="utf-8"))
        for row, (role, note) in zip(cast["desk"], POSTS, strict=False):
            if queries.account_by_number(row["number"]) is None:
                self.engage(row["number"], role, note, cast["parents"][0]["commune"])

    def engage(self, number: str, role: Role, note: str, commune: str) -> None:
        """Open one account and give its holder the duty."""
        person, at = population.by_number(number), timezone.now()
        if person is None:
            raise CommandError(f"The register has nobody for {role}.")
        place = commune if role == Role.IDENTITY_OFFICER else ""
        note = note.format(place=police(places.place_name(place)))
        account = demo.open_demo_account(
            person=person, role=role, note=note, level=2, password=PASSWORD, by=SYSTEM, at=at
        )
        duties.assign(
            account=account,
            role=role,
            place_code=place,
            in_force_from=timezone.localdate(at),
            by=SYSTEM,
            at=at,
        )
