"""Encrypted columns: seal and open a text, and find it again by a keyed hash (blind index).

A sealed value says under which key version it was made, so keys can be changed while old rows stay readable.
"""

import hashlib
import hmac
import io
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_NONCE = 12
#: bytes of a blind index: one for the key version, 16 of the HMAC (collisions need 2⁶⁴ values)
INDEX_BYTES = 17


class Unreadable(Exception):
    """A sealed value that was altered, moved to another place, or made with a key that is gone."""


def seal(text: str, *, place: str) -> bytes:
    """Encrypt a text with the newest key; it opens only with the same place (table, column and row)."""
    version, cipher, _ = _ring()[0]
    nonce = os.urandom(_NONCE)
    return bytes([version]) + nonce + cipher.encrypt(nonce, text.encode(), place.encode())


def unseal(box: bytes, *, place: str) -> str:
    """Decrypt what seal made; `Unreadable` when it is not exactly that."""
    for version, cipher, _ in _ring():
        if box[:1] == bytes([version]):
            nonce, sealed = box[1 : _NONCE + 1], box[_NONCE + 1 :]
            try:
                return cipher.decrypt(nonce, sealed, place.encode()).decode()
            except (InvalidTag, ValueError) as error:
                raise Unreadable(place.partition(":")[0]) from error
    raise Unreadable("no key of that version")


def blind(text: str, *, place: str) -> bytes:
    """Hash a text with the newest key, for storing in a column that is searched for equality."""
    return blinds(text, place=place)[0]


def blinds(text: str, *, place: str) -> list[bytes]:
    """Hash a text with every key, newest first, for `column__in` while old rows wait for a new hash."""
    message = f"{place}\0{text}".encode()
    return [
        bytes([version]) + hmac.digest(key, message, "sha256")[: INDEX_BYTES - 1]
        for version, _, key in _ring()
    ]


class Bulk:
    """Seals and hashes very many texts with one key, to the same end as `seal` and `blind`.

    It is made of `newest()`, so that it also works in processes that have no settings.
    """

    def __init__(self, version: int, master: str) -> None:
        self._mark = bytes([version])
        self._random = io.BytesIO()
        self._encrypt = AESGCM(_derive(master, b"seal")).encrypt
        # HMAC as RFC 2104 writes it: the two halves of the key are hashed once, not for every text.
        key = _derive(master, b"blind").ljust(64, b"\0")
        self._inner = hashlib.sha256(bytes(octet ^ 0x36 for octet in key))
        self._outer = hashlib.sha256(bytes(octet ^ 0x5C for octet in key))

    def seal(self, text: str, *, place: str) -> bytes:
        """Encrypt a text; it opens only with the same place."""
        nonce = self._random.read(_NONCE)
        if not nonce:
            self._random = io.BytesIO(os.urandom(4096 * _NONCE))
            nonce = self._random.read(_NONCE)
        return self._mark + nonce + self._encrypt(nonce, text.encode(), place.encode())

    def blind(self, text: str, *, place: str) -> bytes:
        """Hash a text for a column that is searched for equality."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(f"{place}\0{text}".encode())
        outer.update(inner.digest())
        return self._mark + outer.digest()[: INDEX_BYTES - 1]


def newest() -> tuple[int, str]:
    """Give the newest master key with its version."""
    return len(settings.FIELD_KEYS), settings.FIELD_KEYS[-1]


def _ring() -> list[tuple[int, AESGCM, bytes]]:
    return _derived(tuple(settings.FIELD_KEYS))


@lru_cache(maxsize=4)
def _derived(masters: tuple[str, ...]) -> list[tuple[int, AESGCM, bytes]]:
    """Make an encrypting and a hashing key from every master key; version = place in the list from 1."""
    ring = [
        (version, AESGCM(_derive(master, b"seal")), _derive(master, b"blind"))
        for version, master in enumerate(masters, start=1)
    ]
    return ring[::-1]


def _derive(master: str, use: bytes) -> bytes:
    return HKDF(hashes.SHA256(), length=32, salt=None, info=b"motcua field " + use).derive(master.encode())
