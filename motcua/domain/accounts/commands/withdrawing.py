"""Taking an application back: its applicant, or an officer on the word of the applicant who stands there."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from motcua.base import events
from motcua.base.actor import Actor, Role
from motcua.base.errors import Refused
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import messages
from motcua.domain.accounts.events import APPLICATION_WITHDRAWN
from motcua.domain.accounts.models import Application
from motcua.domain.accounts.rules.applications import Action, Check, State, why_not


@transaction.atomic
def withdraw(*, application: Application, key: str = "", by: Actor, at: datetime) -> Application:
    """Take back one's own application, one's organization's or child's, or with its key one's browser's."""
    return _withdrawn(application, queries.own_applications(by, key=key), by=by, at=at)


@transaction.atomic
def withdraw_at_desk(*, application: Application, check: str, by: Actor, at: datetime) -> Application:
    """Take back an application on the applicant's word, once the officer has checked who it is."""
    if not by.has(Role.IDENTITY_OFFICER):
        raise Refused(_("Chỉ cán bộ định danh rút đề nghị tại bàn."))
    return _withdrawn(application, queries.applications(by), by=by, at=at, check=Check(check).value)


def _withdrawn(
    application: Application, mine: QuerySet[Application], *, by: Actor, at: datetime, check: str = ""
) -> Application:
    # The row alone is locked: nobody approves or activates it meanwhile, and its time stops here.
    application = mine.select_for_update(of=("self",)).get(pk=application.pk)
    if reason := why_not(Action.WITHDRAW, state=application.state, roles=by.roles | {Role.CITIZEN}):
        raise Refused(reason)
    told = application.phone if application.filed_at else ""
    application.state, application.withdrawn_at, application.code_hash = State.WITHDRAWN, at, None
    application.save(update_fields=["state", "withdrawn_at", "code_hash"])
    data = {"checked_by": check, "place": by.reach} if check else {}
    events.record(APPLICATION_WITHDRAWN, subject=application.subject, by=by, at=at, data=data)
    if told:
        words = say(
            "Đề nghị %(code)s cấp tài khoản định danh đã được rút. Không phải bạn? Hãy báo Công an xã."
        )
        text = words % {"code": application.code}
        messages.send_to(phone=told, about="withdraw", words=text, by=by, at=at)
    return application
