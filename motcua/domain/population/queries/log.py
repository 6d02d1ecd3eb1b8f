"""Reading the usage log as the tree that is signed: rows as they are hashed, heads, tiles and proofs."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from motcua.base import secrets
from motcua.domain.population import proving
from motcua.domain.population.models import NUMBER, LedgerKey, Tile, TreeHead, Usage
from motcua.domain.population.proving import HASH, WIDTH


def canonical(row: Usage) -> str:
    """Write one look-up as it is hashed, with the hash of the one before it about the same number (JSON)."""
    named = [row.agency_name, row.officer_name, row.officer_role, _moment(row.visible_from)]
    facts = [
        _moment(row.at),
        row.subscriber_id,
        row.request,
        row.agency,
        row.officer,
        row.procedure,
        row.dossier,
        row.basis,
        row.verb,
        row.fields,
        row.result,
        row.why,
        bytes(row.person_index).hex(),
        row.number,
        row.previous_hash,
        # Rows from before these columns were hashed without them.
        *(named if any(named) else []),
    ]
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":"))


def _moment(at: datetime | None) -> str:
    zone = timezone.get_default_timezone()
    return at.astimezone(zone).isoformat(timespec="microseconds") if at else ""


def fingerprint(row: Usage) -> str:
    """Hash one look-up (SHA-256, hex)."""
    return hashlib.sha256(canonical(row).encode()).hexdigest()


def last_head() -> TreeHead | None:
    """Give the newest signed head of the tree over the usage log."""
    return TreeHead.objects.order_by("-size").first()


def unsigned(head: TreeHead | None, *, most: int) -> list[Usage]:
    """List the first rows of the log that a head does not cover."""
    return list(Usage.objects.filter(pk__gt=head.last if head else 0).order_by("pk")[:most])


def tiled() -> int:
    """Count the rows whose hashes are kept in tiles."""
    last = Tile.objects.filter(level=0).order_by("-place").first()
    return last.place * WIDTH + len(last.hashes) // HASH if last else 0


def untiled(*, up_to: int, most: int) -> list[Usage]:
    """List the first signed rows, up to a key, whose hashes are not kept yet."""
    last = Tile.objects.filter(level=0).order_by("-place").first()
    rows = Usage.objects.filter(pk__lte=up_to).order_by("pk")
    if last is None:
        return list(rows[:most])
    have = len(last.hashes) // HASH
    return list(rows.filter(pk__gte=last.first)[have : have + most])


def hashes(level: int, place: int) -> list[bytes]:
    """Give the hashes of one tile."""
    return proving.parted(Tile.objects.get(level=level, place=place).hashes)


def position(row: Usage) -> int | None:
    """Tell at which place, from 0, a row stands in the tree; None while it is in no tile."""
    tile = Tile.objects.filter(level=0, first__lte=row.pk).order_by("-first").first()
    if tile is None or tile.first is None:
        return None
    before = Usage.objects.filter(pk__gte=tile.first, pk__lt=row.pk).count()
    return tile.place * WIDTH + before if before < len(tile.hashes) // HASH else None


def head_of(size: int) -> TreeHead | None:
    """Give the signed head of a tree of so many rows."""
    return TreeHead.objects.select_related("key").filter(size=size).first()


def newest_heads(*, most: int) -> list[TreeHead]:
    """List the newest signed heads that proofs reach to, newest first."""
    rows = TreeHead.objects.select_related("key").filter(size__lte=tiled())
    return list(rows.order_by("-size")[:most])


def ledger_key() -> LedgerKey | None:
    """Give the key that signs heads now."""
    return LedgerKey.objects.order_by("-made_at", "-pk").first()


def heads() -> QuerySet[TreeHead]:
    """Give all signed heads, smallest first."""
    return TreeHead.objects.select_related("key").order_by("size")


def leaves(*, last: int) -> Iterator[bytes]:
    """Give the rows of the log as leaves of the tree, in the order of their keys."""
    rows = Usage.objects.filter(pk__lte=last).order_by("pk")
    for row in rows.iterator(chunk_size=2000):
        yield canonical(row).encode()


def broken(rows: Iterable[Usage]) -> Iterator[Usage]:
    """Give the rows, of one number and oldest first, whose hash or place is not what it was when written."""
    previous = ""
    for number, row in enumerate(rows, start=1):
        if row.number != number or row.previous_hash != previous or row.hash != fingerprint(row):
            yield row
        previous = row.hash


def chain(*, number: str) -> list[Usage]:
    """List the look-ups about a number under the newest key, oldest first, as `broken` reads them."""
    index = secrets.blind(number, place=NUMBER)
    return list(Usage.objects.filter(person_index=index).order_by("number"))


def evidence(row: Usage) -> dict[str, Any] | None:
    """Prove that a row stands in the newest signed tree; None while it is in none."""
    index, head = position(row), next(iter(newest_heads(most=1)), None)
    if index is None or head is None or index >= head.size:
        return None
    return proving.evidence(
        row=canonical(row),
        index=index,
        path=proving.inclusion(hashes, index, head.size),
        size=head.size,
        head=head.token,
        key=head.key.public,
    )
