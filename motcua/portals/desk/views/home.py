"""The first page of the desk."""

from django.http import HttpResponse

from motcua.base.web import Request, gate, page
from motcua.domain.accounts.rules.duties import ROLES
from motcua.portals.desk.links import links


@gate(*ROLES)
def home(request: Request) -> HttpResponse:
    """Show the rooms of whoever acts in a duty."""
    return page(request, "desk/home.html", {"links": links(request.actor)})
