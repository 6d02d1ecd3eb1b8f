"""The shape of what administrators send."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from motcua.base.actor import OFFICE_ROLES, ROLE_NAMES, Actor, Role
from motcua.base.calendar import ZONE, DayKind, Spans, WorkingCalendar
from motcua.base.deadline import WEEKDAYS, Deadline, Term, Unit, deadline
from motcua.base.widgets import DateField
from motcua.domain.agencies.rules import CITIZEN_NUMBER, KIND_NAMES, Kind
from motcua.domain.procedures import commands as procedures
from motcua.domain.procedures.models import ProcedureVersion
from motcua.portals.console import library

KINDS = [(kind.value, KIND_NAMES[kind]) for kind in Kind]
HALVES = (
    ("morning_from", _("Sáng từ")),
    ("morning_to", _("đến")),
    ("afternoon_from", _("Chiều từ")),
    ("afternoon_to", _("đến")),
)


def _clock(label: Any) -> forms.TimeField:
    box = forms.TimeInput(
        format="%H:%M",
        attrs={"class": "govuk-input--width-5", "inputmode": "numeric", "placeholder": "07:30"},
    )
    return forms.TimeField(
        label=label,
        required=False,
        input_formats=["%H:%M", "%H%M", "%Hh%M", "%Hg%M"],
        widget=box,
        error_messages={"invalid": _("Nhập giờ và phút, ví dụ 07:30")},
    )


class Day(DateField):
    """A whole date, given on as a date."""

    def clean(self, value: Any) -> date | None:
        """Read the three boxes into a date."""
        text = super().clean(value)
        return date.fromisoformat(text) if text else None


class SpansForm(forms.Form):
    """At most a morning and an afternoon."""

    morning_from = _clock(HALVES[0][1])
    morning_to = _clock(HALVES[1][1])
    afternoon_from = _clock(HALVES[2][1])
    afternoon_to = _clock(HALVES[3][1])

    def clean(self) -> dict[str, Any]:
        """Read the four boxes into spans."""
        data = super().clean() or self.cleaned_data
        edges = [data.pop(name, None) for name, _label in HALVES]
        spans: list[tuple[time, time]] = []
        for index in (0, 2):
            start, end = edges[index], edges[index + 1]
            if (start is None) != (end is None):
                name = HALVES[index + (start is not None)][0]
                if name not in self.errors:
                    self.add_error(name, _("Nhập cả giờ bắt đầu và giờ kết thúc"))
            elif start is not None and end is not None:
                spans.append((start, end))
        data["spans"] = tuple(spans)
        return data


class FindForm(forms.Form):
    """How the list of agencies is narrowed."""

    tim = forms.CharField(required=False, max_length=100)
    loai = forms.ChoiceField(label=_("Loại"), required=False, choices=[("", _("Tất cả")), *KINDS])

    def asked(self) -> dict[str, str]:
        """Give what fits and leave out what does not."""
        self.is_valid()
        return {
            "words": self.cleaned_data.get("tim", ""),
            "kind": self.cleaned_data.get("loai", ""),
        }


class NamesForm(forms.Form):
    """Names and official code of an agency."""

    name = forms.CharField(label=_("Tên cơ quan"), max_length=200)
    name_en = forms.CharField(label=_("Tên tiếng Anh"), max_length=200)
    official_code = forms.CharField(
        label=_("Mã định danh điện tử"),
        help_text=_("Theo Quyết định 20/2020/QĐ-TTg, ví dụ H39.12. Mã hồ sơ bắt đầu bằng mã này."),
        required=False,
        max_length=35,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )
    official_code_verified = forms.BooleanField(
        label=_("Đã đối chiếu mã với văn bản ban hành"), required=False
    )


class FoundForm(NamesForm):
    """A new agency below another."""

    code = forms.CharField(
        label=_("Mã trong cây cơ quan"),
        help_text=_("Chữ không dấu, chữ số hoặc dấu gạch ngang, không trùng trong cùng cấp trên"),
        max_length=20,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )
    kind = forms.TypedChoiceField(label=_("Loại"), choices=KINDS, coerce=Kind)
    division_code = forms.CharField(
        label=_("Mã đơn vị hành chính phục vụ"),
        help_text=_("2 chữ số cho toàn tỉnh, 5 chữ số cho một xã, phường"),
        required=False,
        max_length=5,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5", "inputmode": "numeric"}),
    )
    in_force_from = Day(label=_("Hoạt động từ ngày"))
    law = forms.CharField(label=_("Văn bản"), required=False, max_length=300)
    field_order = ("code", "kind")


class EndForm(forms.Form):
    """The last day of a role or of an agency."""

    last_day = Day(label=_("Ngày cuối cùng"))
    law = forms.CharField(label=_("Văn bản"), required=False, max_length=300)


class EngageForm(forms.Form):
    """A role for somebody known by personal number."""

    citizen_number = forms.CharField(
        label=_("Số định danh cá nhân"),
        help_text=_("12 chữ số. Người này đăng nhập bằng tài khoản định danh điện tử của mình."),
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "inputmode": "numeric"}),
    )
    name = forms.CharField(label=_("Họ, chữ đệm và tên"), max_length=200)
    role = forms.TypedChoiceField(
        label=_("Vai trò"), choices=[(role.value, ROLE_NAMES[role]) for role in OFFICE_ROLES], coerce=Role
    )
    title = forms.CharField(label=_("Chức vụ"), required=False, max_length=100)
    in_force_from = Day(label=_("Từ ngày"))
    law = forms.CharField(label=_("Quyết định"), required=False, max_length=300)

    def clean_citizen_number(self) -> str:
        """Forgive spaces, hold to twelve digits."""
        number: str = self.cleaned_data["citizen_number"].replace(" ", "")
        if not CITIZEN_NUMBER.match(number):
            raise ValidationError(_("Số định danh cá nhân gồm 12 chữ số"))
        return number


class HoursForm(SpansForm):
    """Hours of some weekdays from a day on."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("Áp dụng cho"),
        choices=[(number, name) for number, name in enumerate(WEEKDAYS)],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Chọn ít nhất một ngày trong tuần")},
    )
    in_force_from = Day(label=_("Từ ngày"))
    law = forms.CharField(label=_("Văn bản"), required=False, max_length=300)
    field_order = ("weekdays",)

    def clean(self) -> dict[str, Any]:
        """Lay the same spans over every chosen weekday."""
        data = super().clean()
        spans: Spans = data.pop("spans", ())
        data["week"] = dict.fromkeys(data.pop("weekdays", ()), spans)
        return data


class DayForm(SpansForm):
    """A closure, a make-up day or a day with other hours."""

    day = Day(label=_("Ngày"))
    kind = forms.ChoiceField(
        label=_("Quyết định"),
        choices=[
            (DayKind.CLOSED.value, _("Nghỉ")),
            (DayKind.MAKEUP.value, _("Làm bù, giờ như thứ Hai")),
            (DayKind.SPECIAL.value, _("Làm việc theo giờ riêng")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Lý do"), help_text=_("Người dân đọc được trong phần giải thích ngày hẹn"), max_length=200
    )
    law = forms.CharField(label=_("Văn bản"), required=False, max_length=300)
    everywhere = forms.BooleanField(label=_("Áp dụng cho toàn tỉnh"), required=False)
    field_order = ("day", "kind", *(name for name, _label in HALVES))

    def clean(self) -> dict[str, Any]:
        """Ask for hours when the day has its own."""
        data = super().clean()
        if (
            data.get("kind") == DayKind.SPECIAL
            and not data.get("spans")
            and "morning_from" not in self.errors
        ):
            self.add_error("morning_from", _("Nhập giờ làm việc của ngày này"))
        return data


UNITS = [
    (Unit.WORKING_DAY.value, _("ngày làm việc")),
    (Unit.HOUR.value, _("giờ làm việc")),
    (Unit.DAY.value, _("ngày")),
    (Unit.SAME_DAY.value, _("trong ngày làm việc")),
]


class TryForm(forms.Form):
    """What a deadline is tried with."""

    ngay = Day(label=_("Nhận ngày"))
    gio = _clock(_("lúc"))
    so = forms.DecimalField(
        label=_("Thời hạn"),
        min_value=Decimal(0),
        max_value=Decimal(400),
        decimal_places=2,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-3", "inputmode": "decimal"}),
    )
    don_vi = forms.TypedChoiceField(label=_("Đơn vị"), choices=UNITS, coerce=Unit)
    chot = _clock(_("Nhận sau giờ này tính ngày sau"))

    def count(self, calendar: WorkingCalendar) -> Deadline:
        """Count the deadline on a calendar."""
        data = self.cleaned_data
        received_at = datetime.combine(data["ngay"], data["gio"] or time(8), tzinfo=ZONE)
        term = Term(amount=data["so"], unit=data["don_vi"], cutoff=data["chot"])
        return deadline(received_at=received_at, term=term, pauses=(), calendar=calendar)


class AccountForm(forms.Form):
    """Where transfers go."""

    bank = forms.CharField(label=_("Ngân hàng"), max_length=100)
    bank_code = forms.CharField(
        label=_("Mã ngân hàng (BIN, 6 chữ số)"),
        max_length=6,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "inputmode": "numeric"}),
    )
    number = forms.CharField(
        label=_("Số tài khoản"),
        max_length=19,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
    )
    holder = forms.CharField(label=_("Chủ tài khoản"), max_length=100)
    in_force_from = Day(label=_("Từ ngày"))
    law = forms.CharField(label=_("Văn bản"), required=False, max_length=300)


class PackageForm(forms.Form):
    """A procedure package as zip."""

    package = forms.FileField(
        label=_("Tệp zip của gói thủ tục"),
        help_text=_("procedure.toml, form.toml, papers.toml, steps.toml, example.toml, result.typ"),
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
    )

    def clean_package(self) -> "UploadedFile[Any]":
        """Hold the upload to a size that a package can have."""
        upload: UploadedFile[Any] = self.cleaned_data["package"]
        if (upload.size or 0) > 5 * library.MEGABYTE:
            raise ValidationError(_("Gói quá lớn, nhiều nhất 5 MB"))
        return upload

    def publish(self, *, by: Actor, at: datetime) -> ProcedureVersion:
        """Publish what was sent."""
        definition = library.unpacked(self.cleaned_data["package"].file)
        return procedures.publish(definition=definition, by=by, at=at)
