"""Log-ins, tokens and pushed requests at our provider beside npm oidc-provider, in turns, by one client.

A token is what a system gets for itself (client_credentials): one call that checks an assertion and a
proof, with no person in it. Ours keeps everything in PostgreSQL, with an event log; the other keeps
everything in its memory. Neither hashes a password: our log-in is the demonstration's one click, the other
takes any.
"""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
from django.conf import settings
from lxml import html

from motcua.base import jose
from motcua.base.tests.ports import spare
from motcua.connectors.identity import RETURN
from motcua.connectors.identity.client import REGISTRATION, Provider, errand

SOURCE = Path(__file__).with_name("independent")
PLACE = settings.ROOT / "var/npm/bench"
HERE = f"{settings.PROVINCE_URL}/{RETURN}"
#: what a form is known by: one of the demonstration's people, our consent, the other's pages
LEADING = ("account", "agree", "prompt")


@contextmanager
def other(key: dict[str, str]) -> Iterator[str]:
    """Run npm oidc-provider with our client in it and give its address."""
    PLACE.mkdir(parents=True, exist_ok=True)
    for file in ("package.json", "package-lock.json"):
        shutil.copy(SOURCE / file, PLACE)
    if not (PLACE / "node_modules/oidc-provider").is_dir():
        words = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(words, cwd=PLACE, check=True)
    port = str(spare())
    command = ["node", SOURCE / "provider.mjs", port, settings.IDENTITY_CLIENT_ID, HERE, json.dumps(key)]
    environment = {**os.environ, "MODULES": str(PLACE), "NODE_ENV": "production"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    with subprocess.Popen(command, env=environment, **pipes) as process:
        try:
            assert process.stdout is not None
            while "ready" not in process.stdout.readline():
                assert process.poll() is None, "oidc-provider does not start"
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def client(issuer: str) -> Provider:
    """Give our own client of one of the two."""
    key = jose.derived_key(settings.IDENTITY_CLIENT_KEY)
    return Provider(issuer=issuer, client_id=settings.IDENTITY_CLIENT_ID, key=key, redirect_uri=HERE)


def log_in(provider: Provider) -> None:
    """Go the whole way with a fresh browser: push, log in, agree, redeem, read the claims."""
    begun = errand()
    with httpx.Client() as browser:
        code = _walk(browser, provider.authorize_url(begun))
    tokens = provider._post_token(code, begun.verifier)
    facts = provider._json(provider._proving("GET", "userinfo_endpoint", access_token=tokens["access_token"]))
    assert facts["citizen_number"] and tokens["token_type"] == "DPoP"


def _walk(browser: httpx.Client, url: str) -> str:
    while not url.startswith(HERE):
        page = browser.get(url)
        if page.status_code == 200:
            page = _submit(browser, url, page.text)
        url = urljoin(url, page.headers["Location"])
    return parse_qs(urlsplit(url).query)["code"][0]


def _submit(browser: httpx.Client, url: str, text: str) -> httpx.Response:
    """Send the form that leads on, as a willing person does; a demonstration's people come first."""
    for name in LEADING:
        for form in html.document_fromstring(text).forms:
            if buttons := form.xpath(f'.//*[@name="{name}"]'):
                fields = {**dict(form.fields), name: buttons[0].get("value", "")}
                action = urljoin(url, form.action or "")
                return browser.post(action, data={**fields, "login": "person", "password": "x"})
    raise AssertionError("a page without a way on")


def rate(work: Callable[[], object], seconds: float) -> float:
    """Do a piece of work over and over for so long; give how often a second."""
    began, count = time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        work()
        count += 1
    return count / (time.perf_counter() - began)


def rounds(*, times: int = 3, seconds: float = 4) -> Iterator[tuple[str, float, float]]:
    """Measure both providers in turns: name, ours a second, the other's a second."""
    with other(jose.public(jose.derived_key(settings.IDENTITY_CLIENT_KEY))) as address:
        ours, theirs = client(settings.NATIONAL_URL), client(address)
        for provider in (ours, theirs):
            log_in(provider)
        for _round in range(times):
            yield "login", *(rate(lambda p=p: log_in(p), seconds) for p in (ours, theirs))
            yield "token", *(rate(lambda p=p: p.machine_token(REGISTRATION), seconds) for p in (ours, theirs))
            yield "push", *(rate(lambda p=p: p.authorize_url(errand()), seconds) for p in (ours, theirs))
