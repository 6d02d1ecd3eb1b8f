"""Who is calling: a token (JWT, ES256) signed for this one message with the subscriber's private key.

The token is bound to the message: its `jti` is the message's X-Road-Id, its `digest` that of the body.
"""

import base64
import hashlib
import logging
import re

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from motcua.base import jose
from motcua.domain.population import queries
from motcua.domain.population.models import Subscriber

#: what tokens are made out to: the register's own X-Road name
AUDIENCE = "VN/GOV/C06/dan-cu"
#: seconds: how far a caller's clock may be off, and how long a token may live
SKEW, LONGEST = 60, 120

_CLIENT = re.compile(r"[A-Za-z0-9._/-]{1,80}")
_REQUEST = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_log = logging.getLogger(__name__)


class Stranger(Exception):
    """A call whose credential does not hold; says the code and the sentence of the answer."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code = code
        self.message = message


class Signed(HttpBearer):
    """Takes the token out of the Authorization header and gives the subscriber."""

    def authenticate(self, request: HttpRequest, token: str) -> Subscriber:
        """Give the subscriber who signed this very message."""
        code = request.headers.get("X-Road-Client", "")
        found = queries.subscriber(code) if _CLIENT.fullmatch(code) else None
        try:
            claims = jose.opened(token, found.keys if found else [])
        except jose.BadToken as why:
            _log.warning("register: credential refused: %s", why)
            raise Stranger("credential", _("Chưa xác thực được cơ quan khai thác.")) from why
        try:
            jose.check_times(claims, at=timezone.now(), skew=SKEW, longest=LONGEST)
        except jose.BadToken as why:
            _log.warning("register: token of %s refused: %s", code, why)
            raise Stranger(
                "clock", _("Mã xác thực đã hết hạn, hoặc đồng hồ của hệ thống gọi bị lệch.")
            ) from why
        wanted = {"iss": code, "sub": code, "aud": AUDIENCE, "jti": request.headers.get("X-Road-Id", "")}
        wanted["digest"] = digest(request.body)
        if found is None or not _REQUEST.fullmatch(wanted["jti"]) or wanted.items() - _texts(claims):
            _log.warning("register: token of %s is for another message", code)
            raise Stranger("credential", _("Chưa xác thực được cơ quan khai thác."))
        return found


def _texts(claims: dict[str, object]) -> set[tuple[str, str]]:
    return {(name, value) for name, value in claims.items() if isinstance(value, str)}


def digest(body: bytes) -> str:
    """Hash a body the way Content-Digest writes it (RFC 9530)."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"
