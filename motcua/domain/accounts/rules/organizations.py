"""What an identity desk may do to an organization's account, after which nobody acts for it wrongly."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.base.actor import Role


def why_not_touch(*, roles: frozenset[Role], own: bool, closed: bool, note: str) -> Promise | None:
    """Say why somebody cannot lock, unlock or close an organization's account or change its head, or None."""
    if Role.IDENTITY_OFFICER not in roles or own:
        return _("Chỉ cán bộ định danh làm được việc này, và không làm với tổ chức mình đứng đầu.")
    if closed:
        return _("Tài khoản tổ chức này đã hủy.")
    if not note.strip():
        return _("Hãy ghi số, ngày của văn bản hoặc giấy tờ làm căn cứ.")
    return None
