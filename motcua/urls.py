"""One line per portal."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from motcua.base.language import language

#: (address, portal); a site imports its own portals only
PROVINCE = [
    ("", "entrance"),
    ("mot-cua/", "counter"),
    ("xu-ly/", "office"),
    ("quan-tri/", "console"),
    ("", "mydata"),
    ("", "citizen"),
]
NATIONAL = [
    ("dan-cu/", "register"),
    ("ban-dinh-danh/", "desk"),
    ("", "mydata"),
    ("", "identity"),
]
SITES = {"province": PROVINCE, "national": NATIONAL, "test": [*dict.fromkeys([*PROVINCE, *NATIONAL])]}

urlpatterns: list[URLResolver | URLPattern] = [
    path("ngon-ngu/", language, name="language"),
    *(path(address, include(f"motcua.portals.{portal}.urls")) for address, portal in SITES[settings.SITE]),
]
handler500 = "motcua.base.web.failed"
