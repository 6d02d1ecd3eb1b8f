"""The register's signed usage ledger (sổ khai thác) as somebody sees it who keeps its heads: the words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: the log that heads must speak of
LOG = "VN/GOV/C06/dan-cu"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """One signed head whose signature holds."""

    size: int
    #: hex
    root: str
    #: seconds since 1970, as signed
    at: int
    #: the signature itself (JWS), and the public key it was made with
    token: str
    key: Mapping[str, Any]


class Unavailable(Exception):
    """Dead, too slow, or answering nonsense: ask again later."""


class Forged(Exception):
    """Something was told as signed that no key has signed."""
