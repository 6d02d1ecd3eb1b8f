"""The switch between Vietnamese and English, on every page of both sites."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from motcua.base.web import EVERYONE, Request, gate


@require_POST
@gate(*EVERYONE)
def language(request: Request) -> HttpResponse:
    """Remember the chosen language in a cookie and go back to the page."""
    return set_language(request)
