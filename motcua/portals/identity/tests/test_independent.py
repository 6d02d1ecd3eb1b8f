"""A client library that others wrote and that is certified goes the whole way of a strict client."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings as site

from motcua.base import jose

SCRIPT = Path(__file__).with_name("independent") / "client.mjs"
MODULES = site.ROOT / "var/npm/independent"
SCOPE = "openid profile citizen_number offline_access"


@pytest.fixture
def node():
    """Find Node.js and the library that .ci/tools puts beside it."""
    program = shutil.which("node")
    if program and (MODULES / "node_modules/openid-client").is_dir():
        return program
    words = "there is no Node.js or no openid-client: run .ci/tools"
    return pytest.fail(words) if os.environ.get("CI") == "true" else pytest.skip(words)


def came_back(national, who, url):
    """Do what a willing person does; give the whole address that the browser is sent back to."""
    while not url.startswith(national.redirect_uri):
        page = national.browser.get(url)
        if page.status_code == 200:
            page = national.browser.post(url, national.answers(who))
        url = page["Location"]
    return url


@pytest.mark.django_db(transaction=True)
def test_an_independent_client_goes_the_whole_way(node, live_server, national, holder, settings):
    settings.NATIONAL_URL = national.issuer = live_server.url
    who = holder()
    known = {"issuer": national.issuer, "client_id": national.strict_id, "key": national.key}
    known |= {"redirect_uri": national.redirect_uri, "scope": SCOPE}
    with subprocess.Popen(
        [node, SCRIPT],
        env={**os.environ, "MODULES": str(MODULES)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as client:
        print(json.dumps(known), file=client.stdin, flush=True)
        url = client.stdout.readline().strip()
        assert url.startswith(f"{live_server.url}/oidc/authorize?"), url
        print(came_back(national, who, url), file=client.stdin, flush=True)
        said = json.loads(client.stdout.readline())
    assert (said["type"], said["claims"]["acr"]) == ("dpop", "urn:vn:loa:2")
    assert said["person"]["citizen_number"] == who.number
    assert said["again"] == said["person"]
    assert said["looked"]["active"] and said["looked"]["client_id"] == national.strict_id
    assert said["gone"] == {"active": False}
    # what it may not do, and how the library understood the refusal
    assert said["plain"] == "invalid_request"  # no key named
    assert (said["borne"], said["dead"], said["closed"]) == (
        "invalid_token",
        "invalid_grant",
        "invalid_token",
    )
    # the system asking for itself, and what it is refused
    assert said["registered"]["client_id"] == national.strict_id
    assert (said["strange"], said["nobody"]) == ("invalid_scope", "invalid_token")
    hint = jose.unverified(said["end"].partition("id_token_hint=")[2].partition("&")[0])
    assert hint["sid"] == said["claims"]["sid"]


def test_the_library_is_pinned_by_hash_and_by_no_address():
    lock = json.loads((SCRIPT.parent / "package-lock.json").read_text())
    packages = {name: one for name, one in lock["packages"].items() if name}
    assert "node_modules/openid-client" in packages
    assert all(one["integrity"].startswith("sha512-") for one in packages.values())
    assert not any("resolved" in one for one in packages.values())
