"""The pages of a procedure as server-rendered Django forms."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, TypeAlias

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms.utils import ErrorDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import override

from motcua.domain.procedures import rules
from motcua.domain.procedures.forms.fields import FIELDS, dress
from motcua.domain.procedures.forms.rows import Rows, row_class
from motcua.domain.procedures.rules import Answers, Definition, Field
from motcua.domain.procedures.rules.conditions import kept

Upload: TypeAlias = "UploadedFile[Any]"
Files: TypeAlias = "MultiValueDict[str, UploadedFile[Any]]"

__all__ = ["PageForm", "page_answers", "page_files", "page_form"]


class PageForm(forms.Form):
    """One page; it asks only what the earlier answers call for, and judges by rules.problems."""

    spec: Definition
    page: str
    language: str

    def __init__(
        self,
        *,
        answers: Answers,
        data: Mapping[str, Any] | None = None,
        files: "Files | None" = None,
        on: date | None = None,
    ) -> None:
        values = {name: answer["value"] for name, answer in answers.items() if answer["value"] is not None}
        super().__init__(data, files, initial=values)
        self.answers = answers
        self.on = on
        #: a button asked for another row or another province: the page is shown again, nothing is judged
        self.reshaped = False
        asked = kept(self.spec, rules.values_of(answers))
        for name in list(self.fields):
            if name in asked:
                self._prepare(name, answers.get(name, {}))
            else:
                del self.fields[name]

    def _prepare(self, name: str, answer: Mapping[str, Any]) -> None:
        field = self.fields[name]
        field.source = answer.get("source", "")  # type: ignore[attr-defined]
        if isinstance(field, Rows):
            with override(self.language):
                asked = field.prepare(name, self.data if self.is_bound else None, answer.get("value") or [])
        else:
            asked = f"{name}_choose" in self.data
        self.reshaped = self.reshaped or asked

    def is_valid(self) -> bool:
        """Tell whether the answers may be kept; a page that was only reshaped is shown again."""
        return super().is_valid() and not self.reshaped

    def full_clean(self) -> None:
        """Read and judge the answers in the language of the page."""
        if self.reshaped:
            self._errors, self.cleaned_data = ErrorDict(), {}
            return
        with override(self.language):
            super().full_clean()

    def clean(self) -> dict[str, Any]:
        """Hold the page to the same rules as every other way in."""
        merged = {**self.answers, **{name: {"value": value} for name, value in page_answers(self).items()}}
        found = (
            rules.problems(self.spec, merged, on=self.on, page=self.page)
            if self.on
            else rules.shape_problems(self.spec, merged, page=self.page)
        )
        for problem in found:
            self._blame(problem)
        for name, field in self.fields.items():
            for fault in field.faults() if isinstance(field, Rows) else ():
                self.add_error(name, fault)
        return self.cleaned_data

    def _blame(self, problem: rules.Problem) -> None:
        name, _dot, cell = problem.field.partition(".")
        error = ValidationError(problem.message, code=problem.code)
        field = self.fields.get(name)
        if cell and isinstance(field, Rows):
            number, _dot, column = cell.partition(".")
            field.blame(int(number), column, error)
        elif field is not None and name not in self.errors:
            self.add_error(name, error)


@lru_cache(maxsize=1024)
def _page_class(spec: Definition, page: str, language: str) -> type[PageForm]:
    """Make the form class of a page, once for each version and language."""
    with override(language):
        fields = {field.name: _field(field) for field in spec.by_page[page]}
    return type("PageForm", (PageForm,), {**fields, "spec": spec, "page": page, "language": language})


def _field(spec: Field) -> forms.Field:
    field = Rows(spec, row_class(spec)) if spec.kind == "repeat" else FIELDS[spec.kind](spec)
    return dress(field, spec)


def page_form(
    spec: Definition,
    page_key: str,
    *,
    answers: Answers,
    data: Mapping[str, Any] | None = None,
    files: "Files | None" = None,
    language: str = "vi",
    on: date | None = None,
) -> PageForm:
    """Give one page as a form: fresh from the answers so far, or bound to what was just sent.

    Without `on` the rules that need today's date wait until the whole form is checked.
    """
    return _page_class(spec, page_key, language)(answers=answers, data=data, files=files, on=on)


def page_answers(form: PageForm) -> dict[str, Any]:
    """Give the plain, JSON-able value of every field that the page asked; None where it was left empty."""
    answers = {}
    for name in form.fields:
        value = form.cleaned_data.get(name)
        if isinstance(value, UploadedFile):
            value = {"name": str(value.name), "size": value.size}
        answers[name] = None if value in ("", [], {}) else value
    return answers


def page_files(form: PageForm) -> list[tuple[str, Upload]]:
    """List the files that came with the page, each with the key of the paper that it is."""
    return [
        (form.spec.by_name[name].paper, value)
        for name, value in form.cleaned_data.items()
        if isinstance(value, UploadedFile)
    ]
