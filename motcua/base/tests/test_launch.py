"""Children of real processes, quick ones."""

import signal
import subprocess
import sys
import time

import pytest

from motcua.base.errors import Refused
from motcua.base.launch import DEATHS, Child, Crew
from motcua.base.tests.test_postgres import gone

FOREVER = "import time; print('up', flush=True); time.sleep(600)"
LAUNCHER = f"""
import sys
from motcua.base.launch import Child, Crew
crew = Crew(lambda line: print(line, flush=True))
child = crew.start(Child("a", [sys.executable, "-c", {FOREVER!r}], {{}}))
print(child.process.pid, flush=True)
while True:
    crew.look()
"""


@pytest.fixture
def crew():
    shown = []
    crew = Crew(shown.append)
    crew.shown = shown
    yield crew
    crew.stop()


def python(name, program, **words):
    return Child(name, [sys.executable, "-c", program], {}, **words)


def until(crew, condition, seconds=80):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, crew.shown
        crew.look(0.05)


def test_lines_are_shown_whole_under_the_childs_name(crew):
    crew.finish(
        crew.start(
            python("tỉnh web", "print('Đã nạp'); import sys; sys.stderr.write('a'); print('b', end='')")
        )
    )
    assert "tỉnh web │ Đã nạp" in crew.shown
    assert "tỉnh web │ ab" in crew.shown


def test_a_step_that_fails_is_named(crew):
    with pytest.raises(Refused, match="Bước migrate không xong"):
        crew.finish(crew.start(python("migrate", "raise SystemExit(3)")))


def test_a_child_that_dies_is_started_again(crew):
    child = crew.start(python("web", FOREVER))
    until(crew, lambda: crew.shown == ["web │ up"])
    first = child.process.pid
    child.process.kill()
    child.process.wait()
    crew.revive()
    assert child.process.pid != first
    assert any("web đã dừng (mã -9), chạy lại" in line for line in crew.shown)
    until(crew, lambda: crew.shown.count("web │ up") == 2)


def test_deaths_whose_cause_is_gone_count_no_more(crew):
    child = crew.start(python("web", "raise SystemExit(4)"))
    for _death in range(2 * DEATHS):
        child.process.wait()
        crew.revive()
        crew.forgive()
    assert child in crew.children


def test_a_child_that_keeps_dying_stops_everything(crew):
    child = crew.start(python("web", "raise SystemExit(4)"))
    with pytest.raises(Refused, match=f"web dừng {DEATHS} lần trong một phút \\(mã 4\\)"):
        while True:
            child.process.wait()
            crew.revive()


def test_children_stop_in_the_order_in_which_they_were_started(crew):
    speak = "import signal\nsignal.signal(signal.SIGTERM, lambda *_: exit(print('bye', flush=True)))\n"
    names = ["web", "worker", "last"]
    for name in names:
        crew.start(python(name, speak + FOREVER))
    until(crew, lambda: len(crew.shown) == 3)
    crew.stop()
    assert [line for line in crew.shown if "bye" in line] == [f"{name} │ bye" for name in names]


def test_a_child_that_does_not_want_to_stop_is_ended_with_its_own_children(crew):
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    parent = (
        deaf
        + f"import subprocess, sys\nprint(subprocess.Popen([sys.executable, '-c', {deaf + FOREVER!r}]).pid)\n"
    )
    child = crew.start(python("web", parent + FOREVER, patience=0.2))
    until(crew, lambda: crew.shown.count("web │ up") == 2)
    grandchild = next(int(line.split()[-1]) for line in crew.shown if line.split()[-1].isdigit())
    crew.stop()
    assert gone(child.process.pid)
    assert gone(grandchild)


def test_children_end_with_a_launcher_that_is_killed():
    with subprocess.Popen([sys.executable, "-c", LAUNCHER], stdout=subprocess.PIPE, text=True) as launcher:
        child = int(launcher.stdout.readline())
        launcher.stdout.readline()
        launcher.kill()
    assert gone(child)


def test_a_key_press_at_the_terminal_reaches_the_launcher_alone(crew):
    child = crew.start(python("web", FOREVER))
    until(crew, lambda: crew.shown)
    # A shell that starts this in the background has the signal ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)
    assert child.process.poll() is None
