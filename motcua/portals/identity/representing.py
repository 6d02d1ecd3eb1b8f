"""How acting for others is told and asked for."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.base.actor import Actor
from motcua.domain.accounts import queries
from motcua.domain.accounts.models import Mandate, Organization
from motcua.domain.accounts.rules.mandates import MONTHS, MandateState, Tie
from motcua.domain.population.models import Person
from motcua.portals.identity.forms import NumberAndPassword

MYSELF = "toi"


class MandateForm(forms.Form):
    """Whom one lets act for oneself or an organization that one heads, for what and how long."""

    organization = forms.TypedChoiceField(
        label=_("Ủy quyền thay mặt ai?"),
        coerce=lambda chosen: None if chosen == MYSELF else int(chosen),
        empty_value=None,
        widget=forms.RadioSelect,
    )
    number = forms.CharField(
        label=_("Số định danh của người được ủy quyền"),
        help_text=_("12 chữ số trên thẻ căn cước"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"class": "govuk-input--width-20", "inputmode": "numeric", "autocomplete": "off"}
        ),
    )
    name = forms.CharField(
        label=_("Họ, chữ đệm và tên của người được ủy quyền"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    procedures = forms.MultipleChoiceField(
        label=_("Được làm thay thủ tục nào?"),
        help_text=_("Không chọn thủ tục nào nghĩa là mọi thủ tục."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    months = forms.TypedChoiceField(
        label=_("Trong bao lâu, kể từ hôm nay?"),
        coerce=int,
        choices=list(zip(MONTHS, (_("1 tháng"), _("3 tháng"), _("6 tháng"), _("1 năm")), strict=True)),
        widget=forms.RadioSelect,
        initial=MONTHS[0],
    )

    clean_number = NumberAndPassword.clean_number

    def __init__(self, *words: Any, headed: Iterable[Organization], **named: Any) -> None:
        super().__init__(*words, **named)
        choice, field = self.fields["organization"], self.fields["procedures"]
        assert isinstance(choice, forms.TypedChoiceField) and isinstance(field, forms.MultipleChoiceField)
        choice.choices = [(MYSELF, _("Chính tôi")), *((one.pk, one.name) for one in headed)]
        if len(choice.choices) == 1:  # nothing to ask, but what an old page sends is still refused
            choice.widget, choice.required = forms.HiddenInput(), False
        field.choices = list(queries.procedure_names().items())


def told(actor: Actor, person: Person, *, on: date) -> dict[str, Any]:
    """Gather both lists as the page shows them; what is over is not listed."""
    alive = [
        one
        for one in queries.mandates(actor)
        if one.state in (MandateState.OFFERED, MandateState.ACCEPTED) and one.until >= on
    ]
    names, acting = queries.procedure_names(), queries.represented(person, on=on)
    return {
        "children": [one.person for one in acting if one.tie is Tie.PARENT],
        "headed": [one.organization for one in acting if one.tie is Tie.HEAD],
        "parents": queries.parents(person, on=on),
        "received": [_row(one, names) for one in alive if one.agent_id == person.pk],
        "given": [_row(one, names) for one in alive if one.principal_id == person.pk],
    }


def _row(mandate: Mandate, names: dict[str, str]) -> dict[str, Any]:
    return {
        "mandate": mandate,
        "whose": mandate.organization or mandate.principal,
        "waiting": mandate.state == MandateState.OFFERED,
        "procedures": [names.get(code, code) for code in mandate.procedures],
    }
