"""Scan a stored file for what could harm its reader: by clamd when there is one, else by a look inside."""

import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from django.conf import settings

from motcua.base.models import FileState, StoredFile

#: the harmless file that every scanner in the world calls infected, in two parts so that this file is not
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
_ACTIVE = {"/JavaScript": "JavaScript", "/Launch": "Launch", "/ImportData": "ImportData"}
_ACTIVE_KEYS = {"/JS": "JavaScript", "/EmbeddedFiles": "embedded file", "/EF": "embedded file", "/XFA": "XFA"}
_SECONDS = 30


@dataclass(frozen=True)
class Verdict:
    """What one scan said."""

    state: FileState
    found: str = ""


def scan(path: Path, kind: str) -> Verdict:
    """Look at one file; without an answer from a configured clamd it stays unscanned, never clean."""
    if found := look_inside(path, kind):
        return Verdict(FileState.INFECTED, found)
    return _ask_clamd(path, settings.CLAMD_SOCKET) if settings.CLAMD_SOCKET else Verdict(FileState.CLEAN)


def look_inside(path: Path, kind: str) -> str:
    """Find the test virus anywhere, and in a PDF whatever runs, opens or carries something else."""
    if EICAR in path.read_bytes():
        return "EICAR test file"
    if kind != "application/pdf":
        return ""
    try:
        with pikepdf.open(path) as document:
            return next(_active_parts(document), "")
    except pikepdf.PdfError:
        return "PDF that cannot be opened"


def _active_parts(document: pikepdf.Pdf) -> Iterator[str]:
    for thing in document.objects:
        yield from _inside(thing, depth=0)


def _inside(thing: pikepdf.Object, depth: int) -> Iterator[str]:
    # Direct objects nest; indirect ones are walked by the caller, so following them would never end.
    if depth > 100:
        yield "PDF nested too deeply"
        return
    if isinstance(thing, pikepdf.Array):
        for item in thing:
            if isinstance(item, pikepdf.Object) and not item.is_indirect:
                yield from _inside(item, depth + 1)
    if not isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
        return
    for key, item in thing.items():
        if key in _ACTIVE_KEYS:
            yield f"PDF with {_ACTIVE_KEYS[key]}"
        if key == "/S" and str(item) in _ACTIVE:
            yield f"PDF with {_ACTIVE[str(item)]}"
        if isinstance(item, pikepdf.Object) and not item.is_indirect:
            yield from _inside(item, depth + 1)


def _ask_clamd(path: Path, address: str) -> Verdict:
    try:
        reply = _instream(path, address)
    except OSError as error:
        return Verdict(FileState.UNSCANNED, f"clamd: {type(error).__name__}")
    if reply.endswith("FOUND"):
        return Verdict(FileState.INFECTED, reply.removeprefix("stream: ").removesuffix(" FOUND"))
    if reply == "stream: OK":
        return Verdict(FileState.CLEAN)
    return Verdict(FileState.UNSCANNED, f"clamd: {reply}")


def _instream(path: Path, address: str) -> str:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line, path.open("rb") as file:
        line.settimeout(_SECONDS)
        line.connect(address)
        line.sendall(b"zINSTREAM\0")
        while chunk := file.read(65536):
            line.sendall(struct.pack("!I", len(chunk)) + chunk)
        line.sendall(struct.pack("!I", 0))
        reply = b""
        while not reply.endswith(b"\0") and (part := line.recv(4096)):
            reply += part
    return reply.rstrip(b"\0").decode("utf-8", "replace").strip()


def waiting(limit: int) -> list[StoredFile]:
    """List the files that nobody has been able to call clean or infected yet, oldest first."""
    states = [FileState.PENDING, FileState.UNSCANNED]
    return list(StoredFile.objects.filter(state__in=states).order_by("stored_at")[:limit])
