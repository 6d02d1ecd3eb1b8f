"""Form 06, how a dossier went from desk to desk, and form 07, the counter's book of a month."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import override

from motcua.base import events
from motcua.base.actor import Actor
from motcua.domain.agencies.models import Agency
from motcua.domain.dossiers.models import Channel, Dossier
from motcua.domain.dossiers.queries.finding import visible
from motcua.domain.dossiers.queries.reading import SAYINGS
from motcua.domain.dossiers.queries.sheets import case, letterhead
from motcua.domain.dossiers.rules import MOVES

#: the most rows that one printed book holds
MOST_ENTRIES = 2000


def control(dossier: Dossier, *, at: datetime) -> dict[str, Any]:
    """Gather form 06: each move with who gave, who took and when."""
    with override("vi"):
        moves = [e for e in events.history(dossier.subject) if e.name.removeprefix("dossier.") in MOVES]
        givers = [dossier.applicant_name, *(move.by_name for move in moves)]
        passages = [
            {
                "agency": str(SAYINGS[move.name]),
                "at": move.at,
                "giver": giver,
                "taker": move.by_name,
                "note": move.note,
            }
            for giver, move in zip(givers, moves, strict=False)
        ]
        return {
            **letterhead(dossier.desk, at=at),
            **case(dossier),
            "received_at": dossier.received_at,
            "due_at": dossier.promised_at,
            "agency_in_charge": dossier.agency.name,
            "passages": passages,
        }


def register(actor: Actor, desk: Agency, *, month: date, at: datetime) -> dict[str, Any]:
    """Gather form 07: everything that this counter received in a month, in the order of receipt."""
    zone = timezone.get_current_timezone()
    start = datetime(month.year, month.month, 1, tzinfo=zone)
    end = datetime(month.year + month.month // 12, month.month % 12 + 1, 1, tzinfo=zone)
    rows = visible(actor).filter(desk=desk, received_at__gte=start, received_at__lt=end)
    rows = rows.select_related("version", "agency", "applicant").only(*_PRINTED)
    with override("vi"):
        return {
            **letterhead(desk, at=at),
            "book": f"{month.year}",
            "period": f"Tháng {month.month:02d} năm {month.year}",
            "entries": [_entry(dossier) for dossier in rows.order_by("received_at", "id")[:MOST_ENTRIES]],
        }


#: nothing else is read: the form of a procedure is long, and would come along with every row
_PRINTED = (
    "code",
    "version__title",
    "applicant_name",
    "applicant__residence",
    "phone",
    "agency__name",
    "received_at",
    "promised_at",
    "channel",
    "ended_at",
)


def _entry(dossier: Dossier) -> dict[str, Any]:
    assert dossier.received_at is not None
    entry = {
        "code": dossier.code,
        "procedure": dossier.version.title,
        "copies": 1,
        "name": dossier.applicant_name,
        "contact": ", ".join(filter(None, [dossier.applicant.residence, dossier.phone])),
        "agency": dossier.agency.name,
        "received_on": timezone.localdate(dossier.received_at),
        "channel": str(Channel(dossier.channel).label),
    }
    if dossier.promised_at:
        entry["due_on"] = timezone.localdate(dossier.promised_at)
    if dossier.ended_at:
        entry["returned_on"] = timezone.localdate(dossier.ended_at)
    return entry
