"""Signed and logged `match` through the whole national site beside a bare indexed read, in turns.

The rate is that of one core doing nothing else: processor time of this process and of its backend together.
"""

import json
import os
import statistics
import time
import uuid
from datetime import UTC, datetime
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

from motcua.base import jose, secrets  # noqa: E402
from motcua.connectors.population.signatures import Question, sign  # noqa: E402
from motcua.domain.population.models import NUMBER, Person, Subscriber  # noqa: E402

PEOPLE, ROUNDS, EACH = 20_000, 5, 200
CLIENT = "VN/GOV/80/motcua"
READ = "SELECT name, gender, born_on FROM population_person WHERE number_index = %s"


def prepare() -> list[tuple[str, str]]:
    """Fill the bench's national database once; give numbers and names."""
    call_command("migrate", verbosity=0)
    call_command("load_population", people=PEOPLE, stdout=StringIO())
    call_command("subscribe", stdout=StringIO())
    Subscriber.objects.update(officer_budget=10**9)
    return [(person.number, person.name) for person in Person.objects.order_by("name_key")[: ROUNDS * EACH]]


def message(number: str, name: str, officer: int) -> dict[str, Any]:
    """Sign one question and give it as the web server hands it over."""
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
        "X-Road-UserId": f"officer:{officer}",
        "X-Road-Issue": "H80.12-20261123-0001",
    }
    question = Question("http://127.0.0.1/dan-cu/v1/match", heads)
    sign(question, body, key=jose.derived_key(settings.POPULATION_KEY), at=datetime.now(UTC))
    sent = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in question.headers.items()}
    return sent | {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/dan-cu/v1/match",
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


def measure() -> None:
    """Measure both in turns."""
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


if __name__ == "__main__":
    measure()
