"""Signed tokens: ES256 and nothing else, so that no algorithm can be argued down."""

import base64
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

ALGORITHM = "ES256"
LONGEST = 8192


class BadToken(Exception):
    """A token that is not what it should be; the message is for the log, never with token contents."""


def new_key() -> dict[str, Any]:
    """Make a private key (JWK, curve P-256) named by its own thumbprint."""
    key = ECKey.generate_key("P-256", private=True)
    return {**key.as_dict(private=True), "kid": key.thumbprint(), "alg": ALGORITHM, "use": "sig"}


def derived_key(secret: str) -> dict[str, Any]:
    """Make the private key that belongs to a secret of the settings: the same secret, the same key."""
    key = ECKey.derive_key(secret, "P-256", kdf_options={"salt": b"motcua signing key"})
    return {**key.as_dict(private=True), "kid": key.thumbprint(), "alg": ALGORITHM, "use": "sig"}


def public(key: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out the private part of a key."""
    return {name: key[name] for name in ("kty", "crv", "x", "y", "kid", "alg", "use", "exp") if name in key}


def thumbprint(key: Mapping[str, Any]) -> str:
    """Name a key by what it is (RFC 7638)."""
    return ECKey.import_key(public(key)).thumbprint()


def sign(claims: Mapping[str, Any], key: Mapping[str, Any], *, typ: str = "JWT") -> str:
    """Sign claims with a private key."""
    header = {"alg": ALGORITHM, "kid": key["kid"], "typ": typ}
    return jwt.encode(header, dict(claims), ECKey.import_key(dict(key)), algorithms=[ALGORITHM])


def prove(claims: Mapping[str, Any], key: Mapping[str, Any], *, typ: str) -> str:
    """Sign claims with a private key whose public part goes along: whoever reads it learns who holds it."""
    shown = {name: key[name] for name in ("kty", "crv", "x", "y")}
    header = {"alg": ALGORITHM, "typ": typ, "jwk": shown}
    return jwt.encode(header, dict(claims), ECKey.import_key(dict(key)), algorithms=[ALGORITHM])


def header(token: str) -> dict[str, Any]:
    """Read the header of a token without trusting it; anything but a plain ES256 token is refused."""
    if not token.isascii() or len(token) > LONGEST or token.count(".") != 2:
        raise BadToken("not a compact token")
    try:
        found = json.loads(_bytes(token.split(".", 1)[0]))
    except (ValueError, RecursionError) as error:
        raise BadToken("unreadable header") from error
    if not isinstance(found, dict) or found.get("alg") != ALGORITHM or "crit" in found or "b64" in found:
        raise BadToken("not an ES256 header")
    return found


def unverified(token: str) -> dict[str, Any]:
    """Read the claims of a token without trusting them, to learn whose key to try."""
    header(token)
    try:
        claims = json.loads(_bytes(token.split(".")[1]))
    except (ValueError, RecursionError) as error:
        raise BadToken("unreadable claims") from error
    if not isinstance(claims, dict):
        raise BadToken("claims are not an object")
    return claims


def opened(
    token: str, keys: Iterable[Mapping[str, Any]], *, types: Collection[str | None] = ()
) -> dict[str, Any]:
    """Give the claims of a token signed by one of the public keys; the header's `kid` says which one.

    With `types` the header must name one of them (None: name none), so that no token passes for another.
    """
    head = header(token)
    if types and head.get("typ") not in types:
        raise BadToken("another type of token")
    kid = head.get("kid")
    fitting = [key for key in keys if _is_p256(key)]
    if kid is not None or len(fitting) != 1:
        fitting = [key for key in fitting if key.get("kid") == kid and kid is not None]
    if not fitting:
        raise BadToken("no such key")
    return _verified(token, fitting[0])


def proven(token: str, *, typ: str) -> tuple[dict[str, Any], str]:
    """Give the claims of a token signed by the public key that it carries, and the thumbprint of that key."""
    head = header(token)
    key = head.get("jwk")
    if head.get("typ") != typ or not isinstance(key, dict) or not _is_p256(key):
        raise BadToken("no such proof")
    if "d" in key or "kid" in head:
        raise BadToken("a private or a borrowed key")
    return _verified(token, key), thumbprint(key)


def _verified(token: str, key: Mapping[str, Any]) -> dict[str, Any]:
    try:
        signed = jws.deserialize_compact(token, ECKey.import_key(public(key)), [ALGORITHM])
        claims = json.loads(signed.payload)
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise BadToken(type(error).__name__) from error
    if not isinstance(claims, dict):
        raise BadToken("claims are not an object")
    return claims


def check_times(claims: Mapping[str, Any], *, at: datetime, skew: int, longest: int) -> None:
    """Refuse a token that has expired, is from the future, or claims to live longer than it may (seconds)."""
    now = at.timestamp()
    expires, issued, not_before = (claims.get(name) for name in ("exp", "iat", "nbf"))
    for value in (expires, issued, not_before):
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            raise BadToken("a time is not a whole number")
    if expires is None or expires <= now - skew:
        raise BadToken("expired")
    if expires > now + longest + skew:
        raise BadToken("lives too long")
    if (issued is not None and issued > now + skew) or (not_before is not None and not_before > now + skew):
        raise BadToken("from the future")


def half_hash(text: str) -> str:
    """Give at_hash of an access token: the left half of its SHA-256 (OpenID Connect Core 3.1.3.6)."""
    return base64url(hashlib.sha256(text.encode()).digest()[:16])


def whole_hash(text: str) -> str:
    """Give ath of an access token: its SHA-256 (RFC 9449 section 4.2)."""
    return base64url(hashlib.sha256(text.encode()).digest())


def base64url(raw: bytes) -> str:
    """Write bytes the way tokens do: URL-safe base64 without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def lasts(key: Mapping[str, Any], *, at: datetime) -> bool:
    """Tell whether a public key has not come to its end (`exp`, in seconds); one without an end has not."""
    end = key.get("exp", at.timestamp())
    return type(end) in (int, float) and end >= at.timestamp()


def usable(key: Mapping[str, Any]) -> bool:
    """Tell whether somebody's public key can be used here: a point of P-256, for signing."""
    try:
        whole = type(key.get("exp", 0)) is int and abs(key.get("exp", 0)) < 2**32
        return whole and _is_p256(key) and bool(ECKey.import_key(public(key)).public_key)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        return False


def _is_p256(key: Mapping[str, Any]) -> bool:
    return (
        key.get("kty") == "EC"
        and key.get("crv") == "P-256"
        and key.get("use", "sig") == "sig"
        and key.get("alg", ALGORITHM) == ALGORITHM
    )
