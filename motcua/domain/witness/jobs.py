"""What the workers do as a witness."""

import logging
from datetime import datetime

from motcua.base.actor import SYSTEM
from motcua.connectors import identity
from motcua.connectors.identity.client import provider
from motcua.connectors.ledger import Forged, Unavailable
from motcua.connectors.ledger.client import ledger
from motcua.domain.witness import commands, queries
from motcua.domain.witness.rules import Fault

log = logging.getLogger(__name__)


def watch(*, at: datetime) -> None:
    """Fetch the newest head, hold it against the one kept before, keep it or raise an alarm."""
    try:
        head = ledger().newest()
        kept = queries.newest()
        path = ledger().consistency(kept.size, head.size) if head and kept and kept.size < head.size else []
    except Forged as forged:
        raised = commands.alarm(fault=Fault.FORGED, by=SYSTEM, at=at)
        log.error("usage ledger: alarm %s: %s", raised.pk, forged)
        return
    except Unavailable as away:
        log.warning("usage ledger: not reached: %s", away)
        return
    if head is None:
        if kept:
            raised = commands.alarm(fault=Fault.SHRUNK, by=SYSTEM, at=at)
            log.error("usage ledger: alarm %s: the log is empty", raised.pk)
    elif found := commands.keep(head=head, path=path, by=SYSTEM, at=at):
        log.error("usage ledger: alarm %s: %s", found.pk, found.fault)


def check_registration(*, at: datetime) -> None:
    """Ask the identity provider what it has registered of us; one that is away is asked again tomorrow."""
    ours = provider()
    try:
        seen = ours.registration()
    except identity.Unavailable as away:
        log.warning("registration: not reached: %s", away)
        return
    except identity.Invalid as refused:
        log.error("registration: refused: %s", refused)
        seen = None
    found = commands.note_registration(seen=seen, redirect_uri=ours.redirect_uri, by=SYSTEM, at=at)
    if seen and found:
        log.error("registration: %s", ", ".join(found))
