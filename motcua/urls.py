"""One line per portal."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from motcua.base.language import language

PROVINCE = [
    path("", include("motcua.portals.entrance.urls")),
    path("mot-cua/", include("motcua.portals.counter.urls")),
    path("xu-ly/", include("motcua.portals.office.urls")),
    path("quan-tri/", include("motcua.portals.console.urls")),
    path("", include("motcua.portals.citizen.urls")),
]
NATIONAL = [
    path("", include("motcua.portals.identity.urls")),
    path("dan-cu/", include("motcua.portals.register.urls")),
]
urlpatterns: list[URLResolver | URLPattern] = [
    path("ngon-ngu/", language, name="language"),
    *{
        "province": PROVINCE,
        "national": NATIONAL,
        "test": [*PROVINCE, *NATIONAL],
    }[settings.SITE],
]
