"""What a citizen reads before filing: each answer with its source, the papers, the fee, the promise."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.base.web import Request
from motcua.domain.agencies import queries as agencies
from motcua.domain.dossiers import queries
from motcua.domain.dossiers.models import Dossier, Handing
from motcua.domain.procedures import rules as procedures
from motcua.domain.procedures.rules import FeeLine, Said, Waiver
from motcua.portals.citizen.filling import BACK, LAST, own_papers, place_of


def chosen(request: Request) -> dict[str, str]:
    """Give the choice that was made before a better log-in was asked for; the declaration is made anew."""
    said = request.POST.get("handing") or request.GET.get("handing", "")
    return {"handing": said} if said in Handing.values else {}


@dataclass(frozen=True)
class Row:
    """One answer as the summary list shows it."""

    label: str
    value: str
    source: str = ""
    differs: str = ""
    href: str = ""


@dataclass(frozen=True)
class Section:
    """One page of the form, read back."""

    title: str
    rows: list[Row]


@dataclass(frozen=True)
class Cost:
    """What is to be paid, and what is not and why."""

    lines: list[FeeLine]
    waivers: list[Waiver]

    @property
    def total(self) -> int:
        """Sum the lines, in đồng."""
        return sum(line.amount for line in self.lines)


def sections(dossier: Dossier, *, change: bool) -> list[Section]:
    """Read the answers back page by page; `change` adds the way back to each question."""
    spec = dossier.version.spec
    return [
        Section(str(page.title), [_row(dossier, said, change=change) for said in lines])
        for page, lines in procedures.summary(spec, dossier.answers)
    ]


def _row(dossier: Dossier, said: Said, *, change: bool) -> Row:
    value = "\n".join(_rows(said)) if said.rows else said.text
    href = reverse("citizen:fields", args=[dossier.key, said.field.page]) if change else ""
    return Row(
        label=str(said.field.label),
        value=value or _("(chưa khai)"),
        source=said.source if value else "",
        differs=said.register,
        href=f"{href}?ve={BACK}#id_{said.field.name}" if href else "",
    )


def _rows(said: Said) -> Iterator[str]:
    for number, cells in enumerate(said.rows, 1):
        yield f"{number}. " + ", ".join(cell for cell in cells if cell)


def cost(dossier: Dossier, *, at: datetime) -> Cost:
    """Say what these answers cost by the way in which they are filed."""
    spec, on = dossier.version.spec, timezone.localdate(at)
    return Cost(
        procedures.fees(spec, dossier.answers, channel=dossier.channel, on=on),
        procedures.waivers(spec, dossier.answers, on=on),
    )


def misplaced(dossier: Dossier) -> str:
    """Give the commune that the answers point to when the draft goes to another one's office, else ""."""
    place = procedures.place(dossier.version.spec, dossier.answers)
    here = dossier.agency.division_code
    return place if place and len(here) == len(place) and place != here else ""


def told(draft: Dossier, *, at: datetime) -> dict[str, Any]:
    """Gather everything that the last page before filing says."""
    return {
        "sections": sections(draft, change=True),
        "files": queries.unfiled(draft),
        "needs_papers": bool(own_papers(draft)),
        "cost": cost(draft, at=at),
        "expected": queries.expected(draft, at=at),
        "misplaced": agencies.place_name(misplaced(draft)),
        "flaws": problems(draft, at=at),
        **place_of(draft, LAST),
    }


def problems(dossier: Dossier, *, at: datetime) -> list[tuple[str, str]]:
    """List what keeps the draft from being filed: the page that mends it, and the sentence."""
    asked_for = {rule.key: rule.field for rule in queries.needed_papers(dossier)}
    found: dict[str, str] = {}
    for problem in queries.problems(dossier, on=timezone.localdate(at)):
        kind = problem.field.removeprefix("paper:")
        if kind != problem.field and not asked_for[kind]:
            href = reverse("citizen:papers", args=[dossier.key]) + f"#id_paper-{kind}"
        else:
            # a file that a question of the form asks for is missing there, and said once
            name = asked_for.get(kind) or problem.field.partition(".")[0]
            page = dossier.version.spec.by_name[name].page
            href = reverse("citizen:fields", args=[dossier.key, page]) + f"?ve={BACK}#id_{name}"
        found.setdefault(href, problem.message)
    return list(found.items())
