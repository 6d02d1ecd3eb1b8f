"""When a newly fetched head does not go on from the one kept before."""

from collections.abc import Sequence
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from motcua.base import merkle


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
