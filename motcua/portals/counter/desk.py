"""One person before the counter: open a draft, ask the register, fill the form, count the papers, receive."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.forms import BoundField
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from motcua.base.actor import Actor
from motcua.base.errors import Refused
from motcua.connectors.population import Denied
from motcua.domain.agencies import queries as agencies
from motcua.domain.agencies.models import Agency
from motcua.domain.dossiers import commands, queries, register
from motcua.domain.dossiers.models import Channel, Dossier
from motcua.domain.people import queries as people
from motcua.domain.people.commands import remember
from motcua.domain.people.models import Source
from motcua.domain.procedures import queries as catalogue
from motcua.domain.procedures import rules as procedures
from motcua.domain.procedures.forms import PageForm, page_answers, page_form
from motcua.domain.procedures.models import ProcedureVersion
from motcua.domain.procedures.rules import Page, Said
from motcua.domain.procedures.rules.kinds import address

#: digits of a commune's code
_COMMUNE = 5


def received_here(actor: Actor, *, at: datetime) -> list[ProcedureVersion]:
    """List the procedures that this counter receives today."""
    assert actor.agency is not None
    here, today = agencies.agency(actor.agency), timezone.localdate(at)
    words = {here.kind, here.code}
    return [version for version in catalogue.in_force(on=today) if version.spec.receives in words]


def open_draft(*, key: UUID, number: str, code: str, by: Actor, at: datetime) -> Dossier:
    """Open a draft for whoever holds this number, and let the register fill it while it answers."""
    desk, version, agency = office(code, by=by, at=at)
    person = people.by_number(by, number) or remember(
        number=number, name="", born_on="", source=Source.TYPED, by=by, at=at
    )
    draft = commands.start(
        key=key,
        version=version,
        applicant=person,
        agency=agency,
        desk=desk,
        channel=Channel.DIRECT,
        by=by,
        at=at,
    )
    return fetch(draft, by=by, at=at)


def office(code: str, *, by: Actor, at: datetime) -> tuple[Agency, ProcedureVersion, Agency]:
    """Give this desk, the procedure in force, and the agency that resolves it for people of this place."""
    assert by.agency is not None
    desk, today = agencies.agency(by.agency), timezone.localdate(at)
    version = catalogue.current(code, on=today)
    agency = agencies.responsible(version.spec.resolves, division_code=desk.division_code, on=today)
    if agency is None:
        raise Refused(_("Địa bàn này chưa có cơ quan giải quyết thủ tục. Hãy báo quản trị."))
    return desk, version, agency


def fetch(draft: Dossier, *, by: Actor, at: datetime) -> Dossier:
    """Ask the register about the person of a draft; a register that is away stops nothing."""
    if draft.register_at is not None:
        return draft
    try:
        record = register.ask(draft, by=by)
    except (register.Unavailable, Denied):
        return draft
    return commands.prefill(dossier=draft, record=record, by=by, at=at) if record else draft


@dataclass(frozen=True)
class Section:
    """One page of the form on the screen: what others have answered stands folded, the rest is open."""

    page: Page
    form: PageForm
    #: what the register or the card says, to be read at a glance
    known: list[Said]

    @property
    def given(self) -> list[BoundField]:
        """The boxes behind what is known already."""
        names = {said.field.name for said in self.known}
        return [box for box in self.form if box.name in names]

    @property
    def asked(self) -> list[BoundField]:
        """The boxes that wait for the clerk."""
        names = {said.field.name for said in self.known}
        return [box for box in self.form if box.name not in names]


@dataclass(frozen=True)
class Sheet:
    """The whole form on one screen: its pages, and whether they may be kept."""

    forms: list[PageForm]
    sections: list[Section]

    @property
    def fits(self) -> bool:
        """Judge every page, so that all mistakes show at once."""
        return all([form.is_valid() for form in self.forms])

    @property
    def values(self) -> dict[str, Any]:
        """The answers of all pages."""
        return {name: value for form in self.forms for name, value in page_answers(form).items()}


def sheet(draft: Dossier, data: QueryDict | None = None, *, at: datetime) -> Sheet:
    """Lay the form of a draft out, bound to what was just sent if anything was."""
    spec, language = draft.version.spec, get_language() or "vi"
    pages = procedures.pages(spec, draft.answers)
    today = timezone.localdate(at)
    forms = [
        page_form(spec, key, answers=draft.answers, data=data, language=language, on=today) for key in pages
    ]
    # A button that only asks for another row or province judges nothing, on no page of the screen.
    if any(form.reshaped for form in forms):
        for form in forms:
            form.reshaped = True
    said = {page.key: lines for page, lines in procedures.summary(spec, draft.answers)}
    sections = [
        Section(spec.page(form.page), form, [line for line in said.get(form.page, []) if _known(line, form)])
        for form in forms
    ]
    waiting = {problem.field for problem in procedures.problems(spec, draft.answers, on=today)}
    boxes = [box for section in sections for box in section.asked]
    _offer_home(draft, [box for box in boxes if box.name in waiting and not box.form.is_bound])
    _begin([box for box in boxes if box.name in waiting], boxes, data or {})
    return Sheet(forms, sections)


def _offer_home(draft: Dossier, boxes: list[BoundField]) -> None:
    """Propose the counter's own commune where an address is still open: nearly everybody lives there."""
    commune = draft.desk.division_code
    for box in boxes:
        if draft.version.spec.by_name[box.name].kind == "address" and len(commune) == _COMMUNE:
            box.form.initial[box.name] = address(settings.PROVINCE_CODE, commune)


def _begin(waiting: list[BoundField], boxes: list[BoundField], data: Mapping[str, Any]) -> None:
    """Let the keyboard stand in the row that was just asked for, or where an answer is still open."""
    added = [box for box in boxes if f"{box.name}-add" in data and box.field.widget.rows]
    first = next(iter(added[0].field.widget.rows[-1]), None) if added else next(iter(waiting), None)
    if first is not None:
        first.field.widget.attrs["autofocus"] = True


def _known(line: Said, form: PageForm) -> bool:
    """Tell whether somebody better than the keyboard has answered, and nothing is wrong with it."""
    return line.source not in ("", Source.TYPED) and not (form.is_bound and form.has_error(line.field.name))


def whole(actor: Actor, draft: Dossier, laid: Sheet, *, at: datetime) -> dict[str, Any]:
    """Gather what the working screen shows."""
    expected = queries.expected(draft, at=at)
    fees = procedures.fees(
        draft.version.spec, draft.answers, channel=Channel.DIRECT, on=timezone.localdate(at)
    )
    return {
        "draft": draft,
        "sheet": laid,
        "papers": queries.needed_papers(draft),
        "expected": expected,
        "fees": fees,
        "total": sum(line.amount for line in fees),
        "earlier": [d for d in queries.of_person(actor, draft.applicant_id) if d.code][:5],
    }


def mistakes(form: PageForm) -> list[procedures.Problem]:
    """List what is wrong on one page, for the summary above the screen."""
    if not form.is_bound or form.reshaped:
        return []
    return [
        procedures.Problem(name, f"{form[name].label} – {messages[0]}")
        for name, messages in form.errors.items()
    ]


def lacking(draft: Dossier, *, at: datetime) -> list[procedures.Problem]:
    """List what the whole form still lacks, each with the question that it belongs to."""
    asked = draft.version.spec.by_name
    return [
        procedures.Problem(each.field, f"{asked[root].label} – {each.message}")
        if (root := each.field.partition(".")[0]) in asked
        else each
        for each in queries.problems(draft, on=timezone.localdate(at))
    ]


def fitting(form: PageForm) -> dict[str, Any]:
    """Give the answers of a page that fit, even when others do not; none when it only changed shape."""
    if form.is_valid():
        return page_answers(form)
    kept = form.cleaned_data.keys() - form.errors.keys()
    return {name: value for name, value in page_answers(form).items() if name in kept and value is not None}


def keep(draft: Dossier, laid: Sheet, data: QueryDict, *, by: Actor, at: datetime) -> Dossier:
    """Keep what fits of the screen and which papers lie on the table; what was typed is never lost."""
    values = {name: value for form in laid.forms for name, value in fitting(form).items()}
    return commands.save_answers(
        dossier=draft, values=values, handed_in=data.getlist("handed_in"), by=by, at=at
    )
