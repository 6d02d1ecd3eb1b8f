"""Logging in on one device by the word of another."""

import secrets as randomness
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from motcua.base import events
from motcua.base.actor import Actor
from motcua.base.errors import Refused
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import passkeys, sessions
from motcua.domain.accounts.events import (
    PAIRING_APPROVED,
    PAIRING_BEGUN,
    PAIRING_DECLINED,
    PAIRING_MISTAKEN,
)
from motcua.domain.accounts.models import Account, AuthorizationRequest, Pairing, Session
from motcua.domain.accounts.rules.accounts import CROSSED
from motcua.domain.accounts.rules.pairing import NUMBERS, SHOWN, PairingState, answered

OVER = _("Lượt này đã hết hạn, đã dùng hoặc bị từ chối. Hãy bắt đầu lại trên máy muốn đăng nhập.")
NOT_YET = _("Chưa thấy xác nhận từ điện thoại. Hãy chọn số trên điện thoại rồi bấm lại.")
_EVENTS = {
    PairingState.APPROVED: PAIRING_APPROVED,
    PairingState.DECLINED: PAIRING_DECLINED,
    PairingState.MISTAKEN: PAIRING_MISTAKEN,
}


def begin(
    *, request: AuthorizationRequest | None, address: str, agent: str, by: Actor, at: datetime
) -> Pairing:
    """Let a browser wait for a phone, and draw the number that it shows."""
    sessions.take_tries(tries={"address": address}, by=by, at=at)
    return _begin(request, agent, by=by, at=at)


def answer(*, key: str, number: int | None, session: Session, by: Actor, at: datetime) -> Pairing:
    """Let the browser in that shows this number, or turn it away without one; a wrong number ends the try.

    Who has not proved lately, on this very device, by two factors who they are is refused.
    """
    passkeys.check_change(session=session, by=by, at=at)
    sessions.take_tries(tries={"pairing": str(session.account_id)}, by=by, at=at)
    return _answer(key, number, session, by=by, at=at)


def take(*, holder: str, agent: str, current: Session | None, by: Actor, at: datetime) -> Session:
    """Log in the waiting browser that a phone has let in, once, while the phone is still logged in."""
    found = queries.pairing_here(holder, at=at)
    if found is not None and found.state == PairingState.WAITING:
        raise Refused(NOT_YET)
    if found is None or found.session is None or found.state != PairingState.APPROVED:
        raise Refused(OVER)
    account = found.session.account
    # Ended before anything is locked, so that two of these never wait for each other's accounts.
    if current is not None and current.account_id != account.pk:
        sessions.log_out(session=current, by=by, at=at)
        current = None
    return _take(found, account, agent=agent, current=current, by=by, at=at)


@transaction.atomic
def _begin(request: AuthorizationRequest | None, agent: str, *, by: Actor, at: datetime) -> Pairing:
    shown = randomness.SystemRandom().sample(NUMBERS, SHOWN)
    pairing = Pairing.objects.create(
        key=randomness.token_urlsafe(32),
        holder=randomness.token_urlsafe(32),
        number=randomness.choice(shown),
        shown=shown,
        request=request,
        agent="".join(c for c in agent if c.isprintable())[:200],
        made_at=at,
    )
    events.record(PAIRING_BEGUN, subject=pairing.subject, by=by, at=at)
    return pairing


@transaction.atomic
def _answer(key: str, number: int | None, session: Session, *, by: Actor, at: datetime) -> Pairing:
    account = sessions.locked(session=session, by=by, at=at)
    waiting = queries.pairings(at=at).filter(key=key, state=PairingState.WAITING)
    pairing = waiting.select_for_update(of=("self",)).first()
    if pairing is None:
        raise Refused(OVER)
    state = answered(pairing.number, number)
    pairing.state, pairing.session = state, session
    pairing.save(update_fields=["state", "session"])
    events.record(_EVENTS[state], subject=account.subject, by=by, at=at, data={"pairing": pairing.pk})
    return pairing


@transaction.atomic
def _take(
    found: Pairing, account: Account, *, agent: str, current: Session | None, by: Actor, at: datetime
) -> Session:
    # The account first, as everywhere: a log-out or a lock that races with this is seen here or ends it.
    Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    pairing = Pairing.objects.select_for_update(of=("self",)).get(pk=found.pk)
    if pairing.state != PairingState.APPROVED or pairing.session is None:
        raise Refused(OVER)
    if not queries.is_live(pairing.session, at=at):
        raise Refused(OVER)
    pairing.state = PairingState.TAKEN
    pairing.save(update_fields=["state"])
    return sessions.enter(account=account, methods=[CROSSED], agent=agent, current=current, by=by, at=at)
