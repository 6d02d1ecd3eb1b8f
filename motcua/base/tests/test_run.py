"""`manage.py run`, for real: started as in production, torn at, stopped."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest

from motcua.base import keys, run
from motcua.base.tests.ports import spare
from motcua.base.tests.test_postgres import gone

ROOT = Path(__file__).resolve().parents[3]


class Installation:
    """One installation in a folder of its own, on ports of its own."""

    def __init__(self, home):
        self.home = home
        self.ports = {"province": spare(), "national": spare()}
        self.log = home / "run.log"
        self.process = None

    def start(self, *words, **environment):
        clean = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
        environment = {
            "MOTCUA_HOME": str(self.home),
            "PROVINCE_URL": "https://dvc.example.vn",
            "NATIONAL_URL": "https://id.example.vn",
            "PROVINCE_PORT": str(self.ports["province"]),
            "NATIONAL_PORT": str(self.ports["national"]),
            "WEB_WORKERS": "1",
            **environment,
        }
        with self.log.open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "manage.py", "run", *words],
                cwd=ROOT,
                env={**clean, **environment},
                stdout=log,
                stderr=log,
            )

    def said(self):
        return self.log.read_text()

    def ask(self, site, path):
        try:
            with urlopen(f"http://127.0.0.1:{self.ports[site]}{path}", timeout=5) as answer:
                return answer.status
        except HTTPError as error:
            error.close()
            return error.code
        except (URLError, OSError):
            return 0

    def ready(self, seconds=90):
        until(
            lambda: self.ask("province", "/readyz") == self.ask("national", "/readyz") == 200,
            seconds,
            self.said,
        )

    def describe(self):
        """Tell what still runs, for the message of a test that fails."""
        return [Path(f"/proc/{n}/cmdline").read_bytes().replace(b"\0", b" ") for n in self.descendants("")]

    def descendants(self, word):
        """Find the processes of this installation whose command has a word in it."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                environment = (folder / "environ").read_bytes().decode(errors="replace")
            except (FileNotFoundError, PermissionError, ProcessLookupError):
                continue
            if f"MOTCUA_HOME={self.home}" in environment.split("\0") and word in command:
                found.append(int(folder.name))
        return sorted(found)


def until(condition, seconds, said):
    end = time.monotonic() + 4 * seconds  # patience for a machine that is busy with other tests
    while not condition():
        assert time.monotonic() < end, said()
        time.sleep(0.1)


@pytest.fixture(scope="module")
def installation():
    home = Path(tempfile.mkdtemp(prefix="motcua-"))
    home.chmod(0o755)
    keys.make(home / "secrets.env")
    installation = Installation(home)
    installation.process = installation.start()
    installation.ready()
    yield installation
    installation.process.kill()
    installation.process.wait()
    until(lambda: not installation.descendants(""), 20, installation.said)
    subprocess.run(["rm", "-rf", home], check=True)


pytestmark = pytest.mark.timeout(600)


def test_one_made_up_person_per_role_is_shown_and_only_in_a_demonstration(tmp_path, settings):
    file = tmp_path / "accounts.json"
    rows = [("citizen", "1"), ("clerk", "2"), ("citizen", "3"), ("head", "4")]
    file.write_text(json.dumps([{"role": role, "number": number} for role, number in rows]))
    settings.DEMO = True
    assert [row[::2] for row in run.logins(file)] == [("citizen", "1"), ("clerk", "2"), ("head", "4")]
    assert run.logins(tmp_path / "missing.json") == []
    settings.DEMO = False
    assert run.logins(file) == []


def test_both_sites_become_ready_and_say_where_they_are(installation):
    until(lambda: "Motcua is up" in installation.said(), 20, installation.said)
    assert "https://dvc.example.vn" in installation.said()
    # What other tests break here later, in whatever order, is not part of the start.
    assert "Traceback" not in installation.said().partition("Motcua is up")[0]


def test_a_second_start_finds_the_first(installation):
    other = Installation(installation.home)
    other.ports, other.log = installation.ports, installation.home / "second.log"
    assert other.start().wait(240) == 0
    assert "Một cửa đang chạy" in other.said()
    assert installation.ask("province", "/healthz") == 200


def test_a_command_beside_a_running_installation_gives_its_own_code(installation):
    other = Installation(installation.home)
    other.ports, other.log = installation.ports, installation.home / "then.log"
    assert other.start("--then", "-c", "print('beside'); raise SystemExit(7)").wait(240) == 7
    assert "beside" in other.said()
    assert installation.process.poll() is None


def test_a_busy_port_is_one_sentence(installation):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        other = Installation(installation.home)
        other.ports = {"province": busy.getsockname()[1], "national": spare()}
        other.log = installation.home / "busy.log"
        assert other.start().wait(240) == 1
    lines = other.said().strip().splitlines()
    assert len(lines) == 1
    assert f"Không mở được cổng {other.ports['province']}" in lines[0]
    assert f"Port {other.ports['province']} cannot be opened" in lines[0]


@pytest.mark.parametrize("word", ["granian", "procrastinate worker"])
def test_a_killed_site_or_worker_is_started_again(installation, word):
    # A test before this one may have taken the database away; whoever died of that comes back by itself.
    until(lambda: installation.descendants(word), 60, installation.said)
    before = installation.descendants(word)
    with suppress(ProcessLookupError):
        os.kill(before[0], signal.SIGKILL)
    until(lambda: set(installation.descendants(word)) - set(before), 60, installation.said)
    assert before[0] not in installation.descendants(word)
    installation.ready()


def test_a_killed_database_is_started_again(installation):
    server = int((installation.home / "postgres/data/postmaster.pid").read_text().split()[0])
    os.kill(server, signal.SIGKILL)
    assert gone(server)
    until(lambda: "PostgreSQL đã dừng, chạy lại" in installation.said(), 20, installation.said)
    installation.ready()


def test_a_stop_is_clean_and_in_order_and_the_next_start_finds_everything_done(installation):
    installation.process.send_signal(signal.SIGINT)
    assert installation.process.wait(240) == 0
    assert installation.descendants("") == []
    said = installation.said()
    order = [said.index(f"Dừng {what}…") for what in ("tỉnh web", "tỉnh việc", "PostgreSQL")]
    assert order == sorted(order)
    assert not (installation.home / "postgres/data/postmaster.pid").exists()

    installation.process = installation.start()
    installation.ready()
    assert "Tạo bảng" not in installation.said()
    assert "Gom tệp tĩnh" not in installation.said()


def test_nothing_is_left_of_a_killed_installation_and_the_next_start_succeeds(installation):
    installation.process.kill()
    installation.process.wait()
    until(lambda: not installation.descendants(""), 30, installation.describe)
    installation.process = installation.start()
    installation.ready()
