"""Posting logout tokens to the address that a system has registered for them."""

from dataclasses import dataclass, field

import httpx

from motcua.connectors.logout import Denied, Unavailable


def _line() -> httpx.Client:
    return httpx.Client(timeout=5, follow_redirects=False, trust_env=False)


@dataclass(frozen=True, slots=True)
class Messenger:
    """Carries logout tokens."""

    http: httpx.Client = field(default_factory=_line)

    def tell(self, address: str, token: str) -> None:
        """Post one token; raises Unavailable or Denied."""
        try:
            answer = self.http.post(address, data={"logout_token": token})
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unavailable(type(error).__name__) from None
        if answer.status_code == 400:
            raise Denied("status 400")
        if answer.status_code not in (200, 204):
            raise Unavailable(f"status {answer.status_code}")


_messenger = Messenger()


def tell(address: str, token: str) -> None:
    """Tell one system; raises Unavailable or Denied."""
    _messenger.tell(address, token)
