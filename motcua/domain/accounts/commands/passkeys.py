"""Adding, using, renaming and removing passkeys."""

import base64
import os
import secrets as randomness
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from motcua.base import events, secrets
from motcua.base.actor import Actor
from motcua.base.errors import Refused
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import sessions
from motcua.domain.accounts.events import (
    PASSKEY_ADDED,
    PASSKEY_DECLINED,
    PASSKEY_LOCKED,
    PASSKEY_REMOVED,
    PASSKEY_RENAMED,
    SESSION_FAILED,
)
from motcua.domain.accounts.models import Account, Challenge, Passkey, Session
from motcua.domain.accounts.rules.passkeys import (
    MOST,
    PROVES,
    New,
    Purpose,
    Unproven,
    claimed,
    named,
    party,
    regressed,
    verify_new,
    verify_use,
    why_not_change,
)

EXPIRED = _("Lượt này đã hết hạn hoặc đã dùng. Hãy bấm lại nút dùng khóa truy cập.")
#: one sentence for a passkey unknown, removed or not proved, and for an account that cannot be used
NOT_TAKEN = _(
    "Khóa truy cập không được chấp nhận, hoặc tài khoản không dùng được. Hãy đăng nhập bằng mật khẩu."
)
NOT_ADDED = _("Máy của bạn không tạo được khóa truy cập đúng cách. Hãy thử lại.")
ANOTHERS = _("Khóa truy cập này không thuộc số định danh bạn vừa nhập.")
COPIED = _(
    "Khóa truy cập này đã bị khóa vì có dấu hiệu bị sao chép. "
    "Hãy đăng nhập bằng mật khẩu và mã xác thực, rồi gỡ nó ở trang Tài khoản của tôi."
)


def begin_log_in(*, address: str, by: Actor, at: datetime) -> Challenge:
    """Make a challenge for somebody who is about to log in, whoever that is."""
    sessions.take_tries(tries={"address": address}, by=by, at=at)
    return challenge(purpose=Purpose.LOG_IN, session=None, value=os.urandom(32), by=by, at=at)


def begin_adding(*, session: Session, by: Actor, at: datetime) -> Challenge:
    """Make a challenge for a new passkey; who has not proved lately who they are is refused."""
    check_change(session=session, by=by, at=at)
    if queries.passkeys(by).count() >= MOST:
        raise Refused(_("Bạn đã có nhiều khóa truy cập. Hãy gỡ một khóa không dùng nữa rồi thêm khóa mới."))
    return challenge(purpose=Purpose.ADD_PASSKEY, session=session, value=os.urandom(32), by=by, at=at)


def challenge(
    *, purpose: Purpose, session: Session | None, value: bytes, by: Actor, at: datetime
) -> Challenge:
    """Keep what a device or an app must answer; a key in the person's browser finds it again."""
    key = randomness.token_urlsafe(32)
    text = base64.b64encode(value).decode()
    sealed = secrets.seal(text, place=f"accounts_challenge:{key}")
    return Challenge.objects.create(key=key, purpose=purpose, session=session, value=sealed, made_at=at)


def check_change(*, session: Session, by: Actor, at: datetime) -> None:
    """Refuse whoever has not proved lately, by two factors, who they are."""
    if reason := why_not_change(session.assurance_here, session.authenticated_at, at=at):
        raise Refused(reason)


def add(*, session: Session, key: str, answer: str, name: str, by: Actor, at: datetime) -> Passkey:
    """Add the passkey that the holder's device has just made."""
    check_change(session=session, by=by, at=at)
    value = _taken(key, Purpose.ADD_PASSKEY, session, at)
    if value is None:
        raise Refused(EXPIRED)
    try:
        new = verify_new(answer, challenge=value, party=party(settings.NATIONAL_URL))
    except Unproven as error:
        raise Refused(NOT_ADDED) from error
    return _added(session=session, new=new, name=name, by=by, at=at)


@transaction.atomic
def _added(*, session: Session, new: New, name: str, by: Actor, at: datetime) -> Passkey:
    account = sessions.locked(session=session, by=by, at=at)
    if Passkey.objects.filter(credential_id=new.credential_id).exists():
        raise Refused(_("Khóa truy cập này đã được thêm rồi."))
    passkey = Passkey.objects.create(
        account=account,
        name=named(name, say("Khóa truy cập")),
        credential_id=new.credential_id,
        public_key=new.public_key,
        sign_count=new.sign_count,
        transports=list(new.transports),
        synced=new.synced,
        backed_up=new.backed_up,
        added_at=at,
    )
    events.record(PASSKEY_ADDED, subject=account.subject, by=by, at=at, data={"passkey": passkey.pk})
    return passkey


def log_in(
    *,
    key: str,
    answer: str,
    number: str = "",
    address: str,
    agent: str = "",
    current: Session | None = None,
    by: Actor,
    at: datetime,
) -> Session:
    """Log in by a passkey, which says itself whose it is; a typed number must be that person's.

    `current` is the browser's log-in: the same person goes on in it, anybody else's is ended.
    """
    # Not one transaction: the challenge stays used, a copied passkey locked, although this is refused.
    sessions.take_tries(tries={"address": address}, by=by, at=at)
    value = _taken(key, Purpose.LOG_IN, None, at)
    if value is None:
        raise Refused(EXPIRED)
    passkey, reason = _used(answer, value, by=by, at=at)
    if passkey is None or reason:
        raise Refused(reason or NOT_TAKEN)
    account = passkey.account
    if not queries.usable(account):
        raise Refused(NOT_TAKEN)
    if number and account.person.number != number:
        raise Refused(ANOTHERS)
    return sessions.enter(
        account=account,
        methods=PROVES,
        agent=agent,
        current=current,
        still=lambda now: queries.working_passkeys(now).filter(pk=passkey.pk).exists(),
        by=by,
        at=at,
    )


@transaction.atomic
def rename(*, passkey: Passkey, name: str, by: Actor, at: datetime) -> Passkey:
    """Give one of one's own passkeys another name."""
    account = _locked(by, passkey.account)
    passkey = queries.passkeys(by).get(pk=passkey.pk)
    passkey.name = named(name, passkey.name)
    passkey.save(update_fields=["name"])
    events.record(PASSKEY_RENAMED, subject=account.subject, by=by, at=at, data={"passkey": passkey.pk})
    return passkey


@transaction.atomic
def remove(*, passkey: Passkey, session: Session, by: Actor, at: datetime) -> Passkey:
    """Remove one of one's own passkeys; it opens nothing from now on."""
    check_change(session=session, by=by, at=at)
    account = sessions.locked(session=session, by=by, at=at)
    passkey = queries.passkeys(by).get(pk=passkey.pk)
    passkey.removed_at = at
    passkey.save(update_fields=["removed_at"])
    events.record(PASSKEY_REMOVED, subject=account.subject, by=by, at=at, data={"passkey": passkey.pk})
    return passkey


@transaction.atomic
def decline(*, account: Account, by: Actor, at: datetime) -> Account:
    """Remember that somebody was offered a passkey and does not want one now."""
    account = _locked(by, account)
    if account.passkey_declined_at is None:
        account.passkey_declined_at = at
        account.save(update_fields=["passkey_declined_at"])
        events.record(PASSKEY_DECLINED, subject=account.subject, by=by, at=at)
    return account


def _taken(key: str, purpose: Purpose, session: Session | None, at: datetime) -> bytes | None:
    # Of two answers at once only one turns the row.
    found = queries.challenge(key, purpose=purpose, session=session, at=at)
    if found is None or not Challenge.objects.filter(pk=found.pk, used_at=None).update(used_at=at):
        return None
    return queries.value_of(found)


@transaction.atomic
def _used(answer: str, value: bytes, *, by: Actor, at: datetime) -> tuple[Passkey | None, Promise | None]:
    """Find the passkey that an answer proves, with the reason why it is not taken all the same."""
    try:
        credential_id, handle = claimed(answer)
    except Unproven:
        return None, None
    known = Passkey.objects.select_related("account__person").select_for_update(of=("self",))
    passkey = known.filter(credential_id=credential_id, removed_at=None).first()
    if passkey is None:
        return None, None
    subject, reason = passkey.account.subject, None
    try:
        if handle != queries.handle_of(passkey.account):
            raise Unproven("another's handle")
        here = party(settings.NATIONAL_URL)
        use = verify_use(answer, challenge=value, party=here, public_key=bytes(passkey.public_key))
    except Unproven as error:
        events.record(SESSION_FAILED, subject=subject, by=by, at=at, note=str(error), data={"method": "pop"})
        return passkey, NOT_TAKEN
    if passkey.locked_at is not None:
        reason = COPIED
    elif regressed(passkey.sign_count, use.sign_count):
        passkey.locked_at, reason = at, COPIED
        events.record(PASSKEY_LOCKED, subject=subject, by=by, at=at, data={"passkey": passkey.pk})
    else:
        passkey.sign_count, passkey.backed_up, passkey.used_at = use.sign_count, use.backed_up, at
    passkey.save(update_fields=["sign_count", "backed_up", "used_at", "locked_at"])
    return passkey, reason


def _locked(by: Actor, account: Account) -> Account:
    return queries.own(by).select_for_update(of=("self",)).get(pk=account.pk)
