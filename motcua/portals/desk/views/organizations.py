"""An organization's account, found by its number: locked, unlocked, closed, given another head."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from motcua.base.actor import Role
from motcua.base.web import Request, gate, sent
from motcua.domain.accounts import queries
from motcua.portals.desk.forms import OrganizationActForm, OrganizationForm
from motcua.portals.desk.showing import done, form_page


@never_cache
@require_http_methods(["GET", "POST"])
@gate(Role.IDENTITY_OFFICER)
def find(request: Request) -> HttpResponse:
    """Find an organization by its number; one at a time, never a list."""
    form = OrganizationForm(sent(request), known=queries.desk_organizations(request.actor))
    if form.is_valid():
        return redirect("desk:organization", form.cleaned_data["code"].pk)
    return form_page(request, "desk/organizations.html", form)


@never_cache
@require_http_methods(["GET", "POST"])
@gate(Role.IDENTITY_OFFICER)
def organization(request: Request, pk: int) -> HttpResponse:
    """Show an organization's account and do what a paper asks for."""
    found = queries.desk_organizations(request.actor).get(pk=pk)
    form = OrganizationActForm(sent(request), organization=found)
    if done(form, lambda: form.act(by=request.actor, at=timezone.now())):
        return redirect("desk:organization", pk)
    return form_page(request, "desk/organization.html", form, {"organization": found})
