"""Pages travel small, files as they are."""

import gzip

from django.http import FileResponse, HttpResponse
from django.test import RequestFactory

from motcua.base.compressing import Compressing

ASKING = RequestFactory().get("/", headers={"Accept-Encoding": "gzip"})
TEXT = "Đăng ký khai sinh. " * 200


def through(response: HttpResponse) -> HttpResponse:
    return Compressing(lambda request: response)(ASKING)


def test_a_page_travels_compressed() -> None:
    response = through(HttpResponse(TEXT))
    assert response["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.content).decode() == TEXT
    assert int(response["Content-Length"]) < len(TEXT) / 4


def test_two_copies_of_one_page_differ_in_length() -> None:
    assert len({len(through(HttpResponse(TEXT)).content) for _turn in range(20)}) > 1


def test_a_pdf_is_sent_as_it_is() -> None:
    assert "Content-Encoding" not in through(HttpResponse(TEXT, content_type="application/pdf"))


def test_a_file_that_streams_keeps_its_length(tmp_path) -> None:
    page = tmp_path / "page.html"
    page.write_text(TEXT)
    with page.open("rb") as file:
        response = through(FileResponse(file))
    assert "Content-Encoding" not in response
    assert int(response["Content-Length"]) == len(TEXT.encode())
