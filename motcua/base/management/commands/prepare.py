"""Brings one site's database and static files up to date; run again, it does only what is left to do."""

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from motcua.base import databases, health, jose

#: site → commands that load what the site cannot work without, in their order
LOADS = {
    "province": ("load_agencies", "publish_procedures"),
    "national": ("load_population", "subscribe"),
}
#: a real installation is given its own agencies and has real people
ONLY_DEMO = ("load_agencies", "load_population")
#: files of the django-htmx wheel that no page names; compressing them takes seconds
UNUSED = ["htmax-*", "htmx-2*", "htmx-4.js"]
#: what the province tells people at the identity provider that it needs each piece of information for
REASONS = {
    "citizen_number": "để hồ sơ đứng đúng tên người nộp và không phải nộp bản sao giấy tờ",
    "name": "để ghi vào hồ sơ và giấy tiếp nhận",
    "birthdate": "để điền sẵn tờ khai",
    "gender": "để điền sẵn tờ khai",
    "account_level": "để biết tài khoản được nộp những thủ tục nào",
    "phone_number": "để gọi khi hồ sơ thiếu giấy tờ; không có vẫn nộp được",
    "acting_for": "để bạn nộp và theo dõi hồ sơ thay những người này",
}
#: any number: two machines must not change one database at a time
LOCK = 80_260_701


class Command(BaseCommand):
    """Migrates, loads, collects static files."""

    help = "Migrates this site's database, loads what it cannot work without, collects static files."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Do every step under one lock and say how long each took."""
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0; SET lock_timeout = '60s'")
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        for words, step in self.steps():
            began = time.monotonic()
            self.stdout.write(f"{words}…")
            step()
            self.stdout.write(f"{words}: {time.monotonic() - began:.1f} s")

    def steps(self) -> Iterator[tuple[str, Callable[[], object]]]:
        """Give the steps that are not done yet, or that are quick when they are."""
        if left := health.unapplied():
            yield (
                f"Tạo bảng, {len(left)} bước / migrating",
                partial(call_command, "migrate", interactive=False, verbosity=0),
            )
        if collected() != (wanted := fingerprint()):
            yield "Gom tệp tĩnh / static files", partial(collect, wanted)
        for name in LOADS[settings.SITE]:
            if settings.DEMO or name not in ONLY_DEMO:
                yield name, partial(call_command, name, stdout=self.stdout)
        if settings.SITE == "national" and settings.IDENTITY_CLIENT_KEY:
            yield "register_client", introduce


def introduce() -> None:
    """Register the province that runs on this machine at the identity provider, unless that is done."""
    words = [
        settings.IDENTITY_CLIENT_ID,
        *("--name", "Cổng dịch vụ công tỉnh Tây Ninh"),
        *("--purpose", "Nộp, theo dõi và giải quyết hồ sơ thủ tục hành chính"),
        *("--profile", "fapi", "--machine-scope", "registration"),
        *("--redirect-uri", f"{settings.PROVINCE_URL}/dang-nhap/tro-ve/"),
        *("--logout-uri", f"{settings.PROVINCE_URL}/dang-xuat/xong/"),
        *("--voluntary", "phone_number"),
        *("--backchannel-uri", f"{settings.PROVINCE_URL}/dang-xuat/tu-xa/"),
    ]
    for claim, reason in REASONS.items():
        words += ["--reason", f"{claim}={reason}"]
    key = jose.public(jose.derived_key(settings.IDENTITY_CLIENT_KEY))
    card = settings.HOME / "province.jwks.json"
    with connection.cursor() as cursor:
        cursor.execute(databases.IDENTITY)
        wanted = json.dumps({"keys": [key], "for": [*words, str(cursor.fetchone())]})
    if card.exists() and card.read_text() == wanted:
        return
    card.write_text(wanted)
    call_command("register_client", *words, "--keys", str(card))


def stamp() -> Path:
    """Name the file that says which static files were collected."""
    return Path(str(settings.STATIC_ROOT)) / "collected"


def collected() -> str:
    """Tell the fingerprint of the collected files, or nothing."""
    return stamp().read_text() if stamp().exists() else ""


def fingerprint() -> str:
    """Sum up names, sizes and times of all static files of this site."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            about = Path(storage.path(name)).stat()
            digest.update(f"{name} {about.st_size} {about.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def collect(wanted: str) -> None:
    """Collect the static files anew and remember which."""
    call_command("collectstatic", interactive=False, clear=True, verbosity=0, ignore_patterns=[*UNUSED])
    stamp().write_text(wanted)
