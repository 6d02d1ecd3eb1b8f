"""What is read of a card: its number as a key to look up, never as proof."""

import re

from django.utils.translation import gettext_lazy as _

_NUMBER = re.compile(r"[^0-9]*([0-9]{12})(?![0-9])")


def number_of(text: str) -> str:
    """Give the twelve digits that somebody typed in groups or a scanner read off a card; empty if none.

    Scanners type like a keyboard and garble Vietnamese letters, so nothing but the first digits counts.
    """
    found = _NUMBER.match(re.sub(r"[ .\-\u00a0]", "", text))
    return found[1] if found else ""


NOT_A_NUMBER = _("Số định danh phải có đúng 12 chữ số.")
