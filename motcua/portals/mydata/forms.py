"""The shape of what people ask and of what they are answered."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.base.calendar import local
from motcua.domain.privacy import law
from motcua.domain.privacy.models import DataRequest
from motcua.domain.privacy.rules import KIND_NAMES, SELF_SERVED, Action


class AskForm(forms.Form):
    """What somebody asks; seeing and copying are buttons of the page."""

    kind = forms.ChoiceField(
        label=_("Bạn muốn gì?"),
        choices=[(kind.value, name) for kind, name in KIND_NAMES.items() if kind not in SELF_SERVED],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("Nói rõ hơn"),
        help_text=_("Dữ liệu nào, và vì sao. Ví dụ: số điện thoại cũ của tôi không còn dùng."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class MoveForm(forms.Form):
    """What the desk does with a request."""

    action = forms.ChoiceField(
        label=_("Kết quả"),
        choices=[
            (Action.FULFIL.value, _("Đã thực hiện yêu cầu")),
            (Action.REFUSE.value, _("Từ chối, có căn cứ pháp luật")),
        ],
        widget=forms.RadioSelect,
    )
    ground = forms.ChoiceField(label=_("Căn cứ, nếu từ chối"), required=False)
    answer = forms.CharField(
        label=_("Lời trả lời"),
        help_text=_("Người yêu cầu đọc nguyên văn."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, data: Any = None, *, request: DataRequest, at: datetime) -> None:
        super().__init__(data)
        grounds = law.fitting(request.kind, on=local(at).date())
        field = self.fields["ground"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "–"), *((one.key, f"{one} ({one.law})") for one in grounds)]

    def clean(self) -> dict[str, Any]:
        """Leave the ground out of what is no refusal, and ask for it in one."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("action") != Action.REFUSE:
            given["ground"] = ""
        elif not given.get("ground"):
            self.add_error("ground", _("Hãy chọn căn cứ pháp luật của việc từ chối."))
        return given


class NoticeForm(forms.Form):
    """A breach as it was noticed."""

    text = forms.CharField(
        label=_("Chuyện gì đã xảy ra"),
        help_text=_("Dữ liệu nào, vì sao lộ, đã làm gì. Không ghi số định danh của ai."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    people = forms.IntegerField(
        label=_("Bao nhiêu người bị ảnh hưởng"),
        min_value=0,
        max_value=200_000_000,
        widget=forms.TextInput({"class": "govuk-input--width-10", "inputmode": "numeric"}),
    )
    noticed_at = forms.DateTimeField(
        label=_("Phát hiện lúc"),
        help_text=_("Ví dụ: 16:30 26/08/2026"),
        input_formats=["%H:%M %d/%m/%Y"],
        widget=forms.DateTimeInput({"class": "govuk-input--width-20"}, format="%H:%M %d/%m/%Y"),
    )

    def clean_noticed_at(self) -> datetime:
        """Refuse a time that has not come."""
        at: datetime = self.cleaned_data["noticed_at"]
        if at > timezone.now():
            raise forms.ValidationError(_("Lúc phát hiện không thể ở tương lai."))
        return at


class ReportForm(forms.Form):
    """The notice that was sent to the authority."""

    breach = forms.IntegerField(widget=forms.HiddenInput)
    notice = forms.CharField(label=_("Số và ngày văn bản thông báo"), max_length=200)
