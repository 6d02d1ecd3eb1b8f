"""How clients prove who they are and which key they hold (RFC 7523, RFC 9449, FAPI 2.0 Security Profile)."""

import hmac
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit, urlunsplit

from motcua.base import jose
from motcua.domain.accounts.rules.requests import Fault

#: the longest life of a client's own assertion, and the clock difference that is forgiven, in seconds
ASSERTION_LIFE, SKEW = 300, 30
#: how clients' libraries head their assertions (None: not at all)
ASSERTION_TYPES = (None, "JWT", "client-authentication+jwt")
#: how old or early a proof may be, in seconds; our nonce in it says that it was not made beforehand
PROOF_AGE = 300
PROOF_TYPE = "dpop+jwt"
#: seconds for which one nonce is given out; it is good for as long again
NONCE_TURN = 300


@dataclass(frozen=True, slots=True)
class Proof:
    """What a proof shows: who holds which key, under a name that counts once."""

    holder: str
    jti: str
    forget_at: datetime


def nonces(key: str, *, at: datetime) -> tuple[str, str]:
    """Give the nonce of this moment and the one before it; every process makes the same."""
    turn = int(at.timestamp()) // NONCE_TURN
    return _nonce(key, turn), _nonce(key, turn - 1)


def check_proof(
    text: str, *, method: str, address: str, access_token: str = "", nonces: Collection[str], at: datetime
) -> Proof:
    """Check a proof that a key is held, made for one call of ours (RFC 9449 section 4.3)."""
    try:
        claims, holder = jose.proven(text, typ=PROOF_TYPE)
    except jose.BadToken as error:
        raise Fault("invalid_dpop_proof", "the proof cannot be believed") from error
    issued, jti = claims.get("iat"), claims.get("jti")
    if claims.get("htm") != method or _place(claims.get("htu")) != _place(address):
        raise Fault("invalid_dpop_proof", "the proof is for another call")
    if type(issued) is not int or abs(issued - int(at.timestamp())) > PROOF_AGE:
        raise Fault("invalid_dpop_proof", "the proof is too old or from the future")
    if not isinstance(jti, str) or not 8 <= len(jti) <= 200:
        raise Fault("invalid_dpop_proof", "jti is missing, short or long")
    if access_token and claims.get("ath") != jose.whole_hash(access_token):
        raise Fault("invalid_dpop_proof", "the proof is for another token")
    if claims.get("nonce") not in nonces:
        raise Fault("use_dpop_nonce", "put the nonce of this answer into the proof")
    return Proof(holder, jti, at + timedelta(seconds=2 * PROOF_AGE))


def check_assertion(
    claims: Mapping[str, object], *, client: str, audiences: Sequence[str], at: datetime
) -> tuple[str, datetime]:
    """Check a client's own signed assertion (RFC 7523); give its `jti` and when it can be forgotten."""
    jti = claims.get("jti")
    if claims.get("iss") != client or claims.get("sub") != client:
        raise jose.BadToken("iss and sub are not the client")
    if claims.get("aud") not in audiences:
        raise jose.BadToken("meant for another audience")
    if not isinstance(jti, str) or not 16 <= len(jti) <= 200:
        raise jose.BadToken("jti is missing, short or long")
    jose.check_times(claims, at=at, skew=SKEW, longest=ASSERTION_LIFE)
    expires = claims["exp"]
    assert isinstance(expires, int)
    return jti, datetime.fromtimestamp(expires + SKEW, at.tzinfo)


def _nonce(key: str, turn: int) -> str:
    return jose.base64url(hmac.digest(key.encode(), f"dpop nonce {turn}".encode(), "sha256"))


def _place(address: object) -> str:
    """Give an address without query and fragment, its host in small letters; of anything odd, nothing."""
    try:
        parts = urlsplit(address if isinstance(address, str) else "")
    except ValueError:
        return ""
    return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path, "", ""))
