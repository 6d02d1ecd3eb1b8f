"""The settings of the real sites, each loaded in a process of its own."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

import motcua.settings
from motcua.base import keys

ROOT = Path(__file__).resolve().parents[3]
SHOW = """
import json, sys
from importlib import import_module
from pathlib import Path
settings = import_module(f"motcua.settings.{sys.argv[1]}")
print(json.dumps({k: v for k, v in vars(settings).items() if k.isupper()},
    default=lambda value: str(value) if isinstance(value, Path) else ""))
"""


def load(site, **environment):
    clean = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG")}
    return subprocess.run(
        [sys.executable, "-c", SHOW, site],
        env={**clean, "DJANGO_SETTINGS_MODULE": f"motcua.settings.{site}", **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def settings(site, **environment):
    run = load(site, **environment)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@pytest.fixture
def home(tmp_path):
    keys.make(tmp_path / "secrets.env")
    return str(tmp_path)


PRODUCTION = {"PROVINCE_URL": "https://dvc.example.vn", "NATIONAL_URL": "https://id.example.vn"}


@pytest.mark.parametrize("site", ["province", "national"])
def test_production_refuses_to_start_without_secrets(site, tmp_path):
    run = load(site, MOTCUA_HOME=str(tmp_path), **PRODUCTION)
    assert run.returncode != 0
    assert "ImproperlyConfigured: Thiếu khóa bí mật" in run.stderr
    assert "is missing or weak" in run.stderr


@pytest.mark.parametrize("value", ["", "short", "change-me-change-me-change-me-change-me"])
def test_no_secret_may_be_missing_short_or_the_examples(value, monkeypatch):
    monkeypatch.setattr(motcua.settings, "TESTING", False)
    for name in keys.NAMES:
        monkeypatch.setenv(name, value)
        with pytest.raises(ImproperlyConfigured, match=name):
            motcua.settings.secret(name)


def test_production_refuses_plain_http(home):
    run = load("province", MOTCUA_HOME=home)
    assert run.returncode != 0
    assert "phải là https" in run.stderr


@pytest.mark.parametrize(("site", "host"), [("province", "dvc.example.vn"), ("national", "id.example.vn")])
def test_production_is_closed_where_a_demonstration_is_open(site, host, home):
    found = settings(site, MOTCUA_HOME=home, PROXIES="1", **PRODUCTION)
    assert found["DEBUG"] is False
    assert found["DEMO"] is False
    assert found["ALLOWED_HOSTS"] == [host]
    assert found["SESSION_COOKIE_SECURE"] and found["CSRF_COOKIE_SECURE"] and found["SECURE_SSL_REDIRECT"]
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert found["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]
    policy = found["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
    assert policy["default-src"] == ["'self'"]
    assert not any("unsafe" in str(source) for source in policy.values())
    assert found["LOG_FORMAT"] == "json"


def test_a_demonstration_works_over_http_on_this_machine(home):
    found = settings("province", MOTCUA_HOME=home, MOTCUA_DEMO="1")
    assert found["DEMO"] is True
    assert "127.0.0.1" in found["ALLOWED_HOSTS"]
    assert found["SESSION_COOKIE_SECURE"] is False
    assert "http://127.0.0.1:8100" in found["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]["form-action"]


def test_the_two_sites_share_no_cookie_no_key_and_no_database(home):
    province, national = (settings(s, MOTCUA_HOME=home, MOTCUA_DEMO="1") for s in ("province", "national"))
    for name in ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SECRET_KEY", "FIELD_KEYS", "STATIC_ROOT"):
        assert province[name] != national[name], name
    assert province["DATABASES"]["default"]["NAME"] == "motcua_province"
    assert national["DATABASES"]["default"]["NAME"] == "motcua_national"


def test_one_database_address_serves_both_sites(home):
    given = {"MOTCUA_HOME": home, "MOTCUA_DEMO": "1", "DATABASE_URL": "postgresql://u:p@db.example:5433/mc"}
    assert settings("province", **given)["DATABASES"]["default"]["NAME"] == "mc"
    national = settings("national", **given)["DATABASES"]["default"]
    assert (national["NAME"], national["HOST"], national["PORT"]) == ("mc_national", "db.example", 5433)


def test_the_register_is_spoken_to_on_a_wire_that_there_is(home):
    assert settings("province", MOTCUA_HOME=home, **PRODUCTION)["POPULATION_WIRE"] == "v1"
    old = settings("province", MOTCUA_HOME=home, POPULATION_WIRE="vnpt", **PRODUCTION)
    assert old["POPULATION_WIRE"] == "vnpt"
    run = load("province", MOTCUA_HOME=home, POPULATION_WIRE="fax", **PRODUCTION)
    assert run.returncode != 0 and "POPULATION_WIRE phải là v1 hoặc vnpt" in run.stderr


def test_no_statement_lock_or_transaction_lasts_for_ever(home):
    database = settings("province", MOTCUA_HOME=home, MOTCUA_DEMO="1", LOCK_TIMEOUT_MS="77")["DATABASES"]
    options = database["default"]["OPTIONS"]["options"]
    assert re.fullmatch(
        r"-c statement_timeout=\d+ -c lock_timeout=77 -c idle_in_transaction_session_timeout=\d+", options
    )


def test_the_example_names_every_variable_that_the_settings_read_and_no_other():
    text = "".join(path.read_text() for path in (ROOT / "motcua/settings").glob("*.py"))
    read = set(re.findall(r'environ(?:\.get\(|\[)"(\w+)"', text)) | set(keys.NAMES)
    read.discard("DJANGO_SETTINGS_MODULE")
    example = set(re.findall(r"^#? ?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert example == read


def test_only_settings_read_the_environment():
    outside = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "motcua").rglob("*.py")
        if "settings" not in path.parts
        and "tests" not in path.parts
        and re.search(r"os\.environ(\.get\(|\[)|getenv", path.read_text())
    ]
    # prometheus_client itself reads the variable that names the folder its processes share.
    assert outside == ["motcua/base/metrics.py"]


def test_settings_files_stay_short():
    for path in (ROOT / "motcua/settings").glob("*.py"):
        assert len(path.read_text().splitlines()) < 200, path.name
