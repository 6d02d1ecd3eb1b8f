"""Both sites in one process and one database, for tests only; journeys run the two real sites."""

from motcua.settings.base import *  # noqa: F403
from motcua.settings.national import INSTALLED_APPS as NATIONAL
from motcua.settings.province import ACTOR_OF, SITE_NAME  # noqa: F401
from motcua.settings.province import INSTALLED_APPS as PROVINCE

SITE = "test"
SECRET_KEY = "only for tests"  # noqa: S105
INSTALLED_APPS = list(dict.fromkeys([*PROVINCE, *NATIONAL]))
# Static files straight from the source folders: no collecting, no hashed names.
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
