"""One page of the form: shown with what is known, kept as far as it is right, and the way on from it."""

from datetime import datetime
from typing import Any, cast

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
            paper = commands.bring(dossier=draft, kind=kind, upload=cast(Upload, upload), by=by, at=at)
            values[name] = file_answer(paper)
        except Refused as refused:
            form.add_error(name, str(refused))
            values.pop(name, None)
    if values:
        commands.save_answers(dossier=draft, values=values, by=by, at=at)


def file_answer(paper: Paper) -> dict[str, Any]:
    """Write down a file as the answer to the question that asks for it."""
    return {"name": paper.file.original_name, "size": paper.file.size}


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
    have = {paper.kind for paper in queries.unfiled(draft)}
    missing = queries.missing_papers(draft, have)
    return reverse("citizen:papers" if missing else "citizen:check", args=[draft.key])


def _unfinished(draft: Dossier, key: str) -> str:
    """Find the next page that still lacks something, so that what the register answered is passed over."""
    spec = draft.version.spec
    wrong = procedures.problems(spec, draft.answers, on=timezone.localdate(draft.saved_at))
    pages = {spec.by_name[problem.field.partition(".")[0]].page for problem in wrong}
    order = [page.key for page in spec.pages if page.key in pages]
    keys = [page.key for page in spec.pages]
    later = [each for each in order if keys.index(each) > keys.index(key)]
    return next(iter(later or order), "")


def place_of(draft: Dossier, key: str) -> dict[str, int]:
    """Say which step a page is, out of how many; the papers and the last look are steps too."""
    papers = [PAPERS] if key == PAPERS or queries.needed_papers(draft) else []
    steps = [*procedures.pages(draft.version.spec, draft.answers), *papers, LAST]
    return {"step": steps.index(key) + 1, "of": len(steps)}
