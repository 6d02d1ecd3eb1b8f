"""Vietnamese typed with old fonts (TCVN3, VNI), read in a wrong code page, or left as it was typed: repaired.

Only when what was meant is certain.
"""

import re
import unicodedata
from itertools import product

from motcua.base.text import nfc

#: TCVN3 (fonts named .Vn…): what such a keyboard leaves in Latin-1 → the letter that was meant
_TCVN3 = str.maketrans(
    dict(
        zip(
            "¡¢£¤¥¦§¨©ª«¬\xad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
            "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
            strict=True,
        )
    )
)

_TONES = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_ROOFED = {"â": "", "á": "\u0301", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_BOWED = {"ê": "", "é": "\u0301", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
_ALONE = {"ñ": "đ", "ô": "ơ", "ö": "ư", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "í": "í", "ì": "ì"}


def _vni() -> dict[str, str]:
    """Spell out VNI: a letter and the mark typed after it → the letter that was meant."""
    pairs = dict(_ALONE)
    for letter, (mark, tone) in product("aeiouyôö", _TONES.items()):
        pairs[letter + mark] = _ALONE.get(letter, letter) + tone
    for letter, (mark, tone) in product("aeo", _ROOFED.items()):
        pairs[letter + mark] = f"{letter}\u0302{tone}"
    for mark, tone in _BOWED.items():
        pairs["a" + mark] = f"a\u0306{tone}"
    capitals = {old.upper(): new.upper() for old, new in pairs.items()}
    return {old[0] + old[1:].lower(): new for old, new in capitals.items()} | capitals | pairs


_VNI = _vni()
_VNI_PARTS = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))

#: the Icelandic letter, which looks like Đ and comes out of old lists
_ETH = str.maketrans("Ðð", "Đđ")

#: UTF-8 read as Windows-1252: "Nguyá»…n", "Ä‘", "Æ°", "Ã¡"
_MISREAD = re.compile(
    "á[º»]|Ä[‚ƒ‘\x82\x83\x90\x91¨©]|Å[¨©]|Æ[\xa0¡¯°]|Ã[\x80-\x9f€‚ƒˆ‰ŠŒ™š¡-½]|\ufffd|[\x80-\x9f]"
)
#: looks the same, but "XÃ" before a quotation mark or a hard space is good Vietnamese too
_PERHAPS_MISREAD = re.compile("Ã[\xa0’“”•]")
_OLD_SIGNS = re.compile(r"[^\W\d_][¨©ª«¬\xad®§µ¶·¸¹»¼½¾]|[¨©ª«¬\xad®§µ¶·¸¹»¼½¾][^\W\d_]")
_WORD = re.compile(r"[^\s\d.,;:/()\"'’\-]+")

_ONSETS = "b|ch|c|d|gh|gi|g|h|kh|k|l|m|ngh|ng|nh|n|ph|p|qu|q|r|s|th|tr|t|v|x"
_NUCLEI = "uyê|uya|iê|yê|ia|uô|ua|ươ|ưa|oa|oă|oe|uâ|uê|uơ|uy|oo|a|ă|â|e|ê|i|o|ô|ơ|u|ư|y"
_SYLLABLE = re.compile(f"(?:{_ONSETS})?(?P<core>{_NUCLEI})(?P<end>ch|c|m|ng|nh|n|p|t|i|y|o|u|)")
#: these never end a syllable
_CLOSED_ONLY = re.compile("^(?:uyê|iê|yê|uô|ươ|oă|uâ|ă|â|oo)$")
_TONE_MARKS = re.compile("[\u0300\u0301\u0303\u0309\u0323]")


def readable(text: str) -> str | None:
    """Compose the text (NFC) and repair an old encoding; None when what was meant cannot be told for sure."""
    if _MISREAD.search(text) or _PERHAPS_MISREAD.search(text):
        reread = _reread(text)
        if reread is not None and not _MISREAD.search(reread):
            return nfc(reread)
        if _MISREAD.search(text):
            return None
    text = unicodedata.normalize("NFC", text)
    if ("Ð" in text or "ð" in text) and _spelled(with_bar := text.translate(_ETH)):
        text = with_bar
    if max(text, default="") <= "\xff" and not _spelled(text):
        decoded = {text.translate(_TCVN3), _VNI_PARTS.sub(lambda found: _VNI[found[0]], text)}
        repaired = {good for each in decoded if _spelled(good := unicodedata.normalize("NFC", each))}
        if len(repaired) == 1:
            return nfc(repaired.pop())
    return None if _OLD_SIGNS.search(text) else nfc(text)


def _spelled(text: str) -> bool:
    """Tell whether every word with more than ASCII letters is spelled as one Vietnamese syllable."""
    return all(_vietnamese(word) for word in _WORD.findall(text) if not word.isascii())


def _vietnamese(word: str) -> bool:
    if not (word.islower() or word.isupper() or word[1:].islower()):
        return False
    parts = unicodedata.normalize("NFD", word.lower().replace("đ", "d"))
    tones = _TONE_MARKS.findall(parts)
    syllable = _SYLLABLE.fullmatch(unicodedata.normalize("NFC", _TONE_MARKS.sub("", parts)))
    if syllable is None or len(tones) > 1 or (not syllable["end"] and _CLOSED_ONLY.search(syllable["core"])):
        return False
    # A tone never stands on the last letters of a closed syllable.
    head = unicodedata.normalize("NFC", parts)[: len(word) - len(syllable["end"])]
    return not tones or bool(_TONE_MARKS.search(unicodedata.normalize("NFD", head)))


def _reread(text: str) -> str | None:
    """Turn the letters back into the bytes they were read from, and read these as UTF-8."""
    octets = bytearray()
    for char in text:
        try:
            octets += char.encode("cp1252")
        except UnicodeEncodeError:
            if char > "\xff":
                return None
            octets.append(ord(char))
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return None


#: what is typed for a tone, and for a letter's own mark: Telex with letters, VNI with digits
_TYPED_TONES = dict(zip("sfrxj12345", "\u0301\u0300\u0309\u0303\u0323" * 2, strict=True))
_TYPED_SHAPES = {"a": {"a": "â"}, "e": {"e": "ê"}, "o": {"o": "ô"}, "6": {"a": "â", "e": "ê", "o": "ô"}}
_TYPED_SHAPES |= {"w": {"a": "ă", "o": "ơ", "u": "ư"}, "7": {"o": "ơ", "u": "ư"}, "8": {"a": "ă"}}
_VOWELS = frozenset("aăâeêioôơuưy")


def typed(text: str) -> str:
    """Read Telex or VNI keystrokes that no program turned into letters: 'Nguyeenx Ddu71c' is Nguyễn Đức."""
    return _ASCII_WORD.sub(lambda found: _word_typed(found[0]), text)


_ASCII_WORD = re.compile(r"(?<![^\W_])[A-Za-z][A-Za-z0-9]*(?![^\W_])")


def _word_typed(word: str) -> str:
    if word.isalpha() and _vietnamese(word.lower()):
        return word
    letters, tone = _keys_read(word.lower())
    made = _with_tone(letters, tone)
    if not _vietnamese(made):
        return word
    return made.capitalize() if word[0].isupper() and word[1:2].islower() else made


def _keys_read(word: str) -> tuple[list[str], str]:
    """Take the keys of marks and tones out of a word."""
    letters: list[str] = []
    tone = ""
    for key in word:
        if key in "d9" and letters[:1] == ["d"]:
            letters[0] = "đ"
        elif key in _TYPED_TONES and _VOWELS.intersection(letters):
            tone = _TYPED_TONES[key]
        elif not _shaped(letters, key):
            letters.append("ư" if key == "w" else key)
    return letters, tone


def _shaped(letters: list[str], key: str) -> bool:
    """Give the last letter that can bear it the mark of a key; 'uo' before it becomes ươ together."""
    shapes = _TYPED_SHAPES.get(key, {})
    place = max((at for at, letter in enumerate(letters) if letter in shapes), default=-1)
    if place < 0:
        return False
    if key in "w7" and letters[place] == "o" and letters[place - 1 : place] == ["u"]:
        letters[place - 1] = "ư"
    letters[place] = shapes[letters[place]]
    return True


def _with_tone(letters: list[str], tone: str) -> str:
    """Set the tone on a marked vowel, else before a last open vowel, else on the last."""
    vowels = [at for at, letter in enumerate(letters) if letter in _VOWELS]
    if tone and vowels:
        marked = [at for at in vowels if not letters[at].isascii()]
        closed = vowels[-1] < len(letters) - 1 or len(vowels) == 1
        place = marked[-1] if marked else vowels[-1] if closed else vowels[-2]
        letters = [*letters[: place + 1], tone, *letters[place + 1 :]]
    return unicodedata.normalize("NFC", "".join(letters))
