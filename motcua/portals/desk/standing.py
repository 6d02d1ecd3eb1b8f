"""Who stands at an officer's desk just now."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from motcua.base.web import Request
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import desk
from motcua.domain.accounts.models import Account
from motcua.domain.accounts.rules.accounts import GROUND_NAMES, Ground
from motcua.domain.accounts.rules.applications import HOLDER_NAMES, holder_of
from motcua.domain.population.models import Person
from motcua.domain.population.rules import age

#: after which an officer scans the card again
STAYS = timedelta(minutes=15)
_KEY = "desk_person"


def come(request: Request, number: str) -> None:
    """Let somebody stand at the desk, found by number; the person sees who looked."""
    at = timezone.now()
    found = desk.look(number=number, by=request.actor, at=at)
    request.session[_KEY] = [found.pk, int(at.timestamp())]


def person(request: Request) -> Person | None:
    """Give who stands at the desk; nobody after a while."""
    kept = request.session.get(_KEY)
    if not kept or timezone.now().timestamp() - kept[1] > STAYS.total_seconds():
        return None
    return queries.standing_at_desk(request.actor, kept[0])


def account(request: Request) -> Account | None:
    """Give the account of who stands at the desk."""
    found = person(request)
    return queries.visible(request.actor).filter(person=found).first() if found else None


def shown(request: Request, found: Person) -> dict[str, Any]:
    """Gather what the page about somebody says, with the reasons why something cannot be done."""
    held, today = account(request), timezone.localdate()
    asked = queries.open_application(found)
    holder = holder_of(found.nationality, age(found.born_on, today))
    by = request.actor
    return {
        "person": found,
        "holder": HOLDER_NAMES[holder],
        "card_valid": queries.has_card(found, on=today),
        "account": held,
        "locks": [GROUND_NAMES[Ground(one)] for one in held.locks] if held else [],
        "recovery": queries.recovery(held) if held else None,
        "open": asked,
        "open_here": asked is not None and queries.applications(by).filter(pk=asked.pk).exists(),
        "why": {
            "apply": queries.why_not_take_in(found, by=by, on=today),
            "lock": queries.why_not_touch("lock", held, by=by),
            "unlock": queries.why_not_touch("unlock", held, by=by),
            "withdraw": queries.why_not_withdraw(asked, by=by),
            "recover": queries.why_not_touch("recover", held, by=by),
        },
    }
