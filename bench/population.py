"""Filling the register, and finding a person in it without a number: PEOPLE=10000000 makes it whole.

A rate of one core is by processor time, and memory is what was held at one time: of this process, of those
that make people up, and of all of the database's.
"""

import os
import time
from io import StringIO
from pathlib import Path
from random import Random
from threading import Event, Thread

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

PEOPLE, ASKED = int(os.environ.get("PEOPLE", "200000")), int(os.environ.get("ASKED", "1000"))
PROCESSES, GOAL = os.cpu_count() or 1, 10_000_000


def family() -> set[int]:
    """Give this process and the database's server, unless that runs on another machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        words = about(cursor.fetchone()[0])
    return {os.getpid(), int(words[1])} if words else {os.getpid()}


def about(process: int | str) -> list[str]:
    """Give the words of /proc/…/stat from the state on; none when there is no such process (any more)."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def children(parents: set[int]) -> list[int]:
    """Find the processes themselves and their children: makers, backends, helpers with indexes."""
    numbers = [int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit()]
    return [one for one in numbers if one in parents or ((words := about(one)) and int(words[1]) in parents)]


def processor(parents: set[int]) -> float:
    """Give the processor time (s) spent so far by everybody, those that have ended included."""
    ticks = 0
    for one in children(parents):
        words = about(one)[11:15]
        ticks += sum(map(int, words if one in parents else words[:2]))
    return ticks / os.sysconf("SC_CLK_TCK")


class Watch(Thread):
    """Looks again and again how much memory everybody has together; what is shared counts once."""

    def __init__(self, parents: set[int]) -> None:
        super().__init__(daemon=True)
        self.parents, self.most, self.over = parents, 0, Event()

    def run(self) -> None:
        """Keep the most (kB) that was seen."""
        while not self.over.wait(0.5):
            self.most = max(self.most, sum(map(self._of, children(self.parents))))

    @staticmethod
    def _of(process: int) -> int:
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        except OSError:
            return 0
        return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def load() -> None:
    """Fill an empty register in as many processes as there are processors."""
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE population_household, population_person CASCADE")
    parents = family()
    watch = Watch(parents)
    watch.start()
    before, began = processor(parents), time.perf_counter()
    call_command("load_population", people=PEOPLE, processes=PROCESSES, stdout=StringIO())
    passed, spent = time.perf_counter() - began, processor(parents) - before
    watch.over.set()
    say("population_people", PEOPLE, "people")
    say("population_load_time", passed, "s")
    say("population_load_rate", PEOPLE / passed, "people/s")
    say("population_load_rate_of_one_core", PEOPLE / spent, "people/s")
    say("population_load_memory", watch.most / 1024, "MB")
    if PEOPLE < GOAL:
        # By processor time, as if every core had nothing else to do; PEOPLE=10000000 measures it.
        say("population_load_of_10_million_reckoned", spent / PEOPLE * GOAL / PROCESSES / 60, "min")


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
