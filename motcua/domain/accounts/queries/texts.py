"""Reading texts to people's phones, and the codes in them."""

import json
from datetime import datetime

from motcua.base import secrets
from motcua.connectors.sms import Text
from motcua.domain.accounts.models import Message, Session, TextCode
from motcua.domain.accounts.rules.accounts import TEXT_LIFE


def text_code(session: Session, *, at: datetime) -> TextCode | None:
    """Find the code by text that this log-in waits for."""
    live = TextCode.objects.filter(session=session, ended_at=None, made_at__gt=at - TEXT_LIFE)
    return live.first()


def is_text_code(code: TextCode, typed: str) -> bool:
    """Tell whether somebody typed what was sent."""
    return bytes(code.hash) in secrets.blinds(typed, place=place_of_text_codes(code.account_id))


def place_of_text_codes(account: int) -> str:
    """Give the place under which the codes by text of an account are hashed."""
    return f"accounts_text_code:{account}"


def message(pk: int) -> Message | None:
    """Find a text that may still have to be sent."""
    return Message.objects.select_related("account").filter(pk=pk).first()


def text_of(message: Message) -> Text:
    """Open what is to be sent, and to whom."""
    phone, words = json.loads(secrets.unseal(bytes(message.body), place=f"accounts_message:{message.key}"))
    return Text(message.key, phone, words)
