"""Both sites in one process and one database, for tests only; journeys run the two real sites."""

import os
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from motcua.base import postgres
from motcua.settings import database, door
from motcua.settings.base import *  # noqa: F403
from motcua.settings.national import INSTALLED_APPS as NATIONAL
from motcua.settings.national import KNOWN_COOKIE_NAME, PAIRWISE_KEY  # noqa: F401
from motcua.settings.national import MACHINES as FOR_NATIONAL
from motcua.settings.province import ACTOR_OF, FIELD_KEYS, SITE_NAME  # noqa: F401
from motcua.settings.province import INSTALLED_APPS as PROVINCE
from motcua.settings.province import MACHINES as FOR_PROVINCE

SITE = "test"
SECRET_KEY = "only for tests"  # noqa: S105
#: of this run of the tests alone; conftest.py starts the server there unless DATABASE_URL names one
HOME = Path(tempfile.gettempdir()) / f"motcua-test-{os.getpid()}"
# Who waits for a lock of a test waits for a busy machine, too.
os.environ.update(LOCK_TIMEOUT_MS="60000", STATEMENT_TIMEOUT_MS="60000")
DATABASES = {"default": database(os.environ.get("DATABASE_URL") or postgres.url(HOME, "motcua"))}
MEDIA_ROOT = HOME / "files"
globals().update(door("http://testserver"))
MACHINES = (*FOR_NATIONAL, *FOR_PROVINCE)
INSTALLED_APPS = list(dict.fromkeys([*PROVINCE, *NATIONAL]))
# Static files straight from the source folders: no collecting, no hashed names.
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Every log-in of a test would cost a tenth of a second.
IDENTITY_ARGON2: dict[str, int] = {"memory_cost": 64, "time_cost": 1, "parallelism": 1}
PROVINCE_URL = NATIONAL_URL = IDENTITY_ISSUER = "http://testserver"
IDENTITY_CLIENT_ID = "tinh-tay-ninh"
IDENTITY_CLIENT_KEY = "only for tests: IDENTITY_CLIENT_KEY"
# Nobody is given up on a busy machine: who plays a slow one has a shorter patience of its own.
IDENTITY_TIMEOUT = 30.0
PAYMENT_FRESH = timedelta(minutes=30)
# Without a platform: tests that need one serve its twin (connectors/payment/twin.py).
PAYMENT_URL = ""
PAYMENT_KEY = "only for tests: PAYMENT_KEY"
PAYMENT_TIMEOUT = 30.0
APPROVAL_FRESH = timedelta(minutes=30)
IDENTITY_TRANSPORT: Any = None
# Nobody listens there: tests that need the register serve its twin (connectors/population/twin.py).
POPULATION_URL = "http://127.0.0.1:9/dan-cu/v1"
POPULATION_WIRE = "v1"
POPULATION_CLIENT_ID = "VN/GOV/80/motcua"
POPULATION_KEY = "only for tests: POPULATION_KEY"
POPULATION_ANSWER_KEYS = ""
REGISTER_KEY = "only for tests: REGISTER_KEY"
POPULATION_TIMEOUT = 30.0
LEDGER_URL = "http://127.0.0.1:9/dan-cu/so-khai-thac/v1"
LEDGER_TIMEOUT = 30.0
REGISTER_TIMEOUT_MS = 20_000
