"""Reading a printed paper back with programs that had no part in printing it."""

import io
import re
import unicodedata

import pikepdf
import pypdfium2
import zxingcpp


def text(sheet: bytes) -> str:
    """Give the text a reader would copy out, white space evened."""
    with pypdfium2.PdfDocument(sheet) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    return re.sub(r"\s+", " ", "\n".join(pages).replace("\u200b", "").replace("\ufffe", ""))


def pages(sheet: bytes) -> int:
    """Count the pages."""
    with pikepdf.open(io.BytesIO(sheet)) as document:
        return len(document.pages)


def symbols(sheet: bytes) -> list[str]:
    """Read the bar codes and QR symbols of the first page."""
    with pypdfium2.PdfDocument(sheet) as document:
        picture = document[0].render(scale=3).to_pil()
    return [found.text for found in zxingcpp.read_barcodes(picture)]


def fonts(sheet: bytes) -> set[str]:
    """Name the fonts of all pages, without the tag of their subset."""
    names = set()
    with pikepdf.open(io.BytesIO(sheet)) as document:
        for thing in document.objects:
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/FontDescriptor":
                assert "/FontFile2" in thing or "/FontFile3" in thing, "a font is not embedded"
                names.add(str(thing.FontName).lstrip("/").split("+")[-1])
    return names


def letters() -> str:
    """Give the 146 letters of Vietnamese that can carry a tone, and đ."""
    tones = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]
    small = [unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in tones]
    return "".join([*small, "đ", *[letter.upper() for letter in small], "Đ"])


def size(sheet: bytes) -> tuple[int, int]:
    """Give width and height of the first page in millimetres."""
    with pypdfium2.PdfDocument(sheet) as document:
        width, height = document[0].get_size()
    return round(width * 25.4 / 72), round(height * 25.4 / 72)
