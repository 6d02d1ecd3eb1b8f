"""Filing over HTTP beside the same SQL run by pgbench."""

import os
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.crypto import get_random_string

from bench import ground
from motcua.base.actor import Actor
from motcua.base.postgres import binaries
from motcua.domain.dossiers.models import Dossier
from motcua.portals.entrance import session

CLIENTS = 8
PORT = 8190


def cookie(actor: Actor) -> str:
    """Open a session as coming back from the provider leaves it, and give its key."""
    store = Client().session
    session.enter(
        store,
        name=actor.name,
        level=2,
        person=actor.person,
        officer=actor.officer,
        acting="officer" if actor.officer else "citizen",
        at=timezone.now(),
    )
    store.save()
    return str(store.session_key)


class Site:
    """The province's web server on the bench's database, as `make run` starts it."""

    def __enter__(self) -> "Site":
        command = [sys.executable, "-m", "granian", "motcua.base.wsgi:application", "--factory"]
        command += ["--interface", "wsgi", "--no-ws", "--log-level", "warning", "--host", "127.0.0.1"]
        command += ["--port", str(PORT), "--workers", "2", "--blocking-threads", "4"]
        self.process = subprocess.Popen(command, env=dict(os.environ), stderr=subprocess.DEVNULL)
        self.url = f"http://127.0.0.1:{PORT}"
        for _ in range(200):
            try:
                if httpx.get(f"{self.url}/healthz").status_code == 200:
                    return self
            except httpx.TransportError:
                time.sleep(0.1)
        raise RuntimeError("the bench's web server did not start")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(20)

    def browser(self, actor: Actor) -> httpx.Client:
        """Give a browser that is logged in and holds a CSRF token."""
        token = get_random_string(32)
        cookies = {settings.SESSION_COOKIE_NAME: cookie(actor), settings.CSRF_COOKIE_NAME: token}
        headers = {"X-CSRFToken": token, "Referer": self.url, "Origin": self.url}
        return httpx.Client(base_url=self.url, cookies=cookies, headers=headers, timeout=60)


SENT = {"handing": "electronic", "declared": "on"}


def _address(pk: int) -> str:
    return f"/ho-so/nhap/{Dossier.objects.get(pk=pk).key}/kiem-tra/"


def _file_all(browser: httpx.Client, addresses: list[str]) -> None:
    for address in addresses:
        response = browser.post(address, data=SENT)
        assert response.status_code == 302, f"{response.status_code} {response.text[:300]}"


def over_http(site: Site, actor: Actor, ids: list[int]) -> float:
    """File these drafts with 8 clients; give dossiers a second."""
    addresses = [_address(pk) for pk in ids]
    browsers = [site.browser(actor) for _ in range(CLIENTS)]
    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(_file_all, browsers, (addresses[i::CLIENTS] for i in range(CLIENTS))))
    return len(ids) / (time.perf_counter() - began)


def script(actor: Actor, pk: int) -> str:
    """Record every statement of filing one draft, and let pgbench's `n` stand for the draft."""
    browser = Client(HTTP_HOST="127.0.0.1")
    browser.cookies[settings.SESSION_COOKIE_NAME] = cookie(actor)
    key = str(Dossier.objects.get(pk=pk).key)
    with CaptureQueriesContext(connection) as captured:
        response = browser.post(f"/ho-so/nhap/{key}/kiem-tra/", SENT)
    assert response.status_code == 302, response.content[:300]
    code = str(Dossier.objects.get(pk=pk).code)
    lines = ["SELECT nextval('bench_n') AS n \\gset"]
    for query in captured.captured_queries:
        lines.append(_for_any(query["sql"], pk=pk, key=key, code=code).replace("\n", " ") + ";")
    return "\n".join(lines) + "\n"


def _for_any(sql: str, *, pk: int, key: str, code: str) -> str:
    sql = sql.replace(f"'dossier:{pk}'", "('dossier:' || :n)")
    sql = re.sub(rf"'({key}|{key.replace('-', '')})'(::uuid)?", "md5(:n::text)::uuid", sql)
    sql = sql.replace(f"'{code}'", "('BENCH-' || :n)")
    return re.sub(rf"\b{pk}\b", ":n", sql)


def by_pgbench(text: str, ids: list[int]) -> float:
    """Run the recorded statements for these drafts with 8 clients; give transactions a second."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SEQUENCE IF EXISTS bench_n")
        cursor.execute(f"CREATE SEQUENCE bench_n START {ids[0]} CACHE 1")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "submission.sql"
        path.write_text(text, encoding="utf-8")
        each = len(ids) // CLIENTS
        command: list[Any] = [_pgbench(), "-n", "-f", path, "-c", CLIENTS, "-j", 2, "-t", each]
        done = subprocess.run(
            [*map(str, command), os.environ["DATABASE_URL"]], capture_output=True, text=True, check=False
        )
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    assert found and " 0 (0.000%)" in done.stdout, done.stdout + done.stderr
    return float(found[1])


def _pgbench() -> Path:
    return binaries() / "pgbench"


def rounds(*, rounds: int, each: int) -> list[tuple[float, float]]:
    """Measure both sides in turns, `each` filings a client and round; give pairs of rates."""
    _person, actor = ground.citizen()
    one, *rest = ground.drafts(1 + 2 * rounds * each * CLIENTS + CLIENTS, start=0)
    text = script(actor, one)
    warm, rest = rest[:CLIENTS], rest[CLIENTS:]
    size, found = each * CLIENTS, []
    with Site() as site:
        over_http(site, actor, warm)
        for number in range(rounds):
            here = rest[2 * number * size : 2 * (number + 1) * size]
            found.append((over_http(site, actor, here[:size]), by_pgbench(text, here[size:])))
    return found
