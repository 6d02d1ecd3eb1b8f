"""Texts to the phones of account holders: written down with what they are about, sent by a worker."""

import json
import secrets as randomness
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from motcua.base import events, secrets
from motcua.base.actor import Actor
from motcua.base.errors import Refused
from motcua.connectors.sms import Denied, client
from motcua.domain.accounts import queries
from motcua.domain.accounts.events import MESSAGE_FAILED, MESSAGE_QUEUED, MESSAGE_SENT
from motcua.domain.accounts.models import Account, Message


@transaction.atomic
def send(
    *, account: Account, about: str, words: str, good_until: datetime | None = None, by: Actor, at: datetime
) -> Message:
    """Have a text sent to the holder's phone; the log says what it is about, never its words or the phone."""
    if not account.phone:
        raise Refused(_("Tài khoản này chưa có số điện thoại."))
    return _queue(account.phone, words, account=account, about=about, good_until=good_until, by=by, at=at)


@transaction.atomic
def send_to(
    *, phone: str, about: str, words: str, good_until: datetime | None = None, by: Actor, at: datetime
) -> Message:
    """Have a text sent to a phone that belongs to no account yet."""
    return _queue(phone, words, account=None, about=about, good_until=good_until, by=by, at=at)


def _queue(
    phone: str,
    words: str,
    *,
    account: Account | None,
    about: str,
    good_until: datetime | None,
    by: Actor,
    at: datetime,
) -> Message:
    key = randomness.token_urlsafe(32)
    body = secrets.seal(json.dumps([phone, words]), place=f"accounts_message:{key}")
    message = Message.objects.create(key=key, account=account, body=body, made_at=at, good_until=good_until)
    data = {"message": message.pk, "about": about}
    events.record(MESSAGE_QUEUED, subject=message.subject, by=by, at=at, data=data)
    return message


def deliver(*, message: Message, by: Actor, at: datetime) -> Message:
    """Hand a text to the gateway, once however often it is tried; `Unavailable` means try again."""
    # Nothing is locked while the gateway is waited for; of two tries at once it keeps one, by the key.
    if message.sent_at or message.failed_at:
        return message
    if message.good_until is not None and at >= message.good_until:
        return _note(message=message, failure="late", by=by, at=at)
    try:
        client.send(queries.text_of(message))
    except Denied as denied:
        return _note(message=message, failure=str(denied), by=by, at=at)
    return _note(message=message, failure="", by=by, at=at)


@transaction.atomic
def _note(*, message: Message, failure: str, by: Actor, at: datetime) -> Message:
    done = {"failed_at": at} if failure else {"sent_at": at}
    waiting = Message.objects.filter(pk=message.pk, sent_at=None, failed_at=None)
    if waiting.update(body=b"", **done):
        name, data = (MESSAGE_FAILED if failure else MESSAGE_SENT), {"message": message.pk}
        events.record(name, subject=message.subject, by=by, at=at, note=failure, data=data)
    message.refresh_from_db()
    return message
