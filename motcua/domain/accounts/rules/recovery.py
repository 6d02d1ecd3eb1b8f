"""Recovering an account whose password and factors are lost: at a desk only, and not at once."""

from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.base.actor import Role
from motcua.domain.accounts.rules.accounts import State

#: between the desk and the code, for the true holder to notice and cancel (Login.gov waits 1 day)
COOLING = timedelta(days=1)
#: how long the code is good then, like that of a first activation
CODE_LIFE = timedelta(days=7)


def why_not_begin(*, state: str, roles: frozenset[Role], own: bool, waiting: bool) -> Promise | None:
    """Say why an officer cannot begin to recover an account, or None."""
    if Role.IDENTITY_OFFICER not in roles or own:
        return _("Chỉ cán bộ định danh khôi phục được, và không khôi phục tài khoản của chính mình.")
    if state != State.ACTIVE:
        return _("Tài khoản đang khóa hoặc đã hủy: hãy mở khóa trước khi khôi phục.")
    return _("Tài khoản này đang chờ khôi phục.") if waiting else None
