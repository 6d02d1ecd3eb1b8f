"""Signing what the usage log is, so that nobody can alter it later without being found out."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from motcua.base import events, jose, merkle, secrets
from motcua.base.actor import Actor
from motcua.domain.population import proving, queries
from motcua.domain.population.events import HEAD_SIGNED, KEY_REPLACED, TILES_LAID
from motcua.domain.population.models import LedgerKey, Tile, TreeHead, Usage
from motcua.domain.population.proving import HASH, HEAD_TYPE, LOG, WIDTH

SEALED = "population_ledgerkey.sealed"
_SUBJECT = "ledger:usage"
#: rows that one head takes in: a fraction of a second
MOST = 2000


@transaction.atomic
def sign_head(*, by: Actor, at: datetime) -> TreeHead | None:
    """Sign the tree over the log with the next rows in it; None when there is no new row.

    Keys of rows are given out before their transactions end, so writers are waited for: of what is signed, no
    row comes late. They wait in turn, which is why one head takes in only so many rows.
    """
    events.hold(_SUBJECT)
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {Usage._meta.db_table} IN SHARE MODE")
    before = queries.last_head()
    rows = queries.unsigned(before, most=MOST)
    if not rows:
        return None
    size, peaks = (before.size, [bytes.fromhex(peak) for peak in before.peaks]) if before else (0, [])
    leaves = [merkle.leaf(queries.canonical(row).encode()) for row in rows]
    if queries.tiled() == size:
        _lay(size, rows, leaves)
    for leaf in leaves:
        peaks = merkle.grown(peaks, size, leaf)
        size += 1
    key = queries.ledger_key() or replace_key(by=by, at=at)
    root = merkle.root(peaks).hex()
    claims = {"log": LOG, "size": size, "root": root, "iat": int(at.timestamp())}
    head = TreeHead.objects.create(
        size=size,
        last=rows[-1].pk,
        peaks=[peak.hex() for peak in peaks],
        root=root,
        at=at,
        key=key,
        token=jose.sign(claims, _private(key), typ=HEAD_TYPE),
    )
    events.record(HEAD_SIGNED, subject=_SUBJECT, by=by, at=at, data={"size": size, "root": root})
    return head


@transaction.atomic
def lay_tiles(*, by: Actor, at: datetime) -> int:
    """Store the hashes of the next signed rows that have none yet; gives how many rows it took, 0 at the end.

    Rows are signed and laid at once; this is for those signed before tiles were kept.
    """
    events.hold(_SUBJECT)
    head, size = queries.last_head(), queries.tiled()
    if head is None or size >= head.size:
        return 0
    rows = queries.untiled(up_to=head.last, most=MOST)
    _lay(size, rows, [merkle.leaf(queries.canonical(row).encode()) for row in rows])
    events.record(TILES_LAID, subject=_SUBJECT, by=by, at=at, data={"size": size + len(rows)})
    return len(rows)


def _lay(size: int, rows: Sequence[Usage], leaves: Sequence[bytes]) -> None:
    """Append leaf hashes behind the first `size`, and the hash of each tile that is full one level up."""
    level, hashes = 0, list(leaves)
    while hashes:
        full, taken = [], 0
        while taken < len(hashes):
            place, have = divmod(size + taken, WIDTH)
            part = hashes[taken : taken + WIDTH - have]
            tile = (
                Tile.objects.get(level=level, place=place)
                if have
                else Tile(level=level, place=place, hashes=b"", first=None if level else rows[taken].pk)
            )
            tile.hashes = bytes(tile.hashes) + b"".join(part)
            tile.save()
            if len(tile.hashes) == WIDTH * HASH:
                full.append(merkle.root_of(proving.parted(tile.hashes)))
            taken += len(part)
        level, size, hashes = level + 1, size // WIDTH, full


@transaction.atomic
def replace_key(*, by: Actor, at: datetime) -> LedgerKey:
    """Sign with a new key from now on; what the old one signed stays good."""
    private = jose.new_key()
    kid = str(private["kid"])
    sealed = secrets.seal(json.dumps(private), place=f"{SEALED}:{kid}")
    key = LedgerKey.objects.create(kid=kid, public=jose.public(private), sealed=sealed, made_at=at)
    events.record(KEY_REPLACED, subject=_SUBJECT, by=by, at=at, data={"kid": kid})
    return key


def _private(key: LedgerKey) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(secrets.unseal(bytes(key.sealed), place=f"{SEALED}:{key.kid}"))
    return found
