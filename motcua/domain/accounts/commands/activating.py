"""Activating an approved account with the code that came by text."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from motcua.base import events
from motcua.base.actor import SYSTEM, Actor
from motcua.base.errors import Refused
from motcua.domain.accounts import passwords, queries
from motcua.domain.accounts.commands import accounts, ending, sessions
from motcua.domain.accounts.events import ACCOUNT_RAISED, APPLICATION_ACTIVATED
from motcua.domain.accounts.models import Account, Application
from motcua.domain.accounts.rules.accounts import State as AccountState
from motcua.domain.accounts.rules.accounts import tries_of, why_not_password
from motcua.domain.accounts.rules.applications import State

#: one sentence for an unknown number, a wrong code, a code of yesterday
WRONG = _(
    "Số định danh hoặc mã kích hoạt không đúng, hoặc mã đã hết hạn. "
    "Quá 7 ngày, hãy đến Công an xã, phường hoặc gọi tổng đài để nhận mã mới."
)


def activate(*, number: str, code: str, password: str, address: str, by: Actor, at: datetime) -> Account:
    """Open the approved account, or raise the one there is, and give it its first password.

    What opened it at the lower level ends: that was tied to a weaker proof of who it is.
    """
    code = "".join(code.split())
    tries = tries_of("activate", number=number, code=code, address=address)
    sessions.take_tries(tries=tries, by=by, at=at)
    application = queries.to_activate(number, at=at)
    if application is None or not queries.is_application_code(application, code):
        raise Refused(WRONG)
    if reason := why_not_password(password, number=number, name=application.person.name):
        raise Refused(reason)
    # Hashing takes a tenth of a second: no row is locked meanwhile.
    kept = passwords.hashed(password)
    return _activated(application=application, code=code, kept=kept, by=by, at=at)


@transaction.atomic
def _activated(*, application: Application, code: str, kept: str, by: Actor, at: datetime) -> Account:
    application = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    person, phone = application.person, application.phone
    # Asked again: while the password was hashed a newer code may have been sent, or a death told.
    good = application.state == State.APPROVED and queries.is_application_code(application, code)
    if not good or person.deceased_on is not None:
        raise Refused(WRONG)
    account = Account.objects.select_for_update(of=("self",)).filter(person=person).first()
    if account is None:
        account = accounts.open_account(person=person, level=application.level, phone=phone, by=SYSTEM, at=at)
    elif account.state != AccountState.ACTIVE:
        raise Refused(_("Tài khoản đang khóa hoặc đã hủy. Hãy đến Công an xã, phường bất kỳ."))
    elif account.level >= application.level:
        # Come to in another way meanwhile: a weaker proof gives nobody a new password for it.
        raise Refused(WRONG)
    else:
        account.level, account.phone = application.level, phone
        account.save(update_fields=["level", "phone"])
        ending.end_factors(account=account, by=SYSTEM, at=at)
        data = {"level": account.level}
        events.record(ACCOUNT_RAISED, subject=account.subject, by=by, at=at, data=data)
    account = accounts.keep_password(account=account, kept=kept, by=SYSTEM, at=at)
    application.state, application.activated_at, application.code_hash = State.ACTIVATED, at, None
    application.save(update_fields=["state", "activated_at", "code_hash"])
    events.record(APPLICATION_ACTIVATED, subject=application.subject, by=by, at=at)
    return account
