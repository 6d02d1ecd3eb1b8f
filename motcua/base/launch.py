"""Child processes: started, their lines shown under their names, watched, started again, stopped in order."""

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from motcua.base.errors import Refused
from motcua.base.postgres import dying_with_us

#: a child that dies this often within a minute is not started again
DEATHS = 3


@dataclass
class Child:
    """One program with its name and, while it runs, its process."""

    name: str
    command: Sequence[str | os.PathLike[str]]
    environment: Mapping[str, str]
    #: seconds it may take to finish what it is doing
    patience: float = 15
    #: what it gets when we are killed
    last_word: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = None
    rest: bytes = b""
    deaths: list[float] = field(default_factory=list)

    def whole_environment(self) -> dict[str, str]:
        """Give our own environment with the child's words in it."""
        return {**os.environ, **self.environment, "PYTHONUNBUFFERED": "1"}


class Crew:
    """The running children, in the order in which they were started; used without threads."""

    def __init__(self, show: Callable[[str], None]) -> None:
        self.show = show
        self.children: list[Child] = []
        self.selector = selectors.DefaultSelector()

    def start(self, child: Child) -> Child:
        """Start one child, which does not outlive us, however we die."""
        child.process = subprocess.Popen(
            child.command,
            env=child.whole_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C at the terminal reaches us alone
            preexec_fn=dying_with_us(child.last_word),
        )
        assert child.process.stdout is not None
        os.set_blocking(child.process.stdout.fileno(), False)
        self.selector.register(child.process.stdout, selectors.EVENT_READ, child)
        if child not in self.children:
            self.children.append(child)
        return child

    def look(self, seconds: float = 0.2) -> None:
        """Show what the children wrote, waiting for it at most so long."""
        for key, _ in self.selector.select(seconds):
            self._read(key.data)

    def finish(self, *children: Child) -> None:
        """Wait until children that end by themselves are done; refuse when one failed."""
        while any(child.process and child.process.poll() is None for child in children):
            self.look()
        for child in children:
            self._bury(child)
            self.children.remove(child)
            if child.process and child.process.returncode:
                raise Refused(
                    f"Bước {child.name} không xong; xem các dòng ở trên. / "
                    f"The step {child.name} failed; see the lines above."
                )

    def revive(self) -> None:
        """Start again the children that died; refuse to go on with one that keeps dying."""
        for child in list(self.children):
            if child.process is None or child.process.poll() is None:
                continue
            code = child.process.returncode
            self._bury(child)
            now = time.monotonic()
            child.deaths = [*(death for death in child.deaths if now - death < 60), now]
            if len(child.deaths) >= DEATHS:
                raise Refused(
                    f"{child.name} dừng {DEATHS} lần trong một phút (mã {code}): dừng tất cả. / "
                    f"{child.name} stopped {DEATHS} times within a minute (code {code}): stopping everything."
                )
            self.show(
                f"{child.name} đã dừng (mã {code}), chạy lại. / {child.name} stopped; starting it again."
            )
            self.start(child)

    def forgive(self) -> None:
        """Forget who died before: their common cause is known and gone."""
        for child in self.children:
            child.deaths = []

    def stop(self) -> None:
        """Stop the children in the order in which they were started; each may finish what it is doing."""
        for child in self.children:
            if child.process and child.process.poll() is None:
                self.show(f"Dừng {child.name}… / stopping")
                child.process.terminate()
            until = time.monotonic() + child.patience
            while child.process and child.process.poll() is None:
                self.look()
                if time.monotonic() > until:
                    break
            self._bury(child)
        self.children.clear()

    def _bury(self, child: Child) -> None:
        """End what is left of a child's process group, show its last words and close its pipe."""
        process = child.process
        if process is None or process.stdout is None or process.stdout.closed:
            return
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self._read(child)
        if child.rest:
            self.show(f"{child.name} │ {child.rest.decode(errors='replace')}")
            child.rest = b""
        self.selector.unregister(process.stdout)
        process.stdout.close()

    def _read(self, child: Child) -> None:
        """Show the whole lines that a child has written."""
        assert child.process is not None
        assert child.process.stdout is not None
        while chunk := child.process.stdout.read(65536):
            *lines, child.rest = (child.rest + chunk).split(b"\n")
            for line in lines:
                self.show(f"{child.name} │ {line.decode(errors='replace')}")
