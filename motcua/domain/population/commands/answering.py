"""Answering a subscriber: purpose first, then the reading, then one row of the usage log."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from motcua.base import secrets
from motcua.base.actor import Actor
from motcua.domain.population import gate, queries, rules
from motcua.domain.population.gate import Standing
from motcua.domain.population.models import NUMBER, Subscriber, Usage
from motcua.domain.population.queries import past
from motcua.domain.population.rules import ACCOUNT, Purpose, Result, Verb, Why, verifying
from motcua.domain.population.rules.changing import HISTORIC, HISTORY
from motcua.domain.population.rules.verifying import Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a subscriber is told."""

    result: Result
    why: Why | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    #: names that the right does not cover
    refused: tuple[str, ...] = ()


#: reads, of the fields that are covered, what is told
Reading = Callable[[list[str]], Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One question of a subscriber, about one number or about somebody whose number nobody knows."""

    subscriber: Subscriber
    purpose: Purpose
    verb: Verb
    number: str = ""
    fields: tuple[str, ...] = ()
    by: Actor
    at: datetime

    @property
    def budget(self) -> int:
        """How many calls whoever asks may make in a day."""
        alone = self.by.name == rules.SYSTEM_OFFICER
        return self.subscriber.system_budget if alone else self.subscriber.officer_budget

    def standing(self, index: bytes, *, right: Verb | None = None) -> Standing:
        """Hold the chain of a number, and say how the call stands; `right` is the verb to be granted."""
        return gate.standing(
            subscriber=self.subscriber,
            officer=_unmarked(self.by.name),
            agency=self.purpose.agency,
            procedure=self.purpose.procedure,
            verb=(right or self.verb).value,
            index=index,
            budget=self.budget,
            at=self.at,
        )

    def why_denied(self, standing: Standing) -> Why | None:
        """Judge the purpose."""
        allowed = {name for fields, _days in standing.rights for name in fields} if standing.rights else None
        return rules.why_denied(
            self.purpose, officer=self.by.name, allowed=allowed, asked=standing.asked, budget=self.budget
        )

    def row(
        self, answer: Answer, fields: list[str], index: bytes, standing: Standing, *, request: str = ""
    ) -> Usage:
        """Write the look-up behind the last one about the same number."""
        hidden_days = max((days for _fields, days in standing.rights), default=0)
        number, previous = standing.last
        purpose = self.purpose
        row = Usage(
            at=self.at,
            subscriber_id=self.subscriber.pk,
            request=request or purpose.request,
            agency=_unmarked(purpose.agency),
            officer=_unmarked(self.by.name),
            agency_name=_unmarked(purpose.agency_name),
            officer_name=_unmarked(purpose.officer_name),
            officer_role=_unmarked(purpose.officer_role),
            visible_from=self.at + timedelta(days=hidden_days) if hidden_days else None,
            procedure=_unmarked(purpose.procedure),
            dossier=_unmarked(purpose.dossier),
            basis=_unmarked(purpose.basis),
            verb=self.verb.value,
            fields=fields,
            result=answer.result.value,
            why=answer.why.value if answer.why else "",
            person_index=index,
            number=number + 1,
            previous_hash=previous,
        )
        row.hash = queries.fingerprint(row)
        return row


def attributes(
    *,
    subscriber: Subscriber,
    purpose: Purpose,
    number: str,
    names: Sequence[str],
    on: date | None = None,
    known: Mapping[str, str] | None = None,
    by: Actor,
    at: datetime,
) -> Answer:
    """Hand out the attributes that the right covers, and name those it does not.

    As of a day in the past only what changes in a life is told, and only when the right covers history.
    Whoever has to know something already (`known`) and does not is told what one is told of nobody, by the
    same statements; nothing is read, and the log says so.
    """

    def read(fields: list[str]) -> Answer:
        told = [name for name in fields if name != HISTORY]
        if on and (HISTORY not in fields or not told):
            return Answer(result=Result.DENIED, why=Why.FIELD_NOT_ALLOWED)
        if known and not _knows(number, known, fields):
            return Answer(result=Result.UNKNOWN)
        gate.open_for(number, past=on is not None)
        person = queries.by_number(number, along=[] if on else queries.relatives(told))
        values: dict[str, Any] = {}
        if person:
            values = past.attributes(person, told, on=on) if on else queries.attributes(person, told)
        gate.close()
        return Answer(result=Result.FOUND if person else Result.UNKNOWN, values=values)

    call = Call(
        subscriber=subscriber,
        purpose=purpose,
        verb=Verb.ATTRIBUTES,
        number=number,
        fields=(*(name for name in names if name in HISTORIC or not on), *((HISTORY,) if on else ())),
        by=by,
        at=at,
    )
    return _answer(call, read)


def _knows(number: str, known: Mapping[str, str], fields: list[str]) -> bool:
    held = queries.plain(gate.facts(number), known)
    return known.keys() <= set(fields) and not rules.differing(held, known)


def match(
    *,
    subscriber: Subscriber,
    purpose: Purpose,
    number: str,
    given: Mapping[str, str],
    by: Actor,
    at: datetime,
) -> Answer:
    """Tell which of the given values differ, never what is held; for an unknown number all of them do."""

    def read(fields: list[str]) -> Answer:
        held = queries.plain(gate.facts(number), fields)
        differing = rules.differing(held, {name: given[name] for name in fields})
        result = Result.MISMATCH if differing else Result.MATCH
        return Answer(result=result, values={"differing": differing})

    call = Call(
        subscriber=subscriber,
        purpose=purpose,
        verb=Verb.MATCH,
        number=number,
        fields=tuple(given),
        by=by,
        at=at,
    )
    return _answer(call, read)


def verify(
    *,
    subscriber: Subscriber,
    purpose: Purpose,
    number: str,
    said: Sequence[Expression],
    by: Actor,
    at: datetime,
) -> Answer:
    """Tell which of the things said of somebody are true; the log keeps of what they spoke, no value."""

    def read(fields: list[str]) -> Answer:
        names = {"born_on" if name == "age" else name for name in fields}
        held, on = queries.plain(gate.facts(number), names), timezone.localdate(at)
        results = [verifying.holds(one, held, on=on) if one.attribute in fields else None for one in said]
        result = Result.MATCH if all(one is not False for one in results) else Result.MISMATCH
        return Answer(result=result, values={"results": results})

    call = Call(
        subscriber=subscriber,
        purpose=purpose,
        verb=Verb.VERIFY,
        number=number,
        fields=tuple(dict.fromkeys(one.attribute for one in said)),
        by=by,
        at=at,
    )
    return _answer(call, read)


def status(
    *,
    subscriber: Subscriber,
    purpose: Purpose,
    number: str,
    account: Callable[[int], str] | None = None,
    by: Actor,
    at: datetime,
) -> Answer:
    """Tell whether a number belongs to somebody alive, missing or dead, was given up, or is nobody's.

    `account` tells by a person's key how it stands with the electronic identity, which the register does not
    keep; it is asked only when the right covers it, and stands in the same row of the log.
    """

    def read(fields: list[str]) -> Answer:
        held = gate.facts(number)
        values = {"status": rules.status(held).value if held else "unknown"}
        if account and ACCOUNT in fields:
            # An unknown number costs the same.
            values[ACCOUNT] = account(held["id"] if held else 0)
        return Answer(result=Result.FOUND if held else Result.UNKNOWN, values=values)

    call = Call(
        subscriber=subscriber,
        purpose=purpose,
        verb=Verb.STATUS,
        number=number,
        fields=(ACCOUNT,) if account else (),
        by=by,
        at=at,
    )
    return _answer(call, read)


def _answer(call: Call, read: Reading) -> Answer:
    """Answer in one transaction; a message code that was used before is told nothing and logged no more."""
    said = gate.once(lambda: _answered(call, read))
    return said or Answer(result=Result.DENIED, why=Why.REPLAYED)


def _answered(call: Call, read: Reading) -> Answer:
    """Judge the purpose, read, and log: whatever is told has its row."""
    index = secrets.blind(call.number, place=NUMBER)
    standing = call.standing(index)
    rights = [fields for fields, _days in standing.rights if HISTORY in fields or HISTORY not in call.fields]
    allowed = {name for fields in rights for name in fields}
    covered = [name for name in call.fields if name in allowed]
    why = call.why_denied(standing)
    if why is None and call.fields and not covered:
        why = Why.FIELD_NOT_ALLOWED
    answer = Answer(result=Result.DENIED, why=why) if why else read(covered)
    gate.write(call.row(answer, [] if answer.why else covered, index, standing))
    refused = tuple(name for name in call.fields if name not in covered)
    return Answer(result=answer.result, why=answer.why, values=answer.values, refused=refused)


def _unmarked(text: str) -> str:
    """Keep a personal number that a caller put into a code out of the log."""
    return "(số định danh)" if rules.holds_number(text) else text
