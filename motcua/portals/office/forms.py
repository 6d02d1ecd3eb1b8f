"""The shape of what officers send."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.base.widgets import DateField
from motcua.domain.agencies.models import Officer
from motcua.domain.dossiers.queries import Filters
from motcua.domain.dossiers.rules import OPEN, STATE_NAMES, State
from motcua.domain.procedures.models import ProcedureVersion

_LINES = forms.Textarea(attrs={"rows": 4})


class FilterForm(forms.Form):
    """How the worklist is narrowed; what does not fit is left out instead of refused."""

    tim = forms.CharField(label=_("Tìm"), required=False, max_length=100)
    thu_tuc = forms.ChoiceField(label=_("Thủ tục"), required=False)
    trang_thai = forms.TypedChoiceField(
        label=_("Trạng thái"),
        required=False,
        coerce=lambda value: State(int(value)),
        empty_value=None,
        choices=[("", _("Tất cả")), *((state.value, STATE_NAMES[state]) for state in sorted(OPEN))],
    )
    han = forms.ChoiceField(
        required=False,
        choices=[("", ""), ("late", ""), ("today", ""), ("later", ""), ("paused", "")],
        widget=forms.HiddenInput,
    )
    cua_toi = forms.BooleanField(label=_("Chỉ hồ sơ của tôi"), required=False)

    def __init__(self, *args: Any, versions: Sequence[ProcedureVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["thu_tuc"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Tất cả")), *((version.code, str(version.name)) for version in versions)]

    def filters(self) -> Filters:
        """Give the filters that fit."""
        self.is_valid()
        data = self.cleaned_data
        return Filters(
            words=data.get("tim", ""),
            procedure=data.get("thu_tuc", ""),
            state=data.get("trang_thai"),
            due=data.get("han", ""),
            only_mine=bool(data.get("cua_toi")),
        )


class ReasonForm(forms.Form):
    """A reason for a move."""

    reason = forms.CharField(label=_("Lý do"), widget=_LINES, max_length=2000)


class AssignForm(forms.Form):
    """Who takes the dossier."""

    officer: Any = forms.ModelChoiceField(label=_("Cán bộ thụ lý"), queryset=None, empty_label=None)

    def __init__(self, *args: Any, officers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["officer"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = officers

    @property
    def chosen(self) -> Officer:
        """The officer who was chosen."""
        officer: Officer = self.cleaned_data["officer"]
        return officer


class PostponeForm(forms.Form):
    """A new promise with an apology."""

    on = DateField(label=_("Hẹn trả mới"))
    hour = forms.TimeField(
        label=_("Giờ"),
        input_formats=["%H:%M"],
        initial="17:00",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-4", "autocomplete": "off"}),
        error_messages={"invalid": _("Nhập giờ và phút, ví dụ 16:30.")},
    )
    reason = forms.CharField(label=_("Lý do chậm"), widget=_LINES, max_length=2000)

    @property
    def until(self) -> datetime:
        """The moment promised now."""
        day = date.fromisoformat(self.cleaned_data["on"])
        return timezone.make_aware(datetime.combine(day, self.cleaned_data["hour"]))


#: how long a citizen is given unless the officer says otherwise
USUAL_TIME = timedelta(days=14)
