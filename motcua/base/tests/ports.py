"""Ports for servers of the tests."""

import random
import socket
from contextlib import suppress

#: nobody else's until this process ends, by names in the kernel that go with it
_KEPT: list[int] = []


def spare() -> int:
    """Find a port for this process alone, which stays so while nobody listens on it.

    One that the system gives out by itself could meanwhile be given to another test: these are below those.
    """
    for port in random.SystemRandom().sample(range(20_000, 30_000), 10_000):
        name, attempt = socket.socket(socket.AF_UNIX), socket.socket()
        with suppress(OSError), attempt:
            name.bind(f"\0motcua-test-port-{port}")
            attempt.bind(("127.0.0.1", port))
            _KEPT.append(name.detach())
            return port
        name.close()
    raise RuntimeError("no port is free")
