"""What can be told of people without asking anybody: the number on a card, as it was scanned or typed."""

import re

from django.utils.translation import gettext_lazy as _

from motcua.base.errors import Refused

#: why somebody acts for an organization: heads it, or has a mandate from its head
ORGANIZATION_TIES = ("head", "delegate")
#: what a scanner may put before the text to name the kind of code (AIM: ]Q1)
_KIND_OF_CODE = re.compile(r"^\][A-Za-z][0-9]")
#: byte order marks, line ends, and signs of lower ASCII that stand for a separator
_LOOSE = re.compile("[\ufeff\u200b\x00-\x1f\x7f]+")
#: a number as people write it: in groups, with blanks, dots or dashes
_GROUPED = re.compile(r"[0-9]+(?:[ .\-–][0-9]+)*")
_NUMBER, _OLD_NUMBER = 12, 9


def card_number(text: str) -> str:
    """Take the twelve-digit number out of a card's QR text, or of what was typed; refuse with what to do.

    The text is not signed: the number in front is a key to look up with, and nothing else of it is read.
    Both forms are taken, the seven fields of 2021 and the longer one of 2024, whatever a keyboard has made
    of the words in them.
    """
    cards = [found for line in re.split("[\r\n]+", text) if (found := _first_field(line))]
    numbers = dict.fromkeys(cards)
    if len(numbers) > 1:
        raise Refused(_("Có hai thẻ khác nhau trong một lần quét. Xóa ô này và quét lại một thẻ."))
    number = next(iter(numbers), "")
    if len(number) == _NUMBER:
        return number
    if len(number) == _OLD_NUMBER:
        raise Refused(
            _("Đây là số chứng minh nhân dân 9 số. Dùng “Tìm người không nhớ số”, hoặc gõ 12 số trên thẻ.")
        )
    if len(text.strip()) > 2 * _NUMBER and not number:
        raise Refused(
            _("Máy quét gõ sai phím nên không đọc được số. Tắt bộ gõ tiếng Việt, chọn bàn phím Anh rồi quét.")
        )
    raise Refused(_("Cần đúng 12 chữ số của số định danh. Quét lại thẻ hoặc gõ lại."))


def _first_field(line: str) -> str:
    """Give the digits that a line begins with."""
    plain = _KIND_OF_CODE.sub("", _LOOSE.sub("|", line).strip("| "))
    found = _GROUPED.match(plain)
    digits = re.sub("[^0-9]", "", found[0]) if found else ""
    # Without its separators the old number stands right behind the new one.
    together = len(digits) == _NUMBER + _OLD_NUMBER and found is not None and len(plain) > len(found[0])
    return digits[:_NUMBER] if together else digits
