"""HTTP Message Signatures (RFC 9421) in the one profile of the register: ES256, one a message.

By hand, because every call pays for it; the contract test holds it to an independent library.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from django.http import HttpRequest, HttpResponse

from motcua.base import jose

ALGORITHM, TAG = "ecdsa-p256-sha256", "dan-cu"
#: seconds: how far a caller's clock may be off, and how long ago a message may have been signed
SKEW, LONGEST = 60, 60
#: X-Road-…: what a question says of itself beside its body
HEADS = ("client", "id", "represented-party", "userid", "issue")
#: what the signature of a question must cover
COVERED = frozenset(
    {"@method", "@target-uri", "content-type", "content-digest", *(f"x-road-{h}" for h in HEADS)}
)
_LONGEST_HEADER = 1000
_LABEL = "[a-z][a-z0-9_]{0,15}"
_INPUT = re.compile(
    rf'({_LABEL})=(\(("[a-z@-]+"(?: "[a-z@-]+")*)\)((?:;[a-z]+=(?:"[ !#-\[\]-~]*"|[0-9]{{1,15}}))*))'
)
_PARAMETER = re.compile(r';([a-z]+)=(?:"([^"]*)"|([0-9]+))')
_SIGNATURE = re.compile(rf"({_LABEL})=(:[A-Za-z0-9+/]{{86}}==:)")
_ES256 = ec.ECDSA(SHA256())


class BadSignature(Exception):
    """A question whose signature does not hold; the code is also that of the answer."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code


def check(request: HttpRequest, keys: Iterable[Mapping[str, Any]], *, at: datetime) -> None:
    """Make sure that one of the keys signed this very question, just now."""
    found = _INPUT.fullmatch(_header(request, "signature-input"))
    signed = _SIGNATURE.fullmatch(_header(request, "signature"))
    if not found or not signed or found[1] != signed[1]:
        raise BadSignature("credential", "no signature of the profile")
    _, params, names, said = found.groups()
    covered = [name.strip('"') for name in names.split(" ")]
    words = {name: text or number for name, text, number in _PARAMETER.findall(said)}
    if not set(covered) >= COVERED or len(covered) != len(set(covered)):
        raise BadSignature("incomplete", "a component is not covered")
    if words.get("tag") != TAG or words.get("alg", ALGORITHM) != ALGORITHM:
        raise BadSignature("credential", "another profile")
    lines = [f'"{name}": {_component(request, name)}' for name in covered]
    base = "\n".join([*lines, f'"@signature-params": {params}'])
    _check_key(signed[2], base, [key for key in keys if key.get("kid") == words.get("keyid")], at)
    _check_times(words, at.timestamp())
    if words.get("nonce") != _header(request, "x-road-id"):
        raise BadSignature("credential", "the nonce is not the message's code")
    if _header(request, "content-digest") != digest(request.body):
        raise BadSignature("digest", "the body is not the one that was signed")


def _check_key(signature: str, base: str, keys: list[Mapping[str, Any]], at: datetime) -> None:
    raw = base64.b64decode(signature)
    pair = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    for key in keys:
        try:
            _public(str(key["x"]), str(key["y"])).verify(pair, base.encode(), _ES256)
        except InvalidSignature:
            continue
        if not jose.lasts(key, at=at):
            raise BadSignature("key_expired", "the key has expired")
        return
    raise BadSignature("credential", "no such key" if not keys else "signed with another key")


def _check_times(words: Mapping[str, str], now: float) -> None:
    created, expires = words.get("created", ""), words.get("expires", "")
    if not created.isdecimal() or abs(now - int(created)) > SKEW + LONGEST or int(created) > now + SKEW:
        raise BadSignature("clock", "signed too long ago, or in the future")
    if expires and (not expires.isdecimal() or int(expires) < now - SKEW):
        raise BadSignature("clock", "the signature has expired")


def _component(request: HttpRequest, name: str) -> str:
    """Give one part of a question as it is signed."""
    if name == "@method":
        return str(request.method)
    if name == "@target-uri":
        return request.build_absolute_uri()
    if name.startswith("@") or name not in request.headers:
        raise BadSignature("incomplete", "a covered component is missing")
    return _header(request, name)


def _header(request: HttpRequest, name: str) -> str:
    """Give one header; what is too long or not plain text stands in no good message."""
    text = str(request.headers.get(name, "")).strip(" \t")
    if len(text) > _LONGEST_HEADER or not text.isascii() or not text.isprintable():
        raise BadSignature("credential", "a header is not plain text")
    return text


def sign(request: HttpRequest, answer: HttpResponse, key: Mapping[str, Any], *, at: datetime) -> None:
    """Sign an answer, bound to the signature of the question it answers."""
    answer["Content-Digest"] = digest(answer.content)
    values = {
        '"@status"': str(answer.status_code),
        '"content-type"': answer["Content-Type"],
        '"content-digest"': answer["Content-Digest"],
    }
    if asked := _SIGNATURE.fullmatch(str(request.headers.get("signature", ""))[:_LONGEST_HEADER]):
        values[f'"signature";req;key="{asked[1]}"'] = asked[2]
    names, created = " ".join(values), int(at.timestamp())
    params = f'({names});created={created};keyid="{key["kid"]}";alg="{ALGORITHM}";tag="{TAG}"'
    base = "\n".join(
        [*(f"{name}: {value}" for name, value in values.items()), f'"@signature-params": {params}']
    )
    r, s = decode_dss_signature(_private(str(key["d"])).sign(base.encode(), _ES256))
    raw = base64.b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")).decode()
    answer["Signature-Input"], answer["Signature"] = f"sig={params}", f"sig=:{raw}:"


def digest(body: bytes) -> str:
    """Hash a body the way Content-Digest writes it (RFC 9530)."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


@lru_cache(maxsize=8)
def own_key(secret: str) -> Mapping[str, Any]:
    """Give the register's key that is made from a secret of the settings."""
    return jose.derived_key(secret)


@lru_cache(maxsize=1024)
def _public(x: str, y: str) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicNumbers(_number(x), _number(y), ec.SECP256R1()).public_key()


@lru_cache(maxsize=8)
def _private(d: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(_number(d), ec.SECP256R1())


def _number(text: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")
