"""What both sites share."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from motcua.base import keys, logs

ROOT = Path(__file__).resolve().parents[2]
TESTING = os.environ.get("DJANGO_SETTINGS_MODULE") == "motcua.settings.test"


def _load(file: Path) -> None:
    """Put the lines of a file into the environment; what is already there wins, tests read no file."""
    for name, value in ({} if TESTING else keys.read(file)).items():
        os.environ.setdefault(name, value)


_load(ROOT / ".env")
HOME = Path(os.environ.get("MOTCUA_HOME") or ROOT / "var").absolute()
_load(HOME / "secrets.env")

DEBUG = False
#: a demonstration says so on every page, offers its people on the log-in page and may speak plain HTTP
DEMO = os.environ.get("MOTCUA_DEMO", "") == "1"
#: public addresses of the two sites, as browsers see them
PROVINCE_URL = os.environ.get("PROVINCE_URL", "http://127.0.0.1:8000").rstrip("/")
NATIONAL_URL = os.environ.get("NATIONAL_URL", "http://127.0.0.1:8100").rstrip("/")
#: any PostgreSQL 15–18; without it `manage.py run` keeps its own server under HOME
DATABASE_URL = os.environ.get("DATABASE_URL", "")
NATIONAL_DATABASE_URL = os.environ.get("NATIONAL_DATABASE_URL", "")
#: a real province is connected to the real national systems and does not start this site
RUN_NATIONAL = os.environ.get("RUN_NATIONAL", "1") == "1"
#: where `manage.py run` listens
BIND = os.environ.get("BIND", "127.0.0.1")
PROVINCE_PORT = int(os.environ.get("PROVINCE_PORT", "8000"))
NATIONAL_PORT = int(os.environ.get("NATIONAL_PORT", "8100"))
WEB_WORKERS = int(os.environ.get("WEB_WORKERS") or min(4, os.cpu_count() or 1))
#: how many of our own proxies stand in front and write X-Forwarded-For
PROXIES = int(os.environ.get("PROXIES", "0"))
#: packages that publishing reads, with the schemas, lists and synonyms that they share
PROCEDURES = ROOT / "procedures"
#: two digits: the province whose communes a form offers first
PROVINCE_CODE = os.environ.get("PROVINCE_CODE", "80")
#: with this token /metrics answers other machines too
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")


def secret(name: str) -> str:
    """Read a secret of the environment and refuse to start without a strong one."""
    value = f"only for tests: {name}" if TESTING else os.environ.get(name, "")
    if keys.weak(value) and not TESTING:
        raise ImproperlyConfigured(
            f"Thiếu khóa bí mật {name}: chạy `make setup`, hoặc đặt một chuỗi ngẫu nhiên dài từ 32 ký tự. / "
            f"The secret {name} is missing or weak: run `make setup`, or set 32 or more random characters."
        )
    return value


def database(url: str) -> dict[str, Any]:
    """Read a database's address; no statement, lock or forgotten transaction may last for ever."""
    found: dict[str, Any] = {**dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True)}
    limits = {
        "statement_timeout": os.environ.get("STATEMENT_TIMEOUT_MS", "20000"),
        "lock_timeout": os.environ.get("LOCK_TIMEOUT_MS", "5000"),
        "idle_in_transaction_session_timeout": "60000",
    }
    options = found.setdefault("OPTIONS", {})
    ours = " ".join(f"-c {name}={value}" for name, value in limits.items())
    options["options"] = f"{options.get('options', '')} {ours}".strip()
    return found


def door(url: str, *partners: str) -> dict[str, Any]:
    """Give the settings that follow from a site's public address and those its forms may lead to."""
    https = url.startswith("https://")
    if not (https or DEMO or TESTING):
        raise ImproperlyConfigured(
            f"Địa chỉ {url} phải là https (chỉ bản trình diễn, MOTCUA_DEMO=1, mới được dùng http). / "
            f"The address {url} must be https (only a demonstration, MOTCUA_DEMO=1, may use http)."
        )
    policy: dict[str, Any] = {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        # Browsers hold the redirect after a form to this too: log-in goes to the other site.
        "form-action": [SELF, *partners],
        **({"upgrade-insecure-requests": True} if https else {}),
    }
    return {
        "ALLOWED_HOSTS": [str(urlsplit(url).hostname), *(["localhost", "127.0.0.1"] if DEMO else [])],
        "CSRF_TRUSTED_ORIGINS": [url],
        "SECURE_SSL_REDIRECT": https,
        "SECURE_HSTS_SECONDS": 31_536_000 if https else 0,
        "SESSION_COOKIE_SECURE": https,
        "CSRF_COOKIE_SECURE": https,
        "LANGUAGE_COOKIE_SECURE": https,
        "CONTENT_SECURITY_POLICY": {"DIRECTIVES": policy},
    }


def cookie(url: str, name: str) -> str:
    """Name a cookie so that over https no other host or path can set it."""
    return f"__Host-{name}" if url.startswith("https://") else name


DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",  # the default widget templates under those of base/ui/django/forms
    "django_htmx",
    "procrastinate.contrib.django",
    "motcua.base",
]

MIDDLEWARE = [
    "motcua.base.health.Probes",
    "motcua.base.logs.RequestLog",
    "motcua.base.limits.BodyLimit",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "motcua.base.limits.BrowserLimits",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "motcua.base.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "motcua.base.web.ActorMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "motcua/base/ui"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "motcua.base.context.site",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

ROOT_URLCONF = "motcua.urls"
WIRING = "motcua.wiring"
#: dotted path of a function (request) -> Actor | None
ACTOR_OF = "motcua.base.web.nobody"
LOGIN_URL = "/dang-nhap/"
LOGOUT_URL = "/dang-xuat/"
#: the name in the masthead and in every title
SITE_NAME = _("Dịch vụ công")
#: the province's public line, shown in every footer
HELP_PHONE = "1022"

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Tiếng Việt")), ("en", "English")]
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "motcua/base/ui/static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = HOME / "files"

#: json for machines, plain for a terminal
LOG_FORMAT = os.environ.get("LOG_FORMAT") or ("plain" if DEMO else "json")
LOGGING = logs.configuration(level=os.environ.get("LOG_LEVEL", "INFO"), plain=LOG_FORMAT == "plain")
LOGGING_CONFIG = "motcua.base.logs.configure"

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_COOKIE_HTTPONLY = True
#: bytes of one request with all its files, and of its fields without them
REQUEST_LIMIT = int(os.environ.get("REQUEST_LIMIT_MB", "100")) * 2**20
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000
DATA_UPLOAD_MAX_NUMBER_FILES = 30

#: where a worker finds its tasks
PROCRASTINATE_IMPORT_PATHS = ["motcua.base.events", "motcua.base.jobs"]
#: largest accepted file in bytes; a larger one is refused in words and the rest of the form is kept
UPLOAD_LIMIT = int(os.environ.get("UPLOAD_LIMIT_MB", "20")) * 1_000_000
FILE_UPLOAD_HANDLERS = ["motcua.base.files.LimitUpload"]
#: the account for transfers of fees as people read it: bank, number, holder; empty: asked at the counter
PAYMENT_ACCOUNT = os.environ.get("PAYMENT_ACCOUNT", "")
#: unix socket of clamd; without it uploads are only looked into by ourselves (base/scanning.py)
CLAMD_SOCKET = os.environ.get("CLAMD_SOCKET", "")
