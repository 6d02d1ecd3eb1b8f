"""What people of the stories do more than once."""

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

import pypdfium2
from PIL import Image, ImageDraw

from journeys.walking import Walk
from motcua.base.text import fold

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
DECLARATION = "Tôi cam đoan những điều đã khai và giấy tờ gửi kèm là đúng, và chịu trách nhiệm về lời khai."


def photo(name: str = "anh.jpg", *, width: int = 1200) -> dict[str, Any]:
    """Draw what a phone's camera might bring: a sheet with lines on it, another one for each name."""
    step = 30 + crc32(name.encode()) % 20
    picture = Image.new("RGB", (width, width * 4 // 3), "#e8e4da")
    pen = ImageDraw.Draw(picture)
    for line in range(60, picture.height - 60, step):
        pen.line([(80, line), (width - 80 - line * 7 % 300, line)], fill="#222222", width=9)
    file = BytesIO()
    picture.save(file, "JPEG", quality=80)
    return {"name": name, "mimeType": "image/jpeg", "buffer": file.getvalue()}


def text_of(pdf: bytes) -> str:
    """Read a PDF as other programs do."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def types_day(walk: Walk, group: str, *, days_ago: int) -> None:
    """Type a day of the past into three boxes."""
    day = datetime.now(HERE) - timedelta(days=days_ago)
    for label, digits in (("Ngày", f"{day:%d}"), ("Tháng", f"{day:%m}"), ("Năm", f"{day:%Y}")):
        walk.types(label, digits, of=group)


def finds(walk: Walk, *, words: str, procedure: str) -> None:
    """Find a procedure by typing without marks, read about it, press begin."""
    walk.goes("/")
    walk.picture("citizen-home")
    walk.types("Tìm thủ tục", words)
    walk.taps("Tìm")
    walk.taps(procedure)
    walk.sees("Bạn cần có", "Chúng tôi tự lấy")
    walk.taps("Bắt đầu")


def registers_a_birth(walk: Walk, *, commune: str, child: str) -> None:
    """Fill what the register does not know, page by page, with one photograph."""
    walk.chooses("Nộp tại xã, phường", commune)
    walk.taps("Bắt đầu khai")
    walk.sees("Đã xong (CSDL dân cư)", "Chưa nộp được")
    walk.taps("Người đi đăng ký")
    walk.picks("Mẹ", of="Bạn là gì của trẻ?")
    walk.taps("Lưu và tiếp tục")
    walk.types("Họ, chữ đệm và tên của trẻ", child)
    walk.picks("Nữ", of="Giới tính của trẻ")
    types_day(walk, "Ngày sinh của trẻ", days_ago=9)
    walk.picture("citizen-form")
    walk.picks("Bệnh viện, trạm y tế, nhà hộ sinh")
    walk.chooses("Xã, phường, đặc khu", commune)
    walk.taps("Lưu và tiếp tục")
    walk.types("Tên cơ sở y tế", "Bệnh viện Đa khoa")
    walk.taps("Lưu và tiếp tục")
    # The register has answered for mother and father: their pages are not asked again.
    walk.picks("Có", of="Giấy khai sinh của trẻ có ghi thông tin của cha?")
    walk.taps("Lưu và tiếp tục")
    walk.sees("Bản sao và lệ phí")
    walk.taps("Lưu và tiếp tục")
    walk.brings("Giấy chứng sinh", photo("giay-chung-sinh.jpg"))
    walk.taps("Lưu và tiếp tục")


def says_who_he_is(walk: Walk, who: dict[str, str]) -> None:
    """Type by hand what the register would have known."""
    walk.taps("Người đề nghị")
    walk.types("Số định danh của bạn", who["number"])
    walk.types("Họ, chữ đệm và tên của bạn", who["name"])
    for label, digits in zip(("Năm", "Tháng", "Ngày"), who["born_on"].split("-"), strict=True):
        walk.types(label, digits, of="Ngày sinh của bạn")
    walk.picks("Nam" if who["gender"] == "male" else "Nữ", of="Giới tính của bạn")
    walk.types("Số điện thoại", who["phone"])
    walk.taps("Lưu và tiếp tục")
    walk.chooses("Xã, phường, đặc khu", "Xã Tân Biên")
    walk.types("Số nhà, đường, ấp, khu phố", "Ấp 4")
    walk.taps("Lưu và tiếp tục")


def loses_a_licence(walk: Walk, *, begun: bool = False) -> None:
    """Ask for a lost licence for a motorbike again."""
    if not begun:
        walk.taps("Bắt đầu khai")
        walk.sees("Đã xong (CSDL dân cư)")
        walk.taps("Giấy phép lái xe đã cấp")
    walk.chooses("Hạng giấy phép lái xe", "A1: xe mô tô đến 125 cm³")
    walk.taps("Lưu và tiếp tục")
    walk.picks("Bị mất")
    walk.taps("Lưu và tiếp tục")
    types_day(walk, "Bạn mất giấy phép khi nào?", days_ago=12)
    walk.types("Bạn mất giấy phép trong trường hợp nào?", "Rơi trên đường đi làm")
    walk.taps("Lưu và tiếp tục")
    walk.brings("Ảnh chân dung", photo("chan-dung.jpg"))
    walk.taps("Lưu và tiếp tục")


def declares_and_files(walk: Walk) -> str:
    """Read everything once more, declare it true, file it; give the code of the dossier."""
    walk.picks(DECLARATION)
    walk.taps("Nộp hồ sơ")
    walk.sees("Đã nộp hồ sơ", "Bạn không cần làm gì")
    return walk.code


def receives(clerk: Walk, code: str) -> None:
    """Take in what was filed online."""
    clerk.goes("/mot-cua/")
    clerk.taps(code)
    clerk.taps("Tiếp nhận và in")
    clerk.sees("Được tiếp nhận", "Giấy tiếp nhận hồ sơ và hẹn trả kết quả")


def takes_the_fee(clerk: Walk, code: str) -> None:
    """Note that a fee was paid in cash."""
    clerk.goes(f"/mot-cua/{code}/")
    clerk.types("Số biên lai", f"BL {code}")
    clerk.taps("Đã thu")
    clerk.sees("Đã thanh toán")


def pays_online(payer: Walk, code: str, *, press: str) -> None:
    """Go to the bank from the dossier's own page and press there."""
    payer.goes(f"/ho-so/{code}/")
    payer.taps("Thanh toán trực tuyến")
    payer.sees("Số tiền phải trả: 135.000")
    payer.taps("Sang trang của ngân hàng")
    payer.sees("Ngân hàng thử nghiệm", "135.000 đồng")
    payer.taps(press)
    payer.sees("Đã trả 135.000 đồng")


def processes(officer: Walk, code: str, *, steps: int) -> None:
    """Begin, and go on for so many steps."""
    officer.goes(f"/xu-ly/{code}/")
    officer.taps("Thụ lý")
    goes_on(officer, steps=steps)


def goes_on(official: Walk, *, steps: int) -> None:
    """Send a dossier on by so many steps."""
    for _step in range(steps):
        official.taps("Chuyển bước tiếp theo")


def approves(leader: Walk, code: str) -> None:
    """Find a dossier on the leader's list, once the register has been asked, and approve it."""
    leader.waits("/xu-ly/phe-duyet/", f"Phê duyệt kết quả {code}")
    leader.taps(f"Phê duyệt kết quả {code}")
    leader.misses(code)


def opens_for(clerk: Walk, who: dict[str, str]) -> None:
    """Type somebody's number where the keyboard stands already; the register fills in the rest."""
    clerk.writes(who["number"])
    clerk.goes_by("F2")
    clerk.sees(who["name"], "So khuôn mặt với thẻ")


def looks_for(clerk: Walk, who: dict[str, str]) -> None:
    """Look for somebody who has no number at hand, by name without marks and birth date."""
    if clerk.scripts:
        clerk.goes_by("F4")
    else:
        clerk.tabs_to("Tìm người không nhớ số")
        clerk.goes_by("Enter")
    clerk.writes(fold(who["name"]))
    for digits in reversed(who["born_on"].split("-")):
        clerk.presses("Tab")
        clerk.writes(digits)
    clerk.goes_by("F2" if clerk.scripts else "Enter")


def chooses_by_keys(clerk: Walk, who: dict[str, str]) -> None:
    """Take the one of those shown who is meant."""
    if clerk.scripts:
        clerk.goes_by("1")
    else:
        clerk.tabs_to(f"Chọn {who['name']}")
        clerk.goes_by("Enter")


def moves_in_with(clerk: Walk, host: dict[str, str], *, child: str) -> None:
    """Register somebody and a child in another's house, by keys; press F9 until it is received."""
    assert "Nhà của bạn" in clerk.stop()["name"]
    clerk.presses("ArrowDown")
    clerk.tabs_to("Số nhà, đường, ấp, khu phố")
    clerk.writes("Số 12, ấp 2")
    clerk.picture("counter-work")
    clerk.tabs_to("Thêm dòng")
    clerk.goes_by("Enter")
    assert "Dòng 1" in clerk.stop()["name"]
    clerk.writes(child)
    for digits in ("05", "11", "2018"):
        clerk.presses("Tab")
        clerk.writes(digits)
    clerk.tabs_to("Giới tính")
    clerk.presses("Space")
    clerk.tabs_to("Số định danh")
    clerk.writes("080218000456")
    clerk.tabs_to("Quan hệ với chủ hộ")
    clerk.writes("C")
    for question in ("Bạn sẽ là chủ hộ", "chưa đủ 18 tuổi"):
        clerk.tabs_to(question)
        clerk.presses("ArrowRight")
    clerk.goes_by("F9")
    # What these answers call for is asked next, all at once; the summary leads to the first of it.
    clerk.sees("Chủ sở hữu chỗ ở", "Thiếu giấy tờ")
    clerk.tabs_to("Chủ sở hữu")
    clerk.presses("Enter")
    _consents(clerk, "Chủ sở hữu", host)
    _consents(clerk, "Chủ hộ", host, relation="C")
    clerk.tabs_to("Giấy tờ chứng minh quan hệ nhân thân")
    clerk.presses("Space")
    clerk.goes_by("F9")
    clerk.sees("Được tiếp nhận")


def _consents(clerk: Walk, group: str, host: dict[str, str], *, relation: str = "") -> None:
    clerk.tabs_to(group)
    clerk.writes(host["name"])
    clerk.tabs_to("Số định danh")
    clerk.writes(host["number"])
    if relation:
        clerk.tabs_to("Quan hệ của bạn")
        clerk.writes(relation)
    clerk.tabs_to("đồng ý bằng cách nào")
    clerk.presses("Space")


def seeks(official: Walk, code: str) -> None:
    """Find a dossier on the worklist by keys: slash, the code, Enter, down, Enter."""
    official.presses("/")
    official.writes(code)
    official.goes_by("Enter")
    official.presses("j")
    official.goes_by("Enter")
    official.sees(code)
