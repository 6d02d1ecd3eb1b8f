"""Applying for a level 1 account without one, activating an approved one, finishing a recovery."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from motcua.base.errors import Refused
from motcua.base.limits import address
from motcua.base.web import EVERYONE, Request, gate, page, sent
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import activating, applying, recovering, withdrawing
from motcua.domain.accounts.models import Application
from motcua.domain.accounts.rules.applications import State
from motcua.portals.identity.entering import status_of
from motcua.portals.identity.forms import ApplyForm, CodeAndPassword, CodeAndPhoto

_KEY = "account_application"


@never_cache
@require_http_methods(["GET", "POST"])
@gate(*EVERYONE)
def begin(request: Request) -> HttpResponse:
    """Ask who applies, and send a code to the telephone."""
    form = ApplyForm(sent(request))
    if _done(form, lambda: _begun(request, form)):
        return redirect("identity:prove_phone")
    return _shown(request, "apply.html", form)


@never_cache
@require_http_methods(["GET", "POST"])
@gate(*EVERYONE)
def prove(request: Request) -> HttpResponse:
    """Take the code from the telephone and a photo of the face."""
    one = _mine(request)
    if one is None or one.state != State.DRAFT:
        return redirect("identity:applied" if one else "identity:apply")
    form = CodeAndPhoto(sent(request), request.FILES or None)
    if _done(form, lambda: _filed(request, one, form)):
        return redirect("identity:applied")
    return _shown(request, "prove_phone.html", form)


@never_cache
@gate(*EVERYONE)
def applied(request: Request) -> HttpResponse:
    """Say by when the application is answered, and how it stands."""
    one = _mine(request)
    if one is None or one.filed_at is None:
        return redirect("identity:apply")
    lines = queries.due(one.case, filed_at=one.filed_at).lines
    return page(request, "identity/applied.html", {"one": one, "lines": lines})


@never_cache
@require_http_methods(["GET", "POST"])
@gate(*EVERYONE)
def withdraw(request: Request) -> HttpResponse:
    """Take back the application of this browser after asking."""
    one = _mine(request)
    if one is None or not queries.unfinished(one):
        return redirect("identity:applied" if one else "identity:apply")
    if request.method == "POST":
        withdrawing.withdraw(application=one, key=one.key, by=request.actor, at=timezone.now())
        return redirect("identity:applied" if one.filed_at else "identity:apply")
    return page(request, "identity/withdraw.html", {"one": one, "there": reverse("identity:applied")})


@never_cache
@require_http_methods(["GET", "POST"])
@gate(*EVERYONE)
def activate(request: Request) -> HttpResponse:
    """Activate an approved account with the code that came by text."""
    return _by_code(request, "activate.html", activating.activate)


@never_cache
@require_http_methods(["GET", "POST"])
@gate(*EVERYONE)
def recover(request: Request) -> HttpResponse:
    """Set a new password with the code that came after a recovery was begun at a desk."""
    return _by_code(request, "recover.html", recovering.finish)


def _by_code(request: Request, template: str, command: Callable[..., object]) -> HttpResponse:
    form = CodeAndPassword(sent(request))
    words = {"address": address(request), "by": request.actor, "at": timezone.now()}
    if _done(form, lambda: command(**words, **form.words())):
        return page(request, "identity/ready.html")
    return _shown(request, template, form)


def _begun(request: Request, form: forms.Form) -> None:
    words: dict[str, Any] = {"address": address(request), "by": request.actor, "at": timezone.now()}
    request.session[_KEY] = applying.begin(**form.cleaned_data, **words).key


def _filed(request: Request, one: Application, form: forms.Form) -> object:
    words: dict[str, Any] = {"by": request.actor, "at": timezone.now()}
    return applying.file_online(application=one, **form.cleaned_data, **words)


def _mine(request: Request) -> Application | None:
    return queries.application(request.session.get(_KEY, ""), at=timezone.now())


def _done(form: forms.Form, act: Callable[[], object]) -> bool:
    if not form.is_valid():
        return False
    try:
        act()
    except Refused as refused:
        vars(form)["refused"] = refused
        form.add_error(None, str(refused))
        return False
    return True


def _shown(request: Request, template: str, form: forms.Form) -> HttpResponse:
    refused = vars(form).get("refused")
    status = status_of(refused) if refused else 422 if form.errors else 200
    response = page(request, f"identity/{template}", {"form": form}, status=status)
    if status in (429, 503):
        response["Retry-After"] = "600" if status == 429 else "5"
    return response
