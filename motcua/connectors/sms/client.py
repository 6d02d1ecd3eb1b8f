"""Handing texts to a gateway over HTTP.

The wire: `POST {url}/messages` with `Authorization: Bearer …`, `Idempotency-Key: <key>` and the JSON object
`{"to": phone, "text": words}`. 202 `{"id": …}` is taken, 200 `{"id": …}` was taken before under this key;
409 is the same key for another text; 400, 401, 403 are final; everything else means: again, later.
"""

from dataclasses import dataclass
from functools import lru_cache

import httpx
from django.conf import settings

from motcua.connectors.sms import Denied, Receipt, Text, Unavailable

_FINAL = (400, 401, 403, 404, 409, 413, 422)
_LONGEST = 10_000


@dataclass(frozen=True, slots=True)
class Gateway:
    """One gateway, and the word it knows us by."""

    url: str
    token: str
    http: httpx.Client

    def send(self, text: Text) -> Receipt:
        """Hand over one text; the same key twice is one text. Raises Unavailable or Denied."""
        heads = {"Idempotency-Key": text.key}
        if self.token:
            heads["Authorization"] = f"Bearer {self.token}"
        body = {"to": text.phone, "text": text.words}
        try:
            answer = self.http.post(f"{self.url}/messages", json=body, headers=heads)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            # The cause would carry the request, and that the phone.
            raise Unavailable(type(error).__name__) from None
        if answer.status_code in _FINAL:
            raise Denied(f"status {answer.status_code}")
        if answer.status_code not in (200, 202):
            raise Unavailable(f"status {answer.status_code}")
        return Receipt(_id(answer), repeated=answer.status_code == 200)


def _id(answer: httpx.Response) -> str:
    try:
        said = answer.json() if len(answer.content) <= _LONGEST else None
    except (ValueError, RecursionError):
        said = None
    found = said.get("id") if isinstance(said, dict) else None
    if not isinstance(found, str) or not 0 < len(found) <= 100:
        raise Unavailable("wrong shape")
    return found


@lru_cache(maxsize=4)
def _gateway(url: str, token: str, timeout: float) -> Gateway:
    return Gateway(url, token, httpx.Client(timeout=timeout, follow_redirects=False, trust_env=False))


def send(text: Text) -> Receipt:
    """Hand one text to the gateway that the settings name; raises Unavailable or Denied."""
    if not settings.SMS_URL:
        raise Denied("no gateway")
    return _gateway(settings.SMS_URL, settings.SMS_TOKEN, settings.SMS_TIMEOUT).send(text)
