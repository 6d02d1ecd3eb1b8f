"""Deciding on applications, and telling their holders how to activate."""

import secrets as randomness
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from motcua.base import events, secrets
from motcua.base.actor import Actor
from motcua.base.errors import Refused
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import messages
from motcua.domain.accounts.commands.applying import OPEN_ALREADY
from motcua.domain.accounts.events import (
    APPLICATION_APPROVED,
    APPLICATION_LAPSED,
    APPLICATION_REFUSED,
    APPLICATION_REISSUED,
)
from motcua.domain.accounts.models import Application
from motcua.domain.accounts.rules.accounts import LONG_CODE, grouped
from motcua.domain.accounts.rules.applications import ACTIVATION, NO_LEVEL, Action, State


@transaction.atomic
def approve(*, application: Application, by: Actor, at: datetime) -> Application:
    """Approve an application; its holder is told and has seven days to activate the account."""
    application = _taken(application, Action.APPROVE, by)
    application.decided_at = at
    return _await_activation(application, APPLICATION_APPROVED, by, at)


@transaction.atomic
def reissue(*, application: Application, by: Actor, at: datetime) -> Application:
    """Send a new activation code, also after the seven days; the holder stands at the desk or has called."""
    application = _taken(application, Action.REISSUE, by)
    return _await_activation(application, APPLICATION_REISSUED, by, at)


@transaction.atomic
def refuse(*, application: Application, reason: str, by: Actor, at: datetime) -> Application:
    """Refuse an application with a reason, which its holder is told."""
    application = _taken(application, Action.REFUSE, by)
    if not reason.strip():
        raise Refused(_("Hãy ghi lý do từ chối."))
    application.state, application.decided_at, application.reason = State.REFUSED, at, reason.strip()
    application.save(update_fields=["state", "decided_at", "reason"])
    events.record(APPLICATION_REFUSED, subject=application.subject, by=by, at=at, note=application.reason)
    words = say("Đề nghị %(code)s cấp tài khoản định danh bị từ chối: %(reason)s")
    _tell(application, "refuse", words % {"code": application.code, "reason": application.reason}, by, at)
    return application


@transaction.atomic
def lapse(*, by: Actor, at: datetime) -> int:
    """Let approved applications lapse whose seven days are over; say how many."""
    late = queries.applications(by).filter(state=State.APPROVED, activate_until__lt=at)
    found = list(late.select_for_update(of=("self",), skip_locked=True))
    for application in found:
        application.state, application.code_hash = State.LAPSED, None
        application.save(update_fields=["state", "code_hash"])
        events.record(APPLICATION_LAPSED, subject=application.subject, by=by, at=at)
    return len(found)


def _taken(application: Application, action: Action, by: Actor) -> Application:
    rows = queries.applications(by).select_for_update(of=("self",))
    application = rows.get(pk=application.pk)
    if reason := queries.why_not_decide(application, action, by=by):
        raise Refused(reason)
    return application


def _await_activation(application: Application, name: str, by: Actor, at: datetime) -> Application:
    application.state, application.activate_until = State.APPROVED, at + ACTIVATION
    until = f"{timezone.localtime(application.activate_until):%d/%m/%Y}"
    words = say("Tài khoản định danh của bạn đã được duyệt. Hãy kích hoạt, muộn nhất hết ngày %(until)s.")
    if application.level != NO_LEVEL:
        code = f"{randomness.randbelow(10**LONG_CODE):0{LONG_CODE}d}"
        application.code_hash = secrets.blind(code, place=queries.place_of_application_codes(application))
        words = say(
            "Tài khoản định danh đã được duyệt. Mã kích hoạt: %(code)s, dùng đến hết ngày %(until)s. "
            "Không đưa mã cho ai."
        )
        words = words.replace("%(code)s", grouped(code))
    try:
        with transaction.atomic():
            application.save()
    except IntegrityError as error:  # lapsed, and another one was filed meanwhile
        raise Refused(OPEN_ALREADY) from error
    events.record(name, subject=application.subject, by=by, at=at, data={"level": application.level})
    _tell(application, "activate", words % {"until": until}, by, at)
    return application


def _tell(application: Application, about: str, words: str, by: Actor, at: datetime) -> None:
    if application.phone:
        until = application.activate_until if about == "activate" else None
        messages.send_to(phone=application.phone, about=about, words=words, good_until=until, by=by, at=at)
