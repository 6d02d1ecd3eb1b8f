"""How look-ups are listed for the person they were about."""

from collections.abc import Collection, Mapping
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from motcua.domain.population.models import Usage
from motcua.domain.population.telling import told

#: look-ups on one page
PAGE = 20


class ComplaintForm(forms.Form):
    """What somebody finds strange."""

    text = forms.CharField(
        label=gettext_lazy("Bạn thấy lạ ở điểm nào?"),
        help_text=gettext_lazy("Ví dụ: tôi không nộp hồ sơ nào ở nơi này."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def grouped(rows: Collection[Usage], titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """Gather what programs did one after the other, and leave what people did by itself."""
    found: list[dict[str, Any]] = []
    for automatic, several in groupby((told(row, titles) for row in rows), lambda one: one["automatic"]):
        if automatic:
            found.append({"automatic": list(several)})
        else:
            found += [{"look": one} for one in several]
    return found
