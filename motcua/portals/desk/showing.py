"""Answering with forms of the desk."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import HttpResponse

from motcua.base.errors import Refused
from motcua.base.web import Request, page


def done(form: forms.Form, act: Callable[[], object]) -> bool:
    """Run a command when the form is whole; a refusal becomes a sentence on the form."""
    if not form.is_valid():
        return False
    try:
        act()
    except Refused as refused:
        form.add_error(None, forms.ValidationError(str(refused), code="refused"))
        return False
    return True


def form_page(
    request: Request, template: str, form: forms.Form, context: Mapping[str, Any] | None = None
) -> HttpResponse:
    """Answer with a form; a refused one comes back filled in, with the sentence on top."""
    refused = any(error.code == "refused" for error in form.non_field_errors().as_data())
    status = 409 if refused else 422 if form.errors else 200
    return page(request, template, {"form": form, **(context or {})}, status=status)
