"""Print papers: one Typst compiler per thread, fonts of our own, tagged PDF/A-2a."""

import json
import re
import threading
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import segno
import typst
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import override

from motcua.base.text import nfc_lines

HERE = Path(__file__).parent
#: the only folder that a template can read: layout.typ and the statutory slips
SLIPS = HERE / "slips"
FONTS = HERE / "fonts"

#: What the fonts cannot draw would make the whole paper fail (PDF/A): it is printed as a box instead.
#: A test prints every character that this lets through.
_UNPRINTABLE = re.compile(
    "[^\n\u0020-\u007e\u00a0-\u00ac\u00ae-\u024f\u02bc\u02c6\u02c7\u02d8-\u02dd\u0300-\u0304\u0306-\u030c\u031b"
    "\u0323\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce\u0400-\u045f\u1e80-\u1e85\u1ea0-\u1ef9"
    "\u2010-\u2015\u2018-\u201e\u2020-\u2022\u2026\u2030\u2032\u2033\u2039\u203a\u2044\u20ab\u20ac"
    "\u2116\u2122\u2190-\u2193\u2212\u2248\u2260\u2264\u2265\u25a0\u25a1\u25aa\u25cf\u25cb]"
)

_thread = threading.local()


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def _compiler() -> typst.Compiler:
    # A new compiler costs 50 ms, a reused one 3.
    if not hasattr(_thread, "compiler"):
        _thread.compiler = typst.Compiler(root=str(SLIPS), font_paths=_fonts(), ignore_system_fonts=True)
    compiler: typst.Compiler = _thread.compiler
    return compiler


def pdf(template: str, content: Mapping[str, Any], *, at: datetime | None = None) -> bytes:
    """Print a Typst template with the content as its `data`; same content and time, same file.

    Texts are composed (NFC), dates and times become local ISO text, and `content["qr"]` becomes a symbol.
    """
    with override("vi"):  # labels that know several languages are written out only here
        printed = compose(content)
    inputs = {"content": json.dumps(printed, ensure_ascii=False)}
    if text := printed.get("qr"):
        inputs["qr"] = qr_svg(text)
    sheet = _compiler().compile(
        template.encode(),
        format="pdf",
        sys_inputs=inputs,
        pdf_standards="a-2a",
        timestamp=int(at.timestamp()) if at else None,
    )
    assert isinstance(sheet, bytes)
    return sheet


def slip(name: str, content: Mapping[str, Any], *, at: datetime | None = None) -> bytes:
    """Print a paper of `slips/` by its file name, such as "01-receipt"; rules.Slip lists them."""
    return pdf(source(name), content, at=at)


@cache
def source(name: str) -> str:
    """Read the template of a slip."""
    return (SLIPS / f"{name}.typ").read_text(encoding="utf-8")


def compose(value: Any) -> Any:
    """Turn any content into plain JSON values that the fonts can draw."""
    if isinstance(value, Mapping):
        return {str(key): compose(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [compose(item) for item in value]
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return local.isoformat(timespec="minutes")[:16]
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, Decimal):
        return str(value)
    assert isinstance(value, (str, Promise)), f"a paper cannot print {type(value).__name__}"
    return _UNPRINTABLE.sub("□", nfc_lines(str(value)))


def qr_svg(text: str) -> str:
    """Draw a QR symbol as one path, so that no viewer shows seams between the squares."""
    rows = list(segno.make_qr(text, error="m").matrix_iter(border=2))
    path = "".join(
        f"M{match.start()} {y}h{len(match[0])}v1h-{len(match[0])}z"
        for y, row in enumerate(rows)
        for match in re.finditer("1+", "".join("1" if dark else "0" for dark in row))
    )
    side = len(rows)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"><path d="{path}"/></svg>'
