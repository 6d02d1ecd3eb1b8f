"""The shape of what officials of the desk send."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.base.actor import ROLE_NAMES
from motcua.base.errors import Refused
from motcua.domain.accounts.rules.duties import ROLES
from motcua.domain.people.rules import card_number


class CardNumber(forms.CharField):
    """A number, typed or scanned off a card; of a scan only the digits count."""

    def __init__(self, **words: Any) -> None:
        box = forms.TextInput(
            attrs={
                "class": "govuk-input--width-20",
                "inputmode": "numeric",
                "autocomplete": "off",
                "spellcheck": "false",
            }
        )
        super().__init__(
            label=_("Số định danh cá nhân"),
            help_text=_("Gõ 12 chữ số, hoặc quét mã QR trên thẻ"),
            max_length=500,
            widget=box,
            **words,
        )

    def clean(self, value: Any) -> str:
        """Leave out everything but the twelve digits."""
        try:
            return card_number(super().clean(value))
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from refused


class DutyForm(forms.Form):
    """Who is to be there for what."""

    number = CardNumber()
    role = forms.ChoiceField(
        label=_("Vai trò"),
        choices=[(role.value, ROLE_NAMES[role]) for role in ROLES],
        widget=forms.RadioSelect,
    )
    place_code = forms.CharField(
        label=_("Mã xã, phường"),
        help_text=_("5 chữ số, chỉ cho cán bộ định danh; vai trò khác thuộc cả nước"),
        required=False,
        max_length=5,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5", "inputmode": "numeric"}),
    )
