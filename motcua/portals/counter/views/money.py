"""Money at the counter: taken, cancelled, given back, and what the bank's list says otherwise."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from motcua.base.actor import Role
from motcua.base.web import Request, gate, page, sent
from motcua.domain.dossiers import queries
from motcua.domain.payments import commands as payments
from motcua.domain.payments import queries as bills
from motcua.portals.counter import showing
from motcua.portals.counter.forms import HowForm, PayForm, ReasonForm


@require_POST
@gate(Role.CLERK)
def pay(request: Request, code: str) -> HttpResponse:
    """Note that the fee was paid, in cash or by a transfer that the clerk has seen."""
    found, at = queries.get(request.actor, code), timezone.now()
    form = PayForm(request.POST)
    if not form.is_valid():
        context = {**showing.whole(request.actor, found, at=at), "form": form, "pay": form}
        return page(request, "counter/dossier.html", context, status=422)
    asked = request.POST.get("bill", "")
    bill = bills.get(found.subject, int(asked) if asked.isdecimal() else 0)
    payments.pay(bill=bill, **form.cleaned_data, by=request.actor, at=at)
    return redirect("counter:dossier", code=code)


@gate(Role.CLERK)
def void(request: Request, code: str, pk: int) -> HttpResponse:
    """Cancel a bill that was not paid, with a reason; money that still comes for it is given back."""
    found = queries.get(request.actor, code)
    bill, form = bills.get(found.subject, pk), ReasonForm(sent(request))
    if not form.is_valid():
        coming = bills.waiting(found.subject)
        context = {"dossier": found, "bill": bill, "form": form, "coming": coming}
        return page(request, "counter/void.html", context, status=422 if form.is_bound else 200)
    payments.void(bill=bill, reason=form.cleaned_data["reason"], by=request.actor, at=timezone.now())
    return redirect("counter:dossier", code=code)


@gate(Role.CLERK, Role.PROVINCE_OFFICE)
def settling(request: Request) -> HttpResponse:
    """List online payments that hang, money to give back, and what differs from the platform's lists."""
    return page(request, "counter/settling.html", showing.settling(request.actor, at=timezone.now()))


@require_POST
@gate(Role.CLERK, Role.PROVINCE_OFFICE)
def refund(request: Request, pk: int) -> HttpResponse:
    """Note that money was given back, and how."""
    found = bills.attempt(request.actor, pk)
    how = HowForm.said(request.POST)
    payments.refund(attempt=found, how=how, by=request.actor, at=timezone.now())
    return redirect("counter:settling")


@require_POST
@gate(Role.CLERK, Role.PROVINCE_OFFICE)
def close(request: Request, pk: int) -> HttpResponse:
    """Note how a difference was settled."""
    found = bills.difference(request.actor, pk)
    how = HowForm.said(request.POST)
    payments.close(difference=found, how=how, by=request.actor, at=timezone.now())
    return redirect("counter:settling")
