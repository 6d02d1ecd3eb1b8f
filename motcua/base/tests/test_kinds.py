import pikepdf
import pytest
from PIL import Image

from motcua.base.errors import Refused
from motcua.base.kinds import HEIC, JPEG, KINDS, PDF, PNG, check, clean_name, sniff
from motcua.base.tests.samples import document, phone_picture, picture


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\xff\xd8\xff\xe0....JFIF", JPEG),
        (b"\x89PNG\r\n\x1a\n", PNG),
        (b"\x00\x00\x00\x18ftypheic", HEIC),
        (b"%PDF-1.7", PDF),
        (b"\xef\xbb\xbf\r\n%PDF-1.4", PDF),
        (b"MZ\x90\x00", None),
        (b"<html>%PDF-1.7", None),
        (b"GIF89a", None),
        (b"PK\x03\x04", None),
        (b"", None),
    ],
)
def test_the_kind_is_told_by_the_first_bytes(head, kind):
    assert sniff(head) is kind


def test_every_accepted_picture_opens(tmp_path):
    for format, kind in (("JPEG", JPEG), ("PNG", PNG)):
        place = tmp_path / format
        place.write_bytes(picture(format))
        assert sniff(place.read_bytes()) is kind
        check(place, kind, name="x")


@pytest.mark.parametrize("kind", [JPEG, PNG, PDF])
def test_a_file_that_was_cut_off_does_not_open(kind, tmp_path):
    whole = document(20) if kind is PDF else picture(kind.format)
    place = tmp_path / "x"
    place.write_bytes(whole[: len(whole) * 2 // 3])
    with pytest.raises(Refused, match="bị hỏng hoặc chưa tải lên hết"):
        check(place, kind, name="giấy khai sinh.jpg")


def test_a_text_that_only_begins_like_a_picture_does_not_open(tmp_path):
    place = tmp_path / "x"
    place.write_bytes(b"\xff\xd8\xff" + b"<script>alert(1)</script>" * 100)
    with pytest.raises(Refused, match="Không mở được"):
        check(place, JPEG, name="x.jpg")


def test_a_picture_small_on_disk_and_huge_in_memory_is_refused_by_its_size_in_dots(tmp_path):
    place = tmp_path / "bomb"
    Image.new("1", (20_000, 9_000)).save(place, "PNG")
    assert place.stat().st_size < 100_000
    with pytest.raises(Refused, match="quá nhiều điểm ảnh"):
        check(place, PNG, name="bomb.png")


@pytest.mark.parametrize("owner_only", [True, False])
def test_a_pdf_with_a_password_is_refused(owner_only, tmp_path):
    place = tmp_path / "x"
    lock = pikepdf.Encryption(owner="chủ", user="" if owner_only else "khách", R=6)
    place.write_bytes(document(encryption=lock))
    with pytest.raises(Refused, match="đang đặt mật khẩu"):
        check(place, PDF, name="x.pdf")


def test_a_pdf_without_pages_is_refused(tmp_path):
    place = tmp_path / "x"
    place.write_bytes(document(pages=0))
    with pytest.raises(Refused, match="Không mở được"):
        check(place, PDF, name="x.pdf")


@pytest.mark.parametrize(
    ("sent", "kind", "shown"),
    [
        ("../../x", JPEG, "x.jpg"),
        ("..\\..\\windows\\system.ini", PDF, "system.ini.pdf"),
        ("/etc/passwd", PNG, "passwd.png"),
        ("giấy khai sinh.JPG", JPEG, "giấy khai sinh.JPG"),
        ("tro\u031bi.pdf", PDF, "trơi.pdf"),
        ("giay\u202egpj.exe", JPEG, "giaygpj.exe.jpg"),
        ("a\x00b\r\nSet-Cookie: x.pdf", PDF, "abSet-Cookie_ x.pdf"),
        ("", PDF, "tệp.pdf"),
        ("...", PDF, "tệp.pdf"),
        ('<img src=x onerror="1">.png', PNG, "_img src=x onerror=_1__.png"),
    ],
)
def test_a_sent_name_is_cleaned_for_showing(sent, kind, shown):
    assert clean_name(sent, kind) == shown


def test_a_very_long_name_keeps_its_ending():
    assert clean_name("a" * 5000, PDF).endswith(".pdf")
    assert len(clean_name("a" * 5000 + ".pdf", PDF)) <= 150


def test_no_kind_can_run_in_a_browser():
    assert not {"text/html", "image/svg+xml"} & set(KINDS)


def test_a_phone_picture_in_heic_opens(tmp_path):
    place = tmp_path / "x.heic"
    place.write_bytes(phone_picture())
    assert sniff(place.read_bytes()) is HEIC
    check(place, HEIC, name="x.heic")
