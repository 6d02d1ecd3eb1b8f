"""A storm of log-ins at the national site, and an ordinary page beside it and without it.

The storm comes from a process of its own that gives way to everybody: in life it has other machines.
"""

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections import Counter

import django
import httpx
from django.core.management import call_command

from bench.figures import p95, say

django.setup()

from motcua.base.run import THREADS, processes  # noqa: E402

PORT, ATTEMPTS_AT_ONCE, SECONDS, LOOKS = 8199, 50, 10, 100
LOG_IN = f"http://127.0.0.1:{PORT}/dinh-danh/dang-nhap/"
PAGE = f"http://127.0.0.1:{PORT}/.well-known/openid-configuration"


def serve() -> subprocess.Popen[bytes]:
    """Start the site's web server as `make run` does, believing one proxy, so that addresses can differ."""
    command = [sys.executable, "-m", "granian", "motcua.base.wsgi:application", "--factory"]
    command += ["--interface", "wsgi", "--no-ws", "--log-level", "error", "--host", "127.0.0.1"]
    command += ["--port", str(PORT), "--workers", str(processes("national"))]
    command += ["--blocking-threads", str(THREADS["national"])]
    process = subprocess.Popen(command, env={**os.environ, "PROXIES": "1"}, stderr=subprocess.DEVNULL)
    for _ in range(200):
        try:
            if httpx.get(f"http://127.0.0.1:{PORT}/healthz").status_code == 200:
                return process
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError("the bench's web server did not start")


def attempts(number: int, until: float, answers: Counter[int]) -> None:
    """Try to log in as people who do not exist, which costs what a real log-in costs."""
    heads = {"Referer": LOG_IN, "X-Forwarded-For": f"203.0.113.{number}"}
    with httpx.Client(timeout=60, headers=heads, trust_env=False) as browser:
        found = re.search(r'csrfmiddlewaretoken" value="(\w+)"', browser.get(LOG_IN).text)
        token, tried = found[1] if found else "", 0
        while time.monotonic() < until:
            tried += 1
            typed = {"number": f"0{number:02}{tried:09}", "password": "x" * 12, "csrfmiddlewaretoken": token}
            status = browser.post(LOG_IN, data=typed).status_code
            answers[status] += 1
            if status == 503:
                time.sleep(1)  # sooner than they are told


def storm() -> None:
    """Let everybody try for some seconds, and write down the answers by status."""
    os.nice(10)
    until, answers = time.monotonic() + SECONDS, Counter[int]()
    people = [
        threading.Thread(target=attempts, args=(number, until, answers)) for number in range(ATTEMPTS_AT_ONCE)
    ]
    for person in people:
        person.start()
    for person in people:
        person.join()
    print(json.dumps(answers))


def look(browser: httpx.Client) -> float:
    """Open the ordinary page; give milliseconds."""
    began = time.perf_counter()
    assert browser.get(PAGE).status_code == 200
    return (time.perf_counter() - began) * 1000


def main() -> None:
    """Look without a storm, then in one."""
    call_command("migrate", verbosity=0)
    process = serve()
    try:
        with httpx.Client(timeout=60, trust_env=False) as browser:
            look(browser)
            idle = [look(browser) for _ in range(LOOKS)]
            began, busy = time.monotonic(), []
            command = [sys.executable, "-m", "bench.storm", "storm"]
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as tempest:
                time.sleep(SECONDS / 4)  # it is still rising
                while tempest.poll() is None:
                    busy.append(look(browser))
                    time.sleep(0.01)
                said = json.loads(tempest.stdout.read() if tempest.stdout else "")
        seconds = time.monotonic() - began
    finally:
        process.terminate()
        process.wait(20)
    answers = Counter({int(status): count for status, count in said.items()})
    assert set(answers) <= {422, 503}, answers
    say("password_log_ins_under_50_at_once", answers[422] / seconds, "per_second")
    say("password_log_ins_turned_away", 100 * answers[503] / answers.total(), "percent")
    say("page_idle_p95", p95(idle), "ms")
    say("page_in_the_storm_p95", p95(busy), "ms")
    say("page_in_the_storm_to_idle", p95(busy) / p95(idle), "ratio")


if __name__ == "__main__":
    storm() if sys.argv[1:] == ["storm"] else main()
