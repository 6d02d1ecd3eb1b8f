"""The shape of what people type when they log in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class NumberAndPassword(forms.Form):
    """The first step: something everybody has a name for, and something known."""

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
    password = forms.CharField(
        label=_("Mật khẩu"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def clean_number(self) -> str:
        """Leave out the spaces and dots that people write between groups of digits."""
        number = "".join(c for c in str(self.cleaned_data["number"]) if c not in " .-\u00a0")
        if not (number.isascii() and number.isdigit() and len(number) == 12):
            raise forms.ValidationError(_("Số định danh phải có đúng 12 chữ số."))
        return number


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
