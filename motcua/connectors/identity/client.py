"""Log-in by the provider: authorization code with PKCE, private_key_jwt, ES256, everything checked."""

import hashlib
import hmac
import secrets
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Any
from urllib.parse import urlencode

import httpx

from motcua.base import jose
from motcua.connectors.identity import Claims, Invalid, Unavailable

ACR = "urn:vn:loa:"
SCOPES = ("openid", "profile", "citizen_number", "phone")
#: seconds: difference of clocks that is forgiven, longest life of an ID token, of our own assertion
SKEW, LONGEST, ASSERTION = 60, 3600, 60
#: seconds for which discovery and keys are believed, and between two looks for a key never heard of
FRESH, UNKNOWN_KEY = 3600, 10
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LARGEST = 256 * 1024


@dataclass(frozen=True, slots=True)
class Errand:
    """The three secrets of one log-in, kept in the browser's session until it comes back."""

    state: str
    nonce: str
    verifier: str

    @property
    def challenge(self) -> str:
        """Give the S256 challenge of the verifier (RFC 7636)."""
        return jose.base64url(hashlib.sha256(self.verifier.encode()).digest())


def errand() -> Errand:
    """Make the secrets of a new log-in."""
    return Errand(*(secrets.token_urlsafe(32) for _ in range(3)))


class Provider:
    """One provider as one client talks to it; safe to share between threads."""

    def __init__(
        self,
        *,
        issuer: str,
        client_id: str,
        key: Mapping[str, Any],
        redirect_uri: str,
        timeout: float = 5.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.issuer, self.client_id, self.redirect_uri = issuer, client_id, redirect_uri
        self._key = dict(key)
        self._http = httpx.Client(transport=transport, timeout=timeout, follow_redirects=False)
        self._lock = Lock()
        self._document: dict[str, Any] = {}
        self._document_at = self._keys_at = float("-inf")
        self._keys: list[dict[str, Any]] = []

    def authorize_url(
        self, errand: Errand, *, levels: Collection[int] = (), max_age: int | None = None, prompt: str = ""
    ) -> str:
        """Give the address to send a browser to; `levels` are wanted authentication levels, best first."""
        params = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": " ".join(SCOPES),
            "state": errand.state,
            "nonce": errand.nonce,
            "code_challenge": errand.challenge,
            "code_challenge_method": "S256",
        }
        if levels:
            params["acr_values"] = " ".join(f"{ACR}{level}" for level in levels)
        if max_age is not None:
            params["max_age"] = str(max_age)
        if prompt:
            params["prompt"] = prompt
        return f"{self._address('authorization_endpoint')}?{urlencode(params)}"

    def check_answer(self, params: Mapping[str, str], *, state: str) -> str:
        """Give the code of the answer that a browser brought back, or raise Invalid (RFC 9207, state)."""
        if not hmac.compare_digest(params.get("state", "").encode(), state.encode()):
            raise Invalid("state")
        if params.get("iss") != self.issuer:
            raise Invalid("iss of the answer")
        if params.get("error"):
            raise Invalid(f"error: {params['error'][:60]}")
        if not params.get("code"):
            raise Invalid("code")
        return params["code"]

    def exchange(
        self, code: str, verifier: str, nonce: str, *, level: int = 0, max_age: int | None = None
    ) -> Claims:
        """Exchange a code for claims: `level` is the least authentication level that will do."""
        tokens = self._post_token(code, verifier)
        access, token = tokens.get("access_token"), tokens.get("id_token")
        if not isinstance(access, str) or not isinstance(token, str):
            raise Invalid("tokens")
        if str(tokens.get("token_type", "")).lower() != "bearer":
            raise Invalid("token_type")
        claims = self._checked(token, nonce=nonce, access_token=access)
        reached = _level(claims.get("acr"))
        if reached < max(level, 1):
            raise Invalid("acr")
        if max_age is not None and claims["auth_time"] < time.time() - max_age - SKEW:
            raise Invalid("auth_time")
        facts = self._get("userinfo_endpoint", bearer=access)
        if facts.get("sub") != claims["sub"]:
            raise Invalid("sub of userinfo")
        return _claims(claims, facts, reached, token)

    def logout_url(self, *, id_token: str, back_to: str) -> str:
        """Give the address to send a browser to for logging out at the provider as well."""
        params = {"id_token_hint": id_token, "post_logout_redirect_uri": back_to, "client_id": self.client_id}
        return f"{self._address('end_session_endpoint')}?{urlencode(params)}"

    def _checked(self, token: str, *, nonce: str, access_token: str) -> dict[str, Any]:
        """Check an ID token by OpenID Connect Core 3.1.3.7 and 3.1.3.8."""
        try:
            claims = jose.opened(token, self._keys_for(token))
            jose.check_times(claims, at=datetime.now(UTC), skew=SKEW, longest=LONGEST)
        except jose.BadToken as error:
            raise Invalid(f"id_token: {error}") from error
        wanted = {
            "iss": self.issuer,
            "aud": self.client_id,
            "nonce": nonce,
            "at_hash": jose.half_hash(access_token),
        }
        found = {**claims, "aud": _only(claims.get("aud"))}
        for name, value in wanted.items():
            if not isinstance(found.get(name), str) or not hmac.compare_digest(
                found[name].encode(), value.encode()
            ):
                raise Invalid(name)
        if claims.get("azp", self.client_id) != self.client_id:
            raise Invalid("azp")
        if not isinstance(claims.get("sub"), str) or not claims["sub"]:
            raise Invalid("sub")
        if type(claims.get("iat")) is not int or type(claims.get("auth_time")) is not int:
            raise Invalid("iat or auth_time")
        return claims

    def _keys_for(self, token: str) -> list[dict[str, Any]]:
        """Give the provider's keys; one never heard of is looked for again, but not at every forged token."""
        kid, now = jose.header(token).get("kid"), time.monotonic()
        with self._lock:
            age = now - self._keys_at
            known = any(key.get("kid") == kid for key in self._keys)
        if age > FRESH or (not known and age > UNKNOWN_KEY):
            keys = self._get("jwks_uri").get("keys")
            if not isinstance(keys, list) or not all(isinstance(key, dict) for key in keys):
                raise Unavailable("jwks")
            with self._lock:
                self._keys, self._keys_at = keys, now
        return self._keys

    def _address(self, name: str) -> str:
        """Give one endpoint's address out of the discovery document, read again every hour."""
        now = time.monotonic()
        if now - self._document_at > FRESH:
            url = f"{self.issuer}/.well-known/openid-configuration"
            document = self._json(self._send("GET", url))
            if document.get("issuer") != self.issuer:
                raise Unavailable("discovery names another issuer")
            self._document, self._document_at = document, now
        address = self._document.get(name)
        if not isinstance(address, str) or not address.startswith(("https://", "http://")):
            raise Unavailable(f"discovery lacks {name}")
        if self.issuer.startswith("https://") and not address.startswith("https://"):
            raise Unavailable(f"{name} is not https")
        return address

    def _post_token(self, code: str, verifier: str) -> dict[str, Any]:
        url, now = self._address("token_endpoint"), int(time.time())
        assertion = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": self.issuer,
            "jti": secrets.token_urlsafe(24),
            "iat": now,
            "exp": now + ASSERTION,
        }
        data = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": verifier,
            "client_assertion_type": _ASSERTION_TYPE,
            "client_assertion": jose.sign(assertion, self._key),
        }
        return self._json(self._send("POST", url, data=data))

    def _get(self, name: str, *, bearer: str = "") -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        return self._json(self._send("GET", self._address(name), headers=headers))

    def _send(self, method: str, url: str, **words: Any) -> httpx.Response:
        try:
            response = self._http.request(method, url, **words)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unavailable(type(error).__name__) from error
        if response.status_code >= 500 or response.status_code == 429:
            raise Unavailable(f"status {response.status_code}")
        if response.status_code != 200:
            raise Invalid(f"status {response.status_code}")
        return response

    def _json(self, response: httpx.Response) -> dict[str, Any]:
        try:
            body = response.json() if len(response.content) <= _LARGEST else None
        except (ValueError, RecursionError):
            body = None
        if not isinstance(body, dict):
            raise Unavailable("an answer that is not JSON")
        return body


def _claims(claims: Mapping[str, Any], facts: Mapping[str, Any], level: int, token: str) -> Claims:
    def text(name: str) -> str:
        value = facts.get(name, "")
        return value if isinstance(value, str) else ""

    account_level = facts.get("account_level")
    return Claims(
        sub=claims["sub"],
        number=text("citizen_number"),
        name=text("name"),
        born_on=text("birthdate"),
        gender=text("gender"),
        phone=text("phone_number"),
        account_level=account_level if isinstance(account_level, int) else 0,
        acr=level,
        auth_time=claims["auth_time"],
        sid=str(claims.get("sid", "")),
        id_token=token,
    )


def _level(acr: object) -> int:
    """Read an authentication level; anything unknown is none at all."""
    text = acr.removeprefix(ACR) if isinstance(acr, str) and acr.startswith(ACR) else ""
    return int(text) if text in ("1", "2", "3", "4") else 0


def _only(audience: object) -> object:
    """Give the audience when there is exactly one."""
    if isinstance(audience, list):
        return audience[0] if len(audience) == 1 else None
    return audience
