"""The first page of the desk."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from motcua.base.web import Request, gate, page
from motcua.domain.accounts.rules.duties import ROLES
from motcua.portals.desk.links import links, waiting


@never_cache
@gate(*ROLES)
def home(request: Request) -> HttpResponse:
    """Show the rooms of whoever acts in a duty."""
    said = waiting(request.actor, at=timezone.now())
    rooms = [(link, said.get(link.name, "")) for link in links(request.actor)]
    return page(request, "desk/home.html", {"rooms": rooms})
