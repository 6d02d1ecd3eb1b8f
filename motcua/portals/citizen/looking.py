"""Looking a dossier up without logging in."""

from django import forms
from django.utils.translation import gettext_lazy as _


class LookUpForm(forms.Form):
    """Names a dossier by its code and the last four digits of the phone (TT 01/2018 art. 16)."""

    code = forms.CharField(
        label=_("Mã hồ sơ"),
        help_text=_('In trên giấy tiếp nhận, ví dụ <span class="code">H53.17-261123-0042</span>'),
        max_length=60,
        widget=forms.TextInput(
            attrs={"class": "code", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": _("Nhập mã hồ sơ in trên giấy tiếp nhận.")},
    )
    phone_tail = forms.RegexField(
        r"^[0-9]{4}$",
        label=_("4 số cuối điện thoại đã khai"),
        widget=forms.TextInput(
            attrs={"class": "code govuk-input--width-5", "inputmode": "numeric", "maxlength": 4}
        ),
        error_messages={
            "required": _("Nhập 4 số cuối của số điện thoại đã khai trong hồ sơ."),
            "invalid": _("Nhập đúng 4 chữ số, ví dụ 5678."),
        },
    )

    def refuse(self) -> None:
        """Say that nothing was found, without telling which of the two was wrong."""
        self.add_error("code", _("Không có hồ sơ nào khớp cả mã và 4 số điện thoại này. Hãy xem lại."))
