"""Finding a person without a number for one dossier: who may be meant, then the number of the one chosen."""

import base64
import hashlib
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from motcua.base import secrets
from motcua.base.actor import Actor
from motcua.domain.population import gate
from motcua.domain.population.commands.answering import Answer, Call
from motcua.domain.population.gate import Standing
from motcua.domain.population.models import NUMBER, Candidate, Person, Subscriber, Usage
from motcua.domain.population.queries import finding as queries
from motcua.domain.population.queries.finding import Found
from motcua.domain.population.rules import Purpose, Result, Verb, Why, finding
from motcua.domain.population.rules.finding import Wanted

#: what is told of everybody who is shown; of date and address only the year and the commune
_SHOWN = ["name", "born_on", "permanent_address"]
_HANDLE = 24


def find(*, subscriber: Subscriber, purpose: Purpose, wanted: Wanted, by: Actor, at: datetime) -> Answer:
    """Show at most five people who may be meant, each with a row of the log and a handle to choose by.

    Every person shown costs the officer one look-up. Law on Identification 26/2023/QH15 art. 10: agencies use
    the register within their task, so the purpose is judged before anything is searched.
    """
    call = Call(subscriber=subscriber, purpose=purpose, verb=Verb.FIND, by=by, at=at)
    return gate.once(lambda: _found(call, wanted)) or Answer(result=Result.DENIED, why=Why.REPLAYED)


def _found(call: Call, wanted: Wanted) -> Answer:
    index = _nobody(call)
    standing = call.standing(index)
    why = call.why_denied(standing) or (Why.TOO_WIDE if finding.too_wide(wanted) else None)
    found = None if why else queries.find(wanted)
    if found and standing.asked + len(found) > call.budget:
        why = Why.BUDGET_SPENT
    if why or found is None:
        return _noted(call, index, standing, Answer(result=Result.DENIED, why=why or Why.TOO_WIDE))
    if not found:
        told = {"candidates": list[dict[str, object]]()}
        return _noted(call, index, standing, Answer(result=Result.UNKNOWN, values=told))
    return Answer(result=Result.FOUND, values={"candidates": list(_shown(call, standing, found))})


def _nobody(call: Call) -> bytes:
    """Give a chain of its own to a question that is about no number."""
    return secrets.blind(f"{call.verb} {call.subscriber.pk} {call.purpose.request}", place=NUMBER)


def _noted(call: Call, index: bytes, standing: Standing, answer: Answer) -> Answer:
    gate.write(call.row(answer, [], index, standing))
    return answer


def _shown(call: Call, standing: Standing, found: list[Found]) -> Iterator[dict[str, object]]:
    """Read whoever is shown under the policies, log each, and hand out a handle in place of the number."""
    gate.open_to(each.index for each in found)
    people = Person.objects.in_bulk([each.pk for each in found])
    numbers = {each.pk: people[each.pk].number for each in found}
    gate.close()
    indexes = {pk: secrets.blind(number, place=NUMBER) for pk, number in numbers.items()}
    # In one order for everybody, so that two searches never wait for each other.
    last = {pk: gate.chain(index) for pk, index in sorted(indexes.items(), key=lambda item: item[1])}
    for place, each in enumerate(found):
        person, handle = people[each.pk], base64.urlsafe_b64encode(os.urandom(_HANDLE)).decode()
        request = f"{call.purpose.request}/{place}" if place else ""
        row = call.row(
            Answer(result=Result.FOUND),
            _SHOWN,
            indexes[each.pk],
            replace(standing, last=last[each.pk]),
            request=request,
        )
        gate.write(row)
        usage = Usage.objects.get(subscriber=call.subscriber, request=row.request)
        Candidate.objects.create(handle=_hashed(handle), usage=usage, person=person)
        yield {
            "handle": handle,
            "score": round(each.score * 100),
            "name": person.name,
            "born_year": person.born_on[:4],
            "commune": person.permanent_commune or person.current_commune,
            "number": finding.masked(numbers[each.pk]),
        }


def choose(*, subscriber: Subscriber, purpose: Purpose, handle: str, by: Actor, at: datetime) -> Answer:
    """Give the number of somebody who was shown to this officer for this dossier: once, within minutes."""
    call = Call(subscriber=subscriber, purpose=purpose, verb=Verb.CHOOSE, by=by, at=at)
    return gate.once(lambda: _chosen(call, handle)) or Answer(result=Result.DENIED, why=Why.REPLAYED)


def _chosen(call: Call, handle: str) -> Answer:
    candidate = _candidate(call, handle)
    number = candidate.person.number if candidate else ""
    index = secrets.blind(number, place=NUMBER) if number else _nobody(call)
    standing = call.standing(index, right=Verb.FIND)
    why = call.why_denied(standing) or (None if candidate else Why.NOT_SHOWN)
    if why or candidate is None:
        # Whose number it would have been is nobody's business when it was not told.
        index = _nobody(call)
        standing = replace(standing, last=gate.chain(index))
        return _noted(call, index, standing, Answer(result=Result.DENIED, why=why))
    answer = Answer(result=Result.FOUND, values={"number": number})
    gate.write(call.row(answer, ["number"], index, standing))
    candidate.chosen_at = call.at
    candidate.save(update_fields=["chosen_at"])
    return answer


def _candidate(call: Call, handle: str) -> Candidate | None:
    """Find whom a handle stands for, if it is this officer's, of this dossier, fresh and unused."""
    rows = Candidate.objects.select_for_update(of=("self",)).select_related("usage", "person")
    since = call.at - timedelta(seconds=finding.CHOOSABLE)
    return rows.filter(
        handle=_hashed(handle),
        chosen_at=None,
        usage__at__gt=since,
        usage__at__lte=call.at,
        usage__subscriber=call.subscriber,
        usage__officer=call.by.name,
        usage__agency=call.purpose.agency,
        usage__procedure=call.purpose.procedure,
        usage__dossier=call.purpose.dossier,
    ).first()


def forget(*, by: Actor, at: datetime) -> int:
    """Forget who was shown where nobody can be chosen any more; the log of look-ups stays."""
    since = at - timedelta(seconds=finding.CHOOSABLE)
    gone, _ = Candidate.objects.filter(usage__at__lt=since).delete()
    return gone


def _hashed(handle: str) -> bytes:
    return hashlib.sha256(handle.encode()).digest()
