"""HTTP Message Signatures between us and the register (RFC 9421): ES256, both ways, one profile."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from http_message_signatures import (
    ContentDigest,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    InvalidSignature,
    MappingKeyResolver,
)
from http_message_signatures.algorithms import ECDSA_P256_SHA256
from joserfc.jwk import ECKey

TAG = "dan-cu"
_SKEW, _LONGEST = 60, 60
_ASKED = (
    "@method",
    "@target-uri",
    "content-type",
    "content-digest",
    *(f"x-road-{name}" for name in ("client", "id", "represented-party", "userid", "issue")),
)
_SIGNED = '"signature";req;key="sig"'
_ANSWERED = ("@status", "content-type", "content-digest", _SIGNED)


class Forged(Exception):
    """A message that its signature does not hold for; carries the register's code of why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Question:
    """A question as it is signed."""

    url: str
    headers: dict[str, str]
    method: str = "POST"


@dataclass
class Answer:
    """An answer as it is signed, with the question it belongs to."""

    status_code: int
    headers: dict[str, str]
    request: Question


class _Verifier(HTTPMessageVerifier):
    """Leaves the times to us, who say in another word that a clock is off."""

    def validate_created_and_expires(self, sig_input: Any, max_age: Any = None) -> None:
        """Accept for now."""


def sign(question: Question, body: bytes, *, key: Mapping[str, Any], at: datetime, **words: Any) -> None:
    """Sign a question; its X-Road-Id is the nonce."""
    chosen = {"nonce": _head(question.headers, "x-road-id"), "tag": TAG, "covered_component_ids": _ASKED}
    question.headers.setdefault("Content-Digest", ContentDigest.create(body))
    _signer(key).sign(
        question,
        key_id=str(key["kid"]),
        created=at,
        label="sig",
        use_existing_digest=True,
        **{**chosen, **words},
    )


def check(question: Question, body: bytes, *, keys: Iterable[Mapping[str, Any]], at: datetime) -> None:
    """Make sure that one of the keys signed this question just now."""
    known = list(keys)
    found, covered = _verified(question, known)
    if any(f'"{name}"' not in covered for name in _ASKED):
        raise Forged("incomplete")
    if any(key.get("exp", at.timestamp()) < at.timestamp() for key in known if key["kid"] == found["keyid"]):
        raise Forged("key_expired")
    _check_times(found, at)
    if found.get("nonce") != _head(question.headers, "x-road-id"):
        raise Forged("credential")
    _check_digest(question.headers, body)


def sign_answer(answer: Answer, body: bytes, *, key: Mapping[str, Any], at: datetime) -> None:
    """Sign an answer, bound to the signature of its question if that has one."""
    bound = _head(answer.request.headers, "signature").startswith("sig=:")
    answer.headers["Content-Digest"] = ContentDigest.create(body)
    _signer(key).sign(
        answer,
        key_id=str(key["kid"]),
        created=at,
        label="sig",
        tag=TAG,
        covered_component_ids=_ANSWERED if bound else _ANSWERED[:-1],
        use_existing_digest=True,
    )


def check_answer(answer: Answer, body: bytes, *, keys: Iterable[Mapping[str, Any]], at: datetime) -> None:
    """Make sure that the register signed this answer, to this very question, just now."""
    found, covered = _verified(answer, list(keys))
    if any(name not in covered for name in ('"@status"', '"content-type"', '"content-digest"', _SIGNED)):
        raise Forged("incomplete")
    _check_times(found, at)
    _check_digest(answer.headers, body)


def _verified(
    message: Question | Answer, keys: list[Mapping[str, Any]]
) -> tuple[dict[str, Any], Mapping[str, str]]:
    """Give the parameters and the covered components of the one good signature."""
    known = {str(key["kid"]): _opened(key).public_key for key in keys}
    resolver = MappingKeyResolver(public_keys=known, private_keys={})
    verifier = _Verifier(signature_algorithm=ECDSA_P256_SHA256, key_resolver=resolver)
    try:
        (found,) = verifier.verify(message, max_age=None, expect_tag=TAG)
    except (InvalidSignature, ValueError) as why:
        raise Forged("credential") from why
    return dict(found.parameters), found.covered_components


def _check_times(found: Mapping[str, Any], at: datetime) -> None:
    now, created = at.timestamp(), found.get("created", 0)
    if not now - _SKEW - _LONGEST <= created <= now + _SKEW or found.get("expires", now) < now - _SKEW:
        raise Forged("clock")


def _check_digest(headers: Mapping[str, str], body: bytes) -> None:
    try:
        ContentDigest.verify(_head(headers, "content-digest"), body)
    except InvalidSignature as why:
        raise Forged("digest") from why


def _head(headers: Mapping[str, str], name: str) -> str:
    return next((value for head, value in headers.items() if head.lower() == name), "")


def _signer(key: Mapping[str, Any]) -> HTTPMessageSigner:
    resolver = MappingKeyResolver(public_keys={}, private_keys={str(key["kid"]): _opened(key).private_key})
    return HTTPMessageSigner(signature_algorithm=ECDSA_P256_SHA256, key_resolver=resolver)


def _opened(key: Mapping[str, Any]) -> Any:
    return ECKey.import_key({name: key[name] for name in ("kty", "crv", "x", "y", "d") if name in key})
