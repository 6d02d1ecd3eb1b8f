"""One's own data: seeing them, taking a copy, asking for something."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from motcua.base.actor import Role
from motcua.base.web import Request, gate, page, sent
from motcua.domain.privacy import commands, queries
from motcua.domain.privacy.rules import Action
from motcua.portals.mydata import showing
from motcua.portals.mydata.forms import AskForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@gate(Role.CITIZEN)
def mine(request: Request) -> HttpResponse:
    """Show what can be done with one's data and what was asked; ask for something."""
    form = AskForm(sent(request))
    if form.is_valid():
        asked = commands.ask(by=request.actor, at=timezone.now(), **form.cleaned_data)
        return redirect("mydata:request", asked.pk)
    context = {
        "form": form,
        "requests": queries.mine(request.actor),
        "now": timezone.now(),
        "proved": request.actor.assurance >= commands.ASSURANCE,
    }
    return page(request, "mydata/mine.html", context, status=422 if form.errors else 200)


@never_cache
@require_POST
@gate(Role.CITIZEN)
def shown(request: Request) -> HttpResponse:
    """Show everything that this site holds of the person."""
    at = timezone.now()
    commands.note_copy(by=request.actor, at=at)
    return page(
        request,
        "mydata/shown.html",
        {"sections": showing.sections(queries.holdings(request.actor, at=at)), "at": at},
    )


@never_cache
@require_POST
@gate(Role.CITIZEN)
def copy(request: Request) -> HttpResponse:
    """Hand out everything as one file."""
    at = timezone.now()
    commands.note_copy(by=request.actor, at=at)
    made = queries.copy(request.actor, at=at)
    heads = {
        "Content-Disposition": f'attachment; filename="du-lieu-cua-toi-{timezone.localdate(at):%Y%m%d}.json"'
    }
    return JsonResponse(made, headers=heads, json_dumps_params={"ensure_ascii": False, "indent": 1})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@gate(Role.CITIZEN)
def request(request: Request, pk: int) -> HttpResponse:
    """Show one request with its answer; withdraw it."""
    found = queries.mine(request.actor).get(pk=pk)
    if request.method == "POST":
        commands.move(request=pk, action=Action.WITHDRAW, by=request.actor, at=timezone.now())
        return redirect("mydata:request", pk)
    return page(request, "mydata/request.html", {"one": found, "now": timezone.now()})
