"""The shape of what people type when they log in."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.base.widgets import PHOTO, DateField, PhoneField
from motcua.domain.population.models import Person


class ByNumber(forms.Form):
    """What everybody has a name for."""

    number = forms.CharField(
        label=_("Số định danh cá nhân"),
        help_text=_("12 chữ số trên thẻ căn cước"),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "class": "govuk-input--width-20",
                "inputmode": "numeric",
                "autocomplete": "username",
                "spellcheck": "false",
            }
        ),
    )

    def clean_number(self) -> str:
        """Leave out the spaces and dots that people write between groups of digits."""
        number = "".join(c for c in str(self.cleaned_data["number"]) if c not in " .-\u00a0")
        if not (number.isascii() and number.isdigit() and len(number) == 12):
            raise forms.ValidationError(_("Số định danh phải có đúng 12 chữ số."))
        return number


class NumberAndPassword(ByNumber):
    """The first step: something everybody has a name for, and something known."""

    password = forms.CharField(
        label=_("Mật khẩu"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class OneTimeCode(forms.Form):
    """The second step: a code that only the holder's device can show."""

    def __init__(self, *words: Any, sent_to: str = "", **named: Any) -> None:
        super().__init__(*words, **named)
        if sent_to:
            where = _("6 chữ số trong tin nhắn gửi đến số kết thúc bằng %(end)s")
            self.fields["code"].help_text = where % {"end": sent_to}

    code = forms.CharField(
        label=_("Mã xác thực"),
        help_text=_("6 chữ số đang hiện trong ứng dụng xác thực của bạn"),
        max_length=12,
        widget=forms.TextInput(
            attrs={
                "class": "govuk-input--width-5",
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "spellcheck": "false",
            }
        ),
    )


def _photo(**words: Any) -> forms.FileField:
    box = forms.FileInput(attrs={"accept": "image/*", "capture": "user", **PHOTO})
    return forms.FileField(label=_("Ảnh khuôn mặt"), widget=box, **words)


class ApplyForm(ByNumber):
    """Who applies for a level 1 account."""

    name = forms.CharField(
        label=_("Họ, chữ đệm và tên"),
        help_text=_("Viết như trên thẻ căn cước"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
    )
    born_on = DateField(label=_("Ngày sinh"), partial=True)
    phone = PhoneField(label=_("Số điện thoại của bạn"), help_text=_("Chúng tôi gửi mã xác nhận đến số này"))


class CodeAndPhoto(forms.Form):
    """The code that came by text, and a face for the reviewer."""

    code = forms.CharField(
        label=_("Mã xác nhận"),
        help_text=_("6 chữ số vừa gửi đến điện thoại của bạn"),
        max_length=12,
        widget=forms.TextInput(
            attrs={
                "class": "govuk-input--width-5",
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
            }
        ),
    )
    photo = _photo(help_text=_("Chụp chính diện, rõ mặt, không đeo kính râm hay khẩu trang"))


class CodeAndPassword(ByNumber):
    """A code that came by text opens the choice of a password."""

    code = forms.CharField(
        label=_("Mã trong tin nhắn"),
        help_text=_("12 chữ số"),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "class": "govuk-input--width-10",
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
            }
        ),
    )
    password = forms.CharField(
        label=_("Mật khẩu mới"),
        help_text=_("Từ 12 ký tự; một câu dài dễ nhớ là tốt nhất"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("Nhập lại mật khẩu mới"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse two different passwords."""
        data = super().clean() or self.cleaned_data
        if "again" in data and data.get("password") != data["again"]:
            self.add_error("again", _("Hai lần nhập chưa giống nhau."))
        return data

    def words(self) -> dict[str, str]:
        """Give what the command takes."""
        return {name: self.cleaned_data[name] for name in ("number", "code", "password")}


class ChildForm(forms.Form):
    """For which of one's children."""

    child = forms.TypedChoiceField(label=_("Cho con nào"), coerce=int, widget=forms.RadioSelect)
    photo = _photo(required=False)

    def __init__(self, *words: Any, children: Sequence[Person], **more: Any) -> None:
        super().__init__(*words, **more)
        field = self.fields["child"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(one.pk, one.name) for one in children]


class OrganizationForm(forms.Form):
    """An organization and who represents it."""

    code = forms.RegexField(
        r"^[0-9A-Z-]{5,20}$",
        label=_("Mã số doanh nghiệp, mã số thuế hoặc số quyết định thành lập"),
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocomplete": "off"}),
    )
    name = forms.CharField(label=_("Tên tổ chức"), max_length=200)
    known = forms.BooleanField(
        label=_("Tổ chức đã có trong cơ sở dữ liệu đăng ký doanh nghiệp hoặc mã số thuế"), required=False
    )
    representatives = forms.CharField(
        label=_("Số định danh của những người đại diện khác theo pháp luật"),
        help_text=_("Mỗi dòng một số; họ phải đồng ý trước khi đề nghị được gửi"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )

    def clean_representatives(self) -> list[str]:
        """Read one number a line."""
        lines = str(self.cleaned_data["representatives"]).splitlines()
        numbers = ["".join(c for c in line if c not in " .-\u00a0") for line in lines if line.strip()]
        if len(numbers) > 20 or not all(
            one.isascii() and one.isdigit() and len(one) == 12 for one in numbers
        ):
            raise forms.ValidationError(_("Mỗi dòng cần đúng 12 chữ số, nhiều nhất 20 người."))
        return numbers
