"""Accounts of organizations, through their head's own account (Decree 69/2024)."""

import secrets as randomness
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from motcua.base import events
from motcua.base.actor import Actor
from motcua.base.errors import Refused
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import sessions
from motcua.domain.accounts.commands.applying import OPEN_ALREADY
from motcua.domain.accounts.events import (
    APPLICATION_ACTIVATED,
    APPLICATION_BEGUN,
    APPLICATION_ENDORSED,
    APPLICATION_FILED,
    ORGANIZATION_OPENED,
)
from motcua.domain.accounts.models import Account, Application, Endorsement, Organization, Session
from motcua.domain.accounts.rules.applications import NO_LEVEL, Action, Holder, State, case_of, why_not
from motcua.domain.accounts.rules.duties import why_not_act

NO_ACCOUNT = _("Một người đại diện chưa có tài khoản định danh mức 2 nên chưa thể đồng ý.")


def apply(
    *,
    session: Session,
    code: str,
    name: str,
    known: bool,
    representatives: Sequence[str],
    by: Actor,
    at: datetime,
) -> Application:
    """Apply as an organization's head; the other legal representatives, by number, must agree first."""
    head = session.account
    if reason := why_not_act(level=head.level, assurance=session.assurance):
        raise Refused(reason)
    sessions.take_tries(tries={"number": f"organization {head.pk}"}, by=by, at=at)
    found = [queries.account_by_number(number) for number in dict.fromkeys(representatives)]
    others = [one for one in found if one is not None and one.level == 2 and queries.usable(one)]
    if len(others) < len(found):
        raise Refused(NO_ACCOUNT)
    others = [one for one in others if one.pk != head.pk]
    return _applied(head=head, code=code, name=name, known=known, others=others, by=by, at=at)


@transaction.atomic
def endorse(*, endorsement: Endorsement, session: Session, by: Actor, at: datetime) -> Application:
    """Agree, as another legal representative, to an organization's account; the last one files it."""
    if reason := why_not_act(level=session.account.level, assurance=session.assurance):
        raise Refused(reason)
    application = Application.objects.select_for_update(of=("self",)).get(pk=endorsement.application_id)
    mine = queries.endorsements(by).get(pk=endorsement.pk)
    mine.given_at = at
    mine.save(update_fields=["given_at"])
    events.record(APPLICATION_ENDORSED, subject=application.subject, by=by, at=at)
    if not application.endorsements.filter(given_at=None).exists():
        _file(application, by, at)
    return application


@transaction.atomic
def activate(*, application: Application, session: Session, by: Actor, at: datetime) -> Organization:
    """Open the approved organization's account, as its head, within the seven days."""
    if reason := why_not_act(level=session.account.level, assurance=session.assurance):
        raise Refused(reason)
    mine = queries.organization_applications(by).select_for_update(of=("self",))
    application = mine.get(pk=application.pk)
    if reason := why_not(Action.ACTIVATE, state=application.state, roles=by.roles):
        raise Refused(reason)
    if application.activate_until is None or at > application.activate_until:
        raise Refused(_("Đã quá hạn kích hoạt. Hãy đến Công an xã, phường để được gửi lại."))
    organization, made = Organization.objects.get_or_create(
        code=application.organization_code,
        defaults={"name": application.organization_name, "head": session.account, "opened_at": at},
    )
    if not made:
        raise Refused(_("Tổ chức này đã có tài khoản định danh."))
    application.state, application.activated_at = State.ACTIVATED, at
    application.save(update_fields=["state", "activated_at"])
    events.record(APPLICATION_ACTIVATED, subject=application.subject, by=by, at=at)
    events.record(ORGANIZATION_OPENED, subject=organization.subject, by=by, at=at, data={"head": by.person})
    return organization


@transaction.atomic
def _applied(
    *, head: Account, code: str, name: str, known: bool, others: Sequence[Account], by: Actor, at: datetime
) -> Application:
    if Organization.objects.filter(code=code).exists():
        raise Refused(_("Tổ chức này đã có tài khoản định danh."))
    application = Application.objects.create(
        key=randomness.token_urlsafe(32),
        holder=Holder.ORGANIZATION,
        case=case_of(Holder.ORGANIZATION, NO_LEVEL, known=known),
        level=NO_LEVEL,
        person=head.person,
        organization_code=code,
        organization_name=name,
        phone=head.phone,
        place_code=head.person.permanent_commune,
        made_at=at,
    )
    events.record(APPLICATION_BEGUN, subject=application.subject, by=by, at=at)
    Endorsement.objects.bulk_create(Endorsement(application=application, account=one) for one in others)
    if not others:
        _file(application, by, at)
    return application


def _file(application: Application, by: Actor, at: datetime) -> None:
    application.state, application.filed_at = State.FILED, at
    application.due_at = queries.due(application.case, filed_at=at).due_at
    try:
        with transaction.atomic():
            application.save()
    except IntegrityError as error:
        raise Refused(OPEN_ALREADY) from error
    events.record(
        APPLICATION_FILED, subject=application.subject, by=by, at=at, data={"case": application.case}
    )
