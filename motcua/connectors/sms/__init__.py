"""Text messages (tin nhắn SMS) to people's phones, by way of a gateway."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Text:
    """One text for one phone; the key is the same at every try, so that the phone rings once."""

    key: str
    #: kept out of whatever prints a text
    phone: str = field(repr=False)
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The gateway's word that it has a text."""

    id: str
    #: it had this text already
    repeated: bool


class Failed(Exception):
    """The gateway did not take a text; says why in one word, never what was in it or whose phone it was."""


class Unavailable(Failed):
    """The gateway is away, slow or talks nonsense: send again later, under the same key."""


class Denied(Failed):
    """The gateway refuses us or the text: sending again will not help."""
