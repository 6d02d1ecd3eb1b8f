"""The one form that several desks share: everything that is missing, asked at once."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.base.widgets import DateField
from motcua.domain.dossiers.models import Dossier
from motcua.domain.dossiers.queries import needed_papers
from motcua.domain.procedures import rules as procedures


class AskMoreForm(forms.Form):
    """What a supplement (yêu cầu bổ sung) asks for, and until when."""

    papers = forms.MultipleChoiceField(
        label=_("Giấy tờ cần bổ sung hoặc thay"), required=False, widget=forms.CheckboxSelectMultiple
    )
    fields_asked = forms.MultipleChoiceField(
        label=_("Thông tin cần sửa"), required=False, widget=forms.CheckboxSelectMultiple
    )
    other = forms.CharField(label=_("Nội dung khác"), required=False, max_length=500)
    reason = forms.CharField(
        label=_("Lý do và hướng dẫn"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000
    )
    until = DateField(label=_("Bổ sung đến hết ngày"))

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spec = dossier.version.spec
        asked = procedures.asked(spec, dossier.answers)
        self.titles = {rule.key: rule.title for rule in needed_papers(dossier)}
        questions = [spec.by_name[name] for name in asked if spec.by_name[name].kind != "file"]
        self.labels = {question.name: question.label for question in questions}
        self._choose("papers", self.titles)
        self._choose("fields_asked", self.labels)

    def _choose(self, name: str, texts: dict[str, procedures.Text]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(key, str(text)) for key, text in texts.items()]

    @property
    def due_on(self) -> date:
        """The last day to answer."""
        return date.fromisoformat(self.cleaned_data["until"])

    def items(self) -> list[dict[str, str]]:
        """Give the list as the supplement keeps it, in Vietnamese."""
        data = self.cleaned_data
        found = [{"kind": "paper", "name": key, "title": self.titles[key].vi} for key in data["papers"]]
        found += [
            {"kind": "field", "name": name, "title": self.labels[name].vi} for name in data["fields_asked"]
        ]
        if data["other"]:
            found.append({"kind": "other", "name": "other", "title": data["other"]})
        return found
