"""Vietnamese text: one form for storing, one for searching, one for sorting."""

import re
import unicodedata

_SPACES = re.compile(r"\s+")
#: the order of the alphabet: a ă â b c d đ e ê …, and of the tones: none, huyền, hỏi, ngã, sắc, nặng
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_SHAPES = {"\u0306": "1", "\u0302": "2", "\u031b": "3", "\u0335": "1"}


def nfc(text: str) -> str:
    """Compose the letters, trim, and make every run of white space one space."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def fold(text: str) -> str:
    """Reduce to lower-case letters without marks, so that 'dang ky' finds 'Đăng ký'."""
    decomposed = unicodedata.normalize("NFD", nfc(text).lower().replace("đ", "d"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def sort_key(text: str) -> str:
    """Give a key whose byte order is the Vietnamese dictionary order (letters first, then tones)."""
    letters: list[str] = []
    tones: list[str] = []
    for char in unicodedata.normalize("NFD", nfc(text).lower().replace("đ", "d\u0335")):
        if char in _TONES and tones:
            tones[-1] = _TONES[char]
        elif char in _SHAPES and letters:
            letters[-1] = letters[-1][0] + _SHAPES[char]
        elif not unicodedata.combining(char):
            letters.append(char + "0")
            tones.append("0")
    return "".join(letters) + "\x01" + "".join(tones)


def name_key(name: str) -> str:
    """Sort people by given name, then surname, then middle names, as lists in Vietnam do."""
    words = nfc(name).split(" ")
    return sort_key(" ".join([words[-1], words[0], *words[1:-1]]))
