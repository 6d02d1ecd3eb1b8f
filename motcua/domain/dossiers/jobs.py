"""Background work: load by id, call one command."""

import logging
from datetime import datetime

from motcua.base.actor import SYSTEM
from motcua.base.models import Event
from motcua.domain.dossiers import commands, queries, register
from motcua.domain.dossiers.models import Dossier, RegisterCheck
from motcua.domain.dossiers.rules import ENDED

log = logging.getLogger(__name__)
#: questions without an answer, one after the other: the register is away, not at odds with one dossier
ENOUGH = 3


def _dossier(event: Event) -> Dossier:
    return queries.visible(SYSTEM).get(pk=int(event.subject.removeprefix("dossier:")))


def check_register(*, event: Event, at: datetime) -> None:
    """Compare a filed dossier with the register; raises while that is away, and so is tried again."""
    dossier = _dossier(event)
    if dossier.register_check == RegisterCheck.PENDING and dossier.state not in ENDED:
        _check(dossier, at=at)


def _check(dossier: Dossier, *, at: datetime) -> None:
    """Ask and compare; nobody waits for an answer to what cannot be asked."""
    try:
        record = register.ask(dossier, by=SYSTEM)
    except register.Unsaid as unsaid:
        log.warning("population register cannot be asked for dossier %s: %s", dossier.code, unsaid)
        commands.leave_unchecked(dossier=dossier, by=SYSTEM, at=at)
        return
    commands.check_register(dossier=dossier, record=record, by=SYSTEM, at=at)


def forget_drafts(*, at: datetime) -> None:
    """Throw away drafts that were left alone for thirty days."""
    for dossier in queries.forgotten(at=at):
        commands.discard(dossier=dossier, by=SYSTEM, at=at)


def check_waiting(*, at: datetime) -> None:
    """Ask again for every dossier whose check still waits; stop while the register is away.

    One dossier that the register refuses or stumbles over keeps no other waiting.
    """
    misses = 0
    for pk in queries.unchecked():
        dossier = queries.visible(SYSTEM).get(pk=pk)
        try:
            _check(dossier, at=at)
        except register.Denied as denied:
            log.error("population register refused dossier %s: %s", dossier.code, denied)
            continue
        except register.Unavailable:
            misses += 1
            if misses == ENOUGH:
                return
            continue
        misses = 0


def note_paid(*, event: Event, at: datetime) -> None:
    """Let a dossier go on when its bill was paid."""
    if event.subject.startswith("dossier:"):
        commands.note_paid(dossier=_dossier(event), by=SYSTEM, at=at)
