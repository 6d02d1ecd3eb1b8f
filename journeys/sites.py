"""The two real sites, started as `make run` starts them, on databases and ports of their own."""

import fcntl
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from motcua.base import databases, keys
from motcua.base.tests.ports import spare

ROOT = Path(__file__).resolve().parents[1]
#: what everybody of the demonstration logs in with (load_demo_accounts)
PASSWORD = "mot cua dung thu"
_UP = "the journeys may begin"
#: how long the parts of an installation wait for each other on a machine that is busy with other tests
PATIENT = {f"{part}_TIMEOUT": "30" for part in ("IDENTITY", "POPULATION", "PAYMENT", "SMS")}
PATIENT["REGISTER_TIMEOUT_MS"] = "20000"
#: the database of the installation that the others are copied from
_FIRST = "motcua_journeys"
#: what `make run` does beside starting the sites
_INSTALL = "from motcua.base.run import Run; run = Run(print); run.prepare(); run.people()"


class Door:
    """A way to a port that can be shut: whoever comes then finds nobody, as with a dead service."""

    def __init__(self, onward: int) -> None:
        self.onward = onward
        self.port = spare()
        self.open: list[socket.socket] = []
        self.listener: socket.socket | None = None
        self.unlock()

    def unlock(self) -> None:
        """Let people through."""
        self.listener = socket.create_server(("127.0.0.1", self.port), reuse_port=True)
        threading.Thread(target=self._greet, args=[self.listener], daemon=True).start()

    def lock(self) -> None:
        """Refuse everybody and throw out those who are inside."""
        if self.listener is not None:
            with suppress(OSError):
                self.listener.shutdown(socket.SHUT_RDWR)
            self.listener.close()
            self.listener = None
        for line in self.open:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        self.open.clear()

    def _greet(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                guest, _address = listener.accept()
                try:
                    host = socket.create_connection(("127.0.0.1", self.onward))
                except OSError:
                    guest.close()
                    continue
                self.open += [guest, host]
                for pair in ((guest, host), (host, guest)):
                    threading.Thread(target=_pass_on, args=pair, daemon=True).start()


def _pass_on(here: socket.socket, there: socket.socket) -> None:
    with suppress(OSError):
        while words := here.recv(65536):
            there.sendall(words)
    for end in (here, there):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
    here.close()


def _address(database: str) -> str:
    """Give the address of a database of the tests' server."""
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}"))


class Sites:
    """Province and national site with their workers, everybody of the demonstration, and no dossier yet."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="motcua-journeys-"))
        self.database = f"motcua_journeys_{secrets.token_hex(3)}"
        ports = [spare() for _site_or_twin in range(4)]
        self.province, self.national = (f"http://127.0.0.1:{port}" for port in ports[:2])
        self.register = Door(ports[1])
        self.said: list[str] = []
        self.run: subprocess.Popen[str] | None = None
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
            "DATABASE_URL": _address(self.database),
            "MOTCUA_DEMO": "1",
            "MOTCUA_HOME": str(self.home),
            "PROVINCE_PORT": str(ports[0]),
            "NATIONAL_PORT": str(ports[1]),
            "SMS_PORT": str(ports[2]),
            "PAYMENT_PORT": str(ports[3]),
            "PROVINCE_URL": self.province,
            "NATIONAL_URL": self.national,
            "POPULATION_URL": f"http://127.0.0.1:{self.register.port}/dan-cu/v1",
            # who is behind a locked door is away at once; a busy machine is waited for
            **PATIENT,
            "WEB_WORKERS": "1",
        }

    def start(self) -> None:
        """Bring everything up."""
        if "MOTCUA_TESTS" in os.environ:
            self._copy(Path(os.environ["MOTCUA_TESTS"]) / "journeys")
        else:
            keys.make(self.home / "secrets.env")
        # The program beside the sites ends when we do: nothing outlives the tests.
        program = f"import sys; print({_UP!r}, flush=True); sys.stdin.read()"
        self.run = subprocess.Popen(
            [sys.executable, ROOT / "manage.py", "run", "--then", "-c", program],
            **self._piped(),
        )
        assert self.run.stdout is not None
        self.reader = threading.Thread(target=self.said.extend, args=[self.run.stdout], daemon=True)
        for line in self.run.stdout:
            self.said.append(line)
            if _UP in line:
                self.reader.start()
                return
        raise RuntimeError("the sites did not start:\n" + "".join(self.said[-40:]))

    def _copy(self, first: Path) -> None:
        """Copy what was installed first in this run of the tests: loading takes longer than all the rest."""
        first.mkdir(exist_ok=True)
        server = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
        with (first / "lock").open("w") as lock, server as connection:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (first / "home/demo/cast").exists():
                self._install(first / "home")
            # While nobody else copies: a template must be left alone.
            for rest in ("", "_national"):
                words = (sql.Identifier(f"{name}{rest}") for name in (self.database, _FIRST))
                connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*words))
        shutil.copytree(first / "home", self.home, dirs_exist_ok=True)
        # The people are in this database, too.
        (self.home / "demo/cast").write_text(databases.identity(_address(self.database)))

    def _install(self, home: Path) -> None:
        """Do all of `make run` but start the sites."""
        keys.make(home / "secrets.env")
        words = {"MOTCUA_HOME": str(home), "DATABASE_URL": _address(_FIRST)}
        site = {"DJANGO_SETTINGS_MODULE": "motcua.settings.province"}
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", _INSTALL],
            env=self.environment | words | site,
            cwd=ROOT,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def _piped(self) -> dict[str, Any]:
        return {
            "env": self.environment,
            "cwd": ROOT,
            "stdin": subprocess.PIPE,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.STDOUT,
            "text": True,
        }

    def manage(self, *words: str, site: str = "province") -> str:
        """Run a management command of a site."""
        settings = {"DJANGO_SETTINGS_MODULE": f"motcua.settings.{site}"}
        command = [sys.executable, "-W", "ignore", ROOT / "manage.py", *words]
        done = subprocess.run(
            command, env=self.environment | settings, check=True, cwd=ROOT, text=True, stdout=subprocess.PIPE
        )
        return done.stdout

    def ask_the_bank(self) -> None:
        """Do at once what a worker does every five minutes."""
        job = "from django.utils.timezone import now; from motcua.domain.payments.jobs import ask; "
        self.manage("shell", "--verbosity", "0", "-c", f"{job}ask(at=now())")

    def hurry(self) -> None:
        """Let the workers try at once what they have put off until later."""
        with psycopg.connect(self.environment["DATABASE_URL"]) as connection:
            connection.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")

    def stop(self) -> None:
        """Stop everything in order and take away what was made."""
        if self.run is not None and self.run.stdin is not None and self.run.stdout is not None:
            self.run.stdin.close()
            self.run.wait(120)
            if self.reader.ident:
                self.reader.join(5)
            self.run.stdout.close()
        self.register.lock()
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            for name in (self.database, f"{self.database}_national"):
                drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
                connection.execute(drop.format(sql.Identifier(name)))
        shutil.rmtree(self.home, ignore_errors=True)

    def somebody(self, role: str, place: str = "") -> dict[str, str]:
        """Name whoever can be logged in as in a role, at a place whose name this pattern finds."""
        rows = json.loads((self.home / "demo/accounts.json").read_text(encoding="utf-8"))
        return next(row for row in rows if row["role"] == role and re.search(place, row["note"]))

    def part(self, name: str, number: int = 0) -> dict[str, Any]:
        """Give what the register knows of who plays a part: mother, father, mover, host, driver, desk."""
        people = json.loads((self.home / "demo/people.json").read_text(encoding="utf-8"))
        father, mother = people["parents"]
        found: dict[str, Any] = {"mother": mother, "father": father}.get(name) or people[name][number]
        return found
