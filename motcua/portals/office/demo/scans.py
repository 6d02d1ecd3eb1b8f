"""Small pictures and PDF files that look like papers and portraits, drawn anew for each dossier."""

from functools import cache
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw, ImageFont

from motcua.base import files
from motcua.domain.papers.printing import FONTS

_PAGE = (560, 792)
_PORTRAIT = (354, 472)
_PAPERS = ("#fdfcf7", "#faf6ea", "#f3f5f7", "#fbf3f0")
_TABLES = ("#7d6a55", "#5e6b73", "#88806f", "#4f5a4c")
_SKINS = ("#e8bf9a", "#d9a97c", "#c98f63", "#f0cfae")
_SHIRTS = ("#ffffff", "#cfe0ee", "#e9e2cf", "#d8d8e8")


@cache
def _font(size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / f"LiberationSerif-{'Bold' if bold else 'Regular'}.ttf", size)


def photograph(title: str, lines: list[str], chance: Random) -> files.Upload:
    """Photograph a paper lying a little askew on a table."""
    sheet = _sheet(title, lines, chance).rotate(
        chance.uniform(-2.5, 2.5), expand=True, fillcolor=chance.choice(_TABLES)
    )
    return _saved(sheet, "JPEG", f"IMG_{chance.randrange(1000, 9999)}.jpg", quality=60)


def scanned(title: str, lines: list[str], chance: Random) -> files.Upload:
    """Scan a paper into a PDF of one page."""
    return _saved(_sheet(title, lines, chance), "PDF", f"scan{chance.randrange(100, 999)}.pdf", resolution=68)


def portrait(chance: Random) -> files.Upload:
    """Draw a face on a light background."""
    picture = Image.new("RGB", _PORTRAIT, "#eef3f8")
    draw = ImageDraw.Draw(picture)
    skin, wide = chance.choice(_SKINS), chance.randrange(62, 78)
    draw.ellipse((40, 330, 314, 620), fill=chance.choice(_SHIRTS), outline="#b8bcc4")
    draw.rectangle((150, 270, 204, 350), fill=skin)
    draw.ellipse((177 - wide - 12, 90, 177 + wide + 12, 290), fill="#1d1a18")
    draw.ellipse((177 - wide, 120, 177 + wide, 310), fill=skin)
    for side in (-28, 28):
        draw.ellipse((177 + side - 7, 200, 177 + side + 7, 210), fill="#1d1a18")
    draw.arc((150, 235, 204, 275), 20, 160, fill="#8d3b34", width=4)
    return _saved(picture, "JPEG", f"anh-chan-dung-{chance.randrange(100, 999)}.jpg", quality=75)


def _sheet(title: str, lines: list[str], chance: Random) -> Image.Image:
    sheet = Image.new("RGB", _PAGE, chance.choice(_PAPERS))
    draw = ImageDraw.Draw(sheet)
    middle = _PAGE[0] // 2
    draw.text((middle, 40), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "#222", _font(17, True), "mm")
    draw.text((middle, 64), "Độc lập – Tự do – Hạnh phúc", "#222", _font(16), "mm")
    for number, part in enumerate(_wrapped(title.upper(), 34)):
        draw.text((middle, 130 + 30 * number), part, "#222", _font(23, True), "mm")
    for number, line in enumerate(lines):
        draw.text((60, 240 + 34 * number), line, "#333", _font(18))
    draw.text((60, 640), "BẢN TRÌNH DIỄN – KHÔNG CÓ GIÁ TRỊ", "#999", _font(14))
    x, y = chance.randrange(340, 420), chance.randrange(560, 640)
    draw.ellipse((x, y, x + 110, y + 110), outline="#c0392b", width=4)
    draw.text((x + 55, y + 55), "MẪU", "#c0392b", _font(20, True), "mm")
    return sheet


def _wrapped(text: str, most: int) -> list[str]:
    """Break a title into at most three lines."""
    parts = [""]
    for word in text.split():
        if parts[-1] and len(parts[-1]) + len(word) >= most:
            parts.append("")
        parts[-1] = f"{parts[-1]} {word}".strip()
    return parts[:3]


def _saved(picture: Image.Image, kind: str, name: str, **how: int) -> files.Upload:
    buffer = BytesIO()
    picture.save(buffer, kind, **how)
    return files.wrapped(buffer.getvalue(), name)
