"""A Merkle tree that only grows (RFC 9162 section 2.1): roots, and proofs that anybody can check.

Nodes are SHA-256 digests. A tree that is to grow is kept as its peaks: the hashes of its full subtrees,
largest first, one for every bit that is set in its size.
"""

import hashlib
from collections.abc import Sequence


def leaf(data: bytes) -> bytes:
    """Hash one entry; the zero in front keeps entries and inner nodes apart."""
    return hashlib.sha256(b"\0" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Hash two neighbours into their parent."""
    return hashlib.sha256(b"\1" + left + right).digest()


def grown(peaks: Sequence[bytes], size: int, added: bytes) -> list[bytes]:
    """Give the peaks of a tree of `size` leaves after one more leaf hash."""
    found = list(peaks)
    while size & 1:
        added, size = node(found.pop(), added), size >> 1
    return [*found, added]


def root(peaks: Sequence[bytes]) -> bytes:
    """Give the root of the tree with these peaks."""
    if not peaks:
        return hashlib.sha256().digest()
    *rest, found = peaks
    for peak in reversed(rest):
        found = node(peak, found)
    return found


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Give the root over these leaf hashes."""
    peaks: list[bytes] = []
    for size, one in enumerate(leaves):
        peaks = grown(peaks, size, one)
    return root(peaks)


def inclusion(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Prove that the leaf at an index stands in the tree: the neighbours on its way to the root."""
    return [root_of(leaves[start:end]) for start, end in inclusion_spans(index, len(leaves))]


def inclusion_spans(index: int, size: int) -> list[tuple[int, int]]:
    """Say over which leaves, from and up to, the hashes of a proof of inclusion stand (section 2.1.3.1)."""
    if not 0 <= index < size:
        raise IndexError(index)
    spans, start, end = [], 0, size
    while end - start > 1:
        middle = start + _half(end - start)
        if index < middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    return spans[::-1]


def included(entry: bytes, index: int, size: int, path: Sequence[bytes], top: bytes) -> bool:
    """Check a proof of inclusion of one leaf hash under a root (section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, entry
    for step in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node(step, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node(found, step)
        place, last = place >> 1, last >> 1
    return last == 0 and found == top


def consistency(leaves: Sequence[bytes], size: int) -> list[bytes]:
    """Prove that the tree of the first `size` leaves has only grown since."""
    return [root_of(leaves[start:end]) for start, end in consistency_spans(size, len(leaves))]


def consistency_spans(before: int, after: int) -> list[tuple[int, int]]:
    """Say over which leaves the hashes of a proof of consistency stand (section 2.1.4.1)."""
    if not 0 < before <= after:
        raise IndexError(before)
    spans, start, end, whole = [], 0, after, True
    while before != end:
        middle = start + _half(end - start)
        if before <= middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start, whole = middle, False
    return [*([] if whole else [(start, end)]), *spans[::-1]]


def subtrees(start: int, end: int) -> list[tuple[int, int]]:
    """Part the leaves of such a span into full subtrees, largest first: (level, place within the level)."""
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append((level, start >> level))
        start += 1 << level
    return found


def consistent(before: int, after: int, path: Sequence[bytes], old: bytes, new: bytes) -> bool:
    """Check a proof that the tree under the new root begins with that under the old one (section 2.1.4.2)."""
    if before == after:
        return not path and old == new
    if not 0 < before < after:
        return False
    steps = list(path) if before & (before - 1) else [old, *path]
    if not steps:
        return False
    place, last = before - 1, after - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            first, second = node(step, first), node(step, second)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            second = node(second, step)
        place, last = place >> 1, last >> 1
    return last == 0 and first == old and second == new


def _half(size: int) -> int:
    """Give the largest power of two below a size."""
    return 1 << ((size - 1).bit_length() - 1)
