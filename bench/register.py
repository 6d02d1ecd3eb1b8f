"""Signed and logged `match` through the whole national site beside a bare indexed read, in turns.

The rate is that of one core doing nothing else: processor time of this process and of its backend together.
Many callers at once ask the site's web server over HTTP, each again as soon as it is answered.
"""

import json
import os
import statistics
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from http.client import HTTPConnection
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection

from bench.figures import p95, say

django.setup()

from bench.storm import PORT, serve  # noqa: E402
from motcua.base import jose, secrets  # noqa: E402
from motcua.connectors.population.signatures import Question, sign  # noqa: E402
from motcua.domain.population.models import NUMBER, Person, Subscriber  # noqa: E402

PEOPLE, ROUNDS, EACH = 20_000, 5, 200
CALLERS, WARMING = 16, 15
CLIENT, PATH = "VN/GOV/80/motcua", "/dan-cu/v1/match"
#: nobody has asked yet on this day: how much an officer has asked is read with every question
RUN = uuid.uuid4().hex[:8]


def prepare() -> list[tuple[str, str]]:
    """Fill the bench's national database once; give numbers and names."""
    call_command("migrate", verbosity=0)
    call_command("load_population", people=PEOPLE, stdout=StringIO())
    call_command("subscribe", stdout=StringIO())
    Subscriber.objects.update(officer_budget=10**9)
    return [(person.number, person.name) for person in Person.objects.order_by("name_key")[: ROUNDS * EACH]]


def signed(number: str, name: str, officer: int, host: str) -> tuple[dict[str, str], bytes]:
    """Sign one question; give its headers and its body."""
    body = json.dumps(
        {
            "number": number,
            "procedure": "1.004222",
            "basis": "Luật Cư trú 68/2020/QH14",
            "given": {"name": name, "gender": "male", "born_on": "1990-01-01"},
        }
    ).encode()
    heads = {
        "Content-Type": "application/json",
        "X-Road-Client": CLIENT,
        "X-Road-Id": str(uuid.uuid4()),
        "X-Road-Represented-Party": "GOV/H80.12",
        "X-Road-UserId": f"officer:{RUN}-{officer}",
        "X-Road-Issue": "H80.12-20261123-0001",
    }
    question = Question(f"http://{host}{PATH}", heads)
    sign(question, body, key=jose.derived_key(settings.POPULATION_KEY), at=datetime.now(UTC))
    return question.headers, body


def message(number: str, name: str, officer: int) -> dict[str, Any]:
    """Sign one question and give it as the web server hands it over."""
    heads, body = signed(number, name, officer, "127.0.0.1")
    sent = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in heads.items()}
    return sent | {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": PATH,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body),
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": "application/json",
    }


def matches(questions: list[dict[str, Any]]) -> list[float]:
    """Time signed and logged matches (ms each)."""
    site, taken = get_wsgi_application(), []
    for asked in questions:
        said: list[str] = []
        began = time.perf_counter()
        answer = site(asked, lambda status, heads, said=said: said.append(status))
        b"".join(answer)
        answer.close()
        taken.append((time.perf_counter() - began) * 1000)
        assert said[0].startswith("200"), said
    return taken


def reads(people: list[tuple[str, str]]) -> list[float]:
    """Time bare reads of the same rows by their index (ms each)."""
    taken = []
    for person, _name in people:
        index = secrets.blind(person, place=NUMBER)
        began = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT name, gender, born_on FROM population_person WHERE number_index = %s", [index]
            )
            cursor.fetchone()
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def processor() -> float:
    """Give the processor time (s) of this process and, where it is on this machine, of its backend."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    ticks = backend.read_text().rpartition(")")[2].split()[11:13] if backend.exists() else []
    return time.process_time() + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def calls(questions: list[tuple[dict[str, str], bytes]]) -> list[float]:
    """Ask one question after the other over one connection (ms each), after some that nobody counts."""
    line, taken = HTTPConnection("127.0.0.1", PORT), []
    for heads, body in questions:
        began = time.perf_counter()
        line.request("POST", PATH, body, heads)
        answer = line.getresponse()
        said = answer.read()
        taken.append((time.perf_counter() - began) * 1000)
        assert answer.status == 200, said
    return taken[WARMING:]


def crowd(people: list[tuple[str, str]]) -> None:
    """Let many callers ask at once, with questions signed before, as other machines would sign them."""
    process = serve()
    try:
        asked = [
            [signed(*people[n], caller, f"127.0.0.1:{PORT}") for n in range(caller, len(people), CALLERS)]
            for caller in range(CALLERS)
        ]
        with ThreadPoolExecutor(CALLERS) as pool:
            every = list(pool.map(calls, asked))
    finally:
        process.terminate()
        process.wait(20)
    say(f"register_match_{CALLERS}_callers_p95", p95([one for taken in every for one in taken]), "ms")


def measure() -> None:
    """Measure both in turns, then many callers at once."""
    people = prepare()
    matches([message(person, name, 0) for person, name in people[:50]])
    ours, bare, spent = [], [], 0.0
    for number in range(ROUNDS):
        these = people[number * EACH : (number + 1) * EACH]
        asked = [message(person, name, n % 50) for n, (person, name) in enumerate(these)]
        began = processor()
        ours.append(matches(asked))
        spent += processor() - began
        bare.append(reads(these))
    every = [one for round_ in ours for one in round_]
    say("register_match", len(every) / spent, "per_second_per_core")
    say("register_match_p95", p95(every), "ms")
    ratios = [statistics.median(a) / statistics.median(b) for a, b in zip(ours, bare, strict=True)]
    say("register_match_to_indexed_read", statistics.median(ratios), "ratio")
    crowd(people)


if __name__ == "__main__":
    measure()
