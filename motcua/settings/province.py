"""The province site: citizens, counters, offices, console."""

from django.utils.translation import gettext_lazy as _

from motcua.settings.base import *  # noqa: F403
from motcua.settings.base import INSTALLED_APPS

SITE = "province"
SITE_NAME = _("Dịch vụ công tỉnh Tây Ninh")

INSTALLED_APPS = [
    *INSTALLED_APPS,
    "motcua.domain.agencies",
    "motcua.domain.people",
    "motcua.domain.procedures",
    "motcua.domain.papers",
    "motcua.domain.payments",
    "motcua.domain.dossiers",
    "motcua.portals.entrance",
    "motcua.portals.citizen",
    "motcua.portals.counter",
    "motcua.portals.office",
    "motcua.portals.console",
]
ACTOR_OF = "motcua.portals.entrance.session.actor_of"
