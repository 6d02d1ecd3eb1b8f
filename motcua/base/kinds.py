"""What a file is: told by its first bytes, then proved by opening it; its name and headers say nothing."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pi_heif  # type: ignore[import-untyped]
import pikepdf
from django.utils.translation import gettext_lazy as _
from PIL import Image

from motcua.base.errors import Refused
from motcua.base.text import INVISIBLE, nfc

pi_heif.register_heif_opener()

ACCEPTED = _("ảnh JPEG, PNG, HEIC hoặc tệp PDF")
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


@dataclass(frozen=True)
class Kind:
    """One accepted kind: its endings, and how many millions of dots a picture of it may have."""

    media: str
    endings: tuple[str, ...]
    megapixels: int = 0
    format: str = ""

    @property
    def is_picture(self) -> bool:
        """Tell a picture from a document."""
        return self.megapixels > 0


# A progressive JPEG of 110 million dots takes 330 MB while it is opened; PNG and HEIC have to be unpacked
# whole to be shown: 50 million dots are 150 MB.
JPEG = Kind("image/jpeg", (".jpg", ".jpeg"), 110, "JPEG")
PNG = Kind("image/png", (".png",), 50, "PNG")
HEIC = Kind("image/heic", (".heic", ".heif"), 50, "HEIF")
PDF = Kind("application/pdf", (".pdf",))
KINDS = {kind.media: kind for kind in (JPEG, PNG, HEIC, PDF)}

# Pillow's own guard against pictures that are small as files and huge in memory; ours below is stricter.
Image.MAX_IMAGE_PIXELS = 110_000_000


def sniff(head: bytes) -> Kind | None:
    """Tell the kind from the first bytes; None when it is none of the accepted ones."""
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return HEIC
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"%PDF-"):
        return PDF
    return None


def check(path: Path, kind: Kind, *, name: str) -> None:
    """Open the file as what it says it is, or refuse it in words."""
    broken = Refused(
        _("Không mở được tệp “%(name)s”: tệp bị hỏng hoặc chưa tải lên hết. Hãy tải lên lại.")
        % {"name": name}
    )
    opener: Callable[[Path, Kind, str], bool] = _picture_opens if kind.is_picture else _pdf_opens
    if not opener(path, kind, name):
        raise broken


def _picture_opens(path: Path, kind: Kind, name: str) -> bool:
    try:
        with Image.open(path, formats=[kind.format]) as picture:
            width, height = picture.size
            if width * height <= kind.megapixels * 1_000_000:
                # a JPEG is read to its end at an eighth of its size
                picture.draft("RGB", (200, 200))
                picture.load()
                return True
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        pass
    except (OSError, SyntaxError, ValueError, EOFError):
        return False
    raise Refused(
        _(
            "Ảnh “%(name)s” có quá nhiều điểm ảnh (nhận tối đa %(limit)s triệu). "
            "Hãy chụp hoặc lưu lại ở cỡ nhỏ hơn."
        )
        % {"name": name, "limit": kind.megapixels}
    )


def _pdf_opens(path: Path, kind: Kind, name: str) -> bool:
    # The library repairs what it can; a file that was cut off has lost its end mark and must not pass.
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 2048))
        if b"%%EOF" not in file.read():
            return False
    try:
        with pikepdf.open(path) as document:
            if not document.is_encrypted:
                return len(document.pages) > 0
    except pikepdf.PasswordError:
        pass
    except (pikepdf.PdfError, ValueError, OverflowError, RecursionError):
        return False
    raise Refused(
        _("Tệp PDF “%(name)s” đang đặt mật khẩu. Hãy bỏ mật khẩu rồi tải lên lại.") % {"name": name}
    )


def clean_name(name: str, kind: Kind | None = None) -> str:
    """Make a sent name fit for showing: no folders, no invisible signs, the ending of its true kind."""
    last = re.split(r"[/\\]", INVISIBLE.sub("", unicodedata.normalize("NFC", name)))[-1]
    stem = nfc(re.sub(r'[<>:"|?*]', "_", last)).lstrip(".").strip() or "tệp"
    if kind is None or Path(stem.lower()).suffix in kind.endings:
        return stem[-150:]
    return stem[: 150 - len(kind.endings[0])] + kind.endings[0]
