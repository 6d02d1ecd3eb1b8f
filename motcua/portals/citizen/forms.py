"""Shapes of what a citizen sends, apart from the form of the procedure itself."""

import re
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.base.encodings import readable
from motcua.base.text import nfc
from motcua.base.widgets import DateField
from motcua.domain.dossiers.models import Handing
from motcua.domain.procedures.forms.fields import OLD_FONT
from motcua.domain.procedures.rules import Definition, numbers

#: of the applicant, when somebody else files
OTHER = ("number", "name", "born_on")


class OfficeForm(forms.Form):
    """Chooses the commune whose office takes the dossier."""

    commune = forms.ChoiceField(label=_("Nộp tại xã, phường"))

    def __init__(self, *args: Any, communes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["commune"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Chọn xã, phường")), *communes]
        field.error_messages["required"] = _("Chọn xã, phường nơi bạn muốn nộp hồ sơ.")
        if not communes:
            del self.fields["commune"]


class StartForm(OfficeForm):
    """Begins a draft: where, and for whom; the key makes pressing twice harmless."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)
    whom = forms.ChoiceField(
        label=_("Bạn nộp hồ sơ cho ai?"),
        choices=[("me", _("Cho tôi")), ("other", _("Cho người khác, tôi được ủy quyền"))],
        widget=forms.RadioSelect,
        initial="me",
        error_messages={"required": _("Chọn bạn nộp cho ai.")},
    )
    number = forms.CharField(
        label=_("Số định danh của người đó"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-20"}),
        error_messages={
            "required": _("Nhập số định danh của người bạn nộp thay."),
            "invalid": _("Số định danh gồm 12 chữ số, ví dụ 080190000123."),
        },
    )
    name = forms.CharField(
        label=_("Họ, chữ đệm và tên của người đó"),
        max_length=100,
        error_messages={"required": _("Nhập họ và tên của người bạn nộp thay.")},
    )
    born_on = DateField(label=_("Ngày sinh của người đó"), partial=True)

    field_order = ["commune", "whom", "number", "name", "born_on", "key"]

    def __init__(
        self, *args: Any, communes: list[tuple[str, str]], proxy: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, communes=communes, **kwargs)
        if proxy:  # whom it is for was said when choosing for whom to act
            for name in ("whom", *OTHER):
                del self.fields[name]
            return
        # Without JavaScript the questions about the other person come with the next answer of the server.
        if self.data.get("whom") != "other":
            for name in OTHER:
                del self.fields[name]
        elif "number" not in self.data:
            said = {name: self.data.get(name) for name in ("commune", "whom", "key")}
            self.initial = {**self.initial, **said}
            self.is_bound = False

    def clean_key(self) -> UUID:
        """Make a key up for whoever sent none."""
        return self.cleaned_data["key"] or uuid4()

    def clean_number(self) -> str:
        """Forgive spaces and dots between the digits."""
        number = re.sub(r"[\s.]", "", self.cleaned_data["number"])
        if not re.fullmatch(r"[0-9]{12}", number):
            raise ValidationError(self.fields["number"].error_messages["invalid"], code="invalid")
        return number

    def clean_name(self) -> str:
        """Compose the letters, and repair old encodings where that is certain."""
        name = readable(self.cleaned_data["name"])
        if name is None:
            raise ValidationError(OLD_FONT, code="old_font")
        return name

    def clean(self) -> dict[str, Any]:
        """Hold the number to the year of birth that it says."""
        number, born_on = self.cleaned_data.get("number"), self.cleaned_data.get("born_on")
        if number and born_on and numbers.read(number).born_in != int(born_on[:4]):
            self.add_error(
                "number",
                _("Số định danh này là của người sinh năm %(said)s. Kiểm tra lại số định danh và ngày sinh.")
                % {"said": numbers.read(number).born_in},
            )
        return self.cleaned_data


def handings(spec: Definition) -> list[tuple[str, Promise | str]]:
    """List the ways in which the result of a procedure can reach somebody."""
    ways = [Handing.ELECTRONIC] if spec.result.electronic else []
    return [
        (way.value, way.label)
        for way in (*ways, *([Handing.DESK, Handing.POST] if spec.result.on_paper else []))
    ]


class FilingForm(forms.Form):
    """The last page: how the result comes, and the declaration without which nothing is filed."""

    handing = forms.ChoiceField(
        label=_("Bạn muốn nhận kết quả thế nào?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Chọn cách nhận kết quả.")},
    )
    declared = forms.BooleanField(
        label=_(
            "Tôi cam đoan những điều đã khai và giấy tờ gửi kèm là đúng, và chịu trách nhiệm về lời khai."
        ),
        error_messages={"required": _("Đánh dấu vào lời cam đoan trước khi nộp.")},
    )

    def __init__(self, *args: Any, spec: Definition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["handing"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = handings(spec)
        field.initial = field.choices[0][0]


class ReasonForm(forms.Form):
    """A reason in a few words."""

    reason = forms.CharField(
        label=_("Lý do"),
        min_length=5,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": _("Ghi lý do, ví dụ “Tôi khai nhầm nơi cư trú”."),
            "min_length": _("Ghi rõ lý do bằng vài từ, ví dụ “Tôi khai nhầm nơi cư trú”."),
        },
    )

    def clean_reason(self) -> str:
        """Compose the letters."""
        return nfc(self.cleaned_data["reason"])
