"""Letting somebody act, accepting it, and ending it from either side."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.base import events
from motcua.base.actor import Actor
from motcua.base.errors import Refused
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import ending, passkeys, sessions
from motcua.domain.accounts.events import MANDATE_ACCEPTED, MANDATE_DECLINED, MANDATE_ENDED, MANDATE_OFFERED
from motcua.domain.accounts.models import Mandate, Organization, Session
from motcua.domain.accounts.rules.mandates import MONTHS, MandateState, last_day, why_not_offer
from motcua.domain.population.models import Person

#: one sentence whether the number or the name is wrong
NOBODY = _("Không tìm thấy người có số định danh và họ tên này. Hãy xem lại từng chữ, từng số.")
ALREADY = _("Bạn đã có ủy quyền cho người này. Hãy chấm dứt ủy quyền cũ trước.")
NOT_WAITING = _("Ủy quyền này không còn chờ trả lời.")
NOT_HEAD = _("Chỉ người đứng đầu tổ chức ủy quyền thay mặt tổ chức, khi tài khoản tổ chức đang hoạt động.")
NOT_ALIVE = _("Ủy quyền này đã chấm dứt.")


def offer(
    *,
    session: Session,
    number: str,
    name: str,
    procedures: Sequence[str],
    months: int,
    organization: int | None = None,
    by: Actor,
    at: datetime,
) -> Mandate:
    """Let somebody act from today, once they accept, for oneself or for an organization that one heads.

    Civil Code 2015 art. 562, 563; of organizations art. 137, 138.
    """
    # Not one transaction: a try that found nobody stays counted.
    passkeys.check_change(session=session, by=by, at=at)
    sessions.take_tries(tries={"mandate": str(session.account_id)}, by=by, at=at)
    agent = queries.somebody(number, name)
    if agent is None:
        raise Refused(NOBODY)
    principal, on = session.account.person, timezone.localdate(at)
    same = agent.pk == principal.pk
    if reason := why_not_offer(principal=principal.born_on, agent=agent.born_on, same=same, on=on):
        raise Refused(reason)
    if (
        organization is not None
        and not queries.organizations(by).filter(pk=organization, locked_at=None).exists()
    ):
        raise Refused(NOT_HEAD)
    if months not in MONTHS or not set(procedures) <= queries.procedure_names().keys():
        raise Refused(_("Hãy chọn thời hạn và thủ tục trong danh sách."))
    given = {"principal_id": principal.pk, "agent_id": agent.pk, "organization_id": organization}
    return _offered(session, given, procedures, months, by=by, at=at)


@transaction.atomic
def accept(*, mandate: Mandate, session: Session, by: Actor, at: datetime) -> Mandate:
    """Take on what was offered; only who it was offered to can."""
    passkeys.check_change(session=session, by=by, at=at)
    sessions.locked(session=session, by=by, at=at)
    mandate = _offered_to_me(mandate, by, at)
    mandate.state, mandate.answered_at = MandateState.ACCEPTED, at
    mandate.save(update_fields=["state", "answered_at"])
    events.record(MANDATE_ACCEPTED, subject=mandate.subject, by=by, at=at)
    return mandate


@transaction.atomic
def decline(*, mandate: Mandate, by: Actor, at: datetime) -> Mandate:
    """Not take on what was offered."""
    mandate = _offered_to_me(mandate, by, at)
    mandate.state, mandate.answered_at = MandateState.DECLINED, at
    mandate.save(update_fields=["state", "answered_at"])
    events.record(MANDATE_DECLINED, subject=mandate.subject, by=by, at=at)
    return mandate


@transaction.atomic
def end(*, mandate: Mandate, by: Actor, at: datetime) -> Mandate:
    """End a mandate at once, from either side; no fresh proof is asked, so that nobody waits to be safe."""
    mandate = _mine(mandate, by)
    if mandate.state not in (MandateState.OFFERED, MandateState.ACCEPTED):
        raise Refused(NOT_ALIVE)
    accepted = mandate.state == MandateState.ACCEPTED
    mandate.state, mandate.ended_at = MandateState.ENDED, at
    mandate.save(update_fields=["state", "ended_at"])
    events.record(MANDATE_ENDED, subject=mandate.subject, by=by, at=at)
    ending.recall(agents=[mandate.agent_id] if accepted else [], by=by, at=at)
    return mandate


@transaction.atomic
def end_all(*, whose: Person | Organization, by: Actor, at: datetime) -> None:
    """End what somebody dead gave, was given and had done by parents; or whatever an organization gave."""
    agents = _ended(queries.living_mandates(whose), by=by, at=at)
    if isinstance(whose, Person):
        agents += [one.pk for one in queries.parents(whose, on=timezone.localdate(at))]
    ending.recall(agents=set(agents), by=by, at=at)


@transaction.atomic
def _offered(
    session: Session,
    given: Mapping[str, int | None],
    procedures: Sequence[str],
    months: int,
    *,
    by: Actor,
    at: datetime,
) -> Mandate:
    on = timezone.localdate(at)
    # With the account locked, the second of two offers at once waits and then finds the first.
    sessions.locked(session=session, by=by, at=at)
    same = Mandate.objects.filter(**given)
    alive = same.filter(state__in=[MandateState.OFFERED, MandateState.ACCEPTED])
    # What is over by its last day makes room for a new one.
    _ended(alive.filter(until__lt=on), by=by, at=at)
    if alive.exists():
        raise Refused(ALREADY)
    mandate = Mandate.objects.create(
        **given,
        procedures=sorted(set(procedures)),
        since=on,
        until=last_day(on, months),
        offered_at=at,
    )
    data: dict[str, Any] = {"procedures": mandate.procedures, "until": mandate.until.isoformat()}
    if mandate.organization_id:
        data["organization"] = mandate.organization_id
    events.record(MANDATE_OFFERED, subject=mandate.subject, by=by, at=at, data=data)
    return mandate


def _ended(living: QuerySet[Mandate], *, by: Actor, at: datetime) -> list[int]:
    """End mandates, always in one order; give who acted by them."""
    found = list(living.select_for_update(of=("self",)).order_by("pk"))
    agents = [one.agent_id for one in found if one.state == MandateState.ACCEPTED]
    for mandate in found:
        mandate.state, mandate.ended_at = MandateState.ENDED, at
        mandate.save(update_fields=["state", "ended_at"])
        events.record(MANDATE_ENDED, subject=mandate.subject, by=by, at=at)
    return agents


def _mine(mandate: Mandate, by: Actor) -> Mandate:
    return queries.mandates(by).select_for_update(of=("self",)).get(pk=mandate.pk)


def _offered_to_me(mandate: Mandate, by: Actor, at: datetime) -> Mandate:
    mandate = _mine(mandate, by)
    waiting = mandate.state == MandateState.OFFERED and mandate.until >= timezone.localdate(at)
    if mandate.agent_id != by.person or not waiting:
        raise Refused(NOT_WAITING)
    return mandate
