"""Small real files for tests, drawn on the spot."""

import base64
import io

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from motcua.base.scanning import EICAR


def picture(format: str = "JPEG", size: tuple[int, int] = (640, 480), colour: str = "#0b4f9c") -> bytes:
    """Draw a picture that is not all one colour, so that it has some bytes to lose."""
    sheet = Image.linear_gradient("L").resize(size).convert("RGB")
    sheet.paste(Image.new("RGB", (size[0] // 2, size[1] // 2), colour), (0, 0))
    out = io.BytesIO()
    sheet.save(out, format)
    return out.getvalue()


def document(pages: int = 1, **saving: object) -> bytes:
    """Make an empty PDF."""
    with pikepdf.new() as paper:
        for _page in range(pages):
            paper.add_blank_page()
        return saved(paper, **saving)


def saved(paper: pikepdf.Pdf, **saving: object) -> bytes:
    """Give the bytes of an open PDF."""
    out = io.BytesIO()
    paper.save(out, **saving)
    return out.getvalue()


def scripted_document() -> bytes:
    """Make a PDF that runs a script when it is opened."""
    with pikepdf.new() as paper:
        paper.add_blank_page()
        paper.Root.OpenAction = pikepdf.Dictionary(
            S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)")
        )
        return saved(paper)


def infected_picture() -> bytes:
    """Make a picture with the test virus behind its end."""
    return picture() + EICAR


def sent(
    content: bytes, name: str = "anh.jpg", media: str = "application/octet-stream"
) -> SimpleUploadedFile:
    """Wrap bytes as a browser's upload; the media type is the sender's word and means nothing."""
    return SimpleUploadedFile(name, content, content_type=media)


#: one blue picture of 32 × 32 dots, made once with an encoder that we do not ship
_HEIC = (
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAX1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAA"
    "AAAAACJpbG9jAAAAAERAAAEAAQAAAAABoQABAAAAAAAAABkAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAA"
    "AA5waXRtAAAAAAABAAAA/WlwcnAAAADdaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNw"
    "AAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFz"
    "wIkAAAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAACAAAAABAAAAIAAAAAH////gAAAA"
    "Av///+AAAAACAAAAEHBpeGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWBAgMFhAAAACFtZGF0AAAAFSgBrwQY+Mpx1//3"
    "CxPyKT711IR5wA=="
)


def phone_picture() -> bytes:
    """Give a picture as an iPhone stores it (HEIC)."""
    return base64.b64decode(_HEIC)
