"""Starts a whole installation on one machine: PostgreSQL, both sites, a worker each; Ctrl-C stops it."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from argparse import REMAINDER, ArgumentParser
from collections.abc import Callable, Sequence
from functools import partial
from http.client import HTTPException
from pathlib import Path
from types import FrameType
from typing import NoReturn
from urllib.request import urlopen

from django.conf import settings

from motcua.base.databases import beside, exists, identity
from motcua.base.errors import Refused
from motcua.base.launch import Child, Crew
from motcua.base.postgres import Cluster, url

#: seconds a busy port may take to become free: a killed run is still closing
PATIENCE = 5
#: threads of one web process; at the national site up to 18 of them may be busy with passwords
THREADS = {"province": 4, "national": 24}
#: how many people of the register a demonstration needs
CAST = ("--officers", "150", "--applicants", "400", "--communes", "10")
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(words: Sequence[str]) -> int:
    """Start, watch, stop in order; every expected fault is one sentence. Gives the exit code.

    Not a management command: loading every app would cost two seconds that nobody needs here.
    """
    parser = ArgumentParser(prog="manage.py run", description=__doc__)
    parser.add_argument("--then", nargs=REMAINDER, help="words for Python: run them, then stop")
    then = parser.parse_args(words).then
    for number in STOPPING:
        signal.signal(number, _interrupt)
    # Beside a program, what it prints is the result.
    run = Run(lambda line: print(line, file=sys.stderr if then else sys.stdout, flush=True))
    try:
        return go(run, then)
    except Refused as refused:
        print(f"✗ {refused}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        print(flush=True)
        return 0
    finally:
        for number in STOPPING:
            signal.signal(number, signal.SIG_IGN)
        run.stop()


def go(run: "Run", then: list[str] | None) -> int:
    """Start what is not running, then watch it, or run one program beside it and give its code."""
    here = run.running()
    if not here:
        run.start(demo=then is None)
    if then:
        return run.beside(then)
    if here:
        print(f"✓ Một cửa đang chạy ở {settings.PROVINCE_URL} / Motcua is already running there")
        return 0
    run.watch()


class Run:
    """One installation while it runs."""

    def __init__(self, show: Callable[[str], None]) -> None:
        self.show = show
        self.crew = Crew(show)
        self.cluster: Cluster | None = None
        self.sites = {"province": settings.PROVINCE_PORT}
        if settings.RUN_NATIONAL:
            self.sites = {"national": settings.NATIONAL_PORT, **self.sites}

    @property
    def texts(self) -> bool:
        """Tell whether this installation shows its text messages instead of sending them."""
        return bool(settings.SMS_TWIN and settings.RUN_NATIONAL)

    @property
    def bank(self) -> bool:
        """Tell whether this installation pays online at a bank of its own that moves no money."""
        return bool(settings.PAYMENT_TWIN)

    def running(self) -> bool:
        """Tell whether all our sites already answer."""
        return all(answers(site, port) for site, port in self.sites.items())

    def start(self, *, demo: bool) -> None:
        """Bring everything up, each step with its time."""
        began = time.monotonic()
        twins = [settings.SMS_PORT] * self.texts + [settings.PAYMENT_PORT] * self.bank
        for port in (*self.sites.values(), *twins):
            free(port)
        self.prepare()
        for site in self.sites:
            self.crew.start(self.web(site))
        while not self.running():
            self.crew.look()
            self.crew.revive()
        for site in self.sites:
            self.crew.start(self.manage(site, "việc", "procrastinate", "worker", "--concurrency", "2"))
        if self.texts:
            self.crew.start(self.gateway())
        if self.bank:
            self.crew.start(self.payments())
        self.people()
        self.greet(time.monotonic() - began)
        if settings.DEMO and settings.RUN_NATIONAL and demo:
            self.once("desk", self.desk)
            self.once("dossiers", partial(self.step, "province", "trình diễn", "demo", "--verbosity", "0"))

    def prepare(self) -> None:
        """Bring the databases and files of all sites up to date."""
        self.open_databases()
        self.crew.finish(*[self.crew.start(self.manage(site, "chuẩn bị", "prepare")) for site in self.sites])

    def people(self) -> None:
        """Let a demonstration have its people."""
        if settings.DEMO and settings.RUN_NATIONAL:
            self.once("cast", self.cast)

    def once(self, part: str, fill: Callable[[], None]) -> None:
        """Do a part of filling unless this database has it already."""
        done, mark = settings.HOME / "demo" / part, identity(self.address("province"))
        if done.exists() and done.read_text() == mark:
            return
        done.parent.mkdir(exist_ok=True)
        self.show(f"Nạp dữ liệu trình diễn ({part})… / filling the demonstration")
        fill()
        done.write_text(mark)

    def cast(self) -> None:
        """Let people of the register be officials of the province, and open accounts for those it names."""
        people, accounts = self.listed("people"), self.listed("accounts")
        self.step("national", "người", "demo_people", *CAST, "--out", people)
        self.step("province", "trình diễn", "demo", "--dossiers", "0", "--verbosity", "0", "--people", people)
        self.step("national", "tài khoản", "load_demo_accounts", accounts)
        self.step("national", "bàn định danh", "load_demo_desk", people)

    def desk(self) -> None:
        """Let some of these people wait for an answer of the national site's officials."""
        self.step("national", "bàn định danh", "fill_demo_desk", self.listed("people"))

    def listed(self, part: str) -> str:
        """Tell where the demonstration's people or accounts are listed."""
        return str(settings.HOME / "demo" / f"{part}.json")

    def step(self, site: str, what: str, *words: str) -> None:
        """Run one management command to its end."""
        self.crew.finish(self.crew.start(self.manage(site, what, *words)))

    def address(self, site: str) -> str:
        """Tell the address of a site's database."""
        if not settings.DATABASE_URL:
            return url(settings.HOME, f"motcua_{site}")
        if site == "national":
            return settings.NATIONAL_DATABASE_URL or beside(settings.DATABASE_URL)
        return settings.DATABASE_URL

    def open_databases(self) -> None:
        """Start our own server, or make sure that the one of DATABASE_URL can be used."""
        if settings.DATABASE_URL:
            for site in self.sites:
                exists(self.address(site))
            return
        self.show("Khởi động PostgreSQL… / starting")
        cluster = Cluster(settings.HOME)
        if cluster.start():
            self.cluster = cluster
        cluster.create("motcua_province", "motcua_national")
        self.show(
            f"PostgreSQL: {'đã chạy' if self.cluster else 'dùng tiếp máy chủ đang chạy'} ({cluster.data})"
        )

    def environment(self, site: str) -> dict[str, str]:
        """Tell a child which site it is."""
        return {"DJANGO_SETTINGS_MODULE": f"motcua.settings.{site}", "LOG_FORMAT": settings.LOG_FORMAT}

    def manage(self, site: str, what: str, *words: str) -> Child:
        """Describe a management command of a site."""
        command: list[str | Path] = [sys.executable, "-W", "ignore", settings.ROOT / "manage.py", *words]
        # Were we killed, the database would go too, and a worker asked to stop would wait for it.
        return Child(
            f"{NAMES[site]} {what}",
            command,
            self.environment(site),
            patience=30,
            last_word=signal.SIGKILL,
        )

    def web(self, site: str) -> Child:
        """Describe the web server of a site; its processes add up their numbers in a folder."""
        numbers = settings.HOME / "metrics" / site
        shutil.rmtree(numbers, ignore_errors=True)
        numbers.mkdir(parents=True)
        command = [
            *(sys.executable, "-m", "granian", "motcua.base.wsgi:application", "--factory"),
            # granian warns of many threads at every start; here most of them only wait for their turn
            *("--interface", "wsgi", "--no-ws", "--log-level", "error", "--respawn-failed-workers"),
            *("--host", settings.BIND, "--port", str(self.sites[site])),
            *("--workers", str(processes(site)), "--blocking-threads", str(THREADS[site])),
        ]
        environment = {**self.environment(site), "PROMETHEUS_MULTIPROC_DIR": str(numbers)}
        return Child(f"{NAMES[site]} web", command, environment)

    def gateway(self) -> Child:
        """Describe the stand-in for the gateway of text messages, on this machine only."""
        command = [sys.executable, "-m", "motcua.connectors.sms.twin", "127.0.0.1", str(settings.SMS_PORT)]
        return Child("tin nhắn", command, {}, last_word=signal.SIGKILL)

    def payments(self) -> Child:
        """Describe the stand-in for the payment platform, on this machine only."""
        command = [sys.executable, "-m", "motcua.connectors.payment.twin", "127.0.0.1"]
        command.append(str(settings.PAYMENT_PORT))
        return Child("ngân hàng", command, self.environment("province"), last_word=signal.SIGKILL)

    def greet(self, seconds: float) -> None:
        """Print where to go."""
        self.show(f"✓ Một cửa đã chạy sau {seconds:.0f} s / Motcua is up")
        self.show(f"    Cổng dịch vụ công của tỉnh / province:  {settings.PROVINCE_URL}")
        if settings.RUN_NATIONAL:
            self.show(f"    Định danh và dân cư / national:         {settings.NATIONAL_URL}")
        if self.texts:
            self.show(f"    Tin nhắn của bản trình diễn / texts:    {settings.SMS_URL}")
        for role, name, number, note in logins(Path(self.listed("accounts"))):
            self.show(f"    {role:<16} {number}  {name}{note and f' · {note}'}")
        self.show("    Ctrl-C để dừng / to stop")

    def watch(self) -> NoReturn:
        """Keep everything running until somebody stops it."""
        while True:
            self.crew.look(0.5)
            if self.cluster and self.cluster.died():
                self.show("PostgreSQL đã dừng, chạy lại. / PostgreSQL stopped; starting it again.")
                self.cluster.start()
                self.crew.forgive()
            self.crew.revive()

    def beside(self, words: list[str]) -> int:
        """Run one Python program with the terminal as its own, watching the rest."""
        program = subprocess.Popen(
            [sys.executable, *words], env={**os.environ, **self.environment("province")}, cwd=settings.ROOT
        )
        try:
            while program.poll() is None:
                self.crew.look()
                self.crew.revive()
        finally:
            program.terminate()
        return program.wait()

    def stop(self) -> None:
        """Stop what we started: web, workers, PostgreSQL."""
        self.crew.stop()
        if self.cluster:
            self.show("Dừng PostgreSQL… / stopping")
            self.cluster.stop()


NAMES = {"province": "tỉnh", "national": "quốc gia"}


def processes(site: str) -> int:
    """Tell how many web processes a site has; each of the many national threads keeps a connection."""
    return settings.WEB_WORKERS if site == "province" else min(2, settings.WEB_WORKERS)


def logins(file: Path) -> list[tuple[str, str, str, str]]:
    """Read one made-up person per role who can log in: role, name, number, note."""
    rows = json.loads(file.read_text(encoding="utf-8")) if settings.DEMO and file.exists() else []
    first: dict[str, dict[str, str]] = {}
    for row in rows:
        first.setdefault(row["role"], row)
    return [(role, row.get("name", ""), row["number"], row.get("note", "")) for role, row in first.items()]


def answers(site: str, port: int) -> bool:
    """Tell whether one of our sites answers on a port of this machine."""
    try:
        with urlopen(f"http://{_host()}:{port}/healthz", timeout=2) as answer:
            return bool(answer.read(100) == site.encode())
    except (OSError, HTTPException):
        return False


def free(port: int) -> None:
    """Make sure that we can listen on a port."""
    until = time.monotonic() + PATIENCE
    while True:
        with socket.socket(socket.AF_INET6 if ":" in settings.BIND else socket.AF_INET) as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                attempt.bind((settings.BIND, port))
                return
            except OSError as error:
                if time.monotonic() > until:
                    raise Refused(
                        f"Không mở được cổng {port} ({error.strerror}): chương trình khác đang dùng; đặt "
                        f"PROVINCE_PORT, NATIONAL_PORT khác. / "
                        f"Port {port} cannot be opened ({error.strerror}): set another one by "
                        f"PROVINCE_PORT or NATIONAL_PORT."
                    ) from None
        time.sleep(0.2)


def _host() -> str:
    return "127.0.0.1" if settings.BIND in ("0.0.0.0", "::") else settings.BIND  # noqa: S104


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
