"""Enrolling an app for one-time codes, and the backup codes for the day it is lost."""

import base64
import os
import secrets as randomness
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from motcua.base import events, secrets
from motcua.base.actor import Actor
from motcua.base.errors import Refused
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import passkeys, sessions
from motcua.domain.accounts.events import BACKUP_CODES_MADE, FACTOR_ADDED
from motcua.domain.accounts.models import Account, BackupCode, Challenge, Factor, Session
from motcua.domain.accounts.rules.accounts import matching_step
from motcua.domain.accounts.rules.passkeys import Purpose

BACKUP_CODES = 10
EXPIRED = _("Mã QR này đã hết hạn. Hãy quét mã mới bên dưới.")
WRONG = _("Mã không đúng. Hãy nhập mã mới nhất mà ứng dụng vừa hiện.")


def begin_code(*, session: Session, by: Actor, at: datetime) -> Challenge:
    """Make the secret that the holder's app is to take; it counts for nothing until a code proves it."""
    passkeys.check_change(session=session, by=by, at=at)
    return passkeys.challenge(purpose=Purpose.ADD_CODE, session=session, value=os.urandom(20), by=by, at=at)


def confirm_code(*, session: Session, key: str, code: str, by: Actor, at: datetime) -> list[str]:
    """Take the app as a factor in place of an earlier one, and give ten backup codes, never shown again."""
    passkeys.check_change(session=session, by=by, at=at)
    sessions.take_tries(tries={"code": str(session.account_id)}, by=by, at=at)
    found = queries.challenge(key, purpose=Purpose.ADD_CODE, session=session, at=at)
    if found is None:
        raise Refused(EXPIRED)
    secret = queries.value_of(found)
    step = matching_step(secret, "".join(code.split()), at=at, last=0)
    if step is None:
        raise Refused(WRONG)
    return _confirmed(found, secret, step, by=by, at=at)


@transaction.atomic
def make_backup_codes(*, session: Session, by: Actor, at: datetime) -> list[str]:
    """Make ten new backup codes; the earlier ones open nothing any more."""
    passkeys.check_change(session=session, by=by, at=at)
    account = sessions.locked(session=session, by=by, at=at)
    if queries.code_factor(account) is None:
        raise Refused(_("Mã dự phòng chỉ có khi tài khoản dùng ứng dụng xác thực."))
    codes = _new_codes(account, at)
    events.record(BACKUP_CODES_MADE, subject=account.subject, by=by, at=at, data={"count": len(codes)})
    return codes


@transaction.atomic
def _confirmed(found: Challenge, secret: bytes, step: int, *, by: Actor, at: datetime) -> list[str]:
    assert found.session is not None  # it was found by its session
    account = sessions.locked(session=found.session, by=by, at=at)
    if not Challenge.objects.filter(pk=found.pk, used_at=None).update(used_at=at):
        raise Refused(EXPIRED)
    kind = Factor.Kind.CODE
    Factor.objects.filter(account=account, kind=kind, ended_at=None).update(ended_at=at)
    sealed = secrets.seal(base64.b32encode(secret).decode(), place=f"accounts_factor:{account.pk}")
    # The code just typed was this step's: it opens nothing again.
    Factor.objects.create(account=account, kind=kind, secret=sealed, last_step=step, added_at=at)
    codes = _new_codes(account, at)
    data = {"kind": kind.value, "backup_codes": len(codes)}
    events.record(FACTOR_ADDED, subject=account.subject, by=by, at=at, data=data)
    return codes


def _new_codes(account: Account, at: datetime) -> list[str]:
    BackupCode.objects.filter(account=account, ended_at=None).update(ended_at=at)
    codes = [f"{randomness.randbelow(10**10):010d}" for _number in range(BACKUP_CODES)]
    place = queries.place_of_backup_codes(account)
    BackupCode.objects.bulk_create(
        BackupCode(account=account, hash=secrets.blind(code, place=place), made_at=at) for code in codes
    )
    return codes
