"""The library of procedures on disk: what each package is against what is published, and packages as zip."""

import io
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from django.utils.translation import gettext as _

from motcua.base.errors import Refused
from motcua.domain.procedures import package, queries
from motcua.domain.procedures.models import ProcedureVersion
from motcua.domain.procedures.package import Fault, Faulty
from motcua.domain.procedures.rules import fingerprint

FILES = {*(f"{part}.toml" for part in package.PARTS), "example.toml", package.TEMPLATE}
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Shelf:
    """One package on disk beside the newest published version of its code."""

    folder: str
    code: str = ""
    title: str = ""
    #: "published", "changed", "new" or "faulty"
    state: str = "faulty"
    last: ProcedureVersion | None = None
    faults: tuple[Fault, ...] = ()


def shelves() -> list[Shelf]:
    """Read every package and compare it with what is published."""
    newest: dict[str, ProcedureVersion] = {}
    for version in queries.published():
        newest.setdefault(version.code, version)
    return [_shelf(folder, newest) for folder in package.folders()]


def _shelf(folder: Path, newest: dict[str, ProcedureVersion]) -> Shelf:
    try:
        content = package.read(folder)
    except Faulty as faulty:
        return Shelf(folder.name, faults=tuple(faulty.faults))
    main = content["procedure"]
    last = newest.get(main["code"])
    same = last is not None and last.sha256 == fingerprint(content)
    state = "new" if last is None else "published" if same else "changed"
    return Shelf(folder.name, main["code"], main["title"], state, last)


def read(name: str) -> dict[str, Any]:
    """Read the package of this name; only names of the library are known."""
    for folder in package.folders():
        if folder.name == name:
            return package.read(folder)
    raise Refused(_("Thư viện không có gói này."))


def packed(version: ProcedureVersion) -> bytes:
    """Give the package of a published version as zip, as long as the library still says the same."""
    for folder in package.folders():
        shelf = _shelf(folder, {version.code: version})
        if shelf.state == "published" and shelf.code == version.code:
            return _zip(folder)
    raise Refused(_("Gói trên đĩa đã khác phiên bản này; hãy lấy bản cũ từ kho mã nguồn."))


def _zip(folder: Path) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            if path.name in FILES:
                archive.write(path, f"{folder.name}/{path.name}")
    return out.getvalue()


def unpacked(upload: IO[bytes]) -> dict[str, Any]:
    """Read a package from a zip; names and sizes in it are not trusted."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        try:
            with ZipFile(upload) as archive:
                _unpack(archive, folder)
        except BadZipFile as wrong:
            raise Refused(_("Tệp gửi lên không phải tệp nén zip.")) from wrong
        return package.read(folder)


def _unpack(archive: ZipFile, folder: Path) -> None:
    for entry in archive.infolist():
        name = PurePosixPath(entry.filename).name
        if entry.is_dir():
            continue
        if name not in FILES:
            raise Refused(_("Gói có tệp lạ: %(name)s") % {"name": name})
        if entry.file_size > MEGABYTE:
            raise Refused(_("Tệp %(name)s trong gói quá lớn.") % {"name": name})
        (folder / name).write_bytes(archive.read(entry))
