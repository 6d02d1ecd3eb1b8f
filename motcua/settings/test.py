"""Both sites in one process and one database, for tests only; journeys run the two real sites."""

from motcua.settings.base import *  # noqa: F403
from motcua.settings.national import INSTALLED_APPS as NATIONAL
from motcua.settings.province import ACTOR_OF  # noqa: F401
from motcua.settings.province import INSTALLED_APPS as PROVINCE

SITE = "test"
SECRET_KEY = "only for tests"  # noqa: S105
INSTALLED_APPS = list(dict.fromkeys([*PROVINCE, *NATIONAL]))
