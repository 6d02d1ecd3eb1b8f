"""Keeping heads, raising alarms, noting what is registered of us."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from motcua.base import events
from motcua.base.actor import Actor, Role
from motcua.base.errors import Refused
from motcua.connectors.identity import Registration
from motcua.connectors.ledger import Head
from motcua.domain.witness import queries, rules
from motcua.domain.witness.events import ALARMED, CHECKED, CLOSED, KEPT
from motcua.domain.witness.models import Alarm, KeptHead
from motcua.domain.witness.rules import Fault, Trouble

_SUBJECT = "witness:usage"


@transaction.atomic
def keep(*, head: Head, path: Sequence[bytes], by: Actor, at: datetime) -> Alarm | None:
    """Keep a head that goes on from the newest one kept; else keep that one and raise an alarm."""
    events.hold(_SUBJECT)
    kept = queries.newest()
    if kept is not None:
        fault = rules.fault(
            size=head.size, root=head.root, kept_size=kept.size, kept_root=kept.root, path=path
        )
        if fault:
            return alarm(fault=fault, head=head, by=by, at=at)
        if head.size == kept.size:
            KeptHead.objects.filter(pk=kept.pk).update(seen_at=at)
            return None
    KeptHead.objects.create(
        size=head.size,
        root=head.root,
        signed_at=datetime.fromtimestamp(head.at, tz=UTC),
        token=head.token,
        key=dict(head.key),
        kept_at=at,
        seen_at=at,
    )
    events.record(KEPT, subject=_SUBJECT, by=by, at=at, data={"size": head.size, "root": head.root})
    return None


@transaction.atomic
def alarm(*, fault: Fault, head: Head | None = None, by: Actor, at: datetime) -> Alarm:
    """Raise an alarm, once for the same thing while it is open."""
    events.hold(_SUBJECT)
    root = head.root if head else ""
    if found := Alarm.objects.filter(fault=fault, root=root, closed_at=None).first():
        return found
    kept = queries.newest()
    raised = Alarm.objects.create(
        fault=fault,
        kept=kept,
        size=head.size if head else None,
        root=root,
        token=head.token if head else "",
        raised_at=at,
    )
    told = {"fault": fault.value, "alarm": raised.pk, "size": raised.size, "root": root}
    told |= {"kept_size": kept.size, "kept_root": kept.root} if kept else {}
    events.record(ALARMED, subject=_SUBJECT, by=by, at=at, data=told)
    return raised


@transaction.atomic
def close(*, alarm: int, note: str, anew: bool = False, by: Actor, at: datetime) -> Alarm:
    """Close an alarm with what was found out; `anew` begins with the next head, whatever was kept before."""
    if not by.has(Role.AUDITOR, Role.ADMINISTRATOR):
        raise Refused(_("Chỉ người kiểm tra hoặc quản trị mới được đóng cảnh báo."))
    found = Alarm.objects.select_for_update().get(pk=alarm)
    if found.closed_at:
        raise Refused(_("Cảnh báo này đã được đóng."))
    if not note.strip():
        raise Refused(_("Hãy ghi kết quả xác minh."))
    found.closed_at, found.note, found.anew = at, note.strip(), anew
    found.save()
    events.record(
        CLOSED, subject=_SUBJECT, by=by, at=at, note=found.note, data={"alarm": found.pk, "anew": anew}
    )
    return found


@transaction.atomic
def note_registration(
    *, seen: Registration | None, redirect_uri: str, by: Actor, at: datetime
) -> list[Trouble]:
    """Note what the identity provider has registered of us, with what is amiss; None: it did not take us."""
    found = rules.troubles(seen, redirect_uri=redirect_uri, at=at)
    data = {"troubles": [trouble.value for trouble in found], "seen": asdict(seen) if seen else None}
    events.record(CHECKED, subject=queries.REGISTRATION, by=by, at=at, data=data)
    return found
