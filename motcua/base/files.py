"""Stored files: bytes kept under what they are (SHA-256), never under a name that was sent."""

import hashlib
import os
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

import PIL
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db import connection, transaction
from django.http import FileResponse
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from motcua.base.errors import Refused
from motcua.base.kinds import ACCEPTED, KINDS, check, clean_name, sniff
from motcua.base.models import FileState, StoredFile

MEGABYTE = 1_000_000
#: longest side of the copies made for looking at: in a list, on a whole screen
THUMBNAIL, PREVIEW = 320, 1600


class Upload(Protocol):
    """What Django hands over for a sent file, and what wraps bytes of our own."""

    name: str | None
    size: int

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Give the bytes piece by piece."""
        ...


def wrapped(content: bytes, name: str) -> Upload:
    """Hand over bytes of our own as if they had been sent."""
    return ContentFile(content, name=name)  # type: ignore[return-value]


def path(stored: StoredFile) -> Path:
    """Tell where the bytes lie; the place depends on nothing that a person sent."""
    return _place(stored.sha256)


def _place(sha256: str) -> Path:
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256[2:4] / sha256


def store(upload: Upload, *, at: datetime, state: FileState = FileState.PENDING) -> StoredFile:
    """Keep the bytes of an upload after opening them, or refuse them in words; the bytes are never altered.

    Whatever goes wrong, a half-written file is removed again.
    """
    name = clean_name(upload.name or "")
    _refuse_size(name, upload.size)
    waiting = _waiting_room() / uuid.uuid4().hex
    try:
        sha256, size, head = _write(upload, waiting, name)
        kind = sniff(head)
        if kind is None:
            raise Refused(
                _("Tệp “%(name)s” không dùng được. Hệ thống nhận: %(kinds)s.")
                % {"name": name, "kinds": ACCEPTED}
            )
        check(waiting, kind, name=name)
        with transaction.atomic():
            _keep(waiting, sha256)
            return StoredFile.objects.create(
                sha256=sha256,
                size=size,
                kind=kind.media,
                state=state,
                original_name=clean_name(name, kind),
                stored_at=at,
            )
    finally:
        waiting.unlink(missing_ok=True)


def _refuse_size(name: str, size: int) -> None:
    if size > settings.UPLOAD_LIMIT:
        raise Refused(
            _(
                "Tệp “%(name)s” nặng %(size)s MB, vượt mức %(limit)s MB. Các tệp khác và câu trả lời "
                "đã được giữ lại. Hãy chụp lại ở cỡ nhỏ hơn hoặc giảm dung lượng rồi tải lên lại."
            )
            % {"name": name, "size": -(-size // MEGABYTE), "limit": settings.UPLOAD_LIMIT // MEGABYTE}
        )


def _waiting_room() -> Path:
    room = Path(settings.MEDIA_ROOT) / "waiting"
    room.mkdir(parents=True, exist_ok=True, mode=0o750)
    return room


def _write(upload: Upload, place: Path, name: str) -> tuple[str, int, bytes]:
    digest, size, head = hashlib.sha256(), 0, b""
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640), "wb") as file:
        for chunk in upload.chunks():
            size += len(chunk)
            _refuse_size(name, size)
            head = head or chunk[:64]
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    if size == 0:
        raise Refused(_("Tệp “%(name)s” trống. Hãy chọn lại tệp.") % {"name": name})
    return digest.hexdigest(), size, head


def _keep(waiting: Path, sha256: str) -> None:
    # Held to the end of the transaction, so that sweep() never takes bytes whose row is about to appear.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_lock_of(sha256)])
    place = _place(sha256)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    waiting.replace(place)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _lock_of(sha256: str) -> int:
    return int(sha256[:15], 16)


def note(stored: StoredFile, *, state: FileState, found: str, at: datetime) -> None:
    """Write down what a scan said about the bytes; every row with the same bytes learns it."""
    StoredFile.objects.filter(sha256=stored.sha256).update(state=state, found=found[:200], scanned_at=at)
    stored.refresh_from_db()


def answer(stored: StoredFile, *, inline: bool = False) -> FileResponse:
    """Send a file so that no browser runs, guesses or keeps it; `inline` shows it instead of saving it."""
    if stored.state == FileState.INFECTED:
        raise Refused(_("Tệp này không an toàn nên không mở được."))
    shown = inline and stored.kind in ("image/jpeg", "image/png", "application/pdf")
    response = FileResponse(
        path(stored).open("rb"),
        content_type=stored.kind,
        as_attachment=not shown,
        filename=stored.original_name,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'self'; sandbox"
    return response


def derive(stored: StoredFile, *, longest: int, at: datetime) -> StoredFile:
    """Make a smaller JPEG copy of a picture to look at, upright and without hidden data; once per size."""
    how = f"JPEG, {longest} px, Pillow {PIL.__version__}"
    if existing := StoredFile.objects.filter(derived_from=stored, how=how).first():
        return existing
    waiting = _waiting_room() / uuid.uuid4().hex
    try:
        with Image.open(path(stored), formats=[KINDS[stored.kind].format]) as picture:
            picture.draft("RGB", (longest, longest))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((longest, longest))
            sheet = Image.new("RGB", upright.size, "white")
            layers = upright.convert("RGBA")
            sheet.paste(layers, mask=layers.getchannel("A"))
            sheet.save(waiting, "JPEG", quality=82, optimize=True)
        content = waiting.read_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        with transaction.atomic():
            _keep(waiting, sha256)
            copy, _made = StoredFile.objects.get_or_create(
                derived_from=stored,
                how=how,
                defaults={
                    "sha256": sha256,
                    "size": len(content),
                    "kind": "image/jpeg",
                    # drawn afresh from the dots: nothing that was hidden in the original is left
                    "state": FileState.CLEAN,
                    "scanned_at": at,
                    "original_name": f"{Path(stored.original_name).stem[:130]}-{longest}.jpg",
                    "stored_at": at,
                },
            )
        return copy
    finally:
        waiting.unlink(missing_ok=True)


def sweep(*, at: datetime, older_than: timedelta = timedelta(days=1)) -> int:
    """Remove bytes that no row names (a transaction failed) and abandoned half-written ones; say how many."""
    removed = 0
    for place in sorted(Path(settings.MEDIA_ROOT).glob("??/??/*")) + sorted(_waiting_room().iterdir()):
        if place.stat().st_mtime > (at - older_than).timestamp():
            continue
        if place.parent == _waiting_room():
            place.unlink(missing_ok=True)
            removed += 1
        else:
            removed += _remove_unnamed(place)
    return removed


@transaction.atomic
def _remove_unnamed(place: Path) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_lock_of(place.name)])
        (alone,) = cursor.fetchone() or (False,)
    if not alone or StoredFile.objects.filter(sha256=place.name).exists():
        return 0
    place.unlink(missing_ok=True)
    return 1


class LimitUpload(TemporaryFileUploadHandler):
    """Reads past the limit without keeping a byte, so that `store` can refuse in words and the form lives."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece while the file is within the limit; count it in any case."""
        if start + len(raw_data) <= settings.UPLOAD_LIMIT:
            super().receive_data_chunk(raw_data, start)
