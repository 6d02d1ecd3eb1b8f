"""The kinds of fields as Django fields: each reads what a person typed into the plain value that is kept."""

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from motcua.base import widgets as kit
from motcua.base.encodings import readable
from motcua.base.text import nfc
from motcua.domain.procedures.forms.widgets import AddressWidget, PersonWidget
from motcua.domain.procedures.rules.definition import Field
from motcua.domain.procedures.rules.kinds import address
from motcua.domain.procedures.rules.problems import MESSAGES, missing

#: more choices than this fold up into a drop-down list
MOST_RADIOS = 6
OLD_FONT = _(
    "Chữ này gõ bằng phông cũ (TCVN3, VNI) hoặc bị lỗi mã nên không đọc được. "
    "Hãy chọn bảng mã Unicode trong bộ gõ và gõ lại."
)
_FILLERS = re.compile(r"[\s.\-()]")


class Typed(forms.CharField):
    """Text in composed Unicode; old encodings are repaired when that is certain, else asked for again."""

    def __init__(self, spec: Field, **attrs: Any) -> None:
        tokens = {"autocomplete": spec.autocomplete} if spec.autocomplete else {}
        widget = forms.Textarea if spec.kind == "long_text" else self.widget
        super().__init__(widget=widget(attrs={**tokens, **attrs}))

    def to_python(self, value: Any) -> str:
        """Compose and repair."""
        text = super().to_python(value) or ""
        lines = [readable(line) for line in text.splitlines()]
        if None in lines:
            raise ValidationError(OLD_FONT, code="old_font")
        return "\n".join(line or "" for line in lines).strip()


class Text(Typed):
    """One line of text."""


class LongText(Typed):
    """Several lines of text."""

    def __init__(self, spec: Field) -> None:
        super().__init__(spec, rows=5)


class FullName(Typed):
    """A Vietnamese or foreign name as it is written in papers."""

    def __init__(self, spec: Field) -> None:
        super().__init__(spec, spellcheck="false")

    def to_python(self, value: Any) -> str:
        """Bring the kinds of apostrophes together."""
        return super().to_python(value).replace("`", "'").replace("´", "'")


class CitizenNumber(Typed):
    """Twelve digits, however they are grouped."""

    def __init__(self, spec: Field) -> None:
        super().__init__(spec, inputmode="numeric", **{"class": "govuk-input--width-20"})

    def to_python(self, value: Any) -> str:
        """Drop what stands between the digits."""
        return _FILLERS.sub("", super().to_python(value))


class Phone(Typed):
    """A Vietnamese mobile number; +84 is 0."""

    def __init__(self, spec: Field) -> None:
        super().__init__(spec, inputmode="tel", type="tel", **{"class": "govuk-input--width-20"})

    def to_python(self, value: Any) -> str:
        """Drop what stands between the digits and write the country's own form."""
        return re.sub(r"^(\+84|84(?=\d{9}$))", "0", _FILLERS.sub("", super().to_python(value)))

    def prepare_value(self, value: Any) -> Any:
        """Group the digits."""
        return f"{value[:4]} {value[4:7]} {value[7:]}" if re.fullmatch(r"\d{10}", str(value)) else value


class Email(Typed):
    """A mail address."""

    def __init__(self, spec: Field) -> None:
        super().__init__(spec, inputmode="email", type="email", spellcheck="false")

    def to_python(self, value: Any) -> str:
        """Drop stray spaces."""
        return re.sub(r"\s", "", super().to_python(value))


class Number(Typed):
    """A number with either kind of separators: 1.234,5 or 1,234.5."""

    invalid = _("Nhập bằng chữ số, ví dụ 12.")

    def __init__(self, spec: Field) -> None:
        self.decimals = spec.decimals
        mode = "decimal" if spec.decimals else "numeric"
        super().__init__(spec, inputmode=mode, **{"class": "govuk-input--width-10"})

    def to_python(self, value: Any) -> Any:
        """Tell groups of thousands from decimals."""
        text = re.sub(r"[\s\u00a0đ₫]|VND$", "", super().to_python(value))
        if not text:
            return None
        whole, mark, rest = re.fullmatch(r"(.*?)(?:([.,])(\d*))?", text).groups()  # type: ignore[union-attr]
        if mark and not (self.decimals and (len(rest) <= self.decimals or re.search("[.,]", whole))):
            whole, rest = f"{whole}{mark}{rest}", ""
        grouped = re.fullmatch(r"-?\d+|-?\d{1,3}([.,]\d{3})+", whole)
        if not grouped:
            raise ValidationError(self.invalid, code="invalid")
        digits = re.sub("[.,]", "", whole)
        return float(f"{digits}.{rest}") if rest else int(digits)

    def prepare_value(self, value: Any) -> Any:
        """Write the decimal mark of the language."""
        if not isinstance(value, float):
            return value
        return f"{value:g}" if get_language() == "en" else f"{value:g}".replace(".", ",")


class Money(Number):
    """An amount in đồng."""

    invalid = _("Nhập số tiền bằng chữ số, ví dụ 1.250.000.")

    def prepare_value(self, value: Any) -> Any:
        """Group the thousands."""
        return f"{value:,}".replace(",", ".") if isinstance(value, int) else value


class Date(kit.DateField):
    """A whole date in three boxes."""

    def __init__(self, spec: Field, *, partial: bool = False) -> None:
        super().__init__(partial=partial)


class PartialDate(Date):
    """A date of which perhaps only the year is known."""

    def __init__(self, spec: Field) -> None:
        super().__init__(spec, partial=True)


class Choice(forms.ChoiceField):
    """One of several answers."""

    def __init__(self, spec: Field) -> None:
        choices = [(choice.key, str(choice.label)) for choice in spec.choices]
        folded = len(choices) > MOST_RADIOS
        super().__init__(
            choices=[("", _("Chọn")), *choices] if folded else choices,
            widget=forms.Select if folded else forms.RadioSelect,
            error_messages={"invalid_choice": str(MESSAGES[("choice", "enum")])},
        )


class Choices(forms.MultipleChoiceField):
    """Any of several answers."""

    def __init__(self, spec: Field) -> None:
        super().__init__(
            choices=[(choice.key, str(choice.label)) for choice in spec.choices],
            widget=forms.CheckboxSelectMultiple,
            error_messages={"invalid_choice": str(MESSAGES[("choices", "enum")])},
        )


class YesNo(forms.ChoiceField):
    """Yes or no."""

    def __init__(self, spec: Field) -> None:
        choices = [("yes", pgettext_lazy("answer", "Có")), ("no", pgettext_lazy("answer", "Không"))]
        super().__init__(choices=choices, widget=forms.RadioSelect(attrs={"class": "govuk-radios--inline"}))

    def clean(self, value: Any) -> bool | None:
        """Turn the answer into a truth."""
        return {"yes": True, "no": False}.get(super().clean(value))

    def prepare_value(self, value: Any) -> Any:
        """Turn a truth into the answer."""
        return {True: "yes", False: "no"}.get(value, value)


class Address(forms.Field):
    """A two-level address by codes, with the names as they are today."""

    def __init__(self, spec: Field) -> None:
        super().__init__(widget=AddressWidget(detail=spec.detail))

    def to_python(self, value: dict[str, str] | None) -> dict[str, str] | None:
        """Compose the detail and look the names up."""
        typed = value or {}
        detail = readable(typed.get("detail", ""))
        if detail is None:
            raise ValidationError(OLD_FONT, code="old_font")
        # The province alone is what the form itself offers: nothing was answered yet.
        if not typed.get("commune") and not detail:
            return None
        return address(typed.get("province", ""), typed.get("commune", ""), detail)


class Person(forms.Field):
    """Another person by name and number."""

    def __init__(self, spec: Field) -> None:
        super().__init__(widget=PersonWidget())

    def to_python(self, value: dict[str, str] | None) -> dict[str, str] | None:
        """Compose the name, drop what stands between the digits."""
        typed = value or {}
        name = readable(typed.get("name", ""))
        if name is None:
            raise ValidationError(OLD_FONT, code="old_font")
        parts = {"name": name, "number": _FILLERS.sub("", nfc(typed.get("number", "")))}
        return {key: part for key, part in parts.items() if part} or None


class File(forms.FileField):
    """One file of a paper that is asked for in the middle of the form."""

    def __init__(self, spec: Field) -> None:
        super().__init__(
            widget=forms.FileInput(attrs={"accept": "image/*,application/pdf", **kit.PHOTO}),
            error_messages={
                "empty": _("Tệp này rỗng. Chụp hoặc chọn lại."),
                "missing": _("Tệp chưa được gửi lên. Chụp hoặc chọn lại."),
            },
        )


#: kind in a package → the field class; `repeat` is in rows.py, for its columns are fields of these kinds
FIELDS: dict[str, Callable[[Field], forms.Field]] = {
    "text": Text,
    "long_text": LongText,
    "full_name": FullName,
    "citizen_number": CitizenNumber,
    "date": Date,
    "partial_date": PartialDate,
    "address": Address,
    "phone": Phone,
    "email": Email,
    "number": Number,
    "money": Money,
    "choice": Choice,
    "choices": Choices,
    "yes_no": YesNo,
    "person": Person,
    "file": File,
}

HINTS: dict[str, Promise] = {
    "citizen_number": _("12 chữ số trên thẻ căn cước hoặc trong VNeID"),
    "date": _("Ví dụ: 05 11 2026"),
    "partial_date": _("Ví dụ: 05 11 1948; không nhớ ngày, tháng thì chỉ nhập năm"),
    "phone": _("Ví dụ: 0912 345 678"),
}


def dress(field: forms.Field, spec: Field) -> forms.Field:
    """Give a field the label, hint and messages of the package, in the language that is being spoken."""
    field.label = str(spec.label)
    field.help_text = str(spec.hint) if spec.hint else str(HINTS.get(spec.kind, ""))
    field.required = spec.required
    field.widget.is_required = spec.required
    field.error_messages["required"] = missing(spec)
    field.initial = spec.default
    return field
