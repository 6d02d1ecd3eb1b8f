"""What clerks really type of a person: the slips of lists and keyboards, each with its share."""

import unicodedata
from collections.abc import Callable, Mapping
from random import Random

from motcua.base.text import fold
from motcua.domain.population.rules.finding import Wanted

#: share of questions with each slip; of dates: only the year, day and month in each other's place, wrong
#: year, wrong day; of marks: none, hỏi for ngã and back, tone in its other place, keystrokes left as typed
SHARES: Mapping[str, float] = {
    "year_only": 0.12,
    "swapped": 0.04,
    "year": 0.03,
    "day": 0.01,
    "middle_lost": 0.05,
    "typo": 0.03,
    "order": 0.02,
    "marks_lost": 0.35,
    "wrong_tones": 0.02,
    "other_place": 0.10,
    "telex": 0.02,
    "vni": 0.01,
    "capitals": 0.20,
    "commune": 0.60,
    "moved": 0.15,
}
_NEW_TONES = {"òa": "oà", "óa": "oá", "ỏa": "oả", "õa": "oã", "ọa": "oạ", "òe": "oè", "óe": "oé", "ùy": "uỳ"}
_NEW_TONES |= {"úy": "uý", "ủy": "uỷ", "ũy": "uỹ", "ụy": "uỵ"}
_TELEX = {"â": "aa", "ê": "ee", "ô": "oo", "ă": "aw", "ơ": "ow", "ư": "uw", "đ": "dd"}
_VNI = {"â": "a6", "ê": "e6", "ô": "o6", "ă": "a8", "ơ": "o7", "ư": "u7", "đ": "d9"}
_HOI_NGA = {0x309: 0x303, 0x303: 0x309}
_LETTERS = "abcdeghiklmnopqrstuvxy"


def noisy(
    rng: Random,
    *,
    name: str,
    born_on: str,
    commune: str,
    elsewhere: str,
    shares: Mapping[str, float] = SHARES,
) -> Wanted:
    """Type what is known of somebody with the usual slips; `elsewhere` is another commune."""

    def slips(kind: str) -> bool:
        return rng.random() < shares.get(kind, 0)

    words = name.split()
    if len(words) > 2 and slips("middle_lost"):
        words.pop(rng.randrange(1, len(words) - 1))
    if slips("order"):
        words = [*words[1:], words[0]] if rng.random() < 0.5 else [words[-1], *words[:-1]]
    if slips("typo"):
        place = rng.randrange(len(words))
        words[place] = _typo(rng, words[place])
    text = _keyed(" ".join(words), slips)
    where = (elsewhere if slips("moved") else commune) if slips("commune") else ""
    return Wanted(name=text, born_on=_born(rng, born_on, slips), commune=where)


def _keyed(text: str, slips: Callable[[str], bool]) -> str:
    if slips("marks_lost"):
        text = fold(text).title()
    elif slips("telex"):
        text = _keystrokes(text, "sfrxj", _TELEX)
    elif slips("vni"):
        text = _keystrokes(text, "12345", _VNI)
    elif slips("wrong_tones"):
        text = unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).translate(_HOI_NGA))
    elif slips("other_place"):
        for old, new in _NEW_TONES.items():
            text = text.replace(old, new)
    return text.upper() if slips("capitals") else text


def _keystrokes(text: str, keys: str, shapes: Mapping[str, str]) -> str:
    """Spell a text as its keys were hit while no program turned them into letters."""
    tones = dict(zip("\u0301\u0300\u0309\u0303\u0323", keys, strict=True))
    words = []
    for word in unicodedata.normalize("NFD", text).split():
        tone = "".join(tones[char] for char in word if char in tones)
        letters = unicodedata.normalize("NFC", "".join(char for char in word if char not in tones))
        words.append("".join(_key(char, shapes) for char in letters) + tone)
    return " ".join(words)


def _key(char: str, shapes: Mapping[str, str]) -> str:
    hit = shapes.get(char.lower(), char)
    return hit.capitalize() if char.isupper() else hit


def _typo(rng: Random, word: str) -> str:
    """Leave a letter out, put one in, hit another one, or two in each other's place."""
    place, kind = rng.randrange(len(word)), rng.randrange(4)
    letter = rng.choice(_LETTERS)
    if kind == 0 and len(word) > 2:
        return word[:place] + word[place + 1 :]
    if kind == 1 and place + 1 < len(word):
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    return word[:place] + letter + word[place + (kind == 2) :]


def _born(rng: Random, born_on: str, slips: Callable[[str], bool]) -> str:
    """Tell a date of birth as it is remembered or written down."""
    if len(born_on) < 10:
        return born_on[:4]
    year, month, day = born_on.split("-")
    if slips("year_only"):
        return year if rng.random() < 0.5 else f"{year}-01-01"
    if slips("swapped") and int(day) <= 12:
        return f"{year}-{day}-{month}"
    if slips("day"):
        return f"{year}-{month}-{rng.randint(1, 28):02}"
    if slips("year"):
        one, ten, turned = rng.choice((-1, 1)), rng.choice((-10, 10)), int(year[:2] + year[3] + year[2])
        wrong = rng.choices((int(year) + one, int(year) + ten, turned), (70, 15, 15))[0]
        return f"{wrong}-{month}-{day}"
    return born_on
