"""What papers there are, who may read one, and what the statutory slips must say."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import NotRequired, TypedDict

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: what a paper belongs to: "dossier:1234"
SUBJECT = r"^[a-z_]+:[0-9]+$"
#: papers that one subject may hold at a time, so that nobody fills the disk through one dossier
MOST_PAPERS = 200


class Origin(StrEnum):
    """How a paper came to be in the system."""

    UPLOAD = "upload"
    DESK = "desk"
    REGISTER = "register"
    SLIP = "slip"
    RESULT = "result"


ORIGIN_NAMES = {
    Origin.UPLOAD: _("Người nộp tải lên"),
    Origin.DESK: _("Quét tại bộ phận một cửa"),
    Origin.REGISTER: _("Lấy từ cơ sở dữ liệu"),
    Origin.SLIP: _("Phiếu do hệ thống lập"),
    Origin.RESULT: _("Kết quả giải quyết"),
}
#: made by the agency: nobody takes them away again
ISSUED = frozenset({Origin.SLIP, Origin.RESULT})


class Slip(StrEnum):
    """The forms of Circular 03/2025/TT-VPCP annex I, and the acknowledgement of an online filing."""

    RECEIPT = "01-receipt"
    SUPPLEMENT = "02-supplement"
    REFUSAL = "03-refusal"
    APOLOGY = "04-apology"
    STOP = "05-stop"
    CONTROL = "06-control"
    REGISTER = "07-register"
    ACKNOWLEDGEMENT = "acknowledgement"
    PAYMENT = "payment"


SLIP_NAMES = {
    Slip.RECEIPT: _("Giấy tiếp nhận hồ sơ và hẹn trả kết quả"),
    Slip.SUPPLEMENT: _("Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ"),
    Slip.REFUSAL: _("Phiếu từ chối tiếp nhận giải quyết hồ sơ"),
    Slip.APOLOGY: _("Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết"),
    Slip.STOP: _("Thông báo dừng giải quyết hồ sơ"),
    Slip.CONTROL: _("Phiếu kiểm soát quá trình giải quyết hồ sơ"),
    Slip.REGISTER: _("Sổ theo dõi hồ sơ"),
    Slip.ACKNOWLEDGEMENT: _("Biên nhận nộp hồ sơ"),
    Slip.PAYMENT: _("Phiếu thu phí, lệ phí"),
}

#: Sign after the running number of a slip. Only TNHS is taken from a form that was seen; the others are
#: ours until a province sets its own.
SLIP_MARKS = {
    Slip.RECEIPT: "TNHS",
    Slip.SUPPLEMENT: "YCBS",
    Slip.REFUSAL: "TCTN",
    Slip.APOLOGY: "XLGH",
    Slip.STOP: "TBDGQ",
    Slip.CONTROL: "KSGQ",
}


class Letterhead(TypedDict):
    """What stands above every slip; `place` is the name of the commune or province, `on` the day it bears."""

    agency: str
    parent: NotRequired[str]
    number: NotRequired[str]
    place: str
    on: date


class Case(Letterhead):
    """Whose dossier a slip is about; `qr` is the text of the QR symbol, usually the look-up address."""

    code: str
    qr: NotRequired[str]
    name: str
    #: who filed it for the applicant, with the ground; and who signs as the one that brought it
    filer: NotRequired[str | None]
    brought_by: NotRequired[str]
    address: NotRequired[str]
    phone: NotRequired[str]
    email: NotRequired[str]
    procedure: str


class ReceiptContent(Case):
    """Form 01. `term` is written out ("7 ngày làm việc"); `due_at` is absent for a result given at once."""

    counter: str
    papers: Sequence[str]
    copies: NotRequired[int]
    term: str
    received_at: datetime
    due_at: NotRequired[datetime]
    result_at: str
    book: NotRequired[str]
    entry: NotRequired[str]
    clerk: str


class SupplementContent(Case):
    """Form 02. Everything that is missing is asked at once; `until` is the last day to answer."""

    items: Sequence[str]
    reason: str
    until: NotRequired[date]
    contact: str
    contact_phone: NotRequired[str]
    officer: str


class RefusalContent(Case):
    """Form 03. Each reason names its legal basis."""

    counter: str
    reasons: Sequence[str]
    clerk: str


class ApologyContent(Case):
    """Form 04. `new_due_at` may be promised only once (Decree 61/2018 art. 19)."""

    received_at: datetime
    due_at: datetime
    reason: str
    new_due_at: datetime
    position: str
    signer: str
    recipients: NotRequired[Sequence[str]]


class StopContent(Case):
    """Form 05. `asked_on` is the day of the citizen's own request, when there was one."""

    received_at: datetime
    asked_on: NotRequired[date]
    reason: str
    position: str
    signer: str
    recipients: NotRequired[Sequence[str]]


class Passage(TypedDict):
    """One row of form 06: who gave the dossier to whom, when, and whether in time ("Đúng hạn")."""

    agency: str
    at: datetime
    giver: str
    taker: str
    result: NotRequired[str]
    note: NotRequired[str]


class ControlContent(Case):
    """Form 06."""

    received_at: datetime
    due_at: NotRequired[datetime]
    agency_in_charge: str
    agencies_joining: NotRequired[Sequence[str]]
    passages: Sequence[Passage]


class Entry(TypedDict):
    """One row of form 07."""

    code: str
    procedure: str
    copies: NotRequired[int]
    name: str
    contact: NotRequired[str]
    agency: str
    received_on: date
    due_on: NotRequired[date]
    returned_on: NotRequired[date]
    channel: NotRequired[str]
    note: NotRequired[str]


class RegisterContent(Letterhead):
    """Form 07, the only one on A4; `period` is written out ("Tháng 11 năm 2026")."""

    book: str
    period: str
    entries: Sequence[Entry]


class FiledPaper(TypedDict):
    """One line of the acknowledgement: a paper, the name of its file and its size in bytes."""

    title: str
    file: str
    size: int


class AcknowledgementContent(Case):
    """What a citizen keeps after filing online (Decree 45/2020 art. 11.1): the time, and file by file."""

    filed_at: datetime
    answer_by: NotRequired[datetime]
    papers: Sequence[FiledPaper]


class PaymentContent(Case):
    """Receipt for money; everything but the letterhead and the case comes from payments.queries.receipt."""

    bill: str
    lines: Sequence[Mapping[str, object]]
    amount: int
    words: str
    method: str
    paid_at: datetime
    taken_by: str


def why_not_attach(*, held: int) -> str | Promise | None:
    """Say why one more paper is too many, or None."""
    if held >= MOST_PAPERS:
        return _("Hồ sơ đã có quá nhiều tệp. Hãy gộp các trang của một giấy tờ vào một tệp PDF.")
    return None


def why_not_remove(origin: str) -> str | Promise | None:
    """Say why a paper has to stay, or None."""
    if origin in ISSUED:
        return _("Giấy tờ do cơ quan lập không xóa được.")
    return None


def why_not_read(state: str, *, own: bool) -> str | Promise | None:
    """Say why a file stays shut, or None; whoever brought it may read it while the scan is awaited."""
    if state == "clean" or (own and state in ("pending", "unscanned")):
        return None
    if state == "infected":
        return _("Tệp này không an toàn nên không mở được. Hãy yêu cầu nộp lại tệp khác.")
    if state == "unscanned":
        return _("Tệp chưa kiểm tra an toàn được. Hệ thống sẽ tự kiểm tra lại.")
    return _("Tệp đang được kiểm tra an toàn. Hãy thử lại sau ít phút.")


def missing(needed: Sequence[str], held: Collection[str]) -> list[str]:
    """List the needed kinds that are not there yet, in their order."""
    return [kind for kind in needed if kind not in held]


def result_number(code: str, ordinal: int) -> str:
    """Name a result in the electronic store (Decree 45/2020 art. 14.3)."""
    return f"{code}-KQ({ordinal})"
