"""Log-in by the provider under FAPI 2.0: pushed requests, PKCE, private_key_jwt, DPoP, all of it checked."""

import hashlib
import hmac
import secrets
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from threading import Lock
from typing import Any
from urllib.parse import urlencode

import httpx
from django.conf import settings

from motcua.base import jose
from motcua.connectors.identity import RETURN, Claims, Invalid, LoggedOut, Registration, Unavailable, answers
from motcua.connectors.identity.answers import ACR

SCOPES = ("openid", "profile", "citizen_number", "phone", "representation")
#: what we may ask for ourselves
REGISTRATION = "registration"
#: seconds: difference of clocks that is forgiven, longest life of an ID token, of our own assertion
SKEW, LONGEST, ASSERTION = 60, 3600, 60
#: seconds for which discovery and keys are believed, and between two looks for a key never heard of
FRESH, UNKNOWN_KEY = 3600, 10
LOGGED_OUT = "http://schemas.openid.net/event/backchannel-logout"
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
        # Every process of a site holds the same key: a log-in may begin in one and end in another.
        self._holding = jose.derived_key(f"{self._key['d']} holding")
        self._nonce = ""
        self._http = httpx.Client(transport=transport, timeout=timeout, follow_redirects=False)
        self._lock = Lock()
        self._document: dict[str, Any] = {}
        self._document_at = self._keys_at = float("-inf")
        self._keys: list[dict[str, Any]] = []

    def authorize_url(
        self, errand: Errand, *, levels: Collection[int] = (), max_age: int | None = None, prompt: str = ""
    ) -> str:
        """Push a request, and give the address to send a browser to; `levels` are wanted, best first."""
        params = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": " ".join(SCOPES),
            "state": errand.state,
            "nonce": errand.nonce,
            "code_challenge": errand.challenge,
            "code_challenge_method": "S256",
            "dpop_jkt": self._holding["kid"],
        }
        if levels:
            params["acr_values"] = " ".join(f"{ACR}{level}" for level in levels)
        if max_age is not None:
            params["max_age"] = str(max_age)
        if prompt:
            params["prompt"] = prompt
        url = self._address("pushed_authorization_request_endpoint")
        name = self._json(self._send("POST", url, data={**params, **self._credentials()})).get("request_uri")
        if not isinstance(name, str) or not name:
            raise Unavailable("an answer without request_uri")
        words = {"client_id": self.client_id, "request_uri": name}
        return f"{self._address('authorization_endpoint')}?{urlencode(words)}"

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
        if str(tokens.get("token_type", "")).lower() != "dpop":
            raise Invalid("token_type")
        claims = self._checked(token, nonce=nonce, access_token=access)
        reached = answers.level(claims.get("acr"))
        if reached < max(level, 1):
            raise Invalid("acr")
        if max_age is not None and claims["auth_time"] < time.time() - max_age - SKEW:
            raise Invalid("auth_time")
        facts = self._json(self._proving("GET", "userinfo_endpoint", access_token=access))
        if facts.get("sub") != claims["sub"]:
            raise Invalid("sub of userinfo")
        return answers.claims(claims, facts, reached, token)

    def logout_url(self, *, id_token: str, back_to: str) -> str:
        """Give the address to send a browser to for logging out at the provider as well."""
        params = {"id_token_hint": id_token, "post_logout_redirect_uri": back_to, "client_id": self.client_id}
        return f"{self._address('end_session_endpoint')}?{urlencode(params)}"

    def machine_token(self, scope: str) -> str:
        """Get an access token for ourselves, for no person (RFC 6749 section 4.4)."""
        data = {"grant_type": "client_credentials", "scope": scope}
        tokens = self._json(self._proving("POST", "token_endpoint", data=data))
        access = tokens.get("access_token")
        if not isinstance(access, str) or str(tokens.get("token_type", "")).lower() != "dpop":
            raise Invalid("token_type")
        return access

    def registration(self) -> Registration:
        """Read what the provider has registered of us; Invalid when it does not take us for what we are."""
        self._address("client_configuration_endpoint")  # a provider that tells nobody is asked for no token
        access = self.machine_token(REGISTRATION)
        said = self._json(self._proving("GET", "client_configuration_endpoint", access_token=access))
        return answers.registration(said, client_id=self.client_id, kid=self._key["kid"])

    def logged_out(self, token: str) -> LoggedOut:
        """Read the provider's word that a log-in is over, or raise Invalid (Back-Channel Logout 2.6)."""
        try:
            claims = jose.opened(token, self._keys_for(token), types=("logout+jwt",))
            jose.check_times(claims, at=datetime.now(UTC), skew=SKEW, longest=LONGEST)
        except jose.BadToken as error:
            raise Invalid(f"logout_token: {error}") from error
        said = claims.get("events")
        if claims.get("iss") != self.issuer or _only(claims.get("aud")) != self.client_id:
            raise Invalid("iss or aud")
        if type(claims.get("iat")) is not int or "nonce" in claims:
            raise Invalid("iat or nonce")
        if not isinstance(said, dict) or not isinstance(said.get(LOGGED_OUT), dict):
            raise Invalid("events")
        for name in ("sid", "jti"):
            if not isinstance(claims.get(name), str) or not 8 <= len(claims[name]) <= 200:
                raise Invalid(name)
        return LoggedOut(sid=claims["sid"], jti=claims["jti"])

    def _checked(self, token: str, *, nonce: str, access_token: str) -> dict[str, Any]:
        """Check an ID token by OpenID Connect Core 3.1.3.7 and 3.1.3.8."""
        try:
            claims = jose.opened(token, self._keys_for(token), types=("JWT", None))
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
        data = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": verifier,
        }
        return self._json(self._proving("POST", "token_endpoint", data=data))

    def _credentials(self) -> dict[str, str]:
        """Say who we are, in words that work once (RFC 7523)."""
        now = int(time.time())
        assertion = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": self.issuer,
            "jti": secrets.token_urlsafe(24),
            "iat": now,
            "exp": now + ASSERTION,
        }
        return {
            "client_assertion_type": _ASSERTION_TYPE,
            "client_assertion": jose.sign(assertion, self._key),
        }

    def _proving(
        self, method: str, name: str, *, access_token: str = "", data: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Send with a proof that we hold our key; once more when the provider wants a newer nonce in it."""
        url = self._address(name)
        for last in (False, True):
            proof: dict[str, Any] = {"htm": method, "htu": url, "jti": secrets.token_urlsafe(24)}
            proof |= {"iat": int(time.time()), **({"nonce": self._nonce} if self._nonce else {})}
            headers = {}
            if access_token:
                proof["ath"] = jose.whole_hash(access_token)
                headers["Authorization"] = f"DPoP {access_token}"
            headers["DPoP"] = jose.prove(proof, self._holding, typ="dpop+jwt")
            fields = {**data, **self._credentials()} if data else None
            response = self._try(method, url, headers=headers, data=fields)
            self._nonce = response.headers.get("DPoP-Nonce", self._nonce)
            if last or not _wants_nonce(response):
                break
        return _good(response)

    def _get(self, name: str) -> dict[str, Any]:
        return self._json(self._send("GET", self._address(name)))

    def _send(self, method: str, url: str, **words: Any) -> httpx.Response:
        return _good(self._try(method, url, **words))

    def _try(self, method: str, url: str, **words: Any) -> httpx.Response:
        try:
            return self._http.request(method, url, **words)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unavailable(type(error).__name__) from error

    def _json(self, response: httpx.Response) -> dict[str, Any]:
        try:
            body = response.json() if len(response.content) <= _LARGEST else None
        except (ValueError, RecursionError):
            body = None
        if not isinstance(body, dict):
            raise Unavailable("an answer that is not JSON")
        return body


def _wants_nonce(response: httpx.Response) -> bool:
    said = response.headers.get("WWW-Authenticate", "") + response.text[:200]
    return response.status_code in (400, 401) and "use_dpop_nonce" in said


def _good(response: httpx.Response) -> httpx.Response:
    if response.status_code >= 500 or response.status_code == 429:
        raise Unavailable(f"status {response.status_code}")
    if response.status_code not in (200, 201):
        raise Invalid(f"status {response.status_code}")
    return response


def _only(audience: object) -> object:
    """Give the audience when there is exactly one."""
    if isinstance(audience, list):
        return audience[0] if len(audience) == 1 else None
    return audience


def provider() -> Provider:
    """Give the one provider, made anew only when the settings change."""
    return _made(
        issuer=settings.IDENTITY_ISSUER,
        client_id=settings.IDENTITY_CLIENT_ID,
        secret=settings.IDENTITY_CLIENT_KEY,
        redirect_uri=f"{settings.PROVINCE_URL}/{RETURN}",
        timeout=settings.IDENTITY_TIMEOUT,
        transport=settings.IDENTITY_TRANSPORT,
    )


@lru_cache(maxsize=2)
def _made(
    *,
    issuer: str,
    client_id: str,
    secret: str,
    redirect_uri: str,
    timeout: float,
    transport: httpx.BaseTransport | None,
) -> Provider:
    return Provider(
        issuer=issuer,
        client_id=client_id,
        key=jose.derived_key(secret),
        redirect_uri=redirect_uri,
        timeout=timeout,
        transport=transport,
    )
