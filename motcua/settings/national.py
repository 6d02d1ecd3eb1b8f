"""The national site: electronic identity and the population register."""

import os

from django.utils.translation import gettext_lazy as _

from motcua.base import databases, postgres
from motcua.settings import HOME, cookie, database, door, secret
from motcua.settings.base import *  # noqa: F403
from motcua.settings.base import (
    DATABASE_URL,
    INSTALLED_APPS,
    NATIONAL_DATABASE_URL,
    NATIONAL_URL,
    PROVINCE_URL,
)

SITE = "national"
SITE_NAME = _("Định danh và dân cư")

SECRET_KEY = secret("NATIONAL_SECRET_KEY")
#: master keys of encrypted columns, oldest first, parted by commas; the last one is used for writing
FIELD_KEYS = secret("NATIONAL_FIELD_KEYS").split(",")
# One address is enough for a demonstration: the other database then stands beside the first.
DATABASES = {
    "default": database(
        NATIONAL_DATABASE_URL
        or (databases.beside(DATABASE_URL) if DATABASE_URL else postgres.url(HOME, "motcua_national"))
    )
}
STATIC_ROOT = HOME / "static/national"
globals().update(door(NATIONAL_URL, PROVINCE_URL))
SESSION_COOKIE_NAME = cookie(NATIONAL_URL, "motcua_national")
CSRF_COOKIE_NAME = cookie(NATIONAL_URL, "motcua_national_csrf")
#: in it a browser shows who was logged in there before, in marks that only this site can make or read
KNOWN_COOKIE_NAME = cookie(NATIONAL_URL, "motcua_national_known")

INSTALLED_APPS = [
    *INSTALLED_APPS,
    "motcua.domain.population",
    "motcua.domain.accounts",
    "motcua.portals.register",
    "motcua.portals.identity",
    "motcua.portals.desk",
]
MACHINES = (
    "/dan-cu/v1/",
    *("/oidc/par", "/oidc/token", "/oidc/userinfo", "/oidc/introspect", "/oidc/revoke", "/oidc/registration"),
)
ACTOR_OF = "motcua.portals.identity.session.actor_of"
LOGIN_URL = "/dinh-danh/dang-nhap/"
LOGOUT_URL = "/dinh-danh/dang-xuat/"
CONFIRM_URL = "/dinh-danh/ma-xac-thuc/"
ACCOUNT_MENU, DESK_MENU = "identity/account.html", "desk/portals.html"

#: never to be changed: the names (`sub`) under which connected systems know people are made with it
PAIRWISE_KEY = secret("PAIRWISE_KEY")
#: argon2id as OWASP advises: 19 MiB, two passes
IDENTITY_ARGON2: dict[str, int] = {"memory_cost": 19 * 1024, "time_cost": 2, "parallelism": 1}
#: how long one call of the population register may keep its database busy
REGISTER_TIMEOUT_MS = int(os.environ.get("REGISTER_TIMEOUT_MS", "2000"))
#: secrets of the keys that sign the register's answers, oldest first, parted by commas; the last one signs
REGISTER_KEY = secret("REGISTER_KEY")
#: on one machine with the province only: whom `manage.py subscribe` lets ask, and the secret of its key
POPULATION_CLIENT_ID = os.environ.get("POPULATION_CLIENT_ID", "VN/GOV/80/motcua")
POPULATION_KEY = os.environ.get("POPULATION_KEY", "")
#: likewise whom `manage.py prepare` registers as a client
IDENTITY_CLIENT_ID = os.environ.get("IDENTITY_CLIENT_ID", "tinh-tay-ninh")
IDENTITY_CLIENT_KEY = os.environ.get("IDENTITY_CLIENT_KEY", "")
