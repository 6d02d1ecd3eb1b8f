"""Old number and new number: which of one person belongs to the other."""

from dataclasses import replace
from datetime import datetime

from motcua.base import secrets
from motcua.base.actor import Actor
from motcua.domain.population import gate, queries
from motcua.domain.population.commands.answering import Answer, Call
from motcua.domain.population.models import NUMBER, OLD_NUMBER, Subscriber
from motcua.domain.population.rules import Purpose, Result, Verb, Why


def numbers(
    *, subscriber: Subscriber, purpose: Purpose, number: str, old: bool, by: Actor, at: datetime
) -> Answer:
    """Give both numbers of whoever has this one; `old` says that it is the nine-digit one.

    Law on Identification 26/2023/QH15 art. 9 (13): the register keeps the old number beside the new.
    """
    call = Call(subscriber=subscriber, purpose=purpose, verb=Verb.NUMBERS, number=number, by=by, at=at)
    return gate.once(lambda: _linked(call, old=old)) or Answer(result=Result.DENIED, why=Why.REPLAYED)


def _linked(call: Call, *, old: bool) -> Answer:
    place = OLD_NUMBER if old else NUMBER
    index = secrets.blind(call.number, place=place)
    standing = call.standing(index)
    if why := call.why_denied(standing):
        answer = Answer(result=Result.DENIED, why=why)
        gate.write(call.row(answer, [], index, standing))
        return answer
    gate.open_for(call.number, place=place)
    person = queries.by_old_number(call.number) if old else queries.by_number(call.number)
    answer = Answer(result=Result.UNKNOWN)
    if person:
        values = {"number": person.number, "old_number": person.old_number or None}
        answer = Answer(result=Result.FOUND, values=values)
    gate.close()
    if person and old:
        # The person reads of it under the number that she has now.
        index = secrets.blind(answer.values["number"], place=NUMBER)
        standing = replace(standing, last=gate.chain(index))
    gate.write(call.row(answer, ["number" if old else "old_number"], index, standing))
    return answer
