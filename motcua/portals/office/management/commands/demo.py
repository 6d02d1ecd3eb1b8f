"""Fills the province with the dossiers of a demonstration."""

import json
import time
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone
from django.utils.translation import override

from motcua.base.actor import SYSTEM, Actor, Role
from motcua.base.errors import Refused
from motcua.domain.agencies import queries as agencies
from motcua.domain.agencies.commands import set_bank_account as open_account
from motcua.domain.dossiers import queries
from motcua.domain.people import queries as people
from motcua.domain.privacy import queries as privacy
from motcua.domain.privacy.commands import ask
from motcua.domain.privacy.rules import Kind
from motcua.domain.procedures import queries as procedures
from motcua.portals.office.demo import staff as officials
from motcua.portals.office.demo.cast import Somebody, read, words
from motcua.portals.office.demo.casting import Casting
from motcua.portals.office.demo.chronicle import Chronicle
from motcua.portals.office.demo.copying import copy
from motcua.portals.office.demo.originals import originals

#: as many are written down by commands; more than that are copied from them
BY_COMMANDS = 600
#: below this number nothing is copied
MOST_BY_COMMANDS = 5000
#: copying keeps as many processors of the database busy
PRESSES = 2


#: no bank has these six digits: no app can send money there
ACCOUNT = {
    "bank": "Ngân hàng thử nghiệm (không có thật)",
    "bank_code": "999999",
    "number": "0000000000",
    "holder": "TÀI KHOẢN TRÌNH DIỄN",
}


class Command(BaseCommand):
    """Appoints officials and writes down what became of invented people's dossiers; run again, it tops up."""

    help = (
        "Điền tỉnh bằng hồ sơ trình diễn, bằng chính các lệnh thật; chạy lại chỉ thêm cho đủ số. / Fills the "
        "province with made-up dossiers by the real commands; run again, it adds what is missing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take how many dossiers there shall be, and where people and log-ins stand."""
        folder = settings.HOME / "demo"
        parser.add_argument("--dossiers", type=int, default=settings.DEMO_DOSSIERS)
        parser.add_argument("--people", type=Path, default=folder / "people.json")
        parser.add_argument("--accounts", type=Path, default=folder / "accounts.json")
        parser.add_argument("--seed", type=int, default=6)
        parser.add_argument("--weeks", type=int, default=8, help="the oldest dossiers are so old")

    def handle(self, *args: Any, **options: Any) -> None:
        """Appoint, write down, and say who can be logged in as."""
        if not settings.DEMO:
            raise CommandError("Chỉ dùng cho bản trình diễn (MOTCUA_DEMO=1) / only for demonstrations")
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0; SET synchronous_commit = off")
        try:
            with override("vi"):
                self.fill(timezone.now(), **options)
        except Refused as refused:
            raise CommandError(str(refused)) from refused

    def fill(self, at: datetime, *, people: Path, accounts: Path, dossiers: int, **options: Any) -> None:
        """Do it all."""
        cast = read(people)
        on = timezone.localdate(at)
        places = officials.places(list(procedures.in_force(on=on)), cast.communes, on=on)
        staff = officials.engage(cast, places, at=at)
        self.stdout.write(f"{len(staff.serving)} vị trí công tác / posts filled")
        rows = officials.logins(cast, staff)
        accounts.parent.mkdir(parents=True, exist_ok=True)
        accounts.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
        root = agencies.root(on=on)
        if agencies.bank_account(root, on=on) is None:
            open_account(**ACCOUNT, agency=root, in_force_from=on, by=SYSTEM, at=at)
        self.write_down(Casting(cast, staff, at, options["seed"], options["weeks"]), dossiers)
        for who, days in ((cast.mover, 1), (cast.driver, 5)):
            self.ask_about_data(who, at - timedelta(days=days))
        for row in rows if options["verbosity"] else ():
            self.stdout.write(f"  {row['role']:<16} {row['name']:<28} {row['note']}")

    def write_down(self, casting: Casting, wanted: int) -> None:
        """Let those dossiers live that are not there yet, and copy them when very many are wanted."""
        lived = wanted if wanted <= MOST_BY_COMMANDS else BY_COMMANDS
        keys = {casting.key(number): number for number in range(lived)}
        everything = queries.visible(SYSTEM)
        known = set(everything.filter(key__in=keys).values_list("key", flat=True))
        missing = {number for key, number in keys.items() if key not in known}
        chronicle = Chronicle(casting.now)
        done = chronicle.write(casting.lives(missing), self.teller(len(missing)))
        self.stdout.write(f"{done} hồ sơ mới, {len(known)} đã có / new, already there")
        for reason, many in chronicle.stuck.items():
            self.stdout.write(f"  {many} hồ sơ dừng giữa chừng / stopped on the way: {reason}")
        if (more := wanted - everything.count()) > 0 and lived < wanted:
            seed = f"{casting.seed}:{everything.count()}"
            copy(originals(keys), more, seed=seed, presses=PRESSES, tell=self.teller(more))
            self.stdout.write(f"{more:,} hồ sơ chép từ các hồ sơ trên / copied from these")

    def ask_about_data(self, who: Somebody, at: datetime) -> None:
        """Let somebody with a dossier ask for a correction, once."""
        person = people.by_number(SYSTEM, who.number)
        if person is None:
            return
        by = Actor(name=person.name, roles=frozenset({Role.CITIZEN}), person=person.pk)
        if not privacy.mine(by).exists():
            ask(kind=Kind.CORRECT, text=words()["correction"], by=by, at=at)

    def teller(self, total: int) -> Callable[[int], None]:
        """Say every few seconds how far it has come."""
        began = said = time.monotonic()

        def tell(done: int) -> None:
            nonlocal said
            if (now := time.monotonic()) - said > 2:
                said = now
                pace = done / (now - began)
                self.stdout.write(f"  {done:>7,} / {total:,} hồ sơ ({done / total:.0%}, {pace:.1f}/s)")

        return tell
