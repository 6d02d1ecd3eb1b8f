"""The list of what is still to be done before a draft can be filed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from motcua.domain.dossiers import queries
from motcua.domain.dossiers.models import Dossier
from motcua.domain.people.models import Source
from motcua.domain.procedures import rules as procedures
from motcua.domain.procedures.rules import Page
from motcua.portals.citizen import filling


@dataclass(frozen=True)
class Task:
    """One line of the list; without an address it cannot be begun yet."""

    title: str
    status: str
    done: bool = False
    href: str = ""
    hint: str = ""
    colour: str = "blue"


def tasks(draft: Dossier, *, on: date) -> list[Task]:
    """List the pages of the form, the papers and the last look, each with its status."""
    before = list(_numbered([*_pages(draft, on), *_papers(draft)]))
    return [*before, _last_look(draft, before)]


def _numbered(found: Sequence[Task]) -> Iterator[Task]:
    for number, task in enumerate(found, 1):
        yield Task(f"{number}. {task.title}", task.status, task.done, task.href, task.hint, task.colour)


def _pages(draft: Dossier, on: date) -> Iterator[Task]:
    spec = draft.version.spec
    wrong = {
        spec.by_name[p.field.partition(".")[0]].page for p in procedures.problems(spec, draft.answers, on=on)
    }
    for key in procedures.pages(spec, draft.answers):
        page = spec.page(key)
        href = reverse("citizen:fields", args=[draft.key, key])
        if key in wrong:
            yield Task(str(page.title), _("Chưa xong"), href=href)
        else:
            yield Task(str(page.title), _how_done(draft, page), done=True, href=href)


def _how_done(draft: Dossier, page: Page) -> str:
    """Say who answered a page without mistakes: the register alone, or the citizen against it."""
    names = {field.name for field in draft.version.spec.by_page[page.key]}
    answers = [answer for name, answer in draft.answers.items() if name in names]
    if not answers:
        return _("Không bắt buộc")
    if all(answer["source"] == Source.REGISTER for answer in answers):
        return _("Đã xong (CSDL dân cư)")
    if names & queries.differences(draft).keys():
        return _("Đã xong – hãy xem lại")
    return _("Đã xong")


def _papers(draft: Dossier) -> Iterator[Task]:
    wanted = {rule.key for rule in filling.own_papers(draft)}
    if not wanted:
        return
    href = reverse("citizen:papers", args=[draft.key])
    if missing := filling.missing_papers(draft):
        hint = _("Còn thiếu: %(titles)s") % {"titles": "; ".join(str(rule.title) for rule in missing)}
        yield Task(_("Giấy tờ"), _("Chưa xong"), href=href, hint=hint)
    else:
        count = sum(paper.kind in wanted for paper in queries.unfiled(draft))
        said = ngettext("Đã xong (%(count)s tệp)", "Đã xong (%(count)s tệp)", count) % {"count": count}
        yield Task(_("Giấy tờ"), said if count else _("Không bắt buộc"), done=True, href=href)


def _last_look(draft: Dossier, before: Sequence[Task]) -> Task:
    title = _("%(number)s. Kiểm tra và nộp") % {"number": len(before) + 1}
    open_ones = [str(number) for number, task in enumerate(before, 1) if not task.done]
    if open_ones:
        hint = _("Cần xong mục %(numbers)s") % {"numbers": ", ".join(open_ones)}
        return Task(title, _("Chưa nộp được"), hint=hint, colour="grey")
    return Task(title, _("Sẵn sàng"), href=reverse("citizen:check", args=[draft.key]), colour="green")
