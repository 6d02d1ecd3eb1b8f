"""What the start page of a procedure says: how long, how much, which papers, by which law."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from motcua.base.deadline import Unit
from motcua.base.templatetags.ui import money
from motcua.domain.procedures import rules
from motcua.domain.procedures.models import ProcedureVersion
from motcua.domain.procedures.rules import Channel, Copy, Definition, Online, PaperRule, Question
from motcua.domain.procedures.rules.definition import DeadlineRule, FeeRule

ONLINE = {Online.FULL: lazy("Làm trọn trên mạng"), Online.PARTIAL: lazy("Làm một phần trên mạng")}
COPIES = {
    Copy.ORIGINAL: lazy("bản chính"),
    Copy.COPY: lazy("bản sao"),
    Copy.SHOWN: lazy("xuất trình, không phải nộp"),
}


def time_limit(rule: DeadlineRule) -> str:
    """Say a legal time limit in a few words."""
    amount = f"{rule.amount.normalize():f}"
    if rule.unit is Unit.SAME_DAY:
        return _("Trong ngày làm việc")
    if rule.unit is Unit.HOUR:
        return _("%(amount)s giờ làm việc") % {"amount": amount}
    if rule.unit is Unit.WORKING_DAY:
        return _("%(amount)s ngày làm việc") % {"amount": amount}
    return _("%(amount)s ngày") % {"amount": amount}


def time_limits(spec: Definition, *, on: date) -> list[tuple[str, str]]:
    """List the time limits in force, each with what it says about the cut-off hour."""
    return [
        (
            time_limit(rule),
            _("Nhận sau %(hour)s thì trả vào ngày làm việc tiếp theo.") % {"hour": f"{rule.cutoff:%H:%M}"}
            if rule.cutoff
            else "",
        )
        for rule in rules.in_force(spec.deadlines, on)
    ]


@dataclass(frozen=True)
class Price:
    """One fee as the start page shows it."""

    name: str
    #: the question whose answer it is multiplied by
    count: str
    online: str
    desk: str
    free_when: tuple[str, ...]
    law: str
    verified: bool


def prices(spec: Definition, *, on: date) -> list[Price]:
    """List the fees in force, what they cost by each way, and who is spared."""
    return [_price(rule, spec) for rule in rules.in_force(spec.fees, on)]


def _price(rule: FeeRule, spec: Definition) -> Price:
    amounts = dict(rule.amounts)
    return Price(
        name=str(rule.name),
        count=str(spec.by_name[rule.times].label) if rule.times else "",
        online=_amount(amounts.get(Channel.ONLINE, 0)),
        desk=_amount(amounts.get(Channel.DIRECT, 0)),
        free_when=tuple(str(exemption.reason) for exemption in rule.exemptions),
        law=str(rule.source),
        verified=rule.source.verified,
    )


def _amount(amount: int) -> str:
    return money(amount) if amount else _("miễn phí")


def cost(spec: Definition, *, on: date) -> str:
    """Say in a few words what filing online costs: what everybody pays, and that there is more to it."""
    charged = [rule for rule in rules.in_force(spec.fees, on) if dict(rule.amounts).get(Channel.ONLINE)]
    usual = [rule for rule in charged if not rule.when and not rule.times]
    amount = sum(dict(rule.amounts)[Channel.ONLINE] for rule in usual)
    if not amount:
        return _("Miễn phí, trừ vài trường hợp") if charged else _("Miễn phí")
    if any(rule.exemptions for rule in usual):
        return _("%(amount)s, có trường hợp miễn") % {"amount": money(amount)}
    return money(amount)


@dataclass(frozen=True)
class Card:
    """One procedure in a list."""

    version: ProcedureVersion
    title: str
    summary: str
    facts: tuple[str, ...]


def card(version: ProcedureVersion, *, on: date) -> Card:
    """Sum a procedure up for a list."""
    spec = version.spec
    times = [words for words, _cutoff in time_limits(spec, on=on)]
    facts = (str(ONLINE[spec.online]), times[0] if times else "", cost(spec, on=on))
    return Card(version, str(spec.title), str(spec.summary), tuple(filter(None, facts)))


def by_event(versions: Sequence[ProcedureVersion], *, on: date) -> dict[str, list[Card]]:
    """Group procedures by the event in a life that calls for them."""
    groups: dict[str, list[Card]] = {}
    for version in versions:
        groups.setdefault(str(version.spec.life_event or version.spec.area), []).append(card(version, on=on))
    return groups


def copies(paper: PaperRule) -> str:
    """Say how many of a paper are handed in, and of which form."""
    if paper.copy is Copy.SHOWN:
        return str(COPIES[paper.copy])
    words = ngettext("%(count)s %(form)s", "%(count)s %(form)s", paper.copies)
    return words % {"count": paper.copies, "form": COPIES[paper.copy]}


@dataclass(frozen=True)
class Verdict:
    """Where somebody stands in the questions before the form."""

    #: the question to answer now, or None at the end
    asked: Question | None
    number: int
    #: why the way ends here
    stopped: str
    given: tuple[tuple[str, str], ...]


def verdict(spec: Definition, answers: dict[str, str]) -> Verdict:
    """Walk through the questions with the answers so far ("yes" or "no")."""
    given: list[tuple[str, str]] = []
    for number, question in enumerate(spec.questions, 1):
        answer = answers.get(question.key)
        if answer not in ("yes", "no"):
            return Verdict(question, number, "", tuple(given))
        given.append((question.key, answer))
        if (answer == "yes") is question.stop_on:
            return Verdict(None, number, str(question.outcome), tuple(given))
    return Verdict(None, len(spec.questions), "", tuple(given))
