"""What both sites share."""

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from motcua import settings as ground
from motcua.base import logs

ROOT: Path = ground.ROOT
HOME: Path = ground.HOME
DEMO: bool = ground.DEMO
DEBUG = False
#: where `manage.py run` listens
BIND = os.environ.get("BIND", "127.0.0.1")
PROVINCE_PORT = int(os.environ.get("PROVINCE_PORT", "8000"))
NATIONAL_PORT = int(os.environ.get("NATIONAL_PORT", "8100"))
#: public addresses of the two sites, as browsers see them
PROVINCE_URL = os.environ.get("PROVINCE_URL", f"http://127.0.0.1:{PROVINCE_PORT}").rstrip("/")
NATIONAL_URL = os.environ.get("NATIONAL_URL", f"http://127.0.0.1:{NATIONAL_PORT}").rstrip("/")
#: any PostgreSQL 15–18; without it `manage.py run` keeps its own server under HOME
DATABASE_URL = os.environ.get("DATABASE_URL", "")
NATIONAL_DATABASE_URL = os.environ.get("NATIONAL_DATABASE_URL", "")
#: the gateway for text messages, the word it knows us by, seconds of patience; a demonstration has its own
SMS_PORT = int(os.environ.get("SMS_PORT") or NATIONAL_PORT + 100)
SMS_TWIN = DEMO and not os.environ.get("SMS_URL")
SMS_URL = f"http://127.0.0.1:{SMS_PORT}" if SMS_TWIN else os.environ.get("SMS_URL", "").rstrip("/")
SMS_TOKEN = os.environ.get("SMS_TOKEN", "")
SMS_TIMEOUT = float(os.environ.get("SMS_TIMEOUT", "5"))
#: the platform for paying online; without one fees are paid at the counter and by transfer
PAYMENT_PORT = int(os.environ.get("PAYMENT_PORT") or NATIONAL_PORT + 200)
PAYMENT_TWIN = DEMO and not os.environ.get("PAYMENT_URL")
PAYMENT_URL = (
    f"http://127.0.0.1:{PAYMENT_PORT}" if PAYMENT_TWIN else os.environ.get("PAYMENT_URL", "").rstrip("/")
)
PAYMENT_TIMEOUT = float(os.environ.get("PAYMENT_TIMEOUT", "5"))
#: a real province is connected to the real national systems and does not start this site
RUN_NATIONAL = os.environ.get("RUN_NATIONAL", "1") == "1"
#: processes of the province site
WEB_WORKERS = int(os.environ.get("WEB_WORKERS") or min(4, os.cpu_count() or 1))
#: how many of our own proxies stand in front and write X-Forwarded-For
PROXIES = int(os.environ.get("PROXIES", "0"))
#: packages that publishing reads, with the schemas, lists and synonyms that they share
PROCEDURES = ROOT / "procedures"
#: how many made-up dossiers `manage.py demo` fills the province up to
DEMO_DOSSIERS = int(os.environ.get("DOSSIERS", "300"))
#: two digits: the province whose communes a form offers first
PROVINCE_CODE = os.environ.get("PROVINCE_CODE", "80")
#: with this token /metrics answers other machines too
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")


DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",  # the default widget templates under those of base/ui/django/forms
    "django_htmx",
    "procrastinate.contrib.django",
    "motcua.base",
    "motcua.domain.privacy",
    "motcua.portals.mydata",
]

MIDDLEWARE = [
    "motcua.base.health.Probes",
    "motcua.base.logs.RequestLog",
    "motcua.base.limits.BodyLimit",
    "motcua.base.limits.AddressLimit",
    "motcua.base.compressing.Compressing",
    "django.middleware.security.SecurityMiddleware",
    "motcua.base.machines.Machines",
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

#: beginnings of the addresses that only other systems ask, each request proving whose it is
MACHINES: tuple[str, ...] = ()
ROOT_URLCONF = "motcua.urls"
WIRING = "motcua.wiring"
#: dotted path of a function (request) -> Actor | None
ACTOR_OF = "motcua.base.web.nobody"
LOGIN_URL = "/dang-nhap/"
LOGOUT_URL = "/dang-xuat/"
#: where somebody logged in proves again, or better, who they are
CONFIRM_URL = "/dang-nhap/"
#: templates of the two menus at the top: of one's own, and of the desks
ACCOUNT_MENU, DESK_MENU = "components/account.html", "components/portals.html"
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
#: a terminal is for what needs somebody, not for every request
LOG_LEVEL = os.environ.get("LOG_LEVEL") or ("WARNING" if LOG_FORMAT == "plain" else "INFO")
LOGGING = logs.configuration(level=LOG_LEVEL, plain=LOG_FORMAT == "plain")
LOGGING_CONFIG = "motcua.base.logs.configure"

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
# What the other names of a domain must do is for whoever owns the domain.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
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
#: unix socket of clamd; without it uploads are only looked into by ourselves (base/scanning.py)
CLAMD_SOCKET = os.environ.get("CLAMD_SOCKET", "")
