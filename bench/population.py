"""Filling the register, and finding a person in it without a number: PEOPLE=1000000 makes it large.

A rate of one core is by processor time: of this process, of those that make people up, and of the database's.
"""

import os
import resource
import time
from io import StringIO
from pathlib import Path
from random import Random

import django
from django.core.management import call_command
from django.db import connection

from bench.figures import p95, say

django.setup()

from motcua.base import secrets  # noqa: E402
from motcua.domain.population.generating import noise, places  # noqa: E402
from motcua.domain.population.models import NUMBER, Person  # noqa: E402
from motcua.domain.population.queries import finding as queries  # noqa: E402
from motcua.domain.population.rules import finding  # noqa: E402

PEOPLE, ASKED = int(os.environ.get("PEOPLE", "60000")), int(os.environ.get("ASKED", "1000"))
PROCESSES = os.cpu_count() or 1


def backend(file: str) -> str:
    """Read a file of /proc about our backend; empty when the database is on another machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        found = Path(f"/proc/{cursor.fetchone()[0]}/{file}")
    return found.read_text() if found.exists() else ""


def processor() -> float:
    """Give the processor time (s) spent so far; what helps the backend with indexes is not seen."""
    ticks = backend("stat").rpartition(")")[2].split()[11:13]
    mine = os.times()
    ours = mine.user + mine.system + mine.children_user + mine.children_system
    return ours + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def memory() -> float:
    """Give the most memory (MB) that everybody together can have had: each one's own peak, added up."""
    ours = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    theirs = PROCESSES * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    lines = [line for line in backend("status").splitlines() if line.startswith("VmHWM")]
    return (ours + theirs + sum(int(line.split()[1]) for line in lines)) / 1024


def load() -> None:
    """Fill an empty register in as many processes as there are processors."""
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE population_household, population_person CASCADE")
    before, began = processor(), time.perf_counter()
    call_command("load_population", people=PEOPLE, processes=PROCESSES, stdout=StringIO())
    passed, spent = time.perf_counter() - began, processor() - before
    say("population_people", PEOPLE, "people")
    say("population_load_rate", PEOPLE / passed, "people/s")
    say("population_load_rate_of_one_core", PEOPLE / spent, "people/s")
    say("population_load_memory", memory(), "MB")


def finds() -> None:
    """Look for people with the usual slips, beside bare reads by index, in turns."""
    rng = Random("bench")
    living = Person.objects.filter(deceased_on=None).exclude(current_commune="")
    meant = list(living.order_by("number_index")[:ASKED])
    found_in, read_in, among, sure, right, wide = [], [], 0, 0, 0, 0
    for person in meant:
        here, other = person.current_commune, places.commune(rng).code
        name, born_on = person.name, person.born_on
        wanted = noise.noisy(rng, name=name, born_on=born_on, commune=here, elsewhere=other)
        began = time.perf_counter()
        shown = queries.find(wanted)
        found_in.append((time.perf_counter() - began) * 1000)
        began = time.perf_counter()
        Person.objects.filter(number_index=secrets.blind(person.number, place=NUMBER)).first()
        read_in.append((time.perf_counter() - began) * 1000)
        wide += shown is None
        among += person.pk in [each.pk for each in shown or ()]
        if shown and shown[0].score >= finding.SURE:
            sure, right = sure + 1, right + (shown[0].pk == person.pk)
    say("finding_recall_in_top_5", among / len(meant), "share")
    say("finding_sure", sure / len(meant), "share")
    say("finding_precision_of_sure", right / max(sure, 1), "share")
    say("finding_too_wide", wide / len(meant), "share")
    say("finding_p95", p95(found_in), "ms")
    say("finding_p95_to_read_p95", p95(found_in) / p95(read_in), "ratio")


if __name__ == "__main__":
    load()
    finds()
