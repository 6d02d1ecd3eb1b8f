"""The switch between Vietnamese and English, on every page of both sites."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from motcua.base.web import EVERYONE, Request, gate


class LanguageMiddleware:
    """Speaks Vietnamese until a person asks for English; the language of the browser asks for nothing.

    Office computers in Vietnam run English browsers: Django's own middleware would turn them all to English.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


@require_POST
@gate(*EVERYONE)
def language(request: Request) -> HttpResponse:
    """Remember the chosen language in a cookie and go back to the page."""
    return set_language(request)
