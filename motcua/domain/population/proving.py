"""Proofs over the usage log (RFC 9162) out of the tiles of its tree: pure, the tiles are read by the caller."""

from collections.abc import Callable
from functools import lru_cache

from motcua.base import merkle

#: hashes in a full tile, and bytes of a hash
WIDTH, HASH = 256, 32
_LEVELS = WIDTH.bit_length() - 1
#: gives the hashes of a tile by level and place
Read = Callable[[int, int], list[bytes]]


def parted(hashes: bytes) -> list[bytes]:
    """Part what a tile holds into its hashes."""
    whole = bytes(hashes)
    return [whole[start : start + HASH] for start in range(0, len(whole), HASH)]


def inclusion(read: Read, index: int, size: int) -> list[bytes]:
    """Prove that the row at an index, from 0, stands in the tree of the first `size` rows."""
    return _hashes(read, merkle.inclusion_spans(index, size))


def consistency(read: Read, before: int, after: int) -> list[bytes]:
    """Prove that the tree of the first `after` rows begins with that of the first `before`."""
    return _hashes(read, merkle.consistency_spans(before, after))


def root(read: Read, size: int) -> bytes:
    """Give the root of the tree of the first `size` rows."""
    return _hashes(read, [(0, size)])[0]


def _hashes(read: Read, spans: list[tuple[int, int]]) -> list[bytes]:
    kept = lru_cache(maxsize=None)(read)
    return [
        merkle.root([_subtree(kept, level, place) for level, place in merkle.subtrees(start, end)])
        for start, end in spans
    ]


def _subtree(read: Read, level: int, place: int) -> bytes:
    """Give the hash of a full subtree: hashes that stand side by side in one tile, folded."""
    above, below = divmod(level, _LEVELS)
    tile, start = divmod(place << below, WIDTH)
    return merkle.root_of(read(above, tile)[start : start + (1 << below)])
