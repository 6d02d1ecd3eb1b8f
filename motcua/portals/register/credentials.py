"""Who is calling: the subscriber that signed this one message (RFC 9421), and signing what it is told."""

import logging
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja.security import APIKeyHeader

from motcua.domain.population import gate
from motcua.domain.population.models import Subscriber
from motcua.portals.register import signatures

_CLIENT = re.compile(r"[A-Za-z0-9._/-]{1,80}")
_REQUEST = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_WHY = {
    "credential": _("Chữ ký của yêu cầu không hợp lệ."),
    "incomplete": _("Chữ ký của yêu cầu chưa bao gồm đủ các thành phần phải ký."),
    "clock": _("Yêu cầu được ký quá lâu, hoặc đồng hồ của hệ thống gọi bị lệch."),
    "key_expired": _("Khóa ký của cơ quan khai thác đã hết hạn."),
    "digest": _("Nội dung yêu cầu không khớp với nội dung đã ký."),
}
_log = logging.getLogger(__name__)


class Stranger(Exception):
    """A call whose signature does not hold; says the code and the sentence of the answer."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.message = str(_WHY[code])


class Signed(APIKeyHeader):
    """Gives the subscriber who signed this very message."""

    param_name = "Signature"

    def authenticate(self, request: HttpRequest, key: str | None) -> Subscriber:
        """Give the subscriber, or send the stranger away."""
        code = request.headers.get("X-Road-Client", "")
        found = gate.subscriber(code) if _CLIENT.fullmatch(code) else None
        if found is None or not _REQUEST.fullmatch(request.headers.get("X-Road-Id", "")):
            raise Stranger("credential")
        try:
            signatures.check(request, found.keys, at=timezone.now())
        except signatures.BadSignature as why:
            _log.warning("register: message refused: %s", why)
            raise Stranger(why.code) from why
        return found


def signing(run: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Sign whatever a question is answered with, refusals too."""

    @wraps(run)
    def signed(request: HttpRequest, **words: Any) -> HttpResponse:
        answer = run(request, **words)
        newest = settings.REGISTER_KEY.rpartition(",")[2]
        signatures.sign(request, answer, signatures.own_key(newest), at=timezone.now())
        return answer

    return signed
