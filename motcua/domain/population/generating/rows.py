"""Made-up people as lines of PostgreSQL's COPY, made by as many processes as there are processors.

The processes need neither settings nor a database: what they make goes through a pipe, which also makes them
wait for whoever reads. Who comes out depends on the seed alone, not on how many made them.
"""

import gc
import multiprocessing
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from multiprocessing.connection import Connection, wait

from motcua.base import secrets, text
from motcua.domain.population.generating import places, population
from motcua.domain.population.generating.drafts import Draft, Home, relation
from motcua.domain.population.generating.numbers import SHARDS

#: people gathered before they are sent: large enough to be fast, small enough for memory
_BATCH = 5000
_ISSUER = "Bộ Công an"
_COUNTRY = "Việt Nam"

HOUSEHOLD = ("id", "code", "head_id", "province", "commune", "detail")
# fmt: off
PERSON = (
    "id", "number_sealed", "number_index", "old_number_sealed", "old_number_index", "surname",
    "middle_name", "given_name", "name", "other_name", "name_folded", "name_key", "born_on", "gender",
    "birth_place", "birth_registration_place", "home_town", "ethnicity", "religion", "nationality",
    "blood_group", "card_issued_on", "card_expires_on", "card_issued_by", "father_id", "father_name",
    "mother_id", "mother_name", "spouse_id", "spouse_name", "permanent_province", "permanent_commune",
    "permanent_detail", "temporary_province", "temporary_commune", "temporary_detail",
    "current_province", "current_commune", "current_detail", "marital_status", "household_id",
    "household_relation", "phone", "email", "deceased_on",
)
# fmt: on
_NOTHING = "\\N"
#: nearly all names have been met before but for the surname
_fold = lru_cache(maxsize=65536)(text.fold)
_iso = cache(date.isoformat)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be made up, and with what its numbers are sealed."""

    people: int
    seed: int
    on: date
    #: version and master key (base/secrets.py)
    key: tuple[int, str]
    #: the places under which numbers and old numbers are sealed
    number: str
    old_number: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Some households and people, whose relatives may be in another batch."""

    count: int
    homes: bytes
    people: bytes


def batches(order: Order, *, processes: int) -> Iterator[Batch]:
    """Make everybody up; the lines of a person are the same however many processes there are."""
    if processes < 2:
        yield from _made(order, range(SHARDS))
        return
    start = multiprocessing.get_context("spawn")
    readers, workers = [], []
    for number in range(min(processes, SHARDS)):
        reader, writer = start.Pipe(duplex=False)
        shards = range(number, SHARDS, min(processes, SHARDS))
        worker = start.Process(target=_work, args=(order, shards, writer), daemon=True)
        worker.start()
        # Ours is closed, so that the pipe ends when the worker does, however it ends.
        writer.close()
        readers.append(reader)
        workers.append(worker)
    try:
        yield from _received(readers)
    finally:
        for worker in workers:
            worker.terminate()
            worker.join()


def _received(readers: list[Connection]) -> Iterator[Batch]:
    """Give what any of the workers has ready until each has said that it is done."""
    while readers:
        for reader in wait(readers):
            assert isinstance(reader, Connection)
            try:
                batch = reader.recv()
            except EOFError as error:
                raise RuntimeError("a process that makes people up has died") from error
            if batch is None:
                readers.remove(reader)
            else:
                yield batch


def _work(order: Order, shards: range, writer: Connection) -> None:
    # Relatives part by themselves, so a search for circles finds nothing and only takes time.
    gc.disable()
    # Whoever asked may be gone: then there is nobody to tell.
    with suppress(BrokenPipeError):
        for batch in _made(order, shards):
            writer.send(batch)
        writer.send(None)


def _made(order: Order, shards: range) -> Iterator[Batch]:
    homes: list[str] = []
    people: list[str] = []
    writer = _Writer(order)
    for clan in population.clans(people=order.people, seed=order.seed, on=order.on, shards=shards):
        homes += [_home(home) for home in clan.homes]
        people += [writer.line(draft) for draft in clan.people]
        clan.part()
        if len(people) >= _BATCH:
            yield _packed(homes, people)
            homes, people = [], []
    yield _packed(homes, people)


def _packed(homes: list[str], people: list[str]) -> Batch:
    return Batch(len(people), "".join(homes).encode(), "".join(people).encode())


def _home(home: Home) -> str:
    head = home.head.key if home.head else _NOTHING
    code = f"{home.commune.code}{home.key:09}"
    return f"{home.key}\t{code}\t{head}\t{places.PROVINCE}\t{home.commune.code}\t{home.detail}\n"


class _Writer:
    """Writes people as lines; nothing in them needs escaping, for all their words are our own."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.bulk = secrets.Bulk(*order.key)

    def line(self, draft: Draft) -> str:
        """Write one person."""
        name, home = draft.name, draft.home
        here = f"{places.PROVINCE}\t{home.commune.code}\t{home.detail}" if home else "\t\t"
        permanent, temporary, member = here, "\t\t", home
        if draft.elsewhere and home and home.head is not draft:
            commune, detail = draft.elsewhere
            permanent, temporary, member = f"{places.PROVINCE}\t{commune.code}\t{detail}", here, None
        born, registered = places.birth_place(draft.prefix, draft.native, draft.year)
        first, _, rest = name.whole.partition(" ")
        related = relation(draft, member.head) if member and member.head else ""
        issued, expires = draft.card_issued_on, draft.card_expires_on
        return (
            f"{draft.key}\t{self._sealed(draft)}\t{name.surname}\t{name.middle}\t{name.given}\t{name.whole}\t\t"
            f"{_fold(first)} {_fold(rest)}\t{text.name_key_of(first, rest)}\t{draft.born_on}\t"
            f"{draft.gender}\t{born}\t{registered}\t{draft.home_town}\t{draft.ethnicity}\t{draft.religion}\t{_COUNTRY}\t{draft.blood_group}\t"
            f"{_iso(issued) if issued else _NOTHING}\t{_iso(expires) if expires else _NOTHING}\t"
            f"{_ISSUER if issued else ''}\t"
            f"{_relatives(draft)}\t{permanent}\t{temporary}\t{here}\t{draft.marital}\t"
            f"{member.key if member else _NOTHING}\t{related}\t{draft.phone}\t\t"
            f"{draft.deceased_on or _NOTHING}\n"
        )

    def _sealed(self, draft: Draft) -> str:
        order, bulk, old = self.order, self.bulk, draft.old_number
        number = bulk.seal(draft.number, place=f"{order.number}:{draft.key}").hex()
        index = bulk.blind(draft.number, place=order.number).hex()
        if not old:
            return f"\\\\x{number}\t\\\\x{index}\t\\N\t\\N"
        sealed = bulk.seal(old, place=f"{order.old_number}:{draft.key}").hex()
        blind = bulk.blind(old, place=order.old_number).hex()
        return f"\\\\x{number}\t\\\\x{index}\t\\\\x{sealed}\t\\\\x{blind}"


def _relatives(draft: Draft) -> str:
    father, mother, spouse = draft.father, draft.mother, draft.spouse
    return (
        f"{father.key if father else _NOTHING}\t{draft.father_name}\t"
        f"{mother.key if mother else _NOTHING}\t{draft.mother_name}\t"
        f"{spouse.key if spouse else _NOTHING}\t{spouse.name.whole if spouse else ''}"
    )
