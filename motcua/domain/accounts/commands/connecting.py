"""Letting systems in: asked for with evidence, approved or not, suspended and let in again."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.base import events
from motcua.base.actor import Actor, Role
from motcua.base.errors import Refused
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands.clients import register_client
from motcua.domain.accounts.commands.tokens import end_machine_tokens
from motcua.domain.accounts.events import (
    CLIENT_ASKED,
    CLIENT_KEYS_REPLACED,
    CLIENT_RESUMED,
    CLIENT_SUSPENDED,
    CONNECTION_APPROVED,
    CONNECTION_REFUSED,
)
from motcua.domain.accounts.models import AccessToken, Client, Connection, RefreshToken
from motcua.domain.accounts.rules.connecting import (
    Evidence,
    State,
    why_not_approve,
    why_not_file,
    why_not_refuse,
)


@transaction.atomic
def file(
    *,
    code: str,
    name: str,
    purpose: str,
    redirect_uris: Sequence[str],
    logout_uris: Sequence[str] = (),
    backchannel_uri: str = "",
    scopes: Sequence[str],
    machine_scopes: Sequence[str] = (),
    keys: Sequence[Mapping[str, Any]],
    evidence: Evidence,
    by: Actor,
    at: datetime,
) -> Connection:
    """Take down that a system asks to be connected, under the strict profile; nobody gets in by it yet."""
    _check_administrator(by)
    if reason := why_not_file(code, evidence, on=timezone.localdate(at)):
        raise Refused(reason)
    events.hold(f"client {code}")
    if Client.objects.filter(code=code).exists():
        raise Refused(_("Đã có ứng dụng mang mã này."))
    client, _secret = register_client(
        code=code,
        name=name,
        purpose=purpose,
        profile=Client.Profile.FAPI,
        redirect_uris=redirect_uris,
        logout_uris=logout_uris,
        backchannel_uri=backchannel_uri,
        scopes=scopes,
        machine_scopes=machine_scopes,
        keys=keys,
        by=by,
        at=at,
    )
    Client.objects.filter(pk=client.pk).update(active=False)
    due_at = queries.appraised_by(known=evidence.known, filed_at=at)
    connection = Connection.objects.create(client=client, filed_at=at, due_at=due_at, **asdict(evidence))
    data = {"level": evidence.level, "due": due_at.isoformat()}
    events.record(CLIENT_ASKED, subject=client.subject, by=by, at=at, data=data)
    return connection


@transaction.atomic
def approve(*, client: Client, by: Actor, at: datetime) -> Connection:
    """Let a system in that has shown what the law wants."""
    connection = _connection(client, by)
    if reason := why_not_approve(connection.state, connection.level):
        raise Refused(reason)
    Client.objects.filter(pk=client.pk).update(active=True)
    return _decide(connection, State.APPROVED, CONNECTION_APPROVED, note="", by=by, at=at)


@transaction.atomic
def refuse(*, client: Client, note: str, by: Actor, at: datetime) -> Connection:
    """Turn a system down, saying why."""
    connection = _connection(client, by)
    if reason := why_not_refuse(connection.state, note):
        raise Refused(reason)
    return _decide(connection, State.REFUSED, CONNECTION_REFUSED, note=note.strip(), by=by, at=at)


@transaction.atomic
def suspend(*, client: Client, note: str, by: Actor, at: datetime) -> Client:
    """Shut a system out at once; its tokens end."""
    client = _locked(client, by)
    if not client.active:
        raise Refused(_("Ứng dụng này đang không hoạt động."))
    if not note.strip():
        raise Refused(_("Hãy ghi rõ lý do tạm ngừng."))
    Client.objects.filter(pk=client.pk).update(active=False)
    _end_tokens(client, at)
    events.record(CLIENT_SUSPENDED, subject=client.subject, by=by, at=at, note=note.strip())
    return client


@transaction.atomic
def resume(*, client: Client, by: Actor, at: datetime) -> Client:
    """Let a suspended system in again; one that was never approved stays outside."""
    client = _locked(client, by)
    asked = Connection.objects.filter(client=client).first()
    if client.active or (asked is not None and asked.state != State.APPROVED):
        raise Refused(_("Ứng dụng này không bị tạm ngừng."))
    _end_tokens(client, at)  # again: one may have been in the making when it was suspended
    Client.objects.filter(pk=client.pk).update(active=True)
    events.record(CLIENT_RESUMED, subject=client.subject, by=by, at=at)
    return client


@transaction.atomic
def replace_keys(*, client: Client, keys: Sequence[Mapping[str, Any]], by: Actor, at: datetime) -> Client:
    """Take other public keys of a system: the new beside the old while they change, then the new alone."""
    client = _locked(client, by)
    if client.method != Client.Method.KEY:
        raise Refused(_("Ứng dụng này không dùng khóa."))
    Client.objects.filter(pk=client.pk).update(keys=[dict(key) for key in keys])
    end_machine_tokens(client=client, by=by, at=at)
    data = {"keys": [key["kid"] for key in keys]}
    events.record(CLIENT_KEYS_REPLACED, subject=client.subject, by=by, at=at, data=data)
    return client


def _end_tokens(client: Client, at: datetime) -> None:
    for model in (AccessToken, RefreshToken):
        model.objects.filter(client=client, revoked_at=None).update(revoked_at=at)


def _decide(
    connection: Connection, state: State, name: str, *, note: str, by: Actor, at: datetime
) -> Connection:
    connection.state, connection.note, connection.decided_at = state, note, at
    connection.save(update_fields=["state", "note", "decided_at"])
    events.record(name, subject=connection.client.subject, by=by, at=at, note=note)
    return connection


def _connection(client: Client, by: Actor) -> Connection:
    client = _locked(client, by)
    return Connection.objects.select_related("client").get(client=client)


def _locked(client: Client, by: Actor) -> Client:
    _check_administrator(by)
    return queries.clients(by).select_for_update(of=("self",)).get(pk=client.pk)


def _check_administrator(by: Actor) -> None:
    if not by.has(Role.ADMINISTRATOR, Role.SYSTEM):
        raise Refused(_("Chỉ quản trị hệ thống định danh mới làm được việc này."))
