"""Who may be given a duty, and when its holder acts in it."""

from collections.abc import Collection

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.base.actor import Role
from motcua.domain.accounts.rules.accounts import State

#: the roles of the national site
ROLES = (Role.IDENTITY_OFFICER, Role.ADMINISTRATOR, Role.AUDITOR)
#: held at one commune's desk, not for the whole country
NEEDS_PLACE = (Role.IDENTITY_OFFICER,)
#: authentication level without which nobody acts in a duty
ASSURANCE = 2


def why_not_assign(
    role: Role, *, level: int, state: str, place: str, held: Collection[Role], own: bool
) -> Promise | None:
    """Say why somebody cannot be given a duty, or None; who audits holds nothing else."""
    if own:
        return _("Không ai tự giao nhiệm vụ cho mình.")
    if level < 2 or state != State.ACTIVE:
        return _("Chỉ giao nhiệm vụ cho người có tài khoản định danh mức 2 đang hoạt động.")
    if role not in ROLES:
        return _("Hệ thống định danh không có vai trò này.")
    if (role in NEEDS_PLACE) != bool(place):
        return _("Cán bộ định danh thuộc một xã, phường; các vai trò khác thuộc cả nước.")
    if held and (role == Role.AUDITOR or Role.AUDITOR in held):
        return _("Người kiểm tra không giữ thêm vai trò nào khác.")
    return None


def why_not_act(*, level: int, assurance: int) -> Promise | None:
    """Say why somebody cannot act in a duty now, or None."""
    if level < 2:
        return _("Cần tài khoản định danh mức 2.")
    if assurance < ASSURANCE:
        return _("Hãy xác nhận bước thứ hai trước khi làm việc với vai trò này.")
    return None
