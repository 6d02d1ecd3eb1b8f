"""One signed question to the population register over HTTP, and its signed answer.

A question is repeated only when it surely never arrived; each try is a message of its own in their log.
"""

import json
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
from django.conf import settings
from django.utils.translation import get_language

from motcua.connectors.population import Denied, Purpose, Unavailable, Unknown, signatures
from motcua.connectors.population.signatures import Answer, Forged, Question

#: bytes; a record is a hundredth of it
_LONGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Road:
    """The way to one register, and who we are there; each wire has its own words on it."""

    url: str
    client_id: str
    key: Mapping[str, Any]
    #: what its answers are signed with
    answer_keys: Sequence[Mapping[str, Any]]
    timeout: float
    http: httpx.Client

    def ask(self, verb: str, question: Mapping[str, Any], purpose: Purpose) -> dict[str, Any]:
        """Send a question and give what was told; raises Unavailable, Denied or Unknown."""
        body = json.dumps(question).encode()
        try:
            status, said = self._send(verb, body, purpose)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            # Nothing arrived, so nothing was logged or counted there: once more is safe.
            status, said = self._send_again(verb, body, purpose)
        if status == 200:
            return said
        code, message = str(said.get("code", status)), str(said.get("message", ""))
        if status == 404 and code == "unknown":
            raise Unknown(code, message)
        if status in (400, 401, 403, 409, 413, 429):
            raise Denied(code, message)
        raise Unavailable(code, message)

    def _send_again(self, verb: str, body: bytes, purpose: Purpose) -> tuple[int, dict[str, Any]]:
        try:
            return self._send(verb, body, purpose)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise Unavailable("unreachable") from error

    def _send(self, verb: str, body: bytes, purpose: Purpose) -> tuple[int, dict[str, Any]]:
        """Send one message and read the answer, all within the time allowed."""
        question = self._question(verb, body, purpose)
        until = time.monotonic() + self.timeout
        received = bytearray()
        try:
            with self.http.stream("POST", question.url, content=body, headers=question.headers) as answer:
                for part in answer.iter_bytes():
                    received += part
                    if time.monotonic() > until or len(received) > _LONGEST:
                        raise Unavailable("too_slow_or_long")
        except (httpx.ConnectError, httpx.ConnectTimeout):
            raise
        except httpx.TimeoutException as error:
            raise Unavailable("timeout") from error
        except httpx.HTTPError as error:
            raise Unavailable("broken_off") from error
        said = Answer(answer.status_code, dict(answer.headers), question)
        return answer.status_code, self._opened(said, bytes(received))

    def _opened(self, answer: Answer, body: bytes) -> dict[str, Any]:
        """Read an answer that the register signed; what stands between us and it signs nothing."""
        try:
            signatures.check_answer(answer, body, keys=self.answer_keys, at=datetime.now(UTC))
        except Forged as why:
            raise Unavailable(f"answer_{why.code}") from why
        try:
            said = json.loads(body)
        except (ValueError, RecursionError):
            said = {}
        if not isinstance(said, dict) or (answer.status_code == 200 and not said):
            raise Unavailable("wrong_shape")
        return said

    def _question(self, verb: str, body: bytes, purpose: Purpose) -> Question:
        if not all(text.isascii() and text.isprintable() for text in _codes(purpose)):
            raise Denied("purpose_missing")
        heads = {
            "Content-Type": "application/json",
            # A refusal is a sentence for whoever sits in front of us.
            "Accept-Language": get_language() or settings.LANGUAGE_CODE,
            "X-Road-Client": self.client_id,
            "X-Road-Id": str(uuid.uuid4()),
            "X-Road-Represented-Party": f"GOV/{purpose.agency}",
            "X-Road-UserId": purpose.officer,
            "X-Road-Issue": purpose.dossier,
        }
        question = Question(f"{self.url}/{verb}", heads)
        signatures.sign(question, body, key=self.key, at=datetime.now(UTC))
        return question


def _codes(purpose: Purpose) -> tuple[str, ...]:
    return purpose.agency, purpose.officer, purpose.dossier
