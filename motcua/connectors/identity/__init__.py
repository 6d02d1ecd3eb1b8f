"""The national identity provider as an OpenID Connect client sees it."""

from dataclasses import dataclass

#: where on our site the provider sends people back, as is registered with it
RETURN = "dang-nhap/tro-ve/"


class Unavailable(Exception):
    """The provider is dead, too slow, or not itself: log in later."""


class Invalid(Exception):
    """An answer that must not be believed; the message names what was wrong, never what it held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Represented:
    """A person or an organization for which the person may act, by the provider's word."""

    #: of a citizen, 12 digits; or of an organization
    number: str
    name: str
    born_on: str = ""
    gender: str = ""
    #: "mandate" or "parent"; of an organization "head" or "delegate"
    tie: str
    #: codes of procedures; none named: all of them
    procedures: tuple[str, ...] = ()
    #: the last day, ISO; empty when there is none
    until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What the provider vouches for about the person who just logged in."""

    #: under this name only our own sector knows the person
    sub: str
    #: 12 digits; empty when it was not asked for, like the rest below
    number: str = ""
    name: str = ""
    #: ISO, or the year only
    born_on: str = ""
    #: "male" or "female"
    gender: str = ""
    phone: str = ""
    acting_for: tuple[Represented, ...] = ()
    #: level 1 or 2 of the account
    account_level: int = 0
    #: authentication level 1–4
    acr: int
    auth_time: int
    #: the provider's own log-in, for logging out
    sid: str = ""
    id_token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What the provider has registered of us, as it tells us ourselves."""

    name: str
    profile: str
    redirect_uris: tuple[str, ...]
    #: name of the key we sign with, empty when it is not among those registered
    key: str
    #: when that key ends, in seconds since 1970; 0: no end was agreed
    key_ends: int = 0
    #: log-outs of the last day that the provider could not tell us
    logouts_undelivered: int = 0


@dataclass(frozen=True, slots=True)
class LoggedOut:
    """The provider's word that a log-in is over, under a name that counts once."""

    sid: str
    jti: str
