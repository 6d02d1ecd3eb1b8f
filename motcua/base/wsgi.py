"""The WSGI application: Django behind a guard against requests that were cut off on the way.

Web servers hand over what came as if it were all, and Django then takes half a field for a whole one.
"""

from collections.abc import Callable
from typing import Any

from django.core.wsgi import get_wsgi_application


class WholeBody:
    """A request body that fails when the sender stops half-way, instead of looking complete."""

    def __init__(self, body: Any, length: int) -> None:
        self.body = body
        self.missing = length

    def read(self, size: int = -1) -> bytes:
        """Read as much as was asked for and announced, or raise."""
        wanted = self.missing if size < 0 else min(size, self.missing)
        pieces = []
        while wanted > 0:
            pieces.append(self._more(self.body.read(wanted)))
            wanted -= len(pieces[-1])
        return b"".join(pieces)

    def readline(self, size: int = -1) -> bytes:
        """Read to the end of a line, of the size or of the announced body, or raise."""
        wanted = self.missing if size < 0 else min(size, self.missing)
        line = b""
        while wanted > len(line) and not line.endswith(b"\n"):
            line += self._more(self.body.readline(wanted - len(line)))
        return line

    def _more(self, piece: bytes) -> bytes:
        if not piece:
            raise ConnectionResetError(f"the body of the request ended {self.missing} bytes early")
        self.missing -= len(piece)
        return piece


def application() -> Callable[..., Any]:
    """Make the WSGI application of the site, for the web server."""
    return whole_bodies(get_wsgi_application())


def whole_bodies(application: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a WSGI application so that a request that was cut off is an error and never a shorter file."""

    def guarded(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        if (length := environ.get("CONTENT_LENGTH") or "0").isdigit():
            environ["wsgi.input"] = WholeBody(environ["wsgi.input"], int(length))
        return application(environ, start_response)

    return guarded
