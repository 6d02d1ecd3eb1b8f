"""Logging in, confirming with a second factor, logging out."""

import secrets as randomness
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from motcua.base import events, secrets
from motcua.base.actor import Actor
from motcua.base.errors import Refused
from motcua.domain.accounts import passwords, queries
from motcua.domain.accounts.commands import ending
from motcua.domain.accounts.events import (
    SESSION_ENDED,
    SESSION_FAILED,
    SESSION_OPENED,
    SESSION_RAISED,
    SESSIONS_ENDED,
)
from motcua.domain.accounts.models import Account, Session, Tries
from motcua.domain.accounts.rules.accounts import ALLOWANCES, TEXT_GUESSES, matching_step, spend

#: one sentence for an unknown number, a wrong password, a locked account: nobody learns which numbers exist
WRONG = _("Số định danh hoặc mật khẩu không đúng, hoặc tài khoản không dùng được.")
WAIT = _("Bạn đã thử quá nhiều lần. Hãy đợi 10 phút rồi thử lại.")
WRONG_CODE = _("Mã xác thực không đúng hoặc đã dùng. Hãy nhập mã mới nhất.")


def log_in(
    *,
    number: str,
    password: str,
    address: str,
    agent: str = "",
    known: str = "",
    current: Session | None = None,
    by: Actor,
    at: datetime,
) -> Session:
    """Log in with number and password, or raise Refused with the same sentence whatever was wrong.

    `current` is the browser's log-in: the same person goes on in it, anybody else's is ended. `known` names a
    browser in which this person was logged in before: its tries are counted apart from everybody else's.
    """
    # Not one transaction: the tries and the failure must stay although the log-in is refused,
    # and no row may be locked while the password is hashed.
    tries = {"pair": f"{number} {address}", "address": address, "number": number}
    if known:
        tries = {"pair": f"{number} known {known}"}
    with passwords.place():  # before a try is counted: to be turned away must cost neither side anything
        take_tries(tries=tries, by=by, at=at)
        account = queries.account_by_number(number)
        right = passwords.matches(password, account.password if account else "")
    if account is None or not right or not queries.usable(account):
        last = "pair" if known else "number"
        _note_failure(account, _tries_key(last, tries[last]), by=by, at=at)
        raise Refused(WRONG)
    kept = account.password
    if passwords.outdated(kept):
        with suppress(passwords.Busy):  # there will be another log-in
            better = passwords.hashed(password)
            if Account.objects.filter(pk=account.pk, password=kept).update(password=better):
                kept = better
    Tries.objects.filter(key=_tries_key("pair", tries["pair"])).update(spent=[])
    return enter(
        account=account,
        methods=["pwd"],
        agent=agent,
        current=current,
        still=lambda now: now.password == kept,
        by=by,
        at=at,
    )


def log_in_as_demo(
    *, account: Account, agent: str = "", current: Session | None = None, by: Actor, at: datetime
) -> Session:
    """Log in as one of the demo people by one click; refused unless this is a demo."""
    if not settings.DEMO or not account.demo_role:
        raise Refused(_("Chỉ bản trình diễn mới vào được bằng một lần bấm."))
    return enter(account=account, methods=["demo"], agent=agent, current=current, by=by, at=at)


def confirm(*, session: Session, code: str, by: Actor, at: datetime) -> Session:
    """Raise a log-in to authentication level 2 with a one-time code, each code once."""
    take_tries(tries={"code": str(session.account_id)}, by=by, at=at)
    if not _confirm(session=session, code="".join(code.split()), by=by, at=at):
        raise Refused(WRONG_CODE)
    return session


@transaction.atomic
def log_out(*, session: Session, by: Actor, at: datetime) -> Session:
    """End one log-in, and every token that came of it; ending it twice is no harm."""
    account = _lock(session.account_id)
    if ending.end(sessions=Session.objects.filter(pk=session.pk), by=by, at=at):
        events.record(SESSION_ENDED, subject=account.subject, by=by, at=at)
    return session


@transaction.atomic
def log_out_everywhere(*, account: Account, by: Actor, at: datetime) -> Account:
    """End every log-in of an account, this one too, and every token that came of them."""
    account = queries.own(by).select_for_update(of=("self",)).get(pk=account.pk)
    ended = ending.end_everything(account=account, by=by, at=at)
    events.record(SESSIONS_ENDED, subject=account.subject, by=by, at=at, data={"count": ended})
    return account


def take_tries(*, tries: Mapping[str, str], by: Actor, at: datetime) -> None:
    """Take one try of each allowance, or raise Refused when one of them is gone."""
    if not _take_tries(tries, at):
        raise Refused(WAIT)


def enter(
    *,
    account: Account,
    methods: Sequence[str],
    agent: str,
    current: Session | None,
    still: Callable[[Account], bool] = lambda _account: True,
    by: Actor,
    at: datetime,
) -> Session:
    """Open the log-in of somebody who has proved by these methods who they are.

    `current` is the browser's log-in: the same person goes on in it, anybody else's is ended. `still` says,
    once the account is locked, whether what was proved opens it yet: a recovery may have come in between.
    """
    if current is not None and current.account_id != account.pk:
        log_out(session=current, by=by, at=at)
        current = None
    return _open(account, methods, agent=agent, current=current, still=still, at=at)


@transaction.atomic
def locked(*, session: Session, by: Actor, at: datetime) -> Account:
    """Lock the own account for a change made from a log-in, and refuse when that log-in has ended.

    Whoever waited for a log-out or a recovery to finish changes nothing after it.
    """
    account = queries.own(by).select_for_update(of=("self",)).get(pk=session.account_id)
    if not (queries.usable(account) and queries.is_live(session, at=at)):
        raise Refused(WRONG)
    return account


@transaction.atomic
def _open(
    account: Account,
    methods: Sequence[str],
    *,
    agent: str,
    current: Session | None,
    still: Callable[[Account], bool],
    at: datetime,
) -> Session:
    # Locked meanwhile, in both senses: a log-in that races with the locking of the account loses.
    account = _lock(account.pk)
    if not (queries.usable(account) and still(account)):
        raise Refused(WRONG)
    session = Session.objects.filter(pk=current.pk, ended_at=None).first() if current else None
    if session is None:
        key = randomness.token_urlsafe(32)
        session = Session(key=key, account=account, opened_at=at, agent=_printable(agent))
    session.account = account
    session.methods, session.authenticated_at = list(methods), at
    session.save()
    by = queries.actor_of(session)
    events.record(SESSION_OPENED, subject=account.subject, by=by, at=at, data={"methods": session.methods})
    return session


@transaction.atomic
def _confirm(*, session: Session, code: str, by: Actor, at: datetime) -> bool:
    account = _lock(session.account_id)
    live = Session.objects.filter(pk=session.pk, ended_at=None).exists()
    method = _spend_code(account, session, code, at) if live and queries.usable(account) else ""
    if not method:
        events.record(SESSION_FAILED, subject=account.subject, by=by, at=at, data={"method": "otp"})
        return False
    # The time of the first step stays: a second one makes nothing of hours ago fresh.
    session.methods = [*dict.fromkeys([*session.methods, method])]
    session.save(update_fields=["methods"])
    events.record(SESSION_RAISED, subject=account.subject, by=by, at=at, data={"methods": session.methods})
    return True


def _spend_code(account: Account, session: Session, code: str, at: datetime) -> str:
    """Use up a code of the app, a backup code or a code by text; give the method it proves, or nothing."""
    if backup := queries.backup_code(account, code):
        backup.ended_at = at
        backup.save(update_fields=["ended_at"])
        return "otp"
    if _spend_app_code(account, code, at):
        return "otp"
    return "sms" if queries.texts_offered(account) and _spend_text_code(session, code, at) else ""


def _spend_text_code(session: Session, code: str, at: datetime) -> bool:
    sent = queries.text_code(session, at=at)
    if sent is None:
        return False
    right = queries.is_text_code(sent, code)
    sent.tries += not right
    if right or sent.tries >= TEXT_GUESSES:
        sent.ended_at = at
    sent.save(update_fields=["tries", "ended_at"])
    return right


def _spend_app_code(account: Account, code: str, at: datetime) -> bool:
    factor = queries.code_factor(account)
    step = matching_step(queries.secret_of(factor), code, at=at, last=factor.last_step) if factor else None
    if factor is None or step is None:
        return False
    factor.last_step = step
    factor.save(update_fields=["last_step"])
    return True


@transaction.atomic
def _note_failure(account: Account | None, number_key: str, *, by: Actor, at: datetime) -> None:
    # An unknown number costs the same writes as a known one, under the keyed hash of the number.
    Tries.objects.select_for_update().get(key=number_key)
    subject = account.subject if account else f"number:{number_key}"
    events.record(SESSION_FAILED, subject=subject, by=by, at=at, data={"method": "pwd"})


@transaction.atomic
def _take_tries(tries: Mapping[str, str], at: datetime) -> bool:
    allowed = True
    # In one order, so that two log-ins never wait for each other's rows.
    for name in sorted(tries):
        key = _tries_key(name, tries[name])
        Tries.objects.bulk_create([Tries(key=key, spent=[], tried_at=at)], ignore_conflicts=True)
        row = Tries.objects.select_for_update().get(key=key)
        row.spent, row.closed_until = spend(ALLOWANCES[name], row.spent, row.closed_until, at)
        row.tried_at = at
        row.save()
        allowed = allowed and row.closed_until is None
    return allowed


def _tries_key(name: str, word: str) -> str:
    return secrets.blind(word, place=f"accounts_tries.{name}").hex()


def _lock(pk: int) -> Account:
    return Account.objects.select_for_update(of=("self",)).select_related("person").get(pk=pk)


def _printable(agent: str) -> str:
    return "".join(c for c in agent if c.isprintable())[:200]
