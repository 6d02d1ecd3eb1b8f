"""Who looked at one's data in the population register, and asking why."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from motcua.base.actor import Role
from motcua.base.errors import Refused
from motcua.base.web import Request, gate, page, sent
from motcua.domain.population import proving, queries, telling
from motcua.domain.population.commands import complaining
from motcua.domain.privacy.rules import due
from motcua.portals.identity import looks


@never_cache
@require_safe
@gate(Role.CITIZEN)
def seen(request: Request) -> HttpResponse:
    """List who looked at one's data, newest first."""
    rows, before = queries.looks(request.actor, at=timezone.now()), request.GET.get("truoc", "")
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: looks.PAGE + 1])
    shown, more = found[: looks.PAGE], len(found) > looks.PAGE
    context = {
        "groups": looks.grouped(shown, queries.procedure_titles(shown)),
        "next": f"?truoc={shown[-1].pk}" if more else "",
        "later": bool(before),
    }
    return page(request, "identity/usage.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@gate(Role.CITIZEN)
def complain(request: Request, usage: int) -> HttpResponse:
    """Ask why somebody looked."""
    at, form = timezone.now(), looks.ComplaintForm(sent(request))
    row = queries.looks(request.actor, at=at).get(pk=usage)
    if request.method == "POST" and form.is_valid():
        complaining.complain(usage=row.pk, text=form.cleaned_data["text"], by=request.actor, at=at)
        return redirect("identity:look", row.pk)
    one = telling.told(row, queries.procedure_titles([row]))
    context = {"one": one, "form": form, "now": at, "due_at": due("explain", received_at=at).due_at}
    return page(request, "identity/usage_one.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
@gate(Role.CITIZEN)
def proof(request: Request, usage: int) -> HttpResponse:
    """Hand out the proof that a look-up stands in the signed log, for checking without us."""
    row = queries.looks(request.actor, at=timezone.now()).get(pk=usage)
    found = queries.evidence(row)
    if found is None:
        raise Refused(_("Lượt tra cứu này chưa được ký vào sổ. Hãy thử lại sau một phút."))
    response = HttpResponse(proving.written(found), content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="bang-chung-{row.pk}.json"'
    return response
