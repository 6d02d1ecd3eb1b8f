"""What an officer at a desk may know and do about who stands there."""

from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.base.actor import Actor, Role
from motcua.domain.accounts.models import Account, Application
from motcua.domain.accounts.queries.applications import applications, has_card, held_level, why_not_decide
from motcua.domain.accounts.queries.recovery import recovery
from motcua.domain.accounts.rules.accounts import Ground
from motcua.domain.accounts.rules.applications import (
    LEVELS,
    Action,
    Holder,
    State,
    holder_of,
    why_not_apply,
)
from motcua.domain.accounts.rules.locking import why_not_lock, why_not_unlock
from motcua.domain.accounts.rules.recovery import why_not_begin
from motcua.domain.population.models import Person
from motcua.domain.population.rules import age

NO_ACCOUNT = _("Người này chưa có tài khoản định danh.")


def standing_at_desk(actor: Actor, pk: int) -> Person | None:
    """Give somebody whom an officer has found by number a moment ago."""
    return Person.objects.filter(pk=pk).first() if actor.has(Role.IDENTITY_OFFICER) else None


def open_application(person: Person) -> Application | None:
    """Find the application of a person that is not finished."""
    states = [State.FILED, State.APPROVED, State.LAPSED]
    return Application.objects.filter(person=person, state__in=states, organization_code="").last()


def why_not_withdraw(application: Application | None, *, by: Actor) -> str:
    """Say why an officer cannot take back an application on the word of whoever stands there; empty: can."""
    if application is None:
        return str(_("Người này không có đề nghị nào chưa xong."))
    if not applications(by).filter(pk=application.pk).exists():
        return str(_("Đề nghị này do Công an xã, phường khác tiếp nhận."))
    return why_not_decide(application, Action.WITHDRAW, by=by)


def levels(person: Person, *, on: date) -> list[int]:
    """List the levels for which somebody may apply now."""
    wanted = sorted(LEVELS[_holder(person, on)], reverse=True)
    return [one for one in wanted if why_not_level(person, one, on=on) is None]


def why_not_level(person: Person, level: int, *, on: date) -> Promise | None:
    """Say why somebody cannot apply for an account of this level, or None."""
    dead, card = person.deceased_on is not None, has_card(person, on=on)
    return why_not_apply(_holder(person, on), level, held=held_level(person), dead=dead, card=card)


def why_not_take_in(person: Person, *, by: Actor, on: date) -> str:
    """Say why no application of somebody can be taken in; empty when nothing hinders."""
    if levels(person, on=on):
        return ""
    return str(why_not_level(person, max(LEVELS[_holder(person, on)]), on=on))


def why_not_grounds(action: str, account: Account, *, by: Actor) -> dict[str, str]:
    """Say for each ground of the law why the account cannot be locked or unlocked on it; empty: it can."""
    rule = why_not_lock if action == "lock" else why_not_unlock
    own = account.person_id == by.person
    words: dict[str, Any] = {
        "state": account.state,
        "locks": account.locks,
        "roles": by.roles,
        "own": own,
        "note": "…",
    }
    return {ground.value: str(rule(ground, **words) or "") for ground in Ground}


def why_not_touch(action: str, account: Account | None, *, by: Actor) -> str:
    """Say why an account cannot be locked, unlocked or recovered at all; empty when nothing hinders."""
    if account is None:
        return str(NO_ACCOUNT)
    if action == "recover":
        own, waiting = account.person_id == by.person, recovery(account) is not None
        return str(why_not_begin(state=account.state, roles=by.roles, own=own, waiting=waiting) or "")
    reasons = why_not_grounds(action, account, by=by).values()
    return "" if "" in reasons else next(iter(reasons))


def _holder(person: Person, on: date) -> Holder:
    return holder_of(person.nationality, age(person.born_on, on))
