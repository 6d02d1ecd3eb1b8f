"""A small OpenID Provider that speaks the real one's wire, and can be told to be slow, dead or wrong."""

import hashlib
import json
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode

import httpx

from motcua.base import jose
from motcua.base.twins import Patience

StartResponse = Callable[[str, list[tuple[str, str]]], Any]
#: everything that `be(wrong=…)` knows
WRONGS = frozenset(
    {
        *("nonce", "iss", "aud", "many_aud", "azp", "expired", "long_lived", "future"),
        *("at_hash", "no_at_hash", "acr", "auth_time", "sub", "userinfo_sub"),
        *("alg_none", "hs256", "signature", "kid"),
        *("token_type", "no_id_token", "not_json", "not_object", "issuer", "denied"),
        *("no_request_uri", "deaf"),
    }
)
#: and what it knows to say wrongly of the client's own registration
WRONG_REGISTRATIONS = frozenset({"stranger", "other", "odd_keys", "odd_end", "token_type", "deaf"})


@dataclass
class Someone:
    """The person who is always logged in at the twin."""

    sub: str = "twin-subject"
    number: str = "080190000001"
    name: str = "Nguyễn Thị Thử"
    born_on: str = "1990-02-03"
    gender: str = "female"
    phone: str = ""
    level: int = 2
    acr: int = 2
    acting_for: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Twin:
    """One provider: `be` sets its mood, `transport` and calling it as a WSGI app let clients reach it."""

    issuer: str = "https://twin.invalid"
    client_id: str = "twin-client"
    who: Someone = field(default_factory=Someone)
    sid: str = "twin-session"
    slow: float = 0.0
    dead: bool = False
    wrong: str = ""

    def __post_init__(self) -> None:
        self.patience = Patience()
        self.key, self.next_key = jose.new_key(), jose.new_key()
        self.published = [self.key]
        self.pushed: dict[str, dict[str, str]] = {}
        self.asked: dict[str, dict[str, str]] = {}
        self.nonce = secrets.token_urlsafe(8)
        self.bound: dict[str, str] = {}
        self.assertions: set[str] = set()
        self.calls: list[str] = []
        #: what is registered of the client, as far as it may be told otherwise: its keys, its addresses
        self.registered: dict[str, Any] = {}

    def be(self, *, slow: float = 0.0, dead: bool = False, wrong: str = "") -> None:
        """Set the mood: seconds before each answer, not answering at all, or something wrong."""
        assert wrong in {"", *WRONGS, *WRONG_REGISTRATIONS}, wrong
        self.slow, self.dead, self.wrong = slow, dead, wrong

    def rotate(self) -> None:
        """Sign with a new key that clients have to fetch."""
        self.key, self.next_key = self.next_key, jose.new_key()
        self.published = [self.key, *self.published]

    def transport(self) -> httpx.BaseTransport:
        """Let an httpx client reach the twin in this process; slowness ends in a timeout without waiting."""
        return _Near(self)

    def log_in(self, url: str, client: httpx.Client) -> dict[str, str]:
        """Do what a browser and a willing person do with an authorize address; give what comes back."""
        answer = client.get(url)
        assert answer.status_code == 303, answer.text
        query = parse_qs(httpx.URL(answer.headers["Location"]).query.decode())
        return {name: values[0] for name, values in query.items()}

    def request(self, url: str) -> dict[str, str]:
        """Give the pushed request that an authorize address names."""
        return self.pushed[parse_qs(httpx.URL(url).query.decode())["request_uri"][0]]

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        self.patience.wait(self.slow)
        status, headers, body = self._answer(environ)
        start_response(status, headers)
        return [body]

    def _answer(self, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], bytes]:
        path = environ["PATH_INFO"]
        self.calls.append(path)
        if self.dead:
            return "503 Service Unavailable", [("Content-Type", "text/html")], b"<h1>503</h1>"
        if self.wrong == "not_json":
            return "200 OK", [("Content-Type", "text/html")], b"<h1>Xin ch\xc3\xa0o</h1>"
        if self.wrong == "not_object":
            return "200 OK", [("Content-Type", "application/json")], b"[]"
        size = int(environ.get("CONTENT_LENGTH") or 0)
        posted = path in ("/par", "/token")
        text = environ["wsgi.input"].read(size).decode() if posted else environ["QUERY_STRING"]
        params = {name: values[0] for name, values in parse_qs(text).items()}
        if path == "/authorize":
            where = self._authorize(params)
            return "303 See Other", [("Location", where)], b""
        known: dict[str, Callable[[], dict[str, Any]]] = {
            "/.well-known/openid-configuration": self._discovery,
            "/jwks": lambda: {"keys": [jose.public(key) for key in self.published]},
            "/par": lambda: self._push(params),
            "/token": lambda: self._proven(environ) or self._token(params),
            "/userinfo": lambda: self._proven(environ) or self._userinfo(),
            "/registration": lambda: self._proven(environ) or self._registration(),
        }
        body = known[path]() if path in known else {"error": "not_found"}
        status = "400 Bad Request" if "error" in body else "200 OK"
        headers = [("Content-Type", "application/json"), ("DPoP-Nonce", self.nonce)]
        return status, headers, json.dumps(body).encode()

    def _discovery(self) -> dict[str, Any]:
        return {
            "issuer": "https://other.invalid" if self.wrong == "issuer" else self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "pushed_authorization_request_endpoint": f"{self.issuer}/par",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "client_configuration_endpoint": f"{self.issuer}/registration",
            "jwks_uri": f"{self.issuer}/jwks",
            "end_session_endpoint": f"{self.issuer}/logout",
        }

    def _push(self, params: dict[str, str]) -> dict[str, Any]:
        if not self._introduced(params):
            return {"error": "invalid_client"}
        name = f"urn:twin:{secrets.token_urlsafe(16)}"
        self.pushed[name] = params
        return {} if self.wrong == "no_request_uri" else {"request_uri": name, "expires_in": 60}

    def _introduced(self, params: dict[str, str]) -> bool:
        assertion = jose.unverified(params["client_assertion"])
        new = assertion["aud"] == self.issuer and assertion["jti"] not in self.assertions
        self.assertions.add(assertion["jti"])
        return new

    def _proven(self, environ: dict[str, Any]) -> dict[str, Any] | None:
        """Say what is wrong with the proof of a call, if anything is."""
        proof, holder = jose.proven(environ["HTTP_DPOP"], typ="dpop+jwt")
        token = environ.get("HTTP_AUTHORIZATION", "").removeprefix("DPoP ")
        if not isinstance(proof.get("nonce", ""), str):
            return {"error": "invalid_dpop_proof"}
        if proof.get("nonce") != self.nonce or self.wrong == "deaf":
            self.nonce = secrets.token_urlsafe(8)
            return {"error": "use_dpop_nonce"}
        self.bound.setdefault("", holder)
        right = (
            proof["htm"] == environ["REQUEST_METHOD"]
            and proof["htu"] == self.issuer + environ["PATH_INFO"]
            and proof.get("ath") == (jose.whole_hash(token) if token else None)
            and self.bound.get(token) == holder
        )
        return None if right else {"error": "invalid_dpop_proof"}

    def _authorize(self, query: dict[str, str]) -> str:
        params = self.pushed.pop(query["request_uri"])
        answer = {"state": params["state"], "iss": self.issuer}
        if self.wrong == "denied":
            answer["error"] = "access_denied"
        else:
            answer["code"] = secrets.token_urlsafe(16)
            self.asked[answer["code"]] = params
        return f"{params['redirect_uri']}?{urlencode(answer)}"

    def _token(self, params: dict[str, str]) -> dict[str, Any]:
        if params.get("grant_type") == "client_credentials":
            return self._machine_token(params)
        asked = self.asked.pop(params.get("code", ""), None)
        challenge = jose.base64url(hashlib.sha256(params.get("code_verifier", "").encode()).digest())
        if (
            asked is None
            or challenge != asked["code_challenge"]
            or params.get("redirect_uri") != asked["redirect_uri"]
            or asked["dpop_jkt"] != self.bound[""]
            or not self._introduced(params)
        ):
            return {"error": "invalid_grant"}
        access = secrets.token_urlsafe(16)
        self.bound[access] = self.bound[""]
        tokens = {"access_token": access, "token_type": "DPoP", "id_token": self._id_token(asked, access)}
        if self.wrong == "token_type":
            tokens["token_type"] = "Bearer"  # noqa: S105
        if self.wrong == "no_id_token":
            del tokens["id_token"]
        return tokens

    def _machine_token(self, params: dict[str, str]) -> dict[str, Any]:
        if self.wrong == "stranger" or not self._introduced(params):
            return {"error": "invalid_client"}
        access = secrets.token_urlsafe(16)
        self.bound[access] = self.bound[""]
        kind = "Bearer" if self.wrong == "token_type" else "DPoP"
        return {"access_token": access, "token_type": kind, "scope": params["scope"]}

    def _registration(self) -> dict[str, Any]:
        told: dict[str, Any] = {
            "client_id": "another" if self.wrong == "other" else self.client_id,
            "client_name": "Tỉnh Thử nghiệm",
            "security_profile": "fapi",
            "redirect_uris": ["https://client.test/tro-ve/"],
            "jwks": {"keys": []},
            "logouts_undelivered": 0,
            **self.registered,
        }
        if self.wrong == "odd_keys":
            told["jwks"] = "none"
        if self.wrong == "odd_end":
            told["jwks"] = {"keys": [{**key, "exp": "soon"} for key in told["jwks"]["keys"]]}
        return told

    def _id_token(self, asked: dict[str, str], access: str) -> str:
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": self.client_id,
            "azp": self.client_id,
            "sub": self.who.sub,
            "iat": now,
            "exp": now + 300,
            "auth_time": now,
            "nonce": asked["nonce"],
            "acr": f"urn:vn:loa:{self.who.acr}",
            "at_hash": jose.half_hash(access),
            "sid": self.sid,
        }
        self._spoil(claims, now)
        return self._signed(claims)

    def _spoil(self, claims: dict[str, Any], now: int) -> None:
        spoiled: dict[str, dict[str, Any]] = {
            "nonce": {"nonce": "another"},
            "iss": {"iss": "https://other.invalid"},
            "aud": {"aud": "another-client"},
            "many_aud": {"aud": [self.client_id, "another-client"]},
            "azp": {"azp": "another-client"},
            "expired": {"exp": now - 120},
            "long_lived": {"exp": now + 10**6},
            "future": {"iat": now + 600},
            "at_hash": {"at_hash": jose.half_hash("another")},
            "no_at_hash": {"at_hash": None},
            "acr": {"acr": "urn:vn:loa:0"},
            "auth_time": {"auth_time": now - 7200},
            "sub": {"sub": ""},
        }
        claims.update(spoiled.get(self.wrong, {}))

    def word_of_leaving(self, sid: str = "twin-session", *, typ: str = "logout+jwt", **changes: Any) -> str:
        """Make the token that says that a log-in is over, as a right one or with changes (None: left out)."""
        now = int(time.time())
        claims: dict[str, Any] = {"iss": self.issuer, "aud": self.client_id, "sid": sid}
        claims |= {"iat": now, "exp": now + 120, "jti": secrets.token_urlsafe(24)}
        claims |= {"events": {"http://schemas.openid.net/event/backchannel-logout": {}}, **changes}
        given = {name: value for name, value in claims.items() if value is not None}
        if self.wrong in ("alg_none", "hs256", "signature", "kid"):
            return self._signed(given)
        return jose.sign(given, self.key, typ=typ)

    def _signed(self, claims: dict[str, Any]) -> str:
        if self.wrong in ("alg_none", "hs256"):
            name = "none" if self.wrong == "alg_none" else "HS256"
            head = jose.base64url(json.dumps({"alg": name, "kid": self.key["kid"]}).encode())
            return f"{head}.{jose.base64url(json.dumps(claims).encode())}.{jose.base64url(b'x' * 32)}"
        key = self.key
        if self.wrong == "signature":
            key = {**jose.new_key(), "kid": self.key["kid"]}
        if self.wrong == "kid":
            key = jose.new_key()
        return jose.sign(claims, key)

    def _userinfo(self) -> dict[str, Any]:
        who = self.who
        facts = {
            "sub": "another" if self.wrong == "userinfo_sub" else who.sub,
            "citizen_number": who.number,
            "name": who.name,
            "birthdate": who.born_on,
            "gender": who.gender,
            "phone_number": who.phone,
            "account_level": who.level,
            "acting_for": who.acting_for,
        }
        return {name: value for name, value in facts.items() if value}


class _Near(httpx.BaseTransport):
    """Carries requests to a twin in this process."""

    def __init__(self, twin: Twin) -> None:
        self._twin = twin
        self._wsgi = httpx.WSGITransport(app=self._app)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        patience = request.extensions.get("timeout", {}).get("read")
        if patience is not None and self._twin.slow > patience:
            raise httpx.ReadTimeout("the twin is slow", request=request)
        return self._wsgi.handle_request(request)

    def _app(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        status, headers, body = self._twin._answer(environ)
        start_response(status, headers)
        return [body]
