"""One page of the form: shown with what is known, kept as far as it is right, and the way on from it."""

from datetime import datetime
from typing import cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.base.actor import Actor
from motcua.base.errors import Refused
from motcua.base.files import Upload
from motcua.domain.dossiers import commands, queries
from motcua.domain.dossiers.models import Dossier
from motcua.domain.papers.models import Paper
from motcua.domain.procedures import rules as procedures
from motcua.domain.procedures.forms import PageForm, page_answers, page_files, page_form
from motcua.domain.procedures.rules import PaperRule

#: in the address of a page that was opened from the last look: the way on leads back there
BACK = "kiem-tra"
#: the steps after the pages of the form
PAPERS, LAST = "papers", "last"


def form_of(draft: Dossier, key: str, request: HttpRequest, *, at: datetime) -> PageForm:
    """Give a page of the form, fresh from the draft or bound to what was just sent."""
    sent = request.method == "POST"
    form = page_form(
        draft.version.spec,
        key,
        answers=draft.answers,
        data=request.POST if sent else None,
        files=request.FILES if sent else None,
        language=get_language() or "vi",
        on=timezone.localdate(at),
    )
    _show_files(draft, form)
    return form


def _show_files(draft: Dossier, form: PageForm) -> None:
    """Name beside each file question the files that are already there."""
    kinds = {form.spec.by_name[name].paper: name for name in form.fields if form.spec.by_name[name].paper}
    for paper in queries.unfiled(draft) if kinds else ():
        if paper.kind in kinds:
            field = form.fields[kinds[paper.kind]]
            href = reverse("citizen:file", args=[draft.key, paper.pk])
            link = format_html('<a class="govuk-link" href="{}">{}</a>', href, paper.file.original_name)
            field.help_text = format_html("{} {} {}.", field.help_text, _("Đã có:"), link)


def keep(draft: Dossier, form: PageForm, *, by: Actor, at: datetime) -> None:
    """Save the page, or those answers of it that are right; files come with it or are refused one by one."""
    whole = form.is_valid()
    values = page_answers(form)
    if not whole:
        values = {
            name: value for name, value in values.items() if value is not None and name not in form.errors
        }
    for kind, upload in page_files(form):
        name = next(n for n in form.fields if form.spec.by_name[n].paper == kind)
        try:
            paper = _bring_one(draft, kind, cast(Upload, upload), by=by, at=at)
            values[name] = {"name": paper.file.original_name, "size": paper.file.size}
        except Refused as refused:
            form.add_error(name, str(refused))
            values.pop(name, None)
    if values:
        commands.save_answers(dossier=draft, values=values, by=by, at=at)


def _bring_one(draft: Dossier, kind: str, upload: Upload, *, by: Actor, at: datetime) -> Paper:
    """Keep the one file that a question asks for; another one takes its place."""
    held = [paper.pk for paper in queries.unfiled(draft) if paper.kind == kind]
    if held:
        return commands.bring_instead(dossier=draft, paper=held[-1], upload=upload, by=by, at=at)
    return commands.bring(dossier=draft, kind=kind, upload=upload, by=by, at=at)


def own_papers(draft: Dossier) -> list[PaperRule]:
    """List the papers that have a place on the page of the papers, not at a question of the form."""
    return [rule for rule in queries.needed_papers(draft) if not rule.field]


def missing_papers(draft: Dossier) -> list[PaperRule]:
    """List those of them that have not come."""
    have = {paper.kind for paper in queries.unfiled(draft)}
    return [rule for rule in own_papers(draft) if rule.required and rule.key not in have]


def only_gaps(form: PageForm) -> bool:
    """Tell whether nothing typed is wrong: what is missing may come later."""
    return all(error.code == "required" for errors in form.errors.as_data().values() for error in errors)


def onward(draft: Dossier, key: str, request: HttpRequest) -> str:
    """Give the address of what comes after a page that was kept."""
    if "later" in request.POST:
        return reverse("citizen:draft", args=[draft.key])
    if request.GET.get("ve") == BACK:
        return reverse("citizen:check", args=[draft.key])
    if following := _unfinished(draft, key):
        return reverse("citizen:fields", args=[draft.key, following])
    return reverse("citizen:papers" if missing_papers(draft) else "citizen:check", args=[draft.key])


def _unfinished(draft: Dossier, key: str) -> str:
    """Find the next page that lacks something or was never opened; the register's are passed over."""
    spec = draft.version.spec
    wrong = procedures.problems(spec, draft.answers, on=timezone.localdate(draft.saved_at))
    lacking = {spec.by_name[problem.field.partition(".")[0]].page for problem in wrong}
    seen = {spec.by_name[name].page for name in draft.answers if name in spec.by_name}
    left = [each for each in procedures.pages(spec, draft.answers) if each in lacking or each not in seen]
    keys = [page.key for page in spec.pages]
    later = [each for each in left if key in keys and keys.index(each) > keys.index(key)]
    return next(iter(later or left), "")


def place_of(draft: Dossier, key: str) -> dict[str, int]:
    """Say which step a page is, out of how many; the papers and the last look are steps too."""
    papers = [PAPERS] if key == PAPERS or own_papers(draft) else []
    steps = [*procedures.pages(draft.version.spec, draft.answers), *papers, LAST]
    return {"step": steps.index(key) + 1, "of": len(steps)}
