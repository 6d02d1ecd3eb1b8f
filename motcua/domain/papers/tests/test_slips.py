import pytest
import typst

from motcua.domain.papers import printing, rules
from motcua.domain.papers.rules import SLIP_NAMES, Slip
from motcua.domain.papers.tests import reading
from motcua.domain.papers.tests.samples import CONTENTS

HEAD = [
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "Bến Lức, ngày 03 tháng 11 năm 2026",
]
CASE = ["Nguyễn Thị Ẩn Quỳnh", "H80.45-261103-0015", "Đăng ký thường trú (1.004222)"]
SAID = {
    Slip.RECEIPT: [
        "Mẫu số 01",
        "Số: 15/TNHS",
        "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
        "1. Tờ khai thay đổi thông tin cư trú (mẫu CT01)",
        "2. Giấy tờ chứng minh chỗ ở hợp pháp",
        "Số lượng hồ sơ: 1 (bộ)",
        "theo quy định: 7 ngày làm việc",
        "Thời gian nhận hồ sơ: 08 giờ 15 phút, ngày 03 tháng 11 năm 2026",
        "hồ sơ: 17 giờ 00 phút, ngày 12 tháng 11 năm 2026",
        "quyển số: 01/2026 số thứ tự: 15",
        "NGƯỜI NỘP HỒ SƠ",
        "NGƯỜI TIẾP NHẬN HỒ SƠ",
        "Trần Văn Hoà",
    ],
    Slip.SUPPLEMENT: [
        "Mẫu số 02",
        "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ",
        "1. Giấy tờ chứng minh chỗ ở: trang 2 bị mờ",
        "2. Văn bản đồng ý của chủ hộ",
        "Lý do: Thiếu ý kiến của chủ hộ theo khoản 2 Điều 21 Luật Cư trú.",
        "đến hết ngày 30 tháng 11 năm 2026",
        "ông Trần Văn Hoà, số điện thoại 0272 3 456 789",
        "NGƯỜI HƯỚNG DẪN",
    ],
    Slip.REFUSAL: [
        "Mẫu số 03",
        "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ",
        "1. Không thuộc thẩm quyền giải quyết (khoản 1 Điều 21 Luật Cư trú)",
    ],
    Slip.APOLOGY: [
        "Mẫu số 04",
        "XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT",
        "Kính gửi: Nguyễn Thị Ẩn Quỳnh",
        "Ngày 03/11/2026",
        "17 giờ 00 phút, ngày 12 tháng 11 năm 2026",
        "Lý do: Cơ quan phối hợp chậm trả lời xác minh.",
        "Thời gian trả kết quả mới: 17 giờ 00 phút, ngày 16 tháng 11 năm 2026",
        "CHỦ TỊCH",
        "[chưa ký số]",
        "Nơi nhận:",
    ],
    Slip.STOP: [
        "Mẫu số 05",
        "Về việc dừng giải quyết hồ sơ",
        "Ngày 05/11/2026, ông/bà đề nghị dừng giải quyết hồ sơ.",
        "Lý do: Công dân đề nghị rút hồ sơ.",
        "[chưa ký số]",
    ],
    Slip.CONTROL: [
        "Mẫu số 06",
        "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ",
        "Cơ quan giải quyết hồ sơ: Công an xã Bến Lức",
        "Cơ quan phối hợp giải quyết: Không",
        "14 giờ 05 phút, ngày 03 tháng 11 năm 2026",
        "Người giao: Trần Văn Hoà",
        "Người nhận: Phạm Thị Ngọc Ánh",
        "Đúng hạn",
    ],
    Slip.ACKNOWLEDGEMENT: [
        "BIÊN NHẬN NỘP HỒ SƠ",
        "Hệ thống nhận lúc: 21 giờ 42 phút, ngày 03 tháng 11 năm 2026",
        "Tờ khai CT01 IMG_20261103_212233.jpg 3,5 MB",
        "chưa phải Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
        "Chậm nhất 17 giờ 00 phút, ngày 04 tháng 11 năm 2026",
    ],
    Slip.PAYMENT: [
        "PHIẾU THU PHÍ, LỆ PHÍ",
        "Số: 0000015/2026",
        "Lệ phí đăng ký cư trú",
        "20.000",
        "Số tiền viết bằng chữ: Hai mươi nghìn đồng",
        "Mã khoản thu: 7K3M9PQ2XA",
        "không thay biên lai điện tử",
    ],
}


@pytest.mark.parametrize("slip", list(SAID))
def test_a_slip_says_all_that_its_form_asks_for(slip):
    words = reading.text(printing.slip(slip, CONTENTS[slip]))
    for phrase in [*HEAD, *CASE, *SAID[slip], "Bản điện tử này chưa được ký số."]:
        assert phrase in words


@pytest.mark.parametrize("slip", [Slip.RECEIPT, Slip.ACKNOWLEDGEMENT])
def test_a_receipt_says_who_filed_for_the_applicant(slip):
    for_farm = {"name": "Hợp tác xã Thử", "filer": "Lê Thị Hoa (được tổ chức ủy quyền)"}
    sheet = printing.slip(slip, {**CONTENTS[slip], **for_farm, "brought_by": "Lê Thị Hoa"})
    words = reading.text(sheet)
    assert "Hợp tác xã Thử" in words and "Người nộp thay: Lê Thị Hoa (được tổ chức ủy quyền)" in words
    assert reading.pages(sheet) == 1
    assert slip is Slip.ACKNOWLEDGEMENT or words.rstrip().count("Lê Thị Hoa") == 2, "who brought it signs"
    assert "Người nộp thay" not in reading.text(printing.slip(slip, CONTENTS[slip]))


@pytest.mark.parametrize("slip", list(SAID))
def test_a_slip_fits_on_one_sheet_of_a5(slip):
    sheet = printing.slip(slip, CONTENTS[slip])
    assert reading.pages(sheet) == 1
    assert reading.size(sheet) == (148, 210)


def test_the_register_is_printed_on_a4_across_with_its_head_on_every_page():
    sheet = printing.slip(Slip.REGISTER, CONTENTS[Slip.REGISTER])
    words = reading.text(sheet)
    assert reading.size(sheet) == (297, 210)
    assert reading.pages(sheet) > 1
    assert words.count("Mã hồ sơ") == reading.pages(sheet)
    assert all(f"H80.45-261103-{number:04d}" in words for number in range(1, 31))
    assert "Tổng số hồ sơ trong kỳ: 30" in words


def test_every_slip_has_a_name_a_template_and_a_sample():
    assert set(SLIP_NAMES) == set(CONTENTS) == set(Slip)
    assert {f"{slip}.typ" for slip in Slip} | {"layout.typ"} == {
        place.name for place in printing.SLIPS.glob("*.typ")
    }


@pytest.mark.parametrize("slip", list(Slip))
def test_a_slip_with_very_long_answers_goes_on_over_more_pages(slip):
    long = {
        key: [*value] * 40 if isinstance(value, list) else value for key, value in CONTENTS[slip].items()
    } | {key: "dài " * 900 for key in ("reason",) if key in CONTENTS[slip]}
    assert reading.pages(printing.slip(slip, long)) > 1


DOCUMENTED = {
    Slip.RECEIPT: rules.ReceiptContent,
    Slip.SUPPLEMENT: rules.SupplementContent,
    Slip.REFUSAL: rules.RefusalContent,
    Slip.APOLOGY: rules.ApologyContent,
    Slip.STOP: rules.StopContent,
    Slip.CONTROL: rules.ControlContent,
    Slip.REGISTER: rules.RegisterContent,
    Slip.ACKNOWLEDGEMENT: rules.AcknowledgementContent,
    Slip.PAYMENT: rules.PaymentContent,
}


def test_every_slip_documents_its_content_and_the_samples_agree():
    assert set(DOCUMENTED) == set(Slip)
    for slip, content in DOCUMENTED.items():
        assert content.__required_keys__ <= set(CONTENTS[slip]), slip


@pytest.mark.parametrize("slip", list(Slip))
def test_what_is_documented_as_needed_is_needed_and_what_is_optional_may_be_absent(slip):
    needed = {key: CONTENTS[slip][key] for key in DOCUMENTED[slip].__required_keys__}
    printing.slip(slip, needed)
    for key in needed:
        with pytest.raises(typst.TypstError, match=f'key "{key}"'):
            printing.slip(slip, {name: value for name, value in needed.items() if name != key})
