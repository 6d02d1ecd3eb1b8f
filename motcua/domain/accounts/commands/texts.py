"""Codes by text: sending one to the holder's phone, and choosing to get them."""

import secrets as randomness
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from motcua.base import events, secrets
from motcua.base.actor import Actor
from motcua.base.errors import Refused
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import messages, passkeys, sessions
from motcua.domain.accounts.events import TEXT_CODE_MADE, TEXTS_ALLOWED, TEXTS_FORBIDDEN
from motcua.domain.accounts.models import Account, Factor, Session, TextCode
from motcua.domain.accounts.rules.accounts import TEXT_LIFE

NOT_OFFERED = _("Tài khoản này không nhận mã qua tin nhắn. Hãy dùng cách xác thực khác.")


def send_code(*, session: Session, by: Actor, at: datetime) -> TextCode:
    """Send a new code to the holder's phone for this log-in; the one before opens nothing any more."""
    who = str(session.account_id)
    sessions.take_tries(tries={"text": who, "texts": who}, by=by, at=at)
    return _sent(session=session, by=by, at=at)


@transaction.atomic
def allow(*, session: Session, by: Actor, at: datetime) -> Account:
    """Let codes come by text beside an app or a passkey, as the holder wishes."""
    passkeys.check_change(session=session, by=by, at=at)
    account = sessions.locked(session=session, by=by, at=at)
    if not account.phone:
        raise Refused(NOT_OFFERED)
    if queries.texts_chosen(account) is None:
        Factor.objects.create(account=account, kind=Factor.Kind.TEXT, secret=b"", added_at=at)
        events.record(TEXTS_ALLOWED, subject=account.subject, by=by, at=at)
    return account


@transaction.atomic
def forbid(*, session: Session, by: Actor, at: datetime) -> Account:
    """Take no codes by text where there is anything better."""
    passkeys.check_change(session=session, by=by, at=at)
    account = sessions.locked(session=session, by=by, at=at)
    if Factor.objects.filter(account=account, kind=Factor.Kind.TEXT, ended_at=None).update(ended_at=at):
        events.record(TEXTS_FORBIDDEN, subject=account.subject, by=by, at=at)
    return account


@transaction.atomic
def _sent(*, session: Session, by: Actor, at: datetime) -> TextCode:
    account = sessions.locked(session=session, by=by, at=at)
    if not queries.texts_offered(account):
        raise Refused(NOT_OFFERED)
    TextCode.objects.filter(account=account, ended_at=None).update(ended_at=at)
    code = f"{randomness.randbelow(10**6):06d}"
    kept = secrets.blind(code, place=queries.place_of_text_codes(account.pk))
    made = TextCode.objects.create(account=account, session=session, hash=kept, made_at=at)
    events.record(TEXT_CODE_MADE, subject=account.subject, by=by, at=at)
    words = say("Mã xác thực của bạn là %(code)s, dùng trong 10 phút. Không đưa mã này cho bất kỳ ai.")
    until = at + TEXT_LIFE
    messages.send(account=account, about="code", words=words % {"code": code}, good_until=until, by=by, at=at)
    return made
