"""Somebody who stands at the desk: found by the card, then an account opened, locked, unlocked, recovered."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from motcua.base.actor import Role
from motcua.base.web import Request, gate, page, sent
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import accounts, applying, recovering, withdrawing
from motcua.portals.desk import standing
from motcua.portals.desk.forms import ApplyForm, FindForm, LockForm, RecoverForm, UnlockForm, WithdrawForm
from motcua.portals.desk.showing import done, form_page


@never_cache
@require_http_methods(["GET", "POST"])
@gate(Role.IDENTITY_OFFICER)
def find(request: Request) -> HttpResponse:
    """Find somebody by the number on the card; one at a time, never a list."""
    form = FindForm(sent(request))
    if done(form, lambda: standing.come(request, form.cleaned_data["number"])):
        return redirect("desk:person")
    return form_page(request, "desk/find.html", form)


@never_cache
@gate(Role.IDENTITY_OFFICER)
def person(request: Request) -> HttpResponse:
    """Show what the register knows of who stands at the desk, and what may be done."""
    found = standing.person(request)
    if found is None:
        return redirect("desk:find")
    return page(request, "desk/person.html", standing.shown(request, found))


@never_cache
@require_http_methods(["GET", "POST"])
@gate(Role.IDENTITY_OFFICER)
def apply(request: Request) -> HttpResponse:
    """Take in an application after checking who it is."""
    found = standing.person(request)
    if found is None:
        return redirect("desk:find")
    form = ApplyForm(sent(request), person=found, on=timezone.localdate())
    if done(form, lambda: _applied(request, form.words(), found)):
        return redirect("desk:person")
    return form_page(request, "desk/apply.html", form, standing.shown(request, found))


@never_cache
@require_http_methods(["GET", "POST"])
@gate(Role.IDENTITY_OFFICER)
def withdraw(request: Request) -> HttpResponse:
    """Take back an application on the word of who stands there."""
    found = standing.person(request)
    one = queries.open_application(found) if found else None
    if found is None or one is None:
        return redirect("desk:find")
    form, by, at = WithdrawForm(sent(request)), request.actor, timezone.now()
    if done(form, lambda: withdrawing.withdraw_at_desk(application=one, by=by, at=at, **form.cleaned_data)):
        return redirect("desk:person")
    return form_page(request, "desk/withdraw.html", form, standing.shown(request, found))


@never_cache
@require_http_methods(["GET", "POST"])
@gate(Role.IDENTITY_OFFICER)
def lock(request: Request) -> HttpResponse:
    """Lock the account on a ground of the law."""
    return _change(request, LockForm, "desk/lock.html", accounts.lock)


@never_cache
@require_http_methods(["GET", "POST"])
@gate(Role.IDENTITY_OFFICER)
def unlock(request: Request) -> HttpResponse:
    """Unlock the account when its ground has ended."""
    return _change(request, UnlockForm, "desk/unlock.html", accounts.unlock)


@never_cache
@require_http_methods(["GET", "POST"])
@gate(Role.IDENTITY_OFFICER)
def recover(request: Request) -> HttpResponse:
    """Begin to recover the account."""
    return _change(request, RecoverForm, "desk/recover.html", recovering.begin)


@require_POST
@gate(Role.IDENTITY_OFFICER)
def cancel_recovery(request: Request) -> HttpResponse:
    """Cancel a recovery that waits."""
    account = standing.account(request)
    waiting = queries.recovery(account) if account else None
    if waiting is not None:
        recovering.cancel(recovery=waiting, by=request.actor, at=timezone.now())
    return redirect("desk:person")


def _change(request: Request, kind: Any, template: str, command: Any) -> HttpResponse:
    found, account = standing.person(request), standing.account(request)
    if found is None or account is None:
        return redirect("desk:find")
    form = kind(sent(request), account=account, by=request.actor)
    words = {"account": account, "by": request.actor, "at": timezone.now()}
    if done(form, lambda: command(**words, **form.cleaned_data)):
        return redirect("desk:person")
    return form_page(request, template, form, standing.shown(request, found))


def _applied(request: Request, words: dict[str, Any], found: Any) -> object:
    number = words.pop("guardian_number", "")
    guardian = queries.account_by_number(number) if number else None
    by, at = request.actor, timezone.now()
    return applying.file_in_person(person=found, guardian=guardian, by=by, at=at, **words)
