"""Proofs over the usage log (RFC 9162) out of the tiles of its tree; the caller reads the tiles."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from motcua.base import merkle

#: hashes in a full tile, and bytes of a hash
WIDTH, HASH = 256, 32
_LEVELS = WIDTH.bit_length() - 1
#: the log that signed heads speak of
LOG = "VN/GOV/C06/dan-cu"
#: `typ` of a signed head
HEAD_TYPE = "usage-tree-head+jwt"
#: what a proof is, for whoever opens the file; a new wording is added in front, for old files stay good
HOW = (
    "Tệp này chứng minh một lượt tra cứu dữ liệu của bạn nằm trong sổ khai thác đã ký số. "
    "row: lượt tra cứu đúng như đã ghi trong sổ. leaf_index: thứ tự trong sổ, tính từ 0. "
    "tree_size và head: sổ lúc đó có bao nhiêu dòng, và đỉnh cây đã ký. "
    "key: khóa công khai để kiểm tra chữ ký. "
    "Cách kiểm tra: chạy manage.py verify_usage_ledger với tệp này; hoặc tự tính theo RFC 9162, mục 2.1.3.2: "
    "băm SHA-256 (byte 00 + row), rồi băm lần lượt với từng dòng của path cho đến khi được root trong head. "
    "Nếu ai đó sửa hay xóa lượt tra cứu này, sổ mới sẽ không còn nối tiếp đỉnh cây này nữa. / "
    "This file proves that one look-up of your data stands in the signed usage ledger. Check it with "
    "manage.py verify_usage_ledger FILE, or by hand as RFC 9162, section 2.1.3.2 says.",
)
#: gives the hashes of a tile by level and place
Read = Callable[[int, int], list[bytes]]


def parted(hashes: bytes | memoryview) -> list[bytes]:
    """Part what a tile holds into its hashes."""
    whole = bytes(hashes)
    return [whole[start : start + HASH] for start in range(0, len(whole), HASH)]


def inclusion(read: Read, index: int, size: int) -> list[bytes]:
    """Prove that the row at an index, from 0, stands in the tree of the first `size` rows."""
    return _hashes(read, merkle.inclusion_spans(index, size))


def consistency(read: Read, before: int, after: int) -> list[bytes]:
    """Prove that the tree of the first `after` rows begins with that of the first `before`."""
    return _hashes(read, merkle.consistency_spans(before, after))


def evidence(
    *, row: str, index: int, path: Sequence[bytes], size: int, head: str, key: Mapping[str, Any]
) -> dict[str, Any]:
    """Put together what somebody needs to check one row without asking anybody."""
    return {
        "how": HOW[0],
        "row": row,
        "leaf_index": index,
        "tree_size": size,
        "path": [step.hex() for step in path],
        "head": head,
        "key": dict(key),
    }


def written(evidence: Mapping[str, Any]) -> str:
    """Write such evidence in the only way that is accepted back."""
    return json.dumps(evidence, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


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
