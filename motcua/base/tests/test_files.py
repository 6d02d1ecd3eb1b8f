import hashlib
import io
import os
import socket
import threading
from datetime import timedelta
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path as at_address
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from PIL import Image

from motcua.base import files
from motcua.base.errors import Refused
from motcua.base.models import FileState, StoredFile
from motcua.base.tests.samples import document, phone_picture, picture, sent
from motcua.base.wsgi import whole_bodies

NOW = timezone.now()


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


def kept(media: Path) -> list[Path]:
    return [place for place in media.rglob("*") if place.is_file()]


@pytest.mark.django_db
def test_a_file_lies_under_what_it_is_and_not_under_its_name(media):
    content = picture()
    stored = files.store(sent(content, "../../x"), at=NOW)
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert kept(media) == [media / stored.sha256[:2] / stored.sha256[2:4] / stored.sha256]
    assert (stored.original_name, stored.kind, stored.size) == ("x.jpg", "image/jpeg", len(content))
    assert stored.state == FileState.PENDING


@pytest.mark.django_db
def test_the_bytes_are_kept_as_they_came():
    content = picture() + b"bytes behind the end of the picture"
    assert files.path(files.store(sent(content), at=NOW)).read_bytes() == content


@pytest.mark.django_db
def test_the_sender_does_not_decide_the_kind():
    stored = files.store(sent(document(), "anh.jpg", "image/jpeg"), at=NOW)
    assert (stored.kind, stored.original_name) == ("application/pdf", "anh.jpg.pdf")


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"MZ\x90\x00 a program", b"<html></html>", b"PK\x03\x04 a Word file"])
def test_a_wrong_kind_is_refused_with_the_kinds_that_are_accepted(content, media):
    with pytest.raises(Refused, match=r"đơn\.docx.*nhận: ảnh JPEG, PNG, HEIC hoặc tệp PDF"):
        files.store(sent(content, "đơn.docx"), at=NOW)
    assert not kept(media)
    assert not StoredFile.objects.exists()


@pytest.mark.django_db
def test_an_empty_file_is_refused(media):
    with pytest.raises(Refused, match="trống"):
        files.store(sent(b""), at=NOW)
    assert not kept(media)


@pytest.mark.django_db
def test_a_file_above_the_limit_is_refused_with_both_numbers(settings, media):
    settings.UPLOAD_LIMIT = 20_000_000
    with pytest.raises(Refused, match=r"nặng 30 MB, vượt mức 20 MB"):
        files.store(sent(picture() + bytes(29_900_000)), at=NOW)
    assert not kept(media)


@pytest.mark.django_db
def test_a_file_that_lies_about_its_size_is_refused_while_it_is_read(settings, media):
    settings.UPLOAD_LIMIT = 10_000
    upload = sent(picture() + bytes(20_000))
    upload.size = 100
    with pytest.raises(Refused, match="vượt mức"):
        files.store(upload, at=NOW)
    assert not kept(media)


@pytest.mark.django_db
def test_a_photo_of_19_megabytes_is_accepted():
    assert files.store(sent(picture() + bytes(19_000_000)), at=NOW).size > 19_000_000


class Torn:
    """An upload whose sender goes away half-way."""

    name = "x.jpg"
    size = 1000

    def chunks(self, chunk_size=None):
        yield picture()[:500]
        raise ConnectionResetError


@pytest.mark.django_db
def test_a_stream_that_breaks_leaves_no_row_and_no_file(media):
    with pytest.raises(ConnectionResetError):
        files.store(Torn(), at=NOW)
    assert not kept(media)
    assert not StoredFile.objects.exists()


@pytest.mark.django_db
def test_the_same_bytes_twice_take_their_room_once(media):
    first, second = (files.store(sent(picture(), name), at=NOW) for name in ("a.jpg", "b.jpg"))
    assert first.sha256 == second.sha256
    assert len(kept(media)) == 1
    assert [first.original_name, second.original_name] == ["a.jpg", "b.jpg"]


@pytest.mark.django_db
def test_what_a_scan_says_is_true_of_the_same_bytes_everywhere():
    first, second = (files.store(sent(picture()), at=NOW) for _ in range(2))
    files.note(first, state=FileState.INFECTED, found="Eicar", at=NOW)
    second.refresh_from_db()
    assert (first.state, second.state, second.found) == ("infected", "infected", "Eicar")


@pytest.mark.django_db
def test_an_answer_is_safe_for_the_browser_that_gets_it():
    answer = files.answer(files.store(sent(picture(), "Giấy khai sinh.jpg"), at=NOW))
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Security-Policy"].endswith("; sandbox")
    assert answer["Content-Disposition"] == ("attachment; filename*=utf-8''Gi%E1%BA%A5y%20khai%20sinh.jpg")
    assert b"".join(answer.streaming_content) == picture()
    answer.file_to_stream.close()


@pytest.mark.django_db
def test_a_picture_may_show_in_the_page_but_a_phone_picture_is_only_saved():
    for content, disposition in ((picture(), "inline"), (phone_picture(), "attachment")):
        answer = files.answer(files.store(sent(content), at=NOW), inline=True)
        assert answer["Content-Disposition"].startswith(disposition)
        answer.file_to_stream.close()


@pytest.mark.django_db
def test_an_infected_file_is_never_sent():
    stored = files.store(sent(picture()), at=NOW)
    files.note(stored, state=FileState.INFECTED, found="Eicar", at=NOW)
    with pytest.raises(Refused, match="không an toàn"):
        files.answer(stored)


@pytest.mark.django_db
def test_a_copy_for_looking_at_says_from_what_and_how():
    stored = files.store(sent(picture(size=(3000, 2000)), "nhà.jpg"), at=NOW)
    copy = files.derive(stored, longest=320, at=NOW)
    assert copy.derived_from == stored
    assert copy.how.startswith("JPEG, 320 px, Pillow ")
    assert (copy.kind, copy.state, copy.original_name) == ("image/jpeg", "clean", "nhà-320.jpg")
    with Image.open(files.path(copy)) as small:
        assert small.size == (320, 213)
    assert files.derive(stored, longest=320, at=NOW) == copy


@pytest.mark.django_db
def test_a_copy_is_upright_and_carries_no_place_where_it_was_taken():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "the camera"
    out = io.BytesIO()
    Image.new("RGB", (800, 400), "white").save(out, "JPEG", exif=exif)
    copy = files.derive(files.store(sent(out.getvalue()), at=NOW), longest=320, at=NOW)
    with Image.open(files.path(copy)) as small:
        assert small.size == (160, 320)
        assert not dict(small.getexif())


@pytest.mark.django_db
@pytest.mark.parametrize("content", [picture("PNG"), phone_picture()])
def test_every_kind_of_picture_gets_a_copy_that_browsers_show(content):
    copy = files.derive(files.store(sent(content), at=NOW), longest=320, at=NOW)
    with Image.open(files.path(copy)) as small:
        assert small.format == "JPEG"


@pytest.mark.django_db(transaction=True)
def test_bytes_of_a_failed_transaction_are_swept_up_a_day_later(media):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        files.store(sent(picture()), at=NOW)
        raise ZeroDivisionError
    assert len(kept(media)) == 1
    assert files.sweep(at=timezone.now()) == 0
    assert files.sweep(at=timezone.now() + timedelta(days=2)) == 1
    assert not kept(media)


@pytest.mark.django_db(transaction=True)
def test_sweeping_leaves_named_bytes_alone_and_takes_half_written_ones(media):
    stored = files.store(sent(picture()), at=NOW)
    (media / "waiting" / "abandoned").write_bytes(b"half")
    assert files.sweep(at=timezone.now() + timedelta(days=2)) == 1
    assert kept(media) == [files.path(stored)]


@pytest.mark.django_db(transaction=True)
def test_sweeping_waits_for_a_transaction_that_is_about_to_name_the_bytes(media):
    content = picture()
    files.store(sent(content), at=NOW).delete()
    meanwhile = []

    def sweep():
        meanwhile.append(files.sweep(at=timezone.now() + timedelta(days=2)))
        connection.close()

    with transaction.atomic():
        stored = files.store(sent(content), at=NOW)
        thread = threading.Thread(target=sweep)
        thread.start()
        thread.join()
    assert meanwhile == [0]
    assert files.path(stored).read_bytes() == content


# ---- over the wire ----------------------------------------------------------------------------------


@csrf_exempt
def receive(request: HttpRequest) -> HttpResponse:
    """A view as the portals have them: it stores what came and answers in words."""
    try:
        stored = files.store(request.FILES["tep"], at=NOW)
    except Refused as refused:
        return HttpResponse(f"{refused.reason} | {request.POST.get('ghi_chu', '')}", status=409)
    return HttpResponse(stored.original_name)


urlpatterns = [at_address("nop/", receive)]


@pytest.fixture
def address(settings):
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = []
    return "/nop/"


@pytest.mark.django_db
def test_a_photo_of_30_megabytes_is_refused_in_words_and_the_rest_of_the_form_is_kept(address, media):
    form = {"tep": sent(picture() + bytes(30_000_000), "nhà.jpg"), "ghi_chu": "câu trả lời khác"}
    answer = Client().post(address, form)
    assert answer.status_code == 409
    assert "Tệp “nhà.jpg” nặng 31 MB, vượt mức 20 MB" in answer.content.decode()
    assert answer.content.decode().endswith("câu trả lời khác")
    assert not kept(media)


@pytest.mark.django_db
def test_a_small_file_beside_a_large_one_arrives_whole(address):
    content = picture()
    large = sent(picture() + bytes(30_000_000), "nhà.jpg")
    answer = Client().post(address, {"lon": large, "tep": sent(content, "nhỏ.jpg")})
    assert answer.content.decode() == "nhỏ.jpg"
    assert files.path(StoredFile.objects.get()).read_bytes() == content


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None: ...


class Server(WSGIServer):
    def handle_error(self, *args: object) -> None: ...


def body() -> tuple[bytes, bytes]:
    """A form whose picture arrives whole and whose answer behind it can be cut in the middle."""
    part = b'--line\r\nContent-Disposition: form-data; name="'
    picture_part = part + b'tep"; filename="x.jpg"\r\n\r\n' + picture() + b"\r\n"
    return picture_part + part + b'ghi_chu"\r\n\r\n' + b"words " * 10, b"words " * 10 + b"\r\n--line--\r\n"


def send(port: int, *, whole: bool) -> bytes:
    first, last = body()
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(
            b"POST /nop/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            b"Content-Type: multipart/form-data; boundary=line\r\n"
            + f"Content-Length: {len(first) + len(last)}\r\n\r\n".encode()
            + (first + last if whole else first)
        )
        if not whole:
            line.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: line.recv(65536), b""))


@pytest.mark.enable_socket
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("whole", [True, False])
def test_a_request_cut_off_half_way_leaves_no_row_and_no_file(whole, address, media):
    application = whole_bodies(get_wsgi_application())

    def serve(environ, start_response):
        try:
            return application(environ, start_response)
        finally:
            connection.close()

    server = make_server("127.0.0.1", 0, serve, server_class=Server, handler_class=Quiet)
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    answer = send(server.server_port, whole=whole)
    thread.join()
    server.server_close()
    assert (b"200 OK" in answer) == whole
    assert StoredFile.objects.count() == len(kept(media)) == (1 if whole else 0)


def test_files_are_written_so_that_only_the_system_reads_them(media, db):
    stored = files.store(sent(picture()), at=NOW)
    assert os.stat(files.path(stored)).st_mode & 0o007 == 0
