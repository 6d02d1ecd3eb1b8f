"""The exported usage log: four files that prove themselves, without any database.

rows.jsonl: one look-up a line, as it was hashed · leaves.txt: the leaf hash of each row · heads.txt: the
signed heads of the tree, smallest first · keys.json: the public keys they are signed with. Every byte has one
right value.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

from motcua.base import jose, merkle
from motcua.domain.population import proving

#: of a line or a small file: more than any that was ever written, and no harm to read
LONGEST = 1 << 20
ROWS, LEAVES, HEADS, KEYS = "rows.jsonl", "leaves.txt", "heads.txt", "keys.json"
#: what the proof of one look-up holds
_PROOF = {"how", "row", "leaf_index", "tree_size", "path", "head", "key"}
#: where the caller's code of the message stands in a row
_REQUEST = 2


class Altered(Exception):
    """The files are not what was signed; says where, in Vietnamese."""


def keys_text(keys: Sequence[dict[str, Any]]) -> str:
    """Write public keys in the only way that is accepted back."""
    return json.dumps(list(keys), sort_keys=True, separators=(",", ":")) + "\n"


def verify(folder: Path) -> list[dict[str, Any]]:
    """Check everything against everything; give what the heads say, or raise Altered."""
    signed = heads(folder)
    check, at = _Check(), 0
    for row, leaf in zip_longest(lines(folder / ROWS), lines(folder / LEAVES)):
        check.add(row, leaf)
        if at < len(signed) and signed[at]["size"] == check.rows.size:
            check.hold(signed[at]["root"], since=signed[at - 1]["size"] + 1 if at else 1)
            at += 1
    if check.first:
        raise Altered(f"Dòng {check.first} của {ROWS}{check.name} đã bị sửa, thêm hoặc bớt.")
    if at < len(signed) or check.rows.size != (signed[-1]["size"] if signed else 0):
        raise Altered(f"Số dòng của {ROWS} không khớp với {HEADS}: có dòng bị thêm hoặc bị bớt ở cuối.")
    return signed


class _Tree:
    """A tree growing line by line."""

    def __init__(self) -> None:
        self.size = 0
        self.peaks: list[bytes] = []

    def add(self, row: bytes | None) -> None:
        self.take(merkle.leaf(row) if row is not None else b"")

    def add_hash(self, text: bytes | None) -> None:
        try:
            self.take(bytes.fromhex((text or b"").decode("ascii")))
        except ValueError:
            self.take(b"")

    def take(self, leaf: bytes) -> None:
        self.peaks = merkle.grown(self.peaks, self.size, leaf)
        self.size += 1

    @property
    def root(self) -> str:
        return merkle.root(self.peaks).hex()


class _Check:
    """The tree over the rows beside that over their leaf hashes, and the first line where the two differ."""

    def __init__(self) -> None:
        self.rows, self.leaves = _Tree(), _Tree()
        self.first, self.name = 0, ""

    def add(self, row: bytes | None, leaf: bytes | None) -> None:
        self.rows.add(row)
        self.leaves.add_hash(leaf)
        if not self.first and (row is None or leaf != merkle.leaf(row).hex().encode()):
            self.first, self.name = self.rows.size, _name(row)

    def hold(self, root: str, *, since: int) -> None:
        """Hold what was read against a signed root; leaf hashes that are still good tell which row it is."""
        if self.rows.root == root:
            if self.first:
                raise Altered(f"Dòng {self.first} của {LEAVES} đã bị sửa; {ROWS} vẫn nguyên vẹn đến đó.")
            return
        if self.leaves.root == root:
            raise Altered(f"Dòng {self.first} của {ROWS}{self.name} đã bị sửa, thêm hoặc bớt.")
        seen = f", sớm nhất thấy ở dòng {self.first}{self.name}" if self.first else ""
        raise Altered(f"Có dòng bị sửa trong khoảng dòng {since} đến {self.rows.size} của {ROWS}{seen}.")


def verify_one(file: Path) -> tuple[dict[str, Any], str]:
    """Check the proof of one look-up; give what its head says and the head itself, or raise Altered."""
    raw = _whole(file)
    try:
        found = json.loads(raw)
        whole = proving.written(found).encode() == raw and found["how"] in proving.HOW
        key, index, size = found["key"], found["leaf_index"], found["tree_size"]
        leaf, path = merkle.leaf(found["row"].encode()), [bytes.fromhex(step) for step in found["path"]]
        whole = whole and found.keys() == _PROOF and key == _key(key["x"], key["y"])
        claims = _claims(found["head"], [key])
        root, signed = bytes.fromhex(claims["root"]), claims["size"] == size
        stands = merkle.included(leaf, index, size, path, root)
    except (jose.BadToken, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Altered(f"{file.name} không phải là bằng chứng còn nguyên vẹn.") from error
    if not (whole and signed):
        raise Altered(f"{file.name} đã bị sửa: chữ ký hoặc cách viết không đúng.")
    if not stands:
        raise Altered(f"{file.name}: lượt tra cứu không nằm trong sổ mà đỉnh cây đã ký.")
    return claims, str(found["head"])


def heads(folder: Path) -> list[dict[str, Any]]:
    """Read the signed heads, refusing what no key of the folder has signed."""
    keys = _keys(folder)
    found: list[dict[str, Any]] = []
    for number, line in enumerate(lines(folder / HEADS), start=1):
        try:
            claims = _claims(line.decode("ascii"), keys)
        except (jose.BadToken, ValueError) as error:
            raise Altered(f"Dòng {number} của {HEADS}: chữ ký không đúng.") from error
        if found and claims["size"] <= found[-1]["size"]:
            raise Altered(f"Dòng {number} của {HEADS}: không nối tiếp dòng trước.")
        found.append(claims)
    return found


def hold_kept(folder: Path, kept: Mapping[bytes, int]) -> None:
    """Find every head that somebody kept among those of the folder, or raise Altered."""
    there = set(lines(folder / HEADS))
    missing = [size for head, size in kept.items() if head not in there]
    last = max((head["size"] for head in heads(folder)), default=0)
    if missing and min(missing) > last:
        raise Altered(
            f"Đỉnh cây đã giữ có {min(missing)} dòng, {HEADS} chỉ đến {last}: "
            "tệp xuất cũ hơn, hoặc bị bớt ở cuối."
        )
    if missing:
        raise Altered("Sổ này không chứa một đỉnh cây đã giữ từ trước: sổ đã được viết lại.")


def kept_heads(path: Path) -> dict[bytes, int]:
    """Read heads that somebody kept, however the lines end, each with its size; of nothing else."""
    found = {}
    try:
        for line in path.read_bytes().split():
            body = line.split(b".")[1]
            found[line] = int(json.loads(base64.urlsafe_b64decode(body + b"=" * (-len(body) % 4)))["size"])
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise Altered(f"{path.name} không phải là các đỉnh cây đã giữ.") from error
    if not found:
        raise Altered(f"{path.name} không có đỉnh cây nào.")
    return found


def _claims(token: str, keys: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Read a signed head that is written in the one right way, and says what a head says."""
    claims = jose.opened(token, keys, types=[proving.HEAD_TYPE])
    size, root, at = (claims.get(name) for name in ("size", "root", "iat"))
    if not (claims.get("log") == proving.LOG and type(size) is type(at) is int and size > 0 <= at < 1 << 37):
        raise jose.BadToken("not a head of this log")
    if not isinstance(root, str) or not all(_tight(part) for part in token.split(".")):
        raise jose.BadToken("not written as heads are")
    return claims


def _whole(path: Path) -> bytes:
    """Read a small file."""
    with path.open("rb") as file:
        raw = file.read(LONGEST + 1)
    if len(raw) > LONGEST:
        raise Altered(f"{path.name} quá lớn.")
    return raw


def _keys(folder: Path) -> list[dict[str, Any]]:
    raw = _whole(folder / KEYS)
    try:
        keys = json.loads(raw)
        whole = keys_text(keys).encode() == raw and all(key == _key(key["x"], key["y"]) for key in keys)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise Altered(f"{KEYS} không đọc được.") from error
    if not whole:
        raise Altered(f"{KEYS} đã bị sửa.")
    return list(keys)


def _key(x: str, y: str) -> dict[str, Any]:
    """Make the key of a point as it must be written; its name is its thumbprint (RFC 7638)."""
    point = {"crv": "P-256", "kty": "EC", "x": x, "y": y}
    named = json.dumps(point, sort_keys=True, separators=(",", ":")).encode()
    kid = jose.base64url(hashlib.sha256(named).digest())
    return {**point, "kid": kid, "alg": jose.ALGORITHM, "use": "sig"}


def _tight(part: str) -> bool:
    """Tell whether a part of a token is written in the one right way: no stray bits at its end."""
    try:
        raw = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except binascii.Error:
        return False
    return jose.base64url(raw) == part


def lines(path: Path) -> Iterator[bytes]:
    """Give the lines of a file without their ends; the last one must have its end too."""
    with path.open("rb") as file:
        while line := file.readline(LONGEST):
            if not line.endswith(b"\n"):
                raise Altered(
                    f"{path.name} bị cắt ở cuối." if len(line) < LONGEST else f"{path.name} quá lớn."
                )
            yield line[:-1]


def _name(row: bytes | None) -> str:
    """Say which message a row was about, if it can still be read."""
    try:
        return f" (lượt khai thác {json.loads(row or b'')[_REQUEST]})"
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""
