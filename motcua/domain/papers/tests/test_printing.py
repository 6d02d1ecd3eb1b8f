import io
import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal

import pikepdf
import pytest
import typst
from django.utils.translation import gettext_lazy

from motcua.domain.papers import printing
from motcua.domain.papers.rules import SLIP_NAMES, Slip
from motcua.domain.papers.tests import reading
from motcua.domain.papers.tests.samples import CASE, CONTENTS, LOOK_UP, RESULT

AT = datetime(2026, 11, 3, 1, 15, tzinfo=UTC)
PLAIN = '#import "/layout.typ": *\n#show: paper.with(title: "Thử")\n#letterhead(agency: "A")\n'


def say(text: str) -> str:
    """Print one text and read it back."""
    return reading.text(printing.pdf(PLAIN + "#prose(data.text)", {"text": text}))


@pytest.mark.parametrize("style", ["#data.text", "*#data.text*", "_#{data.text}_", "*_#{data.text}_*"])
def test_every_vietnamese_letter_comes_out_as_it_went_in(style):
    letters = reading.letters()
    assert len(letters) == 146
    spaced = " ".join(letters[start : start + 12] for start in range(0, 146, 12))
    assert spaced in reading.text(printing.pdf(PLAIN + f"#par[{style}]", {"text": spaced}))


def test_letters_that_came_in_pieces_are_printed_whole():
    assert "Trường Ẩn" in say(unicodedata.normalize("NFD", "Trường Ẩn"))


def test_names_of_other_peoples_are_printed_with_their_letters():
    assert "Y Bhăm Niê Kđăm, H'Hen Niê, Č ŏ ñ ĕ ĭ ŭ" in say("Y Bhăm Niê Kđăm, H'Hen Niê, Č ŏ ñ ĕ ĭ ŭ")


@pytest.mark.parametrize(
    "name",
    [
        '#eval("1+1") #data',
        "$x^2$ *đậm* _nghiêng_ `mã` <nhãn> @nhãn // lời",
        '"); #panic("x") ("',
        "\\u{41} \\# \\",
        "= Tiêu đề",
        "- mục + mục / mục: x",
        "]{[}(",
        "https://example.vn/",
        "--- ... ~ 'a' \"b\"",
    ],
)
def test_nothing_that_a_person_typed_is_read_as_markup(name):
    sheet = printing.pdf(RESULT, {**CASE, "name": name, "text": name})
    assert reading.text(sheet).count(name) == 2


def test_a_template_cannot_read_files_outside_its_folder():
    with pytest.raises(typst.TypstError):
        printing.pdf('#read("/../rules.py")', {})


def test_a_letter_that_no_font_has_is_printed_as_a_box_and_fails_nothing():
    assert "Lan □ □ □" in say("Lan 😀 漢 \ue000")


def test_every_letter_that_is_let_through_is_in_the_fonts():
    every = [
        chr(code)
        for code in range(32, 0xFFFF)
        if not 0xD800 <= code <= 0xDFFF and not unicodedata.combining(chr(code))
    ]
    through = [sign for sign in every if printing.compose(f"a{sign}a") == f"a{sign}a"]
    assert len(through) > 700
    for style in ("#data.text", "*#data.text*", "_#{data.text}_", "*_#{data.text}_*"):
        printing.pdf(PLAIN + style, {"text": " ".join(through)})


@pytest.mark.parametrize("slip", list(Slip))
def test_every_slip_is_an_archive_file_that_screen_readers_understand(slip):
    with pikepdf.open(io.BytesIO(printing.slip(slip, CONTENTS[slip]))) as sheet:
        about = sheet.open_metadata()
        assert about.pdfa_status == "2A"
        assert about["dc:title"] == str(SLIP_NAMES[slip])
        assert sheet.Root.Lang == "vi-VN"
        assert sheet.Root.MarkInfo.Marked
        assert sheet.Root.StructTreeRoot.K


@pytest.mark.parametrize("slip", list(Slip))
def test_every_slip_uses_the_legal_fonts_only(slip):
    styles = {f"LiberationSerif{style}" for style in ("", "-Bold", "-Italic", "-BoldItalic")}
    used = reading.fonts(printing.slip(slip, CONTENTS[slip]))
    assert used and used <= styles


@pytest.mark.parametrize("slip", [slip for slip in Slip if slip != Slip.REGISTER])
def test_the_qr_symbol_of_every_slip_opens_the_look_up(slip):
    assert reading.symbols(printing.slip(slip, CONTENTS[slip])) == [LOOK_UP]


def test_a_vietnamese_text_in_a_qr_symbol_is_read_back():
    sheet = printing.pdf(RESULT, {**CASE, "qr": "Hồ sơ của Nguyễn Thị Ẩn"})
    assert reading.symbols(sheet) == ["Hồ sơ của Nguyễn Thị Ẩn"]


def test_the_same_content_at_the_same_time_is_the_same_file():
    first, second = (printing.slip(Slip.RECEIPT, CONTENTS[Slip.RECEIPT], at=AT) for _ in range(2))
    assert first == second


def test_long_texts_flow_over_pages_that_are_numbered_from_the_second_on():
    long = "\n".join(f"Đoạn {number}: " + "nội dung rất dài " * 40 for number in range(1, 13))
    sheet = printing.pdf(RESULT, {**CASE, "text": long})
    assert reading.pages(sheet) >= 3
    words = reading.text(sheet)
    assert all(f"Đoạn {number}:" in words for number in range(1, 13))
    assert "Lê Quốc Đạt" in words


@pytest.mark.parametrize(
    ("call", "printed"),
    [
        ('day("2026-11-05")', "ngày 05 tháng 11 năm 2026"),
        ('day("2026-02-10")', "ngày 10 tháng 02 năm 2026"),
        ('day("2026-03-10")', "ngày 10 tháng 3 năm 2026"),
        ('day("1948")', "năm 1948"),
        ('day("1948-02")', "tháng 02 năm 1948"),
        ('short-day("2026-03-05")', "05/03/2026"),
        ('moment("2026-11-05T16:05")', "16 giờ 05 phút, ngày 05 tháng 11 năm 2026"),
        ('short-moment("2026-11-05T16:05")', "16:05 05/11/2026"),
        ("money(1250000)", "1.250.000 đồng"),
        ("money(500)", "500 đồng"),
        ("grouped(0)", "0"),
    ],
)
def test_days_times_and_money_are_written_as_papers_write_them(call, printed):
    assert printed in reading.text(printing.pdf(PLAIN + f"\n#par[#{call}]", {}))


def test_what_is_not_known_leaves_a_dotted_line():
    sheet = printing.slip(Slip.RECEIPT, {**CONTENTS[Slip.RECEIPT], "email": None})
    assert "Email: ......" in reading.text(sheet).replace(". ", ".")


def test_times_are_printed_in_local_time():
    assert printing.compose({"at": AT, "on": date(2026, 11, 3)}) == {
        "at": "2026-11-03T08:15",
        "on": "2026-11-03",
    }


def test_content_becomes_plain_values():
    mixed = {"a": (1, True, None, Decimal("1.50"), gettext_lazy("Tỉnh")), "b": "x\r\n  y  \n"}
    assert printing.compose(mixed) == {"a": [1, True, None, "1.50", "Tỉnh"], "b": "x\ny"}


def test_an_object_that_is_no_plain_value_is_a_bug_and_says_so():
    with pytest.raises(AssertionError, match="cannot print object"):
        printing.compose({"a": object()})


def test_threads_print_at_the_same_time_without_mixing_up_their_papers():
    def print_one(number: int) -> bytes:
        return printing.slip(Slip.REFUSAL, {**CONTENTS[Slip.REFUSAL], "name": f"Người thứ {number}"})

    with ThreadPoolExecutor(4) as workers:
        sheets = list(workers.map(print_one, range(24)))
    # Read one after the other: what reads PDF here knows no threads, and crashed the whole process.
    assert all(f"Người thứ {n} " in f"{reading.text(sheet)} " for n, sheet in enumerate(sheets))


def test_a_slip_takes_milliseconds_once_the_compiler_is_warm():
    content = CONTENTS[Slip.RECEIPT]
    printing.slip(Slip.RECEIPT, content)
    begun = time.process_time()
    for number in range(20):
        printing.slip(Slip.RECEIPT, {**content, "name": f"Người thứ {number}", "qr": f"{LOOK_UP}{number}"})
    assert (time.process_time() - begun) / 20 < 0.1
