"""Text from old keyboards and wrong code pages; numbers and dates in words."""

import unicodedata

import pytest

from motcua.base import encodings
from motcua.base.encodings import readable, typed
from motcua.base.text import date_in_words, in_words, lowered

NAMES = [
    "Nguyễn Văn An",
    "Đặng Thị Hồng",
    "Trần Hữu Phước",
    "Lưu Thị Tuyết",
    "Lê Mỹ Duyên",
    "Huỳnh Khuê",
    "Nguyễn Thị Thùy Trang",
    "Võ Thị Sáu",
    "Trương Mỹ Hoa",
    "Phan Thị Ngọc Ánh",
    "Ấp 3, xã Tân Trụ",
]
TCVN3 = {new: chr(old) for old, new in encodings._TCVN3.items()}
VNI = {unicodedata.normalize("NFC", new): old for old, new in encodings._VNI.items()}


def in_tcvn3(text):
    return "".join(TCVN3.get(char) or TCVN3.get(char.lower()) or char for char in text)


def in_vni(text):
    return "".join(VNI.get(char, char) for char in text)


def misread(text):
    """Read UTF-8 as Windows-1252; what that has no letter for stays a control character."""
    gaps = {0x81, 0x8D, 0x8F, 0x90, 0x9D}
    return "".join(chr(o) if o in gaps else bytes([o]).decode("cp1252") for o in text.encode())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("spoil", [in_tcvn3, in_vni, misread])
def test_a_name_in_an_old_encoding_is_repaired(name, spoil):
    spoilt = spoil(name)
    assert spoilt != name
    assert readable(spoilt).lower() == name.lower()


@pytest.mark.parametrize("name", [*NAMES, "Quách Uyển Nghi", "Y Bhiêu Êban", "H'Hen Niê", "Rơ Chăm Mê Kpuih"])
def test_a_good_name_stays_as_it_is(name):
    assert readable(name) == name
    assert readable(unicodedata.normalize("NFD", name)) == name
    assert readable(f"  {name.upper()}\u00a0 ") == name.upper()


@pytest.mark.parametrize(
    "text", ["Müller", "François", "José Peña", "Zoë", "Hà Nội ½", "m²", "“XÃ” Tân", "TP.HCM – Q.1"]
)
def test_foreign_letters_and_signs_stay_as_they_are(text):
    assert readable(text) == text


@pytest.mark.parametrize("text", ["HÃ Ná»™i", "Nguy\ufffdn", "S¨¨ng", "\x8fnh"])
def test_what_cannot_be_told_is_not_guessed(text):
    assert readable(text) is None


def test_the_icelandic_letter_becomes_the_vietnamese_one():
    assert readable("Ðinh Thị Ðào") == "Đinh Thị Đào"
    assert readable("Hafþór Guðni") == "Hafþór Guðni"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (5, "năm"),
        (10, "mười"),
        (15, "mười lăm"),
        (21, "hai mươi mốt"),
        (30, "ba mươi"),
        (105, "một trăm lẻ năm"),
        (1945, "một nghìn chín trăm bốn mươi lăm"),
        (2000, "hai nghìn"),
        (2005, "hai nghìn không trăm lẻ năm"),
        (2026, "hai nghìn không trăm hai mươi sáu"),
    ],
)
def test_a_number_in_words(number, words):
    assert in_words(number) == words


def test_a_date_in_words():
    said = "ngày năm tháng mười một năm hai nghìn không trăm hai mươi sáu"
    assert date_in_words("2026-11-05") == said
    assert date_in_words("2024-04-30").startswith("ngày ba mươi tháng tư năm")


def test_a_label_inside_a_sentence_begins_small_unless_it_is_an_abbreviation():
    assert lowered("Họ và tên") == "họ và tên"
    assert lowered("CMND cũ") == "CMND cũ"
    assert lowered("Địa chỉ") == "địa chỉ"
    assert lowered("") == ""


@pytest.mark.parametrize(
    ("keys", "meant"),
    [
        ("Nguyeenx Thij Hoaf", "Nguyễn Thị Hòa"),
        ("nguye6n4 d9u71c", "nguyễn đức"),
        ("Truowngf Dduwcs", "Trường Đức"),
        ("Vawn Quoocs Duowng", "Văn Quốc Dương"),
        ("Tran Thi Hoa", "Tran Thi Hoa"),
        ("Kbuôr Y Hen", "Kbuôr Y Hen"),
        ("Nguyễn Thị Hòa", "Nguyễn Thị Hòa"),
        ("301234567", "301234567"),
        ("", ""),
    ],
)
def test_keystrokes_left_as_they_were_typed_are_read(keys, meant):
    assert typed(keys) == meant
