"""What the office's screens show of a dossier: rows of the worklist, buttons, answers beside the register."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from motcua.base.actor import Actor
from motcua.base.calendar import working_minutes
from motcua.domain.agencies import queries as agencies
from motcua.domain.dossiers import queries
from motcua.domain.dossiers.models import Dossier, RegisterCheck
from motcua.domain.dossiers.rules import Action, Button, State, buttons
from motcua.domain.papers import queries as papers
from motcua.domain.papers.rules import ISSUED
from motcua.domain.payments import queries as payments
from motcua.domain.procedures import rules as procedures

#: moves with a page of their own
PAGES = {
    Action.ASK_MORE: "office:ask_more",
    Action.ASSIGN: "office:assign",
    Action.POSTPONE: "office:postpone",
}
#: done at the counter or by the citizen, not at an office desk
ELSEWHERE = frozenset(
    {Action.SUBMIT, Action.RECEIVE, Action.REFUSE, Action.SUPPLEMENT, Action.ASK_WITHDRAWAL, Action.HAND_OVER}
)
#: what moves a dossier towards its result
ONWARD = frozenset({Action.PROCESS, Action.FORWARD, Action.SETTLE})


@dataclass(frozen=True)
class Row:
    """One line of the worklist with its working time left in minutes, negative when late."""

    dossier: Dossier
    left: int | None
    step: str


def rows(dossiers: Iterable[Dossier], *, at: datetime) -> list[Row]:
    """Add to each dossier the working time left, asking for each agency's calendar once."""
    dossiers = list(dossiers)
    calendars = agencies.calendars(sorted({dossier.agency_id for dossier in dossiers}))
    return [Row(d, _left(d, calendars[d.agency_id], at), _step(d)) for d in dossiers]


def _left(dossier: Dossier, calendar: Any, at: datetime) -> int | None:
    if dossier.due_at is None:
        return None
    if dossier.due_at >= at:
        return working_minutes(calendar, at, dossier.due_at)
    return -working_minutes(calendar, dossier.due_at, at)


def _step(dossier: Dossier) -> str:
    if dossier.status is State.PROCESSING and dossier.step:
        return str(procedures.step(dossier.version.spec, dossier.step).title)
    return str(dossier.get_state_display())


def tallies(actor: Actor, *, at: datetime) -> list[dict[str, Any]]:
    """Give the counts above the worklist; each is a filter."""
    names = {
        "late": ("▲", _("quá hạn")),
        "today": ("◆", _("đến hạn hôm nay")),
        "later": ("●", _("còn hạn")),
        "paused": ("❚", _("tạm dừng")),
    }
    counts = queries.counts(actor, at=at)
    return [
        {
            "key": key,
            "mark": mark,
            "name": name,
            "count": "1000+" if counts[key] >= 1000 else counts[key],
            "href": "?" + urlencode({"han": key}),
        }
        for key, (mark, name) in names.items()
    ]


@dataclass(frozen=True)
class Offer:
    """A button of the sticky row: where it leads, whether it posts, and why it is grey."""

    button: Button
    href: str
    posts: bool

    @property
    def onward(self) -> bool:
        """Tell whether this is what usually comes next; it has the green button and the key t."""
        return self.button.action in ONWARD


def offers(dossier: Dossier, *, by: Actor, at: datetime) -> list[Offer]:
    """List the office's buttons; a move with a reason or a page of its own is a link, the others post."""
    found = []
    for button in buttons(facts=queries.facts(dossier, at=at), by=by):
        if button.action in ELSEWHERE:
            continue
        if name := PAGES.get(button.action):
            found.append(Offer(button, reverse(name, args=[dossier.code]), posts=False))
        else:
            href = reverse("office:act", args=[dossier.code, button.action])
            found.append(Offer(button, href, posts=not button.move.reason))
    return sorted(found, key=lambda offer: (not offer.onward, bool(offer.button.why_not)))


def whole(actor: Actor, dossier: Dossier, *, at: datetime) -> dict[str, Any]:
    """Gather everything that the page of one dossier shows."""
    kept = papers.of(dossier.subject)
    have = {paper.kind for paper in kept} | set(dossier.handed_in)
    return {
        "dossier": dossier,
        "spec": dossier.version.spec,
        "row": rows([dossier], at=at)[0],
        "now": at,
        "offers": offers(dossier, by=actor, at=at),
        "pages": procedures.summary(dossier.version.spec, dossier.answers),
        "warnings": procedures.warnings(dossier.version.spec, dossier.answers),
        "papers": [paper for paper in kept if paper.origin not in ISSUED],
        "issued": [paper for paper in kept if paper.origin in ISSUED],
        "handed_in": [r for r in dossier.version.spec.papers if r.key in dossier.handed_in],
        "lacking": queries.missing_papers(dossier, have),
        "differs": len(queries.differences(dossier)),
        "supplements": list(dossier.supplements.order_by("number")),
        "bills": payments.of(dossier.subject),
        "explained": queries.explained(dossier),
        "story": list(reversed(queries.story(actor, dossier))),
        "route": _route(dossier),
        "register_name": RegisterCheck(dossier.register_check).label,
    }


def _route(dossier: Dossier) -> list[dict[str, Any]]:
    """Lay out the steps inside processing with a mark at the present one."""
    steps = procedures.route(dossier.version.spec, dossier.answers)
    keys = [step.key for step in steps]
    here = keys.index(dossier.step) if dossier.step in keys else -1
    done = dossier.status in (State.SETTLED, State.RETURNED)
    marks = ["done" if done or i < here else "now" if i == here else "next" for i in range(len(steps))]
    return [
        {"title": step.title, "hours": step.hours, "mark": mark}
        for step, mark in zip(steps, marks, strict=True)
    ]


@dataclass(frozen=True)
class Card:
    """What a leader weighs before approving: how late, what differs, whether it can be approved at all."""

    row: Row
    differs: int
    unchecked: bool


def cards(dossiers: Iterable[Dossier], *, at: datetime) -> list[Card]:
    """Lay out the leader's list."""
    return [
        Card(row, len(queries.differences(row.dossier)), row.dossier.register_check == RegisterCheck.PENDING)
        for row in rows(dossiers, at=at)
    ]
