"""When a newly fetched head does not go on from the one kept before; what is amiss with our registration."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from motcua.base import merkle
from motcua.connectors.identity import Registration

#: days before its end from which on a key of ours is to be changed
SOON = timedelta(days=30)


class Fault(StrEnum):
    """What is wrong with the ledger."""

    FORKED = "forked"
    SHRUNK = "shrunk"
    FORGED = "forged"


FAULT_NAMES = {
    Fault.FORKED: _("Sổ đã bị viết lại: đỉnh cây mới không nối tiếp đỉnh cây đã giữ"),
    Fault.SHRUNK: _("Sổ bị mất dòng: đỉnh cây mới có ít dòng hơn đỉnh cây đã giữ"),
    Fault.FORGED: _("Đỉnh cây mang chữ ký không đúng"),
}


def fault(*, size: int, root: str, kept_size: int, kept_root: str, path: Sequence[bytes]) -> Fault | None:
    """Say what is wrong with a head beside the one kept before, None when it goes on from it."""
    if size < kept_size:
        return Fault.SHRUNK
    roots = bytes.fromhex(kept_root), bytes.fromhex(root)
    return None if merkle.consistent(kept_size, size, path, *roots) else Fault.FORKED


class Trouble(StrEnum):
    """What is amiss with our registration at the identity provider."""

    REFUSED = "refused"
    KEY_UNKNOWN = "key_unknown"
    KEY_ENDS = "key_ends"
    ADDRESS = "address"
    LOGOUTS = "logouts"


TROUBLE_NAMES = {
    Trouble.REFUSED: _(
        "Hệ thống định danh không nhận tỉnh: khóa đã hết hạn hoặc bị thu hồi, hoặc tỉnh chưa được phép hỏi"
    ),
    Trouble.KEY_UNKNOWN: _("Khóa mà tỉnh đang dùng không phải là khóa đã đăng ký"),
    Trouble.KEY_ENDS: _("Khóa của tỉnh hết hạn trong 30 ngày tới"),
    Trouble.ADDRESS: _("Địa chỉ quay lại của tỉnh không có trong đăng ký"),
    Trouble.LOGOUTS: _("Hệ thống định danh không báo được cho tỉnh rằng có người đã đăng xuất"),
}


def troubles(seen: Registration | None, *, redirect_uri: str, at: datetime) -> list[Trouble]:
    """Say what is amiss with our registration; None: the provider did not take us for what we are."""
    if seen is None:
        return [Trouble.REFUSED]
    found = {
        Trouble.KEY_UNKNOWN: not seen.key,
        Trouble.KEY_ENDS: 0 < seen.key_ends < (at + SOON).timestamp(),
        Trouble.ADDRESS: redirect_uri not in seen.redirect_uris,
        Trouble.LOGOUTS: seen.logouts_undelivered > 0,
    }
    return [trouble for trouble, there in found.items() if there]
