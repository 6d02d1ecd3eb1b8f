"""Uploads over the wire to a real web server: cut off half-way, far too large, gone before the answer."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as ours
from django.db import connection
from django.test import Client

from motcua.base.models import Event, StoredFile
from motcua.base.tests.ports import spare
from motcua.domain.dossiers.rules import State
from motcua.domain.papers import queries as papers
from tests.roads import JPEG, Road

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]


@pytest.fixture
def port(transactional_db: None) -> Iterator[int]:
    """Serve the site on loopback with the server that production runs, on the database of the test."""
    number, database = spare(), connection.settings_dict
    options = "&".join(f"{k}={v}" for k, v in database["OPTIONS"].items() if k in ("host", "user"))
    where = f"{database['HOST']}:{database['PORT']}" if database["HOST"] else ""
    who = f"{database['USER']}:{database['PASSWORD']}@" if database["HOST"] else ""
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--factory"),
            *("--host", "127.0.0.1", "--port", str(number), "motcua.base.wsgi:application"),
        ],
        cwd=ours.ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "motcua.settings.test",
            "DATABASE_URL": f"postgresql://{who}{where}/{database['NAME']}?{options}",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        answering(number, server)
        yield number
    finally:
        server.terminate()
        server.wait(timeout=60)


def answering(number: int, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and server.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", number), timeout=2) as line:
                line.sendall(b"GET /healthz HTTP/1.1\r\nHost: testserver\r\nConnection: close\r\n\r\n")
                if b" 200 " in line.recv(100):
                    return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server never answered")


class Sender:
    """A browser down to its bytes: logged in, with its token, sending one form with a file."""

    def __init__(self, browser: Client, port: int, path: str) -> None:
        self.port, self.path = port, path
        browser.get(path)
        self.cookies = "; ".join(f"{name}={cookie.value}" for name, cookie in browser.cookies.items())
        self.token = browser.cookies[ours.CSRF_COOKIE_NAME].value

    def get(self) -> str:
        """Look at the page."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=90) as line:
            line.sendall(
                f"GET {self.path} HTTP/1.1\r\nHost: testserver\r\nCookie: {self.cookies}\r\n"
                "Connection: close\r\n\r\n".encode()
            )
            return b"".join(iter(lambda: line.recv(65536), b"")).decode()

    def body(self, name: str, content: bytes) -> bytes:
        head = b'--line\r\nContent-Disposition: form-data; name="'
        return (
            head + f'csrfmiddlewaretoken"\r\n\r\n{self.token}\r\n'.encode()
            + head + b'stay"\r\n\r\n1\r\n'
            + head + f'paper-birth_note"; filename="{name}"\r\n\r\n'.encode() + content
            + b"\r\n--line--\r\n"
        )  # fmt: skip

    def send(self, body: bytes, *, until: int | None = None, announced: int | None = None) -> bytes:
        """Send the body, or its first part and then hang up; give the answer."""
        length = len(body) if announced is None else announced
        with socket.create_connection(("127.0.0.1", self.port), timeout=90) as line:
            line.sendall(
                f"POST {self.path} HTTP/1.1\r\nHost: testserver\r\nCookie: {self.cookies}\r\n"
                f"Connection: close\r\nContent-Type: multipart/form-data; boundary=line\r\n"
                f"Content-Length: {length}\r\n\r\n".encode()
            )
            line.sendall(body[:until])
            if until is not None:
                line.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: line.recv(65536), b""))


def held(walked: Road) -> list[str]:
    return [p.file.original_name for p in papers.of(walked.dossier.subject) if p.kind == "birth_note"]


def test_a_photo_cut_off_or_far_too_large_leaves_the_draft_whole(port: int, road: Any, log_in: Any) -> None:
    walked = road(State.DRAFT)
    before = held(walked), Event.objects.count(), StoredFile.objects.count()
    sender = Sender(log_in(Client(), walked.citizen), port, f"/ho-so/nhap/{walked.dossier.key}/giay-to/")
    photo = JPEG.read_bytes()
    whole = sender.body("moi.jpg", photo + bytes(200_000))

    # Half of the body, then the line goes dead: no paper, no bytes, no fact, no page that thanks for it.
    answer = sender.send(whole, until=len(whole) // 2)
    assert b" 302 " not in answer.partition(b"\r\n")[0]
    # All but the last boundary: the file itself is whole, the form is not.
    answer = sender.send(whole, until=len(whole) - 12)
    assert b" 302 " not in answer.partition(b"\r\n")[0]
    assert (held(walked), Event.objects.count(), StoredFile.objects.count()) == before

    # 30 MB of photograph: read, refused in words, and what was there is still there.
    answer = sender.send(sender.body("nha.jpg", photo + bytes(30_000_000))).decode()
    assert answer.startswith("HTTP/1.1 422 ")
    assert "Tệp “nha.jpg” nặng 31 MB, vượt mức 20 MB" in answer
    assert (held(walked), Event.objects.count(), StoredFile.objects.count()) == before

    # More than a request may have at all: refused in words before it is read.
    answer = sender.send(b"", announced=ours.REQUEST_LIMIT + 1).decode()
    assert answer.startswith("HTTP/1.1 413 ")
    assert "nặng quá 100 MB" in answer

    # And then the same photo arrives whole: nothing that failed before stands in its way.
    answer = sender.send(sender.body("../../x.jpg", photo + bytes(100))).decode(errors="replace")
    assert answer.startswith("HTTP/1.1 302 "), answer[:400]
    assert "x.jpg" in held(walked)
    assert not [name for name in held(walked) if "/" in name or ".." in name]


def test_a_database_that_was_restarted_costs_nobody_a_page(port: int, road: Any, log_in: Any) -> None:
    walked = road(State.SUBMITTED)
    sender = Sender(log_in(Client(), walked.citizen), port, f"/ho-so/{walked.dossier.code}/")
    assert sender.get().startswith("HTTP/1.1 200 ")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert cursor.fetchone()[0] > 0
    page = sender.get()
    assert page.startswith("HTTP/1.1 200 ")
    assert str(walked.dossier.code) in page
