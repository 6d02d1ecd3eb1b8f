"""What tests of many rooms share: logging in, running jobs, the identity provider in this process."""

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.db.models import Q
from django.test import Client as Browser
from django.test.utils import override_settings
from django.urls import include, path
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from motcua.base import jose, secrets
from motcua.base.actor import SYSTEM, Actor
from motcua.base.language import language
from motcua.connectors.identity.client import Provider
from motcua.connectors.identity.twin import Twin
from motcua.domain.accounts.commands import accounts, clients, connecting, keys
from motcua.domain.accounts.models import Account, Client
from motcua.domain.accounts.rules import accounts as account_rules
from motcua.domain.accounts.rules.requests import CLAIMS_OF_SCOPE
from motcua.domain.agencies.models import Officer
from motcua.domain.people.models import Person as Citizen
from motcua.domain.population.models import NUMBER, Person
from motcua.portals.entrance import session

PASSWORD = "bảy con vịt vàng bơi"
#: where the provider sends people back to the province
BACK = "http://127.0.0.1/dang-nhap/tro-ve/"


# ------------------------------------------------------------------ the province


@pytest.fixture
def log_in(settings: Any) -> Callable[..., Browser]:
    """Log a browser in as an officer, a person of people, or an Actor that names one of them by key.

    The session is the one that coming back from the provider leaves; an officer's roles are then read
    from the appointments of today, so they must be there.
    """

    def enter(browser: Browser, who: Actor | Officer | Citizen, *, level: int = 2) -> Browser:
        person = who.pk if isinstance(who, Citizen) else getattr(who, "person", None)
        officer = who.pk if isinstance(who, Officer) else getattr(who, "officer", None)
        store = browser.session
        session.enter(
            store,
            name=who.name,
            level=getattr(who, "assurance", 0) or level,
            person=person,
            officer=officer,
            acting="citizen" if officer is None else "officer",
            at=timezone.now(),
        )
        store.save()
        browser.cookies[settings.SESSION_COOKIE_NAME] = store.session_key or ""
        return browser

    return enter


@pytest.fixture
def work(db: None) -> Callable[[], int]:
    """Run every queued job, and those they queue, here and now; give how many ran."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")  # tests that commit leave theirs behind

    def run() -> int:
        done = 0
        due = Q(scheduled_at=None) | Q(scheduled_at__lte=timezone.now())
        while job := ProcrastinateJob.objects.filter(due, status="todo").order_by("id").first():
            app.tasks[job.task_name].func(**job.args)
            with connection.cursor() as cursor:
                cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [job.pk])
                cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [job.pk])
            done += 1
        return done

    return run


@pytest.fixture
def jobs(work: Callable[[], int]) -> Callable[[], int]:
    """Another name of `work`."""
    return work


@pytest.fixture
def twin(settings: Any) -> Twin:
    """Put the provider's twin where the province looks for the provider."""
    twin = Twin(issuer=settings.IDENTITY_ISSUER, client_id=settings.IDENTITY_CLIENT_ID)
    settings.IDENTITY_TRANSPORT = twin.transport()
    return twin


# ------------------------------------------------------------------ the national site


@pytest.fixture
def enrol(db: None) -> Callable[..., Person]:
    """Put one made-up person into the population register."""

    def make(number: str = "080190000017", name: str = "Trần Thị Hồng Nhung", **words: Any) -> Person:
        words.setdefault("born_on", "1990-05-19")
        words.setdefault("gender", "female")
        words.setdefault("marital_status", "single")
        words.setdefault("ethnicity", "Kinh")
        words.setdefault("nationality", "Việt Nam")
        person = Person.objects.create(
            number_sealed=b"",
            number_index=secrets.blind(number, place=NUMBER),
            given_name=name.rsplit(maxsplit=1)[-1],
            name=name,
            name_folded=name.lower(),
            name_key=name.lower(),
            **words,
        )
        person.number_sealed = secrets.seal(number, place=f"{NUMBER}:{person.pk}")
        person.save()
        return person

    return make


@dataclass
class Holder:
    """Somebody with an account, a password and an authenticator app."""

    account: Account
    number: str
    password: str = PASSWORD
    app: bytes = b""

    def code(self, at: datetime | None = None) -> str:
        """Give the code that the app shows."""
        return account_rules.code(self.app, account_rules.step_at(at or timezone.now()))


@pytest.fixture
def holder(enrol: Callable[..., Person]) -> Callable[..., Holder]:
    """Open an account; without `app` it has only the password."""

    def make(number: str = "080190000017", *, app: bool = True, **words: Any) -> Holder:
        at = datetime(2026, 7, 1, 1, tzinfo=UTC)
        person = enrol(number, **words)
        account = accounts.open_account(person=person, level=2, phone="0900000017", by=SYSTEM, at=at)
        account = accounts.set_password(account=account, password=PASSWORD, by=SYSTEM, at=at)
        text = accounts.add_code_factor(account=account, by=SYSTEM, at=at) if app else ""
        return Holder(account, number, app=base64.b32decode(text))

    return make


class _Site(WSGIHandler):
    """The site as a server runs it, except that it leaves the connection of the test open."""

    def __call__(self, environ: Any, start_response: Any) -> Any:
        signals = (request_started, request_finished)
        for signal in signals:
            signal.disconnect(close_old_connections)
        try:
            response = super().__call__(environ, start_response)
            body = b"".join(response)
            response.close()
        finally:
            for signal in signals:
                signal.connect(close_old_connections)
        return [body]


@pytest.fixture
def near(db: None) -> httpx.BaseTransport:
    """Let an httpx client reach the site of this process."""
    return httpx.WSGITransport(app=_Site())


@dataclass
class National:
    """The national site in this process, an ordinary and a strict client of one key, and a browser."""

    key: dict[str, Any]
    issuer: str
    client_id: str
    redirect_uri: str
    strict_id: str = "test-agency"
    browser: Browser = field(default_factory=Browser)

    def transport(self) -> httpx.BaseTransport:
        """Let an httpx client reach the site."""
        return httpx.WSGITransport(app=_Site())

    def provider(self, **words: Any) -> Provider:
        """Give our own client of it, the strict one."""
        known = {"issuer": self.issuer, "client_id": self.strict_id, "redirect_uri": self.redirect_uri}
        return Provider(**{**known, "key": self.key, "transport": self.transport(), **words})

    def log_in(self, who: Holder, url: str) -> dict[str, str]:
        """Do what a willing person does in the browser; give what the client is told."""
        while not url.startswith(self.redirect_uri):
            page = self.browser.get(url)
            if page.status_code == 200:
                page = self.browser.post(url, self.answers(who))
            assert page.status_code in (302, 303), page.content.decode()
            url = page["Location"]
        return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}

    def answers(self, who: Holder) -> dict[str, str]:
        """Fill in whichever page comes."""
        return {"number": who.number, "password": who.password, "code": who.code(), "agree": "1"}

    def keys(self, keys: list[dict[str, Any]]) -> None:
        """Let an administrator take other keys of the strict client."""
        found = Client.objects.get(code=self.strict_id)
        connecting.replace_keys(client=found, keys=keys, by=SYSTEM, at=timezone.now())


class _Addresses:
    """The addresses of the national site alone."""

    urlpatterns = [
        path("ngon-ngu/", language, name="language"),
        path("", include("motcua.portals.identity.urls")),
        path("ban-dinh-danh/", include("motcua.portals.desk.urls")),
        path("", include("motcua.portals.mydata.urls")),
    ]


class _NationalSite:
    """The national site while the province's settings hold in the rest of the process."""

    def __init__(self) -> None:
        self.words = {
            "ROOT_URLCONF": _Addresses,
            "ACTOR_OF": "motcua.portals.identity.session.actor_of",
            "LOGIN_URL": "/dinh-danh/dang-nhap/",
        }
        with override_settings(**self.words):
            self.site = _Site()

    def __call__(self, environ: Any, start_response: Any) -> Any:
        with override_settings(**self.words):
            return self.site(environ, start_response)


@dataclass
class Both:
    """Province and national site in this process, and one person's browser at each."""

    there: httpx.Client
    here: Browser = field(default_factory=Browser)

    def follow(self, response: Any, who: Holder, **answers: str) -> Any:
        """Go where the province sends one, do there what is asked, and come back; give the answer there."""
        url = response["Location"]
        while not url.startswith(BACK):
            page = self.there.get(url)
            while page.status_code == 200:
                page = self.there.post(str(page.url), data=self.answers(page, who) | answers)
            assert page.status_code in (302, 303), page.text
            url = str(page.next_request.url) if page.next_request else ""
        return self.here.get(url)

    def answers(self, page: httpx.Response, who: Holder) -> dict[str, str]:
        """Fill in whichever page comes."""
        token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
        said = {"number": who.number, "password": who.password, "agree": "1"}
        return {**said, "code": who.code(), "csrfmiddlewaretoken": token[0] if token else ""}


@pytest.fixture
def both(db: None, settings: Any) -> Iterator[Both]:
    """Give both sites, the province a client of the national one."""
    site, at = _NationalSite(), timezone.now()
    settings.IDENTITY_TRANSPORT = httpx.WSGITransport(app=site)
    settings.PROVINCE_URL = BACK.removesuffix("/dang-nhap/tro-ve/")
    clients.register_client(
        code=settings.IDENTITY_CLIENT_ID,
        name="Tỉnh Thử nghiệm",
        purpose="Để biết bạn là ai khi nộp hồ sơ.",
        redirect_uris=[BACK],
        scopes=list(CLAIMS_OF_SCOPE),
        keys=[jose.public(jose.derived_key(settings.IDENTITY_CLIENT_KEY))],
        by=SYSTEM,
        at=at,
    )
    keys.ensure_keys(by=SYSTEM, at=at)
    with httpx.Client(transport=httpx.WSGITransport(app=site), base_url=settings.NATIONAL_URL) as there:
        yield Both(there)


@pytest.fixture
def national(db: None, settings: Any) -> Iterator[National]:
    """Give the national site as it stands alone, with a client registered there."""
    settings.ROOT_URLCONF = _Addresses
    settings.ACTOR_OF = "motcua.portals.identity.session.actor_of"
    settings.LOGIN_URL = "/dinh-danh/dang-nhap/"
    settings.CONFIRM_URL = "/dinh-danh/ma-xac-thuc/"
    settings.ACCOUNT_MENU, settings.DESK_MENU = "identity/account.html", "desk/portals.html"
    at, key = timezone.now(), jose.new_key()
    for code, profile in (("test-client", Client.Profile.PLAIN), ("test-agency", Client.Profile.FAPI)):
        clients.register_client(
            code=code,
            name="Tỉnh Thử nghiệm",
            purpose="Để biết bạn là ai khi nộp hồ sơ.",
            profile=profile,
            redirect_uris=["https://client.test/tro-ve/", "https://client.test/khac/"],
            logout_uris=["https://client.test/xong/"],
            scopes=list(CLAIMS_OF_SCOPE),
            machine_scopes=["registration"] if profile == Client.Profile.FAPI else [],
            keys=[jose.public(key)],
            by=SYSTEM,
            at=at,
        )
    keys.ensure_keys(by=SYSTEM, at=at)
    yield National(key, settings.NATIONAL_URL, "test-client", "https://client.test/tro-ve/")
