"""Form fields that Django lacks: a date in three boxes, whose day and month may be unknown."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

#: attributes of a file input whose pictures ui/photo.js makes smaller before they are sent
PHOTO = {
    "data-ready": _("Ảnh đã sẵn sàng"),
    "data-small": _("Ảnh nhỏ, chữ có thể không đọc được. Hãy chụp gần hơn"),
    "data-dark": _("Ảnh hơi tối. Hãy chụp nơi sáng hơn nếu chữ khó đọc"),
    "data-blurred": _("Ảnh có thể bị nhòe. Hãy xem lại trước khi gửi"),
}
BOXES = (
    ("day", _("Ngày"), "govuk-input--width-2", 2),
    ("month", _("Tháng"), "govuk-input--width-2", 2),
    ("year", _("Năm"), "govuk-input--width-4", 4),
)


class DateBoxes(forms.MultiWidget):
    """Three boxes, day, month, year, over an ISO text such as 1948 or 1948-05-17."""

    template_name = "django/forms/widgets/date_boxes.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        boxes: dict[str, forms.Widget | type[forms.Widget]] = {
            name: forms.TextInput(
                attrs={"inputmode": "numeric", "class": css, "maxlength": size, "title": title}
            )
            for name, title, css, size in BOXES
        }
        super().__init__(boxes, attrs)

    def decompress(self, value: Any) -> list[str | None]:
        """Split an ISO text into its three boxes."""
        if isinstance(value, date):
            value = value.isoformat()
        parts: list[str | None] = [*(str(value).split("-") if value else [])]
        year, month, day = [*parts, None, None, None][:3]
        return [day, month, year]

    def id_for_label(self, id_: str) -> str:
        """Let the legend stand alone; each box has its own label."""
        return ""


class DateField(forms.Field):
    """Reads three boxes into an ISO text; `partial` lets the day, or day and month, stay empty."""

    widget = DateBoxes
    default_error_messages = {
        "required": _("Nhập ngày, tháng, năm, ví dụ 05 11 2026"),
        "invalid": _("Ngày này không có trong lịch. Nhập ngày, tháng, năm, ví dụ 05 11 2026"),
        "partial": _("Nhập đủ ngày, tháng, năm; chỉ nhớ năm thì chỉ nhập năm"),
    }

    def __init__(self, *, partial: bool = False, **kwargs: Any) -> None:
        self.partial = partial
        super().__init__(**kwargs)

    def to_python(self, value: list[str] | None) -> str | None:
        """Join the boxes and see that the calendar has such a day."""
        day, month, year = ((part or "").strip() for part in (value or ["", "", ""]))
        if not (day or month or year):
            return None
        known = [part for part in (year, month, day) if part]
        gap = not year or (day and not month)
        if gap or not all(part.isascii() and part.isdigit() for part in known):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if len(known) < len(BOXES) and not self.partial:
            raise ValidationError(self.error_messages["partial"], code="partial")
        try:
            whole = date(int(year), int(month or 1), int(day or 1))
        except ValueError as wrong:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from wrong
        if len(year) != len("2026"):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return "-".join(whole.isoformat().split("-")[: len(known)])


class PhoneField(forms.CharField):
    """Reads a Vietnamese mobile number, as people write it, into its ten digits."""

    def __init__(self, **words: Any) -> None:
        box = forms.TextInput(
            attrs={"class": "govuk-input--width-10", "inputmode": "tel", "autocomplete": "tel"}
        )
        super().__init__(max_length=20, widget=box, **words)

    def clean(self, value: Any) -> str:
        """Leave out what stands between groups of digits, and the country's +84."""
        digits = re.sub(r"[ .\-()]", "", super().clean(value))
        digits = f"0{digits[3:]}" if digits.startswith("+84") else digits
        if digits and not re.fullmatch(r"0[35789][0-9]{8}", digits):
            raise ValidationError(_("Nhập số điện thoại di động gồm 10 chữ số, ví dụ 0912 345 678"))
        return digits
