"""Telling a connected system that somebody has logged out (OpenID Connect Back-Channel Logout 1.0)."""


class Failed(Exception):
    """The system was not told; says why in one word, never who has logged out."""


class Unavailable(Failed):
    """It is away, slow or broken: tell it again later."""


class Denied(Failed):
    """It refuses what it was told: telling it again will not help."""
