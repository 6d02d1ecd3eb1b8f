"""What is printed in tests: invented people of an invented commune."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from motcua.domain.papers.rules import Slip

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
AT = datetime(2026, 11, 3, 8, 15, tzinfo=HERE)
LOOK_UP = "https://dichvucong.tayninh.gov.vn/tra-cuu/?ma=H80.45-261103-0015"
HEAD: dict[str, Any] = {
    "agency": "Trung tâm Phục vụ hành chính công",
    "parent": "UBND xã Bến Lức",
    "number": "15/TNHS",
    "place": "Bến Lức",
    "on": date(2026, 11, 3),
}
CASE: dict[str, Any] = {
    **HEAD,
    "code": "H80.45-261103-0015",
    "qr": LOOK_UP,
    "name": "Nguyễn Thị Ẩn Quỳnh",
    "address": "Số 12, ấp 3, xã Bến Lức, tỉnh Tây Ninh",
    "phone": "0912 345 678",
    "procedure": "Đăng ký thường trú (1.004222)",
}
COUNTER = "Trung tâm Phục vụ hành chính công xã Bến Lức"
TIMES = {
    "received_at": datetime(2026, 11, 3, 8, 15, tzinfo=HERE),
    "due_at": datetime(2026, 11, 12, 17, 0, tzinfo=HERE),
}
SIGNER = {"position": "Chủ tịch", "signer": "Lê Quốc Đạt"}

CONTENTS: dict[Slip, dict[str, Any]] = {
    Slip.RECEIPT: {
        **CASE,
        **TIMES,
        "counter": COUNTER,
        "papers": ["Tờ khai thay đổi thông tin cư trú (mẫu CT01)", "Giấy tờ chứng minh chỗ ở hợp pháp"],
        "term": "7 ngày làm việc",
        "result_at": COUNTER,
        "book": "01/2026",
        "entry": "15",
        "clerk": "Trần Văn Hoà",
    },
    Slip.SUPPLEMENT: {
        **CASE,
        "items": ["Giấy tờ chứng minh chỗ ở: trang 2 bị mờ", "Văn bản đồng ý của chủ hộ"],
        "reason": "Thiếu ý kiến của chủ hộ theo khoản 2 Điều 21 Luật Cư trú.",
        "until": date(2026, 11, 30),
        "contact": "ông Trần Văn Hoà",
        "contact_phone": "0272 3 456 789",
        "officer": "Trần Văn Hoà",
    },
    Slip.REFUSAL: {
        **CASE,
        "counter": COUNTER,
        "reasons": ["Không thuộc thẩm quyền giải quyết (khoản 1 Điều 21 Luật Cư trú)"],
        "clerk": "Trần Văn Hoà",
    },
    Slip.APOLOGY: {
        **CASE,
        **TIMES,
        **SIGNER,
        "reason": "Cơ quan phối hợp chậm trả lời xác minh.",
        "new_due_at": datetime(2026, 11, 16, 17, 0, tzinfo=HERE),
    },
    Slip.STOP: {
        **CASE,
        **TIMES,
        **SIGNER,
        "asked_on": date(2026, 11, 5),
        "reason": "Công dân đề nghị rút hồ sơ.",
    },
    Slip.CONTROL: {
        **CASE,
        **TIMES,
        "agency_in_charge": "Công an xã Bến Lức",
        "passages": [
            {
                "agency": "Công an xã Bến Lức",
                "at": datetime(2026, 11, 3, 14, 5, tzinfo=HERE),
                "giver": "Trần Văn Hoà",
                "taker": "Phạm Thị Ngọc Ánh",
                "result": "Đúng hạn",
            }
        ],
    },
    Slip.REGISTER: {
        **HEAD,
        "book": "01/2026",
        "period": "Tháng 11 năm 2026",
        "entries": [
            {
                "code": f"H80.45-261103-{number:04d}",
                "procedure": "Đăng ký khai sinh",
                "name": "Y Bhăm Niê Kđăm",
                "agency": "UBND xã Bến Lức",
                "received_on": date(2026, 11, 3),
                "due_on": date(2026, 11, 4),
                "channel": "Tại quầy",
            }
            for number in range(1, 31)
        ],
    },
    Slip.ACKNOWLEDGEMENT: {
        **CASE,
        "filed_at": datetime(2026, 11, 3, 21, 42, tzinfo=HERE),
        "answer_by": datetime(2026, 11, 4, 17, 0, tzinfo=HERE),
        "papers": [{"title": "Tờ khai CT01", "file": "IMG_20261103_212233.jpg", "size": 3_456_789}],
    },
    Slip.PAYMENT: {
        **CASE,
        "number": "0000015/2026",
        "bill": "7K3M9PQ2XA",
        "lines": [
            {
                "name": "Lệ phí đăng ký cư trú",
                "kind": "lệ phí",
                "law": "Thông tư 75/2022/TT-BTC",
                "amount": 20000,
            }
        ],
        "amount": 20000,
        "words": "Hai mươi nghìn đồng",
        "method": "Nộp tại quầy",
        "paid_at": datetime(2026, 11, 3, 8, 20, tzinfo=HERE),
        "taken_by": "Trần Văn Hoà",
    },
}

#: a result as a procedure's own folder has it
RESULT = """
#import "/layout.typ": *
#show: paper.with(title: "Quyết định", code: get("result"))
#letterhead(agency: data.agency, parent: get("parent"), number: get("result"), place: data.place, on: data.on)
#titled("Quyết định", about: "Về việc thử in", code: data.code)
#field("Họ, chữ đệm, tên", data.name, strong-value: true)
#prose(get("text", default: ""))
#closing(to: ("Như trên", "Lưu: VT"), signature("Chủ tịch", by: "Lê Quốc Đạt", hint: none, unsigned: true))
"""
