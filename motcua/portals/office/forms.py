"""The shape of what officers send."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.base.widgets import DateField
from motcua.domain.agencies.models import Officer
from motcua.domain.dossiers.models import Dossier
from motcua.domain.dossiers.queries import Filters, needed_papers
from motcua.domain.dossiers.rules import OPEN, STATE_NAMES, State
from motcua.domain.procedures import rules as procedures

_LINES = forms.Textarea(attrs={"rows": 4})


class FilterForm(forms.Form):
    """How the worklist is narrowed; what does not fit is left out instead of refused."""

    tim = forms.CharField(label=_("Tìm"), required=False, max_length=100)
    thu_tuc = forms.CharField(label=_("Thủ tục"), required=False, max_length=40)
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

    until = forms.DateTimeField(
        label=_("Hẹn trả mới"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    reason = forms.CharField(label=_("Lý do chậm"), widget=_LINES, max_length=2000)


class AskMoreForm(forms.Form):
    """Everything that is missing, all of it at once."""

    papers = forms.MultipleChoiceField(
        label=_("Giấy tờ cần bổ sung hoặc thay"), required=False, widget=forms.CheckboxSelectMultiple
    )
    fields_asked = forms.MultipleChoiceField(
        label=_("Thông tin cần sửa"), required=False, widget=forms.CheckboxSelectMultiple
    )
    other = forms.CharField(label=_("Nội dung khác"), required=False, max_length=500)
    reason = forms.CharField(label=_("Lý do và hướng dẫn"), widget=_LINES, max_length=2000)
    until = DateField(label=_("Bổ sung trước hết ngày"))

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spec = dossier.version.spec
        asked = procedures.asked(spec, dossier.answers)
        self.titles = {rule.key: rule.title.vi for rule in needed_papers(dossier)}
        self.labels = {
            name: spec.by_name[name].label.vi for name in asked if spec.by_name[name].kind != "file"
        }
        papers, fields = self.fields["papers"], self.fields["fields_asked"]
        assert isinstance(papers, forms.MultipleChoiceField) and isinstance(fields, forms.MultipleChoiceField)
        papers.choices = [(rule.key, str(rule.title)) for rule in needed_papers(dossier)]
        fields.choices = [(name, str(spec.by_name[name].label)) for name in self.labels]

    def due_on(self) -> date:
        """Give the last day to answer."""
        return date.fromisoformat(self.cleaned_data["until"])

    def items(self) -> list[dict[str, str]]:
        """Give the list as the supplement keeps it, in Vietnamese."""
        data = self.cleaned_data
        found = [{"kind": "paper", "name": key, "title": self.titles[key]} for key in data["papers"]]
        found += [
            {"kind": "field", "name": name, "title": self.labels[name]} for name in data["fields_asked"]
        ]
        if data["other"]:
            found.append({"kind": "other", "name": "other", "title": data["other"]})
        return found


#: how long a citizen is given unless the officer says otherwise
USUAL_TIME = timedelta(days=14)
