"""The province site: citizens, counters, offices, console."""

import os
from datetime import timedelta
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from motcua.base import postgres
from motcua.settings import HOME, cookie, database, door, secret
from motcua.settings.base import *  # noqa: F403
from motcua.settings.base import DATABASE_URL, INSTALLED_APPS, NATIONAL_URL, PAYMENT_URL, PROVINCE_URL

SITE = "province"
SITE_NAME = _("Dịch vụ công tỉnh Tây Ninh")

SECRET_KEY = secret("SECRET_KEY")
#: master keys of encrypted columns, oldest first, parted by commas; the last one is used for writing
FIELD_KEYS = secret("FIELD_KEYS").split(",")
DATABASES = {"default": database(DATABASE_URL or postgres.url(HOME, "motcua_province"))}
STATIC_ROOT = HOME / "static/province"
globals().update(door(PROVINCE_URL, NATIONAL_URL, *([PAYMENT_URL] if PAYMENT_URL else [])))
# Cookies know no ports: two sites on one machine need two names.
SESSION_COOKIE_NAME = cookie(PROVINCE_URL, "motcua_province")
CSRF_COOKIE_NAME = cookie(PROVINCE_URL, "motcua_province_csrf")

INSTALLED_APPS = [
    *INSTALLED_APPS,
    "motcua.domain.agencies",
    "motcua.domain.people",
    "motcua.domain.witness",
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
#: only the payment platform comes there, by signed notices
MACHINES = ("/thanh-toan/bao-tin/",)

#: a leader whose log-in was proved longer ago is asked to prove it again before approving
APPROVAL_FRESH = timedelta(minutes=int(os.environ.get("APPROVAL_MINUTES", "30")))
#: a citizen whose log-in was proved longer ago proves it again before paying online
PAYMENT_FRESH = timedelta(minutes=int(os.environ.get("PAYMENT_MINUTES", "30")))
#: the key we share with the payment platform
PAYMENT_KEY = secret("PAYMENT_KEY")
#: the identity provider, and this site as its client; the client's signing key is made from the secret
IDENTITY_ISSUER = os.environ.get("IDENTITY_ISSUER", NATIONAL_URL)
IDENTITY_CLIENT_ID = os.environ.get("IDENTITY_CLIENT_ID", "tinh-tay-ninh")
IDENTITY_CLIENT_KEY = secret("IDENTITY_CLIENT_KEY")
#: seconds to wait for the provider
IDENTITY_TIMEOUT = float(os.environ.get("IDENTITY_TIMEOUT", "5"))
#: only tests leave the network aside (an httpx transport)
IDENTITY_TRANSPORT: Any = None
#: the population register: its address, our name there, the secret our signing key is made from, patience (s)
POPULATION_URL = os.environ.get("POPULATION_URL", f"{NATIONAL_URL}/dan-cu/v1").rstrip("/")
#: the words it speaks: v1, or vnpt where only the old format leads there
POPULATION_WIRE = os.environ.get("POPULATION_WIRE") or "v1"
if POPULATION_WIRE not in ("v1", "vnpt"):
    raise ImproperlyConfigured("POPULATION_WIRE phải là v1 hoặc vnpt. / POPULATION_WIRE must be v1 or vnpt.")
POPULATION_CLIENT_ID = os.environ.get("POPULATION_CLIENT_ID", "VN/GOV/80/motcua")
POPULATION_KEY = secret("POPULATION_KEY")
#: file of the public keys of its answers, as its address /keys gives them; empty: the one of this machine
POPULATION_ANSWER_KEYS = os.environ.get("POPULATION_ANSWER_KEYS", "")
REGISTER_KEY = os.environ.get("REGISTER_KEY", "")
POPULATION_TIMEOUT = float(os.environ.get("POPULATION_TIMEOUT", "3"))
#: where the register shows the signed heads of its usage log, and patience (s): we keep them as a witness
LEDGER_URL = os.environ.get("LEDGER_URL", f"{NATIONAL_URL}/dan-cu/so-khai-thac/v1").rstrip("/")
LEDGER_TIMEOUT = float(os.environ.get("LEDGER_TIMEOUT", "10"))
