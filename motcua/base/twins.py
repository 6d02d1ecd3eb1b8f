"""Serving a twin: a stand-in for an outside system that speaks its wire format and misbehaves on demand."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server


class Patience:
    """How long a twin lets its clients wait, until it is stopped."""

    def __init__(self) -> None:
        self._stopped = threading.Event()

    def wait(self, seconds: float) -> None:
        """Wait so long, or until nobody is to wait any more."""
        self._stopped.wait(seconds)

    def end(self) -> None:
        """Let nobody wait any longer."""
        self._stopped.set()


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    allow_reuse_address = True

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Hang up on whoever calls while the twin says so."""
        return not getattr(self.get_app(), "hangs_up", False)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that did not wait is no fault of ours."""


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: who asked for what is nobody's business."""


@contextmanager
def serve(twin: Any) -> Iterator[str]:
    """Serve a WSGI app with a `patience` on a free loopback port and give its address, without a path."""
    server = _server("127.0.0.1", 0, twin)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        twin.patience.end()
        server.shutdown()
        server.server_close()
        thread.join()


def serve_until_stopped(twin: Any, host: str, port: str) -> None:
    """Serve until somebody stops the process."""
    _server(host, int(port), twin).serve_forever()


def _server(host: str, port: int, twin: Any) -> WSGIServer:
    return make_server(host, port, twin, server_class=_Server, handler_class=_Quiet)
