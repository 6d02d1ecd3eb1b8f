"""What a set of answers costs, how long it takes and which papers it needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from motcua.base.deadline import Pausing, Term
from motcua.domain.procedures.rules.conditions import Answers, asked, holds
from motcua.domain.procedures.rules.definition import (
    DeadlineRule,
    Definition,
    FeeRule,
    PaperRule,
    Source,
    Text,
)

Dated = TypeVar("Dated", FeeRule, DeadlineRule)


@dataclass(frozen=True, kw_only=True)
class FeeLine:
    """One line of a bill, in Vietnamese as statutory papers are, with its English beside it."""

    name: str
    #: "phí" or "lệ phí"
    kind: str
    amount: int
    law: str
    verified: bool
    name_en: str
    law_en: str

    @property
    def title(self) -> Text:
        """The name in the language that is being spoken."""
        return Text(self.name, self.name_en)


@dataclass(frozen=True, kw_only=True)
class Waiver:
    """A fee that is not taken, and why."""

    name: Text
    reason: Text
    source: Source


def fees(spec: Definition, answers: Answers, *, channel: str, on: date) -> list[FeeLine]:
    """List the fees that are due on a day by a channel; what is free is not listed."""
    values = asked(spec, answers)
    lines = []
    for rule in in_force(spec.fees, on):
        amount = dict(rule.amounts).get(channel, 0) * int(values.get(rule.times, 0) if rule.times else 1)
        if not amount or not holds(rule.when, values, on=on):
            continue
        if any(holds(exemption.when, values, on=on) for exemption in rule.exemptions):
            continue
        cited = rule.source.cited
        lines.append(
            FeeLine(
                name=rule.name.vi,
                name_en=rule.name.en,
                kind=rule.kind,
                amount=amount,
                law=cited.vi,
                law_en=cited.en,
                verified=rule.source.verified,
            )
        )
    return lines


def waivers(spec: Definition, answers: Answers, *, on: date) -> list[Waiver]:
    """List the fees that these answers are spared, with the reason."""
    values = asked(spec, answers)
    return [
        Waiver(name=rule.name, reason=exemption.reason, source=rule.source)
        for rule in in_force(spec.fees, on)
        if holds(rule.when, values, on=on)
        for exemption in rule.exemptions
        if holds(exemption.when, values, on=on)
    ]


def in_force(rules: Sequence[Dated], on: date) -> list[Dated]:
    """Pick the dated rows that are in force on a day."""
    return [rule for rule in rules if rule.source.covers(on)]


def limit(spec: Definition, answers: Answers, *, on: date | None = None) -> DeadlineRule:
    """Give the legal time limit of a day, or the newest one: the first row whose condition holds."""
    values = asked(spec, answers)
    day = on or max(rule.source.in_force_from for rule in spec.deadlines)
    return next(rule for rule in in_force(spec.deadlines, day) if holds(rule.when, values, on=on))


def term(spec: Definition, answers: Answers, *, on: date | None = None) -> Term:
    """Give the legal time limit in the form that the deadline ledger counts."""
    rule = limit(spec, answers, on=on)
    return Term(amount=rule.amount, unit=rule.unit, cutoff=rule.cutoff, law=rule.source.shown.vi)


def pausing(spec: Definition) -> Pausing:
    """Tell what an interruption does to the clock of this procedure."""
    return spec.pausing


def papers_needed(spec: Definition, answers: Answers) -> list[PaperRule]:
    """List the papers that these answers call for, the optional ones too (`required` tells)."""
    values = asked(spec, answers)
    return [paper for paper in spec.papers if holds(paper.when, values)]
