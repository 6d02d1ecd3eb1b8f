"""Answering a subscriber: purpose first, then the reading, then one row of the usage log."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from motcua.base import secrets
from motcua.base.actor import Actor
from motcua.domain.population import queries, rules
from motcua.domain.population.models import NUMBER, REQUEST_ONCE, Person, Subscriber, Usage
from motcua.domain.population.rules import Purpose, Result, Verb, Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a subscriber is told."""

    result: Result
    why: Why | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    #: names that the right does not cover
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One question of a subscriber about one number."""

    subscriber: Subscriber
    purpose: Purpose
    verb: Verb
    number: str
    fields: tuple[str, ...] = ()
    by: Actor
    at: datetime


def attributes(
    *, subscriber: Subscriber, purpose: Purpose, number: str, names: Sequence[str], by: Actor, at: datetime
) -> Answer:
    """Hand out the attributes that the right covers, and name those it does not."""

    def read(person: Person | None, fields: list[str]) -> Answer:
        if person is None:
            return Answer(result=Result.UNKNOWN)
        return Answer(result=Result.FOUND, values=queries.attributes(person, fields))

    call = Call(
        subscriber=subscriber,
        purpose=purpose,
        verb=Verb.ATTRIBUTES,
        number=number,
        fields=tuple(names),
        by=by,
        at=at,
    )
    return _answer(call, read)


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

    def read(person: Person | None, fields: list[str]) -> Answer:
        held = queries.plain(person) if person else None
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


def status(*, subscriber: Subscriber, purpose: Purpose, number: str, by: Actor, at: datetime) -> Answer:
    """Tell whether a number belongs to somebody alive, somebody dead, or nobody."""

    def read(person: Person | None, fields: list[str]) -> Answer:
        if person is None:
            return Answer(result=Result.UNKNOWN, values={"status": "unknown"})
        words = {"status": "deceased" if person.deceased_on else "alive"}
        return Answer(result=Result.FOUND, values=words)

    call = Call(subscriber=subscriber, purpose=purpose, verb=Verb.STATUS, number=number, by=by, at=at)
    return _answer(call, read)


def _answer(call: Call, read: Callable[[Person | None, list[str]], Answer]) -> Answer:
    """Answer in one transaction; a message code that was used before is told nothing and logged no more."""
    try:
        return _answered(call, read)
    except IntegrityError as error:
        if _violated(error) != REQUEST_ONCE:
            raise
        return Answer(result=Result.DENIED, why=Why.REPLAYED)


@transaction.atomic
def _answered(call: Call, read: Callable[[Person | None, list[str]], Answer]) -> Answer:
    """Judge the purpose, read, and log: whatever is told has its row."""
    index = secrets.blind(call.number, place=NUMBER)
    _begin(index)
    rights = queries.rights(
        call.subscriber,
        agency=call.purpose.agency,
        procedure=call.purpose.procedure,
        verb=call.verb,
        on=timezone.localdate(call.at),
    )
    allowed = {name for right in rights for name in right.fields} if rights else None
    covered = [name for name in call.fields if name in (allowed or ())]
    if why := _why_denied(call, allowed, covered):
        answer, given = Answer(result=Result.DENIED, why=why), []
    else:
        person = queries.by_number(call.number, along=queries.relatives(covered))
        answer, given = read(person, covered), covered
    hidden_days = max((right.hidden_days for right in rights), default=0)
    shown = call.at + timedelta(days=hidden_days) if hidden_days else None
    _log(call, answer, given, index, shown)
    refused = tuple(name for name in call.fields if name not in covered)
    return Answer(result=answer.result, why=answer.why, values=answer.values, refused=refused)


def _begin(index: bytes) -> None:
    """Limit how long anything may take, and hold the chain of this number until the transaction ends."""
    longest, chain = int(settings.REGISTER_TIMEOUT_MS), int.from_bytes(index[-8:], signed=True)
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = {longest}; SELECT pg_advisory_xact_lock({chain})")


def _violated(error: IntegrityError) -> str | None:
    """Name the constraint that a statement ran into."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)


def _why_denied(call: Call, allowed: set[str] | None, covered: list[str]) -> Why | None:
    officer, subscriber = call.by.name, call.subscriber
    alone = officer == rules.SYSTEM_OFFICER
    why = rules.why_denied(
        call.purpose,
        officer=officer,
        allowed=allowed,
        asked=queries.asked_count(subscriber, officer=_unmarked(officer), at=call.at),
        budget=subscriber.system_budget if alone else subscriber.officer_budget,
    )
    return why or (Why.FIELD_NOT_ALLOWED if call.fields and not covered else None)


def _log(call: Call, answer: Answer, fields: list[str], index: bytes, shown: datetime | None) -> None:
    """Write the look-up behind the last one about the same number."""
    last = Usage.objects.filter(person_index=index).order_by("-number").only("number", "hash").first()
    purpose = call.purpose
    row = Usage(
        at=call.at,
        subscriber=call.subscriber,
        request=purpose.request,
        agency=_unmarked(purpose.agency),
        officer=_unmarked(call.by.name),
        agency_name=_unmarked(purpose.agency_name),
        officer_name=_unmarked(purpose.officer_name),
        officer_role=_unmarked(purpose.officer_role),
        visible_from=shown,
        procedure=_unmarked(purpose.procedure),
        dossier=_unmarked(purpose.dossier),
        basis=_unmarked(purpose.basis),
        verb=call.verb.value,
        fields=fields,
        result=answer.result.value,
        why=answer.why.value if answer.why else "",
        person_index=index,
        number=last.number + 1 if last else 1,
        previous_hash=last.hash if last else "",
    )
    row.hash = queries.fingerprint(row)
    row.save(force_insert=True)


def _unmarked(text: str) -> str:
    """Keep a personal number that a caller put into a code out of the log."""
    return "(số định danh)" if rules.holds_number(text) else text
