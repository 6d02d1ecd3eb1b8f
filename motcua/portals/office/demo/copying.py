"""Writing dossiers many times over: the same rows as commands write, by whole batches.

A copy has its own code, numbers, log and hashes; its files are the original's bytes, so a slip that is
opened shows the code of the original.
"""

import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import Random
from typing import Any

from django.db import connection, models, transaction
from django.db.backends.utils import CursorWrapper

from motcua.base import events, numbers
from motcua.base.models import Event, StoredFile
from motcua.domain.dossiers.models import Dossier, Pause, Supplement
from motcua.domain.papers.models import Paper
from motcua.domain.payments.models import Bill
from motcua.domain.payments.rules import CODE_SIGNS
from motcua.portals.office.demo.originals import Original, slips

BATCH = 4000
#: what a batch brings into the database before it is copied there: table → columns
_BROUGHT = {
    "copied_dossier": "source bigint, id bigint, key uuid, code text",
    "copied_file": "source bigint, id bigint, name text",
    "copied_paper": "source bigint, id bigint, subject text, file bigint, number text",
    "copied_bill": "source bigint, id bigint, subject text, code text, reference text, receipt text",
}
_Rows = dict[str, list[tuple[Any, ...]]]


def copy(
    originals: Sequence[Original], count: int, *, seed: str, presses: int, tell: Callable[[int], None]
) -> None:
    """Write so many copies; several presses work side by side, each for counters of its own."""
    groups = _parted(originals, presses)
    total = sum(one.weight for one in originals)
    shares = [count * sum(one.weight for one in group) // total for group in groups]
    shares[0] += count - sum(shares)
    done: Counter[int] = Counter()

    def work(number: int) -> None:
        press = Press(groups[number], Random(f"{seed}:{number}"))  # noqa: S311 - a story, not a secret
        for so_far in press.copy(shares[number]):
            done[number] = so_far
            tell(done.total())

    if len(groups) == 1:
        work(0)
    else:
        with ThreadPoolExecutor(len(groups)) as pool:
            list(pool.map(_alone(work), range(len(groups))))
    with connection.cursor() as cursor:
        for model in (Dossier, Event, Paper, StoredFile, Bill):
            cursor.execute(f"ANALYZE {model._meta.db_table}")


def _parted(originals: Sequence[Original], presses: int) -> list[list[Original]]:
    """Part originals evenly by the counter whose serials their numbers come from, so that none waits."""
    groups: list[list[Original]] = [[] for _press in range(presses)]
    by_desk: dict[int, list[Original]] = {}
    for one in originals:
        by_desk.setdefault(one.dossier.desk_id, []).append(one)
    for desk in sorted(by_desk.values(), key=lambda found: -sum(one.weight for one in found)):
        min(groups, key=lambda group: sum(one.weight for one in group)).extend(desk)
    return [group for group in groups if group]


def _alone(work: Callable[[int], None]) -> Callable[[int], None]:
    """Let a thread work with a connection of its own, which has the time it needs."""

    def run(number: int) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET statement_timeout = 0; SET synchronous_commit = off")
            work(number)
        finally:
            connection.close()

    return run


@dataclass
class Press:
    """Copies originals in turn, each as often as its weight says."""

    originals: Sequence[Original]
    chance: Random

    def copy(self, count: int) -> Iterator[int]:
        """Write so many copies, a batch in each transaction; give after each how many there are."""
        weights = [one.weight for one in self.originals]
        for done in range(0, count, BATCH):
            chosen = self.chance.choices(self.originals, weights, k=min(BATCH, count - done))
            with transaction.atomic(), connection.cursor() as cursor:
                self._batch(cursor, chosen)
            yield done + len(chosen)

    def _batch(self, cursor: CursorWrapper, chosen: Sequence[Original]) -> None:
        rows: _Rows = {table: [] for table in _BROUGHT}
        log = [
            line
            for original, own in zip(chosen, self._numbered(cursor, chosen), strict=True)
            for line in _copied(original, own, rows)
        ]
        for table, columns in _BROUGHT.items():
            cursor.execute(f"CREATE TEMP TABLE {table} ({columns}) ON COMMIT DROP")
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                for row in rows[table]:
                    copy.write_row(row)
            cursor.execute(f"ANALYZE {table}")
        _multiply(cursor)
        with cursor.copy(
            f"COPY {Event._meta.db_table} (subject, number, name, at, by, by_name, by_agency, note, data,"
            " previous_hash, hash) FROM STDIN"
        ) as copy:
            copy.write("".join(log))

    def _numbered(self, cursor: CursorWrapper, chosen: Sequence[Original]) -> Iterator[dict[str, Any]]:
        """Give each copy its keys and numbers; serials go on without a gap."""
        serials = _serials(chosen)
        dossiers = _keys(cursor, Dossier, len(chosen))
        papers = _keys(cursor, Paper, sum(len(one.papers) for one in chosen))
        files = _keys(cursor, StoredFile, sum(len(one.papers) for one in chosen))
        bills = _keys(cursor, Bill, sum(len(one.bills) for one in chosen))
        for original in chosen:
            own: dict[str, Any] = {"id": next(dossiers)}
            own["key"] = uuid.UUID(int=self.chance.getrandbits(128), version=4)
            own["subject"] = f"dossier:{own['id']}"
            own["code"] = f"{original.day}-{next(serials[f'dossier:{_day(original)}']):04d}"
            numbered = {paper.pk for paper in slips(original)}
            for place, paper in enumerate(original.papers):
                own[f"paper{place}"], own[f"file{place}"] = next(papers), next(files)
                own[f"number{place}"] = paper.number.replace(str(original.dossier.code), own["code"])
                if paper.pk in numbered:
                    serial = next(serials[original.series(paper)])
                    own[f"number{place}"] = f"{serial:02d}/{paper.number.partition('/')[2]}"
            for place, bill in enumerate(original.bills):
                own[f"bill{place}"] = next(bills)
                own[f"code{place}"] = "".join(self.chance.choices(CODE_SIGNS, k=10))
                if bill.receipt_number:
                    serial = next(serials[_receipts(bill)])
                    own[f"receipt{place}"] = f"{serial:07d}/{bill.receipt_number.partition('/')[2]}"
            yield own


def _day(original: Original) -> str:
    """Name a day's serial of dossier codes: "H39.27694:261123"."""
    return ":".join(original.day.rsplit("-", 1))


def _receipts(bill: Bill) -> str:
    return f"receipt:{bill.receipt_agency or 0}:{bill.receipt_number.partition('/')[2]}"


def _serials(chosen: Sequence[Original]) -> Mapping[str, Iterator[int]]:
    """Take all numbers of a batch, in one order so that two presses do not wait for each other crosswise."""
    needed: Counter[str] = Counter()
    for original in chosen:
        needed[f"dossier:{_day(original)}"] += 1
        needed.update(original.series(paper) for paper in slips(original))
        needed.update(_receipts(bill) for bill in original.bills if bill.receipt_number)
    return {name: iter(numbers.take_many(name, needed[name])) for name in sorted(needed)}


def _keys(cursor: CursorWrapper, model: type[models.Model], count: int) -> Iterator[int]:
    """Take so many primary keys from the sequence of a table."""
    cursor.execute(
        "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
        [model._meta.db_table, count],
    )
    return (key for (key,) in cursor.fetchall())


def _copied(original: Original, own: Mapping[str, Any], rows: _Rows) -> Iterator[str]:
    """Gather the rows of one copy, and give the lines of its log, each hashed with the one before it."""
    rows["copied_dossier"].append((original.dossier.pk, own["id"], own["key"], own["code"]))
    for place, paper in enumerate(original.papers):
        key, file, number = (own[f"{part}{place}"] for part in ("paper", "file", "number"))
        name = paper.file.original_name
        if paper.number:
            name = name.replace(paper.number.replace("/", "-"), number.replace("/", "-"))
        rows["copied_file"].append((paper.file_id, file, name))
        rows["copied_paper"].append((paper.pk, key, own["subject"], file, number))
    for place, bill in enumerate(original.bills):
        reference = bill.reference and f"{bill.reference[:2]}{own[f'bill{place}']:013d}"
        receipt = own.get(f"receipt{place}", "")
        rows["copied_bill"].append(
            (bill.pk, own[f"bill{place}"], own["subject"], own[f"code{place}"], reference, receipt)
        )
    gaps = {**own, "previous": ""}
    for fact in original.facts:
        gaps["hash"] = events.digest(fact.facts % gaps)
        yield fact.line % gaps
        gaps["previous"] = gaps["hash"]


def _multiply(cursor: CursorWrapper) -> None:
    """Write the rows of a batch beside those of its originals, every other column as it is there."""
    dossier = {"id": "copied.id", "key": "copied.key", "code": "copied.code"}
    _insert(cursor, Dossier, "copied_dossier", dossier)
    for model in (Pause, Supplement):
        _insert(cursor, model, "copied_dossier", {"dossier_id": "copied.id"}, by="dossier_id")
    _insert(cursor, StoredFile, "copied_file", {"id": "copied.id", "original_name": "copied.name"})
    _insert(cursor, StoredFile, "copied_file", {"derived_from_id": "copied.id"}, by="derived_from_id")
    both = {"id": "copied.id", "subject": "copied.subject"}
    paper = {"file_id": "copied.file", "number": "copied.number"}
    _insert(cursor, Paper, "copied_paper", both | paper)
    bill = {"code": "copied.code", "reference": "copied.reference", "receipt_number": "copied.receipt"}
    _insert(cursor, Bill, "copied_bill", both | bill)


def _insert(
    cursor: CursorWrapper, model: type[models.Model], brought: str, own: Mapping[str, str], *, by: str = "id"
) -> None:
    table = model._meta.db_table
    columns = [f.column for f in model._meta.concrete_fields if f.column != "id" or "id" in own]
    names = ", ".join(f'"{column}"' for column in columns)
    values = ", ".join(own.get(str(column), f'original."{column}"') for column in columns)
    cursor.execute(
        f"INSERT INTO {table} ({names}) SELECT {values} "  # noqa: S608 - our own names
        f'FROM {brought} AS copied JOIN {table} AS original ON original."{by}" = copied.source'
    )
