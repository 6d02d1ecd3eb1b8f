"""What people see: logging in, the second factor, consent, logging out, their own account."""

from django.conf import settings
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from motcua.base.actor import Role
from motcua.base.errors import Refused
from motcua.base.limits import address
from motcua.base.web import EVERYONE, Request, gate, page
from motcua.domain.accounts import queries
from motcua.domain.accounts.commands import grants, sessions
from motcua.domain.accounts.models import Account, Session
from motcua.domain.accounts.rules import devices
from motcua.domain.accounts.rules.requests import CLAIM_NAMES, Fault
from motcua.portals.identity import answering, entering, session
from motcua.portals.identity.forms import NumberAndPassword


@never_cache
@require_http_methods(["GET", "POST"])
@gate(*EVERYONE)
def log_in(request: Request) -> HttpResponse:
    """Ask for number and password; a demo also offers its people."""
    asked, form, status = answering.waiting(request), NumberAndPassword(request.POST or None), 200
    if request.method == "POST":
        try:
            if form.is_valid():
                return entering.entered(request, asked, _logged_in(request, form))
            status = 422
        except Refused as refused:
            status = _refused(form, refused)
    return entering.shown_log_in(request, asked, form=form, status=status)


@require_POST
@gate(*EVERYONE)
def enter_demo(request: Request) -> HttpResponse:
    """Log in as one of the demo's people; in a real installation nobody is found."""
    account = queries.demo_accounts().get(pk=entering.row(request, "account"))
    entered = sessions.log_in_as_demo(
        account=account,
        agent=request.headers.get("User-Agent", ""),
        current=session.current(request),
        by=request.actor,
        at=timezone.now(),
    )
    return entering.on_duty(request, answering.waiting(request), entered)


@never_cache
@require_http_methods(["GET", "POST"])
@gate(Role.CITIZEN)
def confirm(request: Request) -> HttpResponse:
    """Ask for a one-time code."""
    asked, form, status = answering.waiting(request), entering.code_form(request), 200
    if request.method == "POST":
        try:
            if form.is_valid():
                return entering.entered(request, asked, _confirmed(request, form))
            status = 422
        except Refused as refused:
            status = _refused(form, refused)
    return entering.shown_confirm(request, asked, form, status)


@never_cache
@require_http_methods(["GET", "POST"])
@gate(Role.CITIZEN)
def consent(request: Request) -> HttpResponse:
    """Ask whether a system may have what it asked for, line by line."""
    asked, current = answering.waiting(request), session.current(request)
    if asked is None or current is None:
        return answering.lost(request)
    if request.method == "GET":
        return answering.show(request, "consent.html", {"parts": entering.rows(asked, current)}, asked)
    if "agree" not in request.POST:
        return answering.give_up(request, asked, Fault("access_denied", "the person declined"))
    ticked = request.POST.getlist("ticked")
    grants.agree(session=current, request=asked, ticked=ticked, by=request.actor, at=timezone.now())
    return answering.go_on(request, asked)


@never_cache
@gate(Role.CITIZEN)
def home(request: Request) -> HttpResponse:
    """Show one's own account: what it is, where one is logged in, with whom one shares."""
    account = _account(request)
    live = queries.sessions(request.actor, at=timezone.now())
    context = {
        "account": account,
        "duties": queries.own_duties(account, on=timezone.localdate()),
        "sessions": [(one, devices.name(one.agent)) for one in live],
        "consents": queries.consents(request.actor),
        "current": session.current(request),
        "claim_names": CLAIM_NAMES,
        "recovery": queries.own_recovery(request.actor),
        "open": queries.open_application(account.person),
        **_factors(request, account),
    }
    return page(request, "identity/home.html", context)


@require_POST
@gate(Role.CITIZEN)
def withdraw(request: Request) -> HttpResponse:
    """Take back what one lets a system have."""
    consent = queries.consents(request.actor).get(pk=entering.row(request, "consent"))
    grants.withdraw_consent(
        account=consent.account, client=consent.client, by=request.actor, at=timezone.now()
    )
    return redirect("identity:home")


@require_POST
@gate(Role.CITIZEN)
def end_other(request: Request) -> HttpResponse:
    """Log out somewhere else."""
    other = queries.sessions(request.actor, at=timezone.now()).get(pk=entering.row(request, "session"))
    sessions.log_out(session=other, by=request.actor, at=timezone.now())
    return redirect("identity:home")


@require_POST
@gate(Role.CITIZEN)
def end_all(request: Request) -> HttpResponse:
    """Log out everywhere, here too."""
    sessions.log_out_everywhere(account=_account(request), by=request.actor, at=timezone.now())
    session.leave(request)
    return redirect("identity:logged_out")


def _factors(request: Request, account: Account) -> dict[str, object]:
    return {
        "passkeys": queries.passkeys(request.actor),
        "app": queries.code_factor(account),
        "codes_left": queries.backup_codes_left(account),
        "phone_end": account.phone[-3:] if settings.SMS_URL else "",
        "texts_chosen": queries.texts_chosen(account),
    }


def _account(request: Request) -> Account:
    return queries.own(request.actor).select_related("person").get()


def _logged_in(request: Request, form: Form) -> Session:
    return sessions.log_in(
        number=form.cleaned_data["number"],
        password=form.cleaned_data["password"],
        address=address(request),
        agent=request.headers.get("User-Agent", ""),
        known=session.known(request, form.cleaned_data["number"]),
        current=session.current(request),
        by=request.actor,
        at=timezone.now(),
    )


def _confirmed(request: Request, form: Form) -> Session:
    current = session.current(request)
    assert current is not None  # the gate let somebody in
    code = form.cleaned_data["code"]
    return sessions.confirm(session=current, code=code, by=request.actor, at=timezone.now())


def _refused(form: Form, refused: Refused) -> int:
    form.add_error(None, str(refused))
    return entering.status_of(refused)
