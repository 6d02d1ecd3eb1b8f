"""The national site: electronic identity and the population register."""

from django.utils.translation import gettext_lazy as _

from motcua.settings.base import *  # noqa: F403
from motcua.settings.base import INSTALLED_APPS

SITE = "national"
SITE_NAME = _("Định danh và dân cư")

INSTALLED_APPS = [
    *INSTALLED_APPS,
    "motcua.domain.population",
    "motcua.domain.accounts",
    "motcua.portals.register",
    "motcua.portals.identity",
]
ACTOR_OF = "motcua.portals.identity.session.actor_of"
LOGIN_URL = "/dinh-danh/dang-nhap/"
LOGOUT_URL = "/dinh-danh/dang-xuat/"
