"""What the desk shows of a complaint, and the forms that move it on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.base import events as log
from motcua.base.actor import Actor
from motcua.domain.population import events, queries, telling
from motcua.domain.population.commands import complaining
from motcua.domain.population.models import Complaint
from motcua.domain.population.rules import ComplaintState

#: complaints on one page
SHOWN = 100
EVENT_NAMES: Mapping[str, Promise] = {
    events.COMPLAINED: _("Công dân gửi phản ánh"),
    events.ASKED: _("Hỏi cơ quan đã tra cứu"),
    events.REPLIED: _("Ghi nội dung cơ quan trả lời"),
    events.ANSWERED: _("Trả lời công dân"),
}


class AskForm(forms.Form):
    """A question to the agency that looked."""

    step = "hoi"
    text = forms.CharField(
        label=_("Câu hỏi gửi cơ quan"),
        help_text=_("Gửi bằng văn bản hoặc điện thoại; ở đây ghi lại để có bằng chứng đã hỏi."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def act(self, *, complaint: Complaint, by: Actor, at: datetime) -> object:
        """Ask."""
        return complaining.ask(complaint=complaint.pk, text=self.cleaned_data["text"], by=by, at=at)


class ReplyForm(forms.Form):
    """What the agency replied."""

    step = "ghi"
    inquiry = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Cơ quan trả lời"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def act(self, *, complaint: Complaint, by: Actor, at: datetime) -> object:
        """Write the reply down."""
        inquiry = complaint.inquiries.get(pk=self.cleaned_data["inquiry"])
        return complaining.note_reply(inquiry=inquiry.pk, text=self.cleaned_data["text"], by=by, at=at)


class AnswerForm(forms.Form):
    """The words that the person reads."""

    step = "tra-loi"
    text = forms.CharField(
        label=_("Trả lời công dân"),
        help_text=_("Công dân đọc nguyên văn. Nói rõ ai đã xem, vì việc gì, có đúng quy định không."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def act(self, *, complaint: Complaint, by: Actor, at: datetime) -> object:
        """Answer."""
        return complaining.answer(complaint=complaint.pk, text=self.cleaned_data["text"], by=by, at=at)


#: one text that moves a complaint on; `step` is how a form calls itself in what is sent
Step = AskForm | ReplyForm | AnswerForm
FORMS: Mapping[str, type[Step]] = {form.step: form for form in (AskForm, ReplyForm, AnswerForm)}


def step(request: HttpRequest) -> str:
    """Say which form was sent; the answer's for anything else."""
    sent = request.POST.get("buoc", "")
    return sent if sent in FORMS else AnswerForm.step


def one(found: Complaint, form: Step, *, at: datetime) -> dict[str, Any]:
    """Gather what the page of one complaint shows; only the form that was sent keeps its mistakes."""
    usage = found.usage
    fresh = {name: kind() for name, kind in FORMS.items()}
    return {
        "complaint": found,
        "one": telling.told(usage, queries.procedure_titles([usage])),
        "inquiries": found.inquiries.order_by("pk"),
        "steps": {**fresh, form.step: form} if form.is_bound else fresh,
        "open": found.state != ComplaintState.ANSWERED,
        "now": at,
        # Whose data it was is nothing that an answer needs.
        "story": [
            {
                "text": EVENT_NAMES.get(event.name, event.name),
                "at": event.at,
                "by_name": "" if event.name == events.COMPLAINED else event.by_name,
            }
            for event in reversed(log.history(found.subject))
        ],
    }
