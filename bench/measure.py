"""The measurements, in a process whose settings name the bench's own database."""

import os
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from datetime import time as time_of_day
from decimal import Decimal

import django
from django.core.management import call_command

django.setup()

from bench import ground, identity, submission, worklist  # noqa: E402
from bench.figures import p95, say  # noqa: E402
from motcua.base.calendar import ZONE  # noqa: E402
from motcua.base.deadline import Pause, Pausing, Term, Unit, deadline  # noqa: E402
from motcua.domain.agencies.rules import standard_calendar  # noqa: E402
from motcua.domain.dossiers.queries import sheets  # noqa: E402
from motcua.domain.dossiers.rules import State  # noqa: E402
from motcua.domain.papers import printing  # noqa: E402
from motcua.domain.papers.rules import Slip  # noqa: E402


def milliseconds(work: Callable[[], object], times: int) -> list[float]:
    """Time a piece of work over and over."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def slips() -> None:
    """How long the receipt takes to print, with other data each time."""
    dossier, clerk, at = ground.filed()
    content = sheets.slip("01", dossier, by=clerk, at=at)
    names = iter(range(10_000))
    taken = milliseconds(
        lambda: printing.slip(Slip.RECEIPT, {**content, "name": f"Người thứ {next(names)}"}), 200
    )
    say("slip_pdf_median", statistics.median(taken), "ms")


def deadlines() -> None:
    """How many deadlines a second the ledger works out, each with a pause and its explanation."""
    start, calendar = datetime(2026, 8, 26, 10, tzinfo=ZONE), standard_calendar()
    pause = Pause(began_at=start, ended_at=start + timedelta(days=1), mode=Pausing.PAUSE, why="")
    term = Term(amount=Decimal(7), unit=Unit.WORKING_DAY, cutoff=time_of_day(15))
    began, count = time.perf_counter(), 2000
    for number in range(count):
        received_at = start + timedelta(minutes=number)
        deadline(received_at=received_at, term=term, pauses=[pause], calendar=calendar)
    say("deadlines", count / (time.perf_counter() - began), "per_second")


def submissions() -> None:
    """Filing over HTTP with 8 clients beside pgbench running the same SQL, in turns."""
    rounds = submission.rounds(rounds=3, each=24)
    for number, (http, raw) in enumerate(rounds, start=1):
        say(f"submission_http_round_{number}", http, "dossiers/s")
        say(f"submission_pgbench_round_{number}", raw, "transactions/s")
    say("submission_http_to_pgbench", statistics.median(http / raw for http, raw in rounds), "ratio")


def worklists(sizes: Sequence[int]) -> None:
    """An officer's worklist beside its own SQL, in a small and a large province."""
    for size in sizes:
        ground.multiply(size, state=State.PROCESSING)
        page, sql, queries = worklist.beside(times=60)
        say(f"worklist_{size}_http_p95", p95(page), "ms")
        say(f"worklist_{size}_sql_p95", p95(sql), "ms")
        say(f"worklist_{size}_http_to_sql", p95(page) / p95(sql), "ratio")
        say(f"worklist_{size}_queries", queries, "queries")


def identities() -> None:
    """Log-ins, tokens and pushed requests beside npm oidc-provider, where Node.js is; the site must be up."""
    if not shutil.which("node") or not shutil.which("npm"):
        print("identity: there is no Node.js with npm", file=sys.stderr, flush=True)
        return
    ratios: dict[str, list[float]] = {}
    for name, ours, theirs in identity.rounds():
        number = len(ratios.setdefault(name, [])) + 1
        say(f"identity_{name}_round_{number}", ours, "per_second")
        say(f"identity_{name}_oidc_provider_round_{number}", theirs, "per_second")
        ratios[name].append(ours / theirs)
    for name, found in ratios.items():
        say(f"identity_{name}_to_oidc_provider", statistics.median(found), "ratio")


if __name__ == "__main__":
    large = int(os.environ.get("DOSSIERS", "1000000"))
    ground.prepare(call_command)
    slips()
    deadlines()
    identities()
    submissions()
    worklists(sorted({min(10_000, large), large}))
