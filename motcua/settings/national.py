"""The national site: electronic identity and the population register."""

from motcua.settings.base import *  # noqa: F403
from motcua.settings.base import INSTALLED_APPS

SITE = "national"

INSTALLED_APPS = [
    *INSTALLED_APPS,
    "motcua.domain.population",
    "motcua.domain.accounts",
    "motcua.portals.register",
    "motcua.portals.identity",
]
ACTOR_OF = "motcua.portals.identity.session.actor_of"
LOGIN_URL = "/dinh-danh/dang-nhap/"
