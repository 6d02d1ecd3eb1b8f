"""What the site does with personal data, for the whole world."""

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from motcua.base.web import EVERYONE, Request, gate, page
from motcua.domain.privacy import law
from motcua.portals.mydata import showing


@require_safe
@gate(*EVERYONE)
def doing(request: Request) -> HttpResponse:
    """Tell in plain words what is done with people's data."""
    found = showing.doing(law.doing(settings.SITE), on=timezone.localdate())
    return page(request, "mydata/doing.html", found)


@require_safe
@gate(*EVERYONE)
def assessment(request: Request) -> HttpResponse:
    """Show the impact assessment in the order in which the form asks."""
    found = showing.doing(law.doing(settings.SITE), on=timezone.localdate())
    return page(request, "mydata/assessment.html", found)


@require_safe
@gate(*EVERYONE)
def activities(request: Request) -> HttpResponse:
    """Give the same for machines."""
    heads = {"Content-Disposition": 'attachment; filename="hoat-dong-xu-ly.json"'}
    found = showing.plain(law.doing(settings.SITE))
    return JsonResponse(found, headers=heads, json_dumps_params={"ensure_ascii": False, "indent": 1})
