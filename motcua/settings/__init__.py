"""The only place that reads the environment: what base, province, national and test are made with."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from motcua.base import keys

ROOT = Path(__file__).resolve().parents[2]
TESTING = os.environ.get("DJANGO_SETTINGS_MODULE") == "motcua.settings.test"


def _load(file: Path) -> None:
    """Put the lines of a file into the environment; what is already there wins, tests read no file."""
    for name, value in ({} if TESTING else keys.read(file)).items():
        os.environ.setdefault(name, value)


_load(ROOT / ".env")
HOME = Path(os.environ.get("MOTCUA_HOME") or ROOT / "var").absolute()
_load(HOME / "secrets.env")
#: a demonstration says so on every page, offers its people on the log-in page and may speak plain HTTP
DEMO = not TESTING and os.environ.get("MOTCUA_DEMO", "") == "1"


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
    # Only for cursors that bind on the server (population/gate.py): Django's own never prepare.
    options["prepare_threshold"] = 5
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
