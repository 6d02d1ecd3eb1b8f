"""Ending log-ins, and telling the systems that were entered from them."""

import secrets
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from motcua.base import events, jose
from motcua.base.actor import Actor
from motcua.connectors.logout import Denied, client
from motcua.domain.accounts import queries
from motcua.domain.accounts.events import LOGOUT_FAILED, LOGOUT_QUEUED, LOGOUT_SENT
from motcua.domain.accounts.models import (
    AccessToken,
    Account,
    AuthorizationCode,
    BackupCode,
    Factor,
    LogoutNotice,
    Passkey,
    RefreshToken,
    Session,
)
from motcua.domain.accounts.rules.accounts import ABSOLUTE
from motcua.domain.accounts.rules.requests import LOGOUT_TYPE, REPRESENTATION, logout_token


@transaction.atomic
def end(*, sessions: QuerySet[Session], by: Actor, at: datetime) -> int:
    """End log-ins with the tokens that came of them; have every system told that was entered from them."""
    live = list(sessions.filter(ended_at=None).select_for_update(of=("self",)).select_related("account"))
    Session.objects.filter(pk__in=[one.pk for one in live]).update(ended_at=at)
    AccessToken.objects.filter(session__in=live, revoked_at=None).update(revoked_at=at)
    _have_told(AuthorizationCode.objects.filter(session__in=live), by=by, at=at)
    return len(live)


@transaction.atomic
def recall(*, agents: Collection[int], by: Actor, at: datetime) -> None:
    """Take back at once what systems were told about for whom these people act: their log-ins there end.

    The log-in here goes on, so that whoever comes again is told what holds now.
    """
    live = Session.objects.filter(account__person__in=agents, ended_at=None, opened_at__gt=at - ABSOLUTE)
    entered = AuthorizationCode.objects.filter(session__in=live)
    _have_told(entered.filter(request__scopes__contains=[REPRESENTATION]), by=by, at=at)


def _have_told(entered: QuerySet[AuthorizationCode], *, by: Actor, at: datetime) -> None:
    """Queue one notice for each system and log-in."""
    used = entered.exclude(used_at=None).exclude(request__client__backchannel_uri="")
    for session, system in sorted(set(used.values_list("session", "request__client"))):
        notice = LogoutNotice.objects.create(session_id=session, client_id=system, made_at=at)
        data = {"notice": notice.pk, "client": notice.client.code}
        events.record(LOGOUT_QUEUED, subject=notice.session.account.subject, by=by, at=at, data=data)


@transaction.atomic
def end_factors(*, account: Account, by: Actor, at: datetime) -> None:
    """End all that opens an account beside its password; whoever calls says on the log why."""
    Factor.objects.filter(account=account, ended_at=None).update(ended_at=at)
    BackupCode.objects.filter(account=account, ended_at=None).update(ended_at=at)
    Passkey.objects.filter(account=account, removed_at=None).update(removed_at=at)


@transaction.atomic
def end_everything(*, account: Account, by: Actor, at: datetime) -> int:
    """End every log-in of an account, and every token, also those that outlive a log-in."""
    ended = end(sessions=Session.objects.filter(account=account), by=by, at=at)
    for model in (AccessToken, RefreshToken):
        model.objects.filter(session__account=account, revoked_at=None).update(revoked_at=at)
    return ended


def deliver(*, notice: LogoutNotice, issuer: str, by: Actor, at: datetime) -> None:
    """Tell one system that one log-in is over, however often it takes; `Unavailable` means try again.

    After half a day there is no more to tell: a log-in lasts no longer anyway.
    """
    # Nothing is locked while the system is waited for; ending a log-in twice is no harm there.
    if notice.sent_at or notice.failed_at:
        return
    if not notice.client.active or at >= notice.made_at + ABSOLUTE:
        return _note(notice=notice, failure="late", by=by, at=at)
    account = notice.session.account
    claims = logout_token(
        issuer=issuer,
        client=notice.client.code,
        sub=queries.subject_of(account, notice.client),
        sid=queries.sid_of(notice.session, notice.client),
        jti=secrets.token_urlsafe(24),
        at=at,
    )
    try:
        client.tell(notice.client.backchannel_uri, jose.sign(claims, queries.signing_key(), typ=LOGOUT_TYPE))
    except Denied as denied:
        return _note(notice=notice, failure=str(denied), by=by, at=at)
    return _note(notice=notice, failure="", by=by, at=at)


@transaction.atomic
def _note(*, notice: LogoutNotice, failure: str, by: Actor, at: datetime) -> None:
    done = {"failed_at": at} if failure else {"sent_at": at}
    if LogoutNotice.objects.filter(pk=notice.pk, sent_at=None, failed_at=None).update(**done):
        name, data = (LOGOUT_FAILED if failure else LOGOUT_SENT), {"client": notice.client.code}
        events.record(name, subject=notice.session.account.subject, by=by, at=at, note=failure, data=data)
