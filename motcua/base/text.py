"""Vietnamese text: one form for storing, one for searching, one for sorting."""

import re
import unicodedata
from functools import lru_cache

_SPACES = re.compile(r"\s+")
#: control characters, and those that turn the reading direction: "giay\u202egpj.exe" looks like a picture
INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
#: what looks the same on paper: the Đ of other alphabets, and what telephones type for an apostrophe (H’Hen)
_ALIKE = str.maketrans({"ð": "đ", "ɖ": "đ", "’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'"})
#: the order of the alphabet: a ă â b c d đ e ê …, and of the tones: none, huyền, hỏi, ngã, sắc, nặng
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_SHAPES = {"\u0306": "1", "\u0302": "2", "\u031b": "3", "\u0335": "1"}


def nfc(text: str) -> str:
    """Compose the letters, drop invisible signs, trim, and make every run of white space one space."""
    return INVISIBLE.sub("", _SPACES.sub(" ", unicodedata.normalize("NFC", text))).strip()


def nfc_lines(text: str) -> str:
    """Do the same line by line, for texts of several lines."""
    return "\n".join(nfc(line) for line in text.splitlines()).strip()


def fold(text: str) -> str:
    """Reduce to lower-case letters without marks, so that 'dang ky' finds 'Đăng ký'."""
    decomposed = unicodedata.normalize("NFD", nfc(text).lower().translate(_ALIKE).replace("đ", "d"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def sort_key(text: str) -> str:
    """Give a key whose byte order is the Vietnamese dictionary order (letters first, then tones)."""
    return "\x01".join(_letters_and_tones(nfc(text)))


def _letters_and_tones(text: str) -> tuple[str, str]:
    letters: list[str] = []
    tones: list[str] = []
    for char in unicodedata.normalize("NFD", text.lower().replace("đ", "d\u0335")):
        if char in _TONES and tones:
            tones[-1] = _TONES[char]
        elif char in _SHAPES and letters:
            letters[-1] = letters[-1][0] + _SHAPES[char]
        elif not unicodedata.combining(char):
            letters.append(char + "0")
            tones.append("0")
    return "".join(letters), "".join(tones)


_word_key = lru_cache(maxsize=8192)(_letters_and_tones)


def tone_last(word: str) -> str:
    """Write a word with its tone as a digit behind it, wherever the tone stood: hòa and hoà are hoa1."""
    letters = unicodedata.normalize("NFD", word.lower().translate(_ALIKE))
    tones = "".join(_TONES[char] for char in letters if char in _TONES)
    return unicodedata.normalize("NFC", "".join(c for c in letters if c not in _TONES)) + (tones or "0")


def name_key(name: str) -> str:
    """Sort people by given name, then surname, then middle names, as lists in Vietnam do."""
    first, _, rest = nfc(name).partition(" ")
    return name_key_of(first, rest or first)


def name_key_of(first: str, rest: str) -> str:
    """Give the same key for the first word and all the others of a name in the stored form."""
    letters, tones = _word_key(first)
    given, middle, given_tones, middle_tones = _rest_key(rest)
    return f"{given} 0{letters}{middle}\x01{given_tones}0{tones}{middle_tones}"


@lru_cache(maxsize=65536)
def _rest_key(rest: str) -> tuple[str, str, str, str]:
    *middle, given = [_word_key(word) for word in rest.split(" ")]
    letters, tones = ("".join(f"{gap}{key[part]}" for key in middle) for part, gap in enumerate((" 0", "0")))
    return given[0], letters, given[1], tones


def lowered(label: str) -> str:
    """Begin with a small letter, so that a label fits inside a sentence; abbreviations stay as they are."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_MONTHS = (*_DIGITS[:4], "tư", *_DIGITS[5:], "mười", "mười một", "mười hai")


def in_words(number: int) -> str:
    """Write a number from 0 to 9999 in Vietnamese words, as legal papers do: 2026 → hai nghìn không trăm …"""
    thousands, rest = divmod(number, 1000)
    hundreds, tens = divmod(rest, 100)
    words = [f"{_DIGITS[thousands]} nghìn"] if thousands else []
    if hundreds or (thousands and tens):
        words.append(f"{_DIGITS[hundreds]} trăm")
    if tens or not words:
        words.append(_below_hundred(tens, alone=not words))
    return " ".join(words)


def _below_hundred(number: int, *, alone: bool) -> str:
    tens, ones = divmod(number, 10)
    if not tens:
        return _DIGITS[ones] if alone else f"lẻ {_DIGITS[ones]}"
    head = "mười" if tens == 1 else f"{_DIGITS[tens]} mươi"
    if not ones:
        return head
    last = {1: "mốt" if tens > 1 else "một", 5: "lăm"}.get(ones, _DIGITS[ones])
    return f"{head} {last}"


def date_in_words(iso: str) -> str:
    """Write a date in words: 2026-11-05 → ngày năm tháng mười một năm hai nghìn không trăm hai mươi sáu."""
    year, month, day = (int(part) for part in iso.split("-"))
    # The first ten days of a month are "mùng" in speech, but not on a legal paper.
    return f"ngày {in_words(day)} tháng {_MONTHS[month]} năm {in_words(year)}"
