"""What an identity desk does to an organization's account: lock, unlock, close, give it another head."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from motcua.base import events
from motcua.base.actor import Actor
from motcua.base.errors import Refused
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import ending, mandates
from motcua.domain.accounts.events import (
    ORGANIZATION_CLOSED,
    ORGANIZATION_HEADED,
    ORGANIZATION_LOCKED,
    ORGANIZATION_UNLOCKED,
)
from motcua.domain.accounts.models import Account, Organization
from motcua.domain.accounts.rules.organizations import why_not_touch

NO_HEAD = _("Người đứng đầu mới phải có tài khoản định danh mức 2 đang hoạt động, và khác người hiện nay.")
NOT_MYSELF = _("Cán bộ không đặt chính mình làm người đứng đầu tổ chức.")


@transaction.atomic
def lock(*, organization: Organization, note: str, by: Actor, at: datetime) -> Organization:
    """Let nobody act for an organization for the time being; what was given goes on after unlocking."""
    organization = _found(organization, note, by)
    if organization.locked_at is not None:
        raise Refused(_("Tài khoản tổ chức này đang bị khóa."))
    organization.locked_at = at
    ending.recall(agents=queries.organization_agents(organization), by=by, at=at)
    return _kept(organization, ORGANIZATION_LOCKED, note, by, at)


@transaction.atomic
def unlock(*, organization: Organization, note: str, by: Actor, at: datetime) -> Organization:
    """Let people act for an organization again."""
    organization = _found(organization, note, by)
    if organization.locked_at is None:
        raise Refused(_("Tài khoản tổ chức này không bị khóa."))
    organization.locked_at = None
    return _kept(organization, ORGANIZATION_UNLOCKED, note, by, at)


@transaction.atomic
def close(*, organization: Organization, note: str, by: Actor, at: datetime) -> Organization:
    """Close an organization's account for good, with every mandate to act for it."""
    organization = _found(organization, note, by)
    organization.closed_at = at
    ending.recall(agents=[organization.head.person_id], by=by, at=at)
    mandates.end_all(whose=organization, by=by, at=at)
    return _kept(organization, ORGANIZATION_CLOSED, note, by, at)


@transaction.atomic
def change_head(
    *, organization: Organization, number: str, note: str, by: Actor, at: datetime
) -> Organization:
    """Give an organization another head; what the former one gave ends."""
    found = queries.account_by_number(number)
    # The account first, as everywhere: nobody becomes head by one that is being locked.
    account = Account.objects.select_for_update(of=("self",)).get(pk=found.pk) if found else None
    organization = _found(organization, note, by)
    if account is None or account.pk == organization.head_id:
        raise Refused(NO_HEAD)
    if account.level != 2 or not queries.usable(account):
        raise Refused(NO_HEAD)
    if account.person_id == by.person:
        raise Refused(NOT_MYSELF)
    ending.recall(agents=[organization.head.person_id], by=by, at=at)
    mandates.end_all(whose=organization, by=by, at=at)
    organization.head = account
    return _kept(organization, ORGANIZATION_HEADED, note, by, at)


def _found(organization: Organization, note: str, by: Actor) -> Organization:
    found = (
        Organization.objects.select_for_update(of=("self",)).select_related("head").get(pk=organization.pk)
    )
    own = found.head.person_id == by.person
    if reason := why_not_touch(roles=by.roles, own=own, closed=found.closed_at is not None, note=note):
        raise Refused(reason)
    return found


def _kept(organization: Organization, name: str, note: str, by: Actor, at: datetime) -> Organization:
    organization.save(update_fields=["locked_at", "closed_at", "head"])
    events.record(name, subject=organization.subject, by=by, at=at, note=note)
    return organization
