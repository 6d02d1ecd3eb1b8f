"""Recovering an account: begun at a desk, cancelled by the holder, finished with a code after a day."""

import secrets as randomness
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from motcua.base import events, secrets
from motcua.base.actor import SYSTEM, Actor
from motcua.base.errors import Refused
from motcua.domain.accounts import passwords, queries
from motcua.domain.accounts.commands import accounts, ending, messages, sessions
from motcua.domain.accounts.events import (
    RECOVERY_BEGUN,
    RECOVERY_CANCELLED,
    RECOVERY_FINISHED,
    RECOVERY_LAPSED,
    RECOVERY_RIPENED,
)
from motcua.domain.accounts.models import Account, Recovery
from motcua.domain.accounts.rules.accounts import LONG_CODE, State, grouped, tries_of, why_not_password
from motcua.domain.accounts.rules.applications import Check
from motcua.domain.accounts.rules.desk import police
from motcua.domain.accounts.rules.recovery import CODE_LIFE, COOLING, why_not_begin

#: one sentence for an unknown number, a wrong code, one sent too long ago
WRONG = _("Số định danh hoặc mã khôi phục không đúng, hoặc mã đã hết hạn.")


@transaction.atomic
def begin(*, account: Account, check: Check, phone: str, by: Actor, at: datetime) -> Recovery:
    """Begin at a desk, after the officer has checked who it is; the holder is told on the old telephone."""
    account = queries.visible(by).select_for_update(of=("self",)).get(pk=account.pk)
    own, waiting = account.person_id == by.person, queries.recovery(account) is not None
    if reason := why_not_begin(state=account.state, roles=by.roles, own=own, waiting=waiting):
        raise Refused(reason)
    ready = at + COOLING
    recovery = Recovery.objects.create(
        account=account,
        checked_by=Check(check).value,
        place_name=police(by.place),
        phone=phone,
        begun_at=at,
        ready_at=ready,
    )
    data = {"recovery": recovery.pk, "checked_by": recovery.checked_by, "place": by.reach}
    events.record(RECOVERY_BEGUN, subject=account.subject, by=by, at=at, data=data)
    words = say(
        "Có người xin khôi phục tài khoản định danh của bạn tại %(place)s. Không phải bạn? Hãy đăng nhập và "
        "bấm Hủy khôi phục, hoặc đến Công an xã trước %(until)s."
    )
    until = f"{timezone.localtime(ready):%H:%M %d/%m/%Y}"
    for number in dict.fromkeys([account.phone, phone]):
        if number:
            text = words % {"place": police(by.place), "until": until}
            messages.send_to(phone=number, about="recover", words=text, by=by, at=at)
    return recovery


@transaction.atomic
def cancel(*, recovery: Recovery, by: Actor, at: datetime) -> Recovery:
    """Cancel a recovery: its holder from any live log-in, or an officer at a desk."""
    _lock(recovery)
    recovery = queries.recoveries(by).select_for_update(of=("self",)).get(pk=recovery.pk)
    recovery.ended_at, recovery.cancelled, recovery.code_hash = at, True, None
    recovery.save(update_fields=["ended_at", "cancelled", "code_hash"])
    _record(RECOVERY_CANCELLED, recovery, by, at)
    return recovery


@transaction.atomic
def ripen(*, by: Actor, at: datetime) -> int:
    """Send the code for each recovery that has cooled, end those nobody finished; say how many were sent."""
    sent = list(queries.ripe(at=at).select_for_update(skip_locked=True)[:100])
    for recovery in sent:
        code = f"{randomness.randbelow(10**LONG_CODE):0{LONG_CODE}d}"
        recovery.code_hash = secrets.blind(code, place=queries.place_of_recovery_codes(recovery))
        recovery.save(update_fields=["code_hash"])
        _record(RECOVERY_RIPENED, recovery, by, at)
        words = say("Mã khôi phục tài khoản định danh: %(code)s, dùng trong 7 ngày. Không đưa mã cho ai.")
        until = recovery.ready_at + CODE_LIFE
        text = words % {"code": grouped(code)}
        messages.send_to(phone=recovery.phone, about="recover", words=text, good_until=until, by=by, at=at)
    for recovery in queries.stale(at=at).select_for_update(skip_locked=True):
        recovery.ended_at, recovery.code_hash = at, None
        recovery.save(update_fields=["ended_at", "code_hash"])
        _record(RECOVERY_LAPSED, recovery, by, at)
    return len(sent)


def finish(*, number: str, code: str, password: str, address: str, by: Actor, at: datetime) -> Account:
    """Set a new password by the code; every earlier factor, log-in and token ends."""
    code = "".join(code.split())
    sessions.take_tries(tries=tries_of("recover", number=number, code=code, address=address), by=by, at=at)
    recovery = queries.recovery_by_code(number, code, at=at)
    if recovery is None:
        raise Refused(WRONG)
    if reason := why_not_password(password, number=number, name=recovery.account.person.name):
        raise Refused(reason)
    # Hashing takes a tenth of a second: no row is locked meanwhile.
    return _finished(recovery=recovery, kept=passwords.hashed(password), by=by, at=at)


@transaction.atomic
def _finished(*, recovery: Recovery, kept: str, by: Actor, at: datetime) -> Account:
    account = _lock(recovery)
    recovery = Recovery.objects.select_for_update().get(pk=recovery.pk)
    if recovery.ended_at is not None or account.state != State.ACTIVE:
        raise Refused(WRONG)
    account.phone = recovery.phone
    account.save(update_fields=["phone"])
    ending.end_factors(account=account, by=SYSTEM, at=at)
    account = accounts.keep_password(account=account, kept=kept, by=SYSTEM, at=at)
    recovery.ended_at, recovery.code_hash = at, None
    recovery.save(update_fields=["ended_at", "code_hash"])
    _record(RECOVERY_FINISHED, recovery, by, at)
    return account


def _lock(recovery: Recovery) -> Account:
    # The account first, as everywhere: two who want both rows never wait for each other.
    return Account.objects.select_for_update(of=("self",)).get(pk=recovery.account_id)


def _record(name: str, recovery: Recovery, by: Actor, at: datetime) -> None:
    subject = recovery.account.subject
    events.record(name, subject=subject, by=by, at=at, data={"recovery": recovery.pk})
