"""The short way in for other systems: what serves browsers only is left out."""

from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import resolve
from django.utils import translation

from motcua.base.web import NOBODY


class Machines:
    """Answers addresses of settings.MACHINES without sessions, pages and what protects browsers.

    Whoever asks there proves in the request itself who it is: a cookie is neither read nor given. It also
    says in what language a person will read the answer (Accept-Language).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.resolve = lru_cache(maxsize=64)(resolve)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(settings.MACHINES):
            return self.get_response(request)
        request.resolver_match = found = self.resolve(request.path_info)
        request.actor = NOBODY  # type: ignore[attr-defined]
        with translation.override(translation.get_language_from_request(request)):
            answer: HttpResponse = found.func(request, *found.args, **found.kwargs)
        return answer
