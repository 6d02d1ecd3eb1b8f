"""What a connected system may ask for, word by word (OpenID Connect Core, RFC 6749, 7636, 9207, 9700)."""

import hashlib
import hmac
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.base import jose
from motcua.base.errors import Refused
from motcua.domain.accounts.rules.accounts import ACR, LEVEL_OF_ACR


class Fault(Refused):
    """A refusal that a machine reads: an error code of OAuth with a few English words."""

    def __init__(self, code: str, description: str, *, status: int = 400) -> None:
        super().__init__(f"{code}: {description}")
        self.code = code
        self.description = description
        self.status = status


#: reading on while the person is not logged in; only for clients that were allowed to
OFFLINE = "offline_access"
#: for whom the person may act
REPRESENTATION = "representation"

#: scope → the claims it opens
CLAIMS_OF_SCOPE: dict[str, tuple[str, ...]] = {
    "openid": ("sub",),
    "profile": ("name", "birthdate", "gender", "account_level"),
    "citizen_number": ("citizen_number",),
    "phone": ("phone_number",),
    REPRESENTATION: ("acting_for",),
    OFFLINE: (OFFLINE,),
}

#: what the consent page calls each claim; `sub` says nothing about a person and is not listed
CLAIM_NAMES: dict[str, Promise] = {
    "citizen_number": _("Số định danh cá nhân"),
    "name": _("Họ, chữ đệm và tên"),
    "birthdate": _("Ngày, tháng, năm sinh"),
    "gender": _("Giới tính"),
    "account_level": _("Mức độ tài khoản định danh"),
    "phone_number": _("Số điện thoại"),
    "acting_for": _("Người và tổ chức bạn được làm thay: họ tên, ngày sinh, số định danh hoặc mã số"),
    OFFLINE: _("Đọc lại những thông tin này khi bạn không đăng nhập"),
}

CODE_LIFE = timedelta(seconds=60)
TOKEN_LIFE = timedelta(minutes=10)
ID_TOKEN_LIFE = timedelta(minutes=5)
#: a refresh token that is not used dies, and every family of them does
REFRESH_IDLE = timedelta(days=7)
REFRESH_LIFE = timedelta(days=30)
LOGOUT_LIFE = timedelta(minutes=2)
LOGOUT_TYPE = "logout+jwt"
REQUEST_LIFE = timedelta(minutes=30)
#: from a request that was pushed until the browser brings its name (RFC 9126)
PUSHED_LIFE = timedelta(seconds=60)
PUSHED = "urn:ietf:params:oauth:request_uri:"

_VISIBLE = re.compile(r"[\x21-\x7e]{1,512}")
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_PROMPTS = frozenset({"none", "login", "consent", "select_account"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One authorization request, read and found to be well-formed."""

    redirect_uri: str
    scopes: tuple[str, ...]
    state: str
    nonce: str
    challenge: str
    prompts: frozenset[str]
    max_age: int | None
    levels: tuple[int, ...]
    #: thumbprint of the key to which the code is bound (`dpop_jkt`, RFC 9449 section 10)
    holder: str = ""
    #: claims that the client wants with how they were verified
    verified: tuple[str, ...] = ()


def single(params: Mapping[str, Sequence[str]], name: str) -> str:
    """Give a parameter that must not come twice; absent is empty (RFC 6749 section 3.1)."""
    values = params.get(name, ())
    if len(values) > 1:
        raise Fault("invalid_request", f"{name} is repeated")
    return values[0] if values else ""


def visible(params: Mapping[str, Sequence[str]], name: str) -> str:
    """Give a parameter that must be there, in visible ASCII."""
    value = single(params, name)
    if not _VISIBLE.fullmatch(value):
        raise Fault("invalid_request", f"{name} is missing or malformed")
    return value


def read(params: Mapping[str, Sequence[str]], *, redirect_uri: str, allowed_scopes: Collection[str]) -> Asked:
    """Read an authorization request of a known client for a registered redirect URI, or raise Fault."""
    for unsupported, code in (
        ("request", "request_not_supported"),
        ("request_uri", "request_uri_not_supported"),
    ):
        if unsupported in params:
            raise Fault(code, f"{unsupported} is not supported")
    if single(params, "response_type") != "code":
        raise Fault("unsupported_response_type", "response_type must be code")
    if single(params, "response_mode") not in ("", "query"):
        raise Fault("invalid_request", "response_mode must be query")
    if single(params, "code_challenge_method") != "S256":
        raise Fault("invalid_request", "code_challenge_method must be S256")
    challenge = single(params, "code_challenge")
    if not _CHALLENGE.fullmatch(challenge):
        raise Fault("invalid_request", "code_challenge is missing or malformed")
    holder = single(params, "dpop_jkt")
    if not _CHALLENGE.fullmatch(holder or challenge):
        raise Fault("invalid_request", "dpop_jkt is malformed")
    return Asked(
        redirect_uri=redirect_uri,
        scopes=_scopes(single(params, "scope"), allowed_scopes),
        state=visible(params, "state"),
        nonce=visible(params, "nonce"),
        challenge=challenge,
        prompts=_prompts(single(params, "prompt")),
        max_age=_max_age(single(params, "max_age")),
        levels=tuple(LEVEL_OF_ACR[v] for v in single(params, "acr_values").split(" ") if v in LEVEL_OF_ACR),
        holder=holder,
    )


def _scopes(text: str, allowed: Collection[str]) -> tuple[str, ...]:
    asked = dict.fromkeys(text.split(" "))
    if "openid" not in asked:
        raise Fault("invalid_scope", "scope must contain openid")
    known = tuple(scope for scope in CLAIMS_OF_SCOPE if scope in asked)
    if not set(known) <= set(allowed):
        raise Fault("invalid_scope", "a scope is not open to this client")
    return known


def _prompts(text: str) -> frozenset[str]:
    prompts = frozenset(text.split(" ")) - {""}
    if not prompts <= _PROMPTS or ("none" in prompts and len(prompts) > 1):
        raise Fault("invalid_request", "prompt is malformed")
    return prompts


def _max_age(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise Fault("invalid_request", "max_age is malformed")
    return int(text)


def claims_of(scopes: Collection[str]) -> tuple[str, ...]:
    """List the claims that scopes open, in the order of the consent page."""
    opened = {claim for scope in scopes for claim in CLAIMS_OF_SCOPE.get(scope, ())}
    return tuple(claim for claim in CLAIM_NAMES if claim in opened)


def narrowed(text: str, granted: Sequence[str]) -> list[str]:
    """Give the scopes that a renewed token opens: all that were granted, or the fewer that are named."""
    asked = [scope for scope in text.split(" ") if scope]
    if not set(asked) <= set(granted):
        raise Fault("invalid_scope", "a scope was not granted")
    return [scope for scope in granted if not asked or scope in (*asked, OFFLINE)]


def refresh_life(at: datetime) -> tuple[datetime, datetime]:
    """Say when a refresh token made now ends if it is not used, and when its family ends anyway."""
    return at + REFRESH_IDLE, at + REFRESH_LIFE


class Step(StrEnum):
    """What a person must do next before the request can be answered."""

    LOG_IN = "log_in"
    CONFIRM = "confirm"
    CONSENT = "consent"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a person stands at the provider right now."""

    authenticated_at: datetime
    level: int
    #: the highest level that the factors of the account allow
    reachable: int
    #: claims that the person lets the client have, and voluntary ones that were offered and not ticked
    decided: frozenset[str] = frozenset()
    agreed_at: datetime | None = None


def next_step(asked: Asked, standing: Standing | None, *, made_at: datetime) -> Step:
    """Decide what comes next, or raise Fault when it must not or cannot happen."""
    silent = "none" in asked.prompts
    if standing is None or _stale(asked, standing, made_at):
        if silent:
            raise Fault("login_required", "the person must log in")
        return Step.LOG_IN
    wanted = next((level for level in asked.levels if level <= standing.reachable), None)
    if asked.levels and wanted is None:
        raise Fault("unmet_authentication_requirements", "no acr asked for can be reached")
    if wanted is not None and standing.level < wanted:
        if silent:
            raise Fault("login_required", "the person must confirm with a second factor")
        return Step.CONFIRM
    fresh = standing.agreed_at is not None and standing.agreed_at >= made_at
    if not set(claims_of(asked.scopes)) <= standing.decided or ("consent" in asked.prompts and not fresh):
        if silent:
            raise Fault("consent_required", "the person must agree")
        return Step.CONSENT
    return Step.ANSWER


def _stale(asked: Asked, standing: Standing, made_at: datetime) -> bool:
    if not asked.prompts.isdisjoint({"login", "select_account"}) and standing.authenticated_at < made_at:
        return True
    return asked.max_age is not None and standing.authenticated_at < made_at - timedelta(
        seconds=asked.max_age
    )


def answer(redirect_uri: str, **params: str) -> str:
    """Give the address that carries an answer back, keeping a query that was registered."""
    parts = urlsplit(redirect_uri)
    query = "&".join(filter(None, [parts.query, urlencode({k: v for k, v in params.items() if v})]))
    return urlunsplit(parts._replace(query=query))


def why_not_redirect_uri(uri: str) -> Promise | None:
    """Say why an address cannot be registered for coming back, or None: in full, https or loopback."""
    if not uri.isascii() or not uri.isprintable() or any(c in uri for c in " *\\") or len(uri) > 500:
        return _("Địa chỉ quay lại phải viết đầy đủ, không có dấu * hoặc khoảng trắng.")
    try:
        parts = urlsplit(uri)
        host = parts.hostname
    except ValueError:
        return _("Địa chỉ quay lại không đọc được.")
    if not host or parts.username is not None or parts.fragment or "#" in uri:
        return _("Địa chỉ quay lại phải viết đầy đủ, không có dấu #.")
    if parts.scheme != "https" and not (parts.scheme == "http" and host in _LOOPBACK):
        return _("Địa chỉ quay lại phải dùng https.")
    return None


def proves(verifier: str, challenge: str) -> bool:
    """Check a PKCE verifier against the S256 challenge (RFC 7636 section 4.6)."""
    if not _VERIFIER.fullmatch(verifier):
        return False
    made = jose.base64url(hashlib.sha256(verifier.encode()).digest())
    return hmac.compare_digest(made, challenge)


def fingerprint(secret: str) -> str:
    """Hash a long random secret (code, token), so that a stolen table opens nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def pairwise(key: str, what: int | str, sector: str) -> str:
    """Give the name under which one sector knows an account or a log-in; two cannot compare theirs."""
    return jose.base64url(hmac.digest(key.encode(), f"{what}\0{sector}".encode(), "sha256"))


def logout_token(
    *, issuer: str, client: str, sub: str, sid: str, jti: str, at: datetime
) -> dict[str, object]:
    """Compose the claims of a logout token (OpenID Connect Back-Channel Logout 1.0 section 2.4)."""
    return {
        "iss": issuer,
        "aud": client,
        "sub": sub,
        "sid": sid,
        "jti": jti,
        "iat": int(at.timestamp()),
        "exp": int((at + LOGOUT_LIFE).timestamp()),
        "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
    }


def id_token(
    *,
    issuer: str,
    client: str,
    sub: str,
    sid: str,
    nonce: str,
    access_token: str,
    level: int,
    methods: Sequence[str],
    authenticated_at: datetime,
    at: datetime,
) -> dict[str, object]:
    """Compose the claims of an ID token (OpenID Connect Core 2 and 3.1.3.6)."""
    return {
        "iss": issuer,
        "sub": sub,
        "aud": client,
        "azp": client,
        "iat": int(at.timestamp()),
        "exp": int((at + ID_TOKEN_LIFE).timestamp()),
        "auth_time": int(authenticated_at.timestamp()),
        "nonce": nonce,
        "acr": ACR[level],
        "amr": [*methods, "mfa"] if len(methods) > 1 else list(methods),
        "at_hash": jose.half_hash(access_token),
        "sid": sid,
    }
