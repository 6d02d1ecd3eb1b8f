"""The shape of what the clerk sends."""

from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from motcua.base.errors import Refused
from motcua.base.widgets import DateField
from motcua.domain.dossiers.models import Handing
from motcua.domain.payments.rules import METHOD_NAMES, Method
from motcua.domain.people.rules import card_number
from motcua.domain.procedures.models import ProcedureVersion

_LINES = forms.Textarea(attrs={"rows": 3})


class OpenForm(forms.Form):
    """Who stands before the counter, and what for; a scanner types the number and Enter."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    number = forms.CharField(
        label=_("Số định danh (quét thẻ hoặc gõ 12 số)"),
        max_length=1000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "autofocus": True}),
    )
    procedure = forms.ChoiceField(label=_("Thủ tục"))

    def __init__(self, *args: object, versions: list[ProcedureVersion], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["procedure"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(version.code, str(version.name)) for version in versions]

    def clean_number(self) -> str:
        """Take the number out of what was scanned or typed."""
        try:
            return card_number(self.cleaned_data["number"])
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from refused


_TOO_LITTLE = _("Cần cả họ và tên, hoặc số chứng minh nhân dân cũ.")


class SeekForm(forms.Form):
    """What a person at the counter says of herself when she has no number at hand."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    procedure = forms.ChoiceField(label=_("Thủ tục"))
    name = forms.CharField(
        label=_("Họ, chữ đệm và tên"),
        help_text=_("Thiếu dấu, thiếu chữ đệm cũng được"),
        error_messages={"required": _TOO_LITTLE},
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    born_on = DateField(
        label=_("Ngày sinh"),
        help_text=_("Chỉ nhớ năm thì chỉ nhập năm"),
        error_messages={"required": _("Cần ngày sinh, ít nhất là năm sinh.")},
        partial=True,
    )
    commune = forms.ChoiceField(label=_("Xã, phường thường trú"), required=False)
    old_number = forms.RegexField(
        label=_("Số chứng minh nhân dân cũ"),
        regex=r"^[0-9]{9}$",
        strip=True,
        required=False,
        error_messages={"invalid": _("Số chứng minh nhân dân cũ có đúng 9 chữ số.")},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "class": "govuk-input--width-10"}
        ),
    )

    def __init__(
        self,
        *args: object,
        versions: list[ProcedureVersion],
        communes: list[tuple[str, str]],
        **kwargs: object,
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for name, choices in (
            ("procedure", [(version.code, str(version.name)) for version in versions]),
            ("commune", [("", _("Không rõ")), *communes]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

        if self.data.get("old_number", "").strip():
            self.fields["name"].required = self.fields["born_on"].required = False

    def clean_name(self) -> str:
        """Ask for enough to tell people apart before anybody is looked for."""
        name = str(self.cleaned_data["name"])
        if self.fields["name"].required and len(name.split()) < 2:
            raise forms.ValidationError(_TOO_LITTLE)
        return name


class ChooseForm(forms.Form):
    """Which of the people shown stands before the counter."""

    key = forms.UUIDField()
    procedure = forms.CharField(max_length=80)
    handle = forms.CharField(max_length=100)


class ReasonForm(forms.Form):
    """A reason that is printed for the citizen."""

    reason = forms.CharField(label=_("Lý do"), widget=_LINES, max_length=2000)


class HowForm(forms.Form):
    """How something was settled: what was done, and the number of the voucher."""

    how = forms.CharField(max_length=500)

    @classmethod
    def said(cls, sent: QueryDict) -> str:
        """Give the words, or nothing when there are none that can be kept."""
        form = cls(sent)
        return str(form.cleaned_data["how"]) if form.is_valid() else ""


class HandingForm(forms.Form):
    """How the result is to reach the citizen."""

    handing = forms.ChoiceField(
        label=_("Nhận kết quả"), choices=Handing.choices, widget=forms.RadioSelect, initial=Handing.DESK
    )


class PayForm(forms.Form):
    """How the money came, confirmed by the clerk."""

    method = forms.ChoiceField(
        label=_("Cách nộp"),
        choices=[(method, METHOD_NAMES[method]) for method in (Method.COUNTER, Method.TRANSFER)],
        widget=forms.RadioSelect(attrs={"class": "govuk-radios--inline"}),
        initial=Method.COUNTER,
    )
    reference = forms.CharField(
        label=_("Số biên lai hoặc mã giao dịch chuyển khoản"),
        max_length=60,
        initial="",
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )


class HandOverForm(forms.Form):
    """Who takes the result away."""

    to = forms.CharField(label=_("Người nhận kết quả"), max_length=200)
