"""The national site: nobody's number where it does not belong, and an answer in words to whatever is sent."""

import io
import json
import re
import string
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import include, path
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from motcua.base import jose
from motcua.base.actor import SYSTEM, Actor, Role
from motcua.base.language import language
from motcua.base.models import Event
from motcua.domain.accounts.commands import duties
from motcua.domain.population import jobs, queries
from motcua.domain.population.commands import answering, complaining, subscribing
from motcua.domain.population.models import Usage
from motcua.domain.population.rules import Purpose
from motcua.urls import NATIONAL

pytestmark = pytest.mark.django_db
NUMBER, OLD, RELATIVE, OFFICIAL, PHONE = (
    "080190000017",
    "301234567",
    "080060000011",
    "080190000900",
    "0900000017",
)
SECRETS = (NUMBER, OLD, RELATIVE, OFFICIAL, PHONE)
LINK = re.compile(r'(?:href|action|src|hx-[a-z]+)="([^"]*)"')
#: leads out of the site or ends the log-in
_AWAY = ("http", "tel:", "mailto:", "#", "/static/", "/dinh-danh/dang-xuat")


class Site:
    """The addresses of the national site alone, with one that crashes."""

    @staticmethod
    def crash(request: Any, said: str) -> None:
        raise ZeroDivisionError(f"{said} {request.GET} {request.POST}")

    urlpatterns = [
        path("ngon-ngu/", language, name="language"),
        path("vo/<str:said>/", crash),
        *(path(address, include(f"motcua.portals.{portal}.urls")) for address, portal in NATIONAL),
    ]
    handler500 = "motcua.base.web.failed"


@pytest.fixture
def site(national: Any, settings: Any) -> None:
    """Serve the whole national site."""
    settings.ROOT_URLCONF = Site
    settings.ALLOWED_HOSTS = ["testserver"]


@pytest.fixture
def looked(site: None, holder: Any, enrol: Any) -> Any:
    """Let somebody be looked at and complain; give the account."""
    father = enrol(RELATIVE, name="Trần Văn Cha")
    who = holder(NUMBER, father=father, father_name="Trần Văn Cha", phone=PHONE)
    at = timezone.now() - timedelta(hours=1)
    subscriber = subscribing.subscribe(
        code="VN/GOV/80/motcua", name="Tỉnh", keys=[jose.derived_key("k")], grants=[], by=SYSTEM, at=at
    )
    for dossier in ("HS-1", f"HS {NUMBER}"):
        purpose = Purpose(
            request=str(uuid4()),
            agency="H80",
            procedure="9.1",
            dossier=dossier,
            basis="Luật",
            officer_name=f"Hoa {OFFICIAL}",
        )
        by = Actor(name="officer:7")
        answering.status(subscriber=subscriber, purpose=purpose, number=NUMBER, by=by, at=at)
    jobs.sign_heads(at=at)
    me = Actor(name="", roles=frozenset({Role.CITIZEN}), person=who.account.person.pk)
    row = queries.looks(me, at=timezone.now()).first()
    assert row is not None
    complaining.complain(usage=row.pk, text="Lạ quá.", by=me, at=timezone.now())
    return who


def enter(browser: Client, who: Any) -> Client:
    browser.post("/dinh-danh/dang-nhap/", {"number": who.number, "password": who.password})
    browser.post("/dinh-danh/ma-xac-thuc/", {"code": who.code()})
    return browser


@pytest.fixture
def browsers(looked: Any, holder: Any) -> dict[str, Client]:
    """Open the browsers of a citizen and of officials, and that of a stranger."""
    found = {"stranger": Client(), "citizen": enter(Client(), looked)}
    for place, role in enumerate((Role.ADMINISTRATOR, Role.AUDITOR)):
        official = holder(str(int(OFFICIAL) + place).zfill(12), name=f"Cán bộ {role}")
        duty = duties.assign(
            account=official.account,
            role=role,
            place_code="",
            in_force_from=timezone.localdate(),
            by=SYSTEM,
            at=timezone.now(),
        )
        found[role] = enter(Client(), official)
        found[role].post("/dinh-danh/lam-viec/", {"duty": duty.pk})
    return found


def silent(what: str, text: str, *, but: tuple[str, ...] = ()) -> None:
    for secret in SECRETS:
        place = text.find(secret)
        assert secret in but or place < 0, f"{what}: …{text[max(0, place - 200) : place + 30]}…"


def spider(browser: Client, most: int = 120) -> tuple[set[str], int]:
    """Follow every link from the first pages; give all addresses met, and how many pages were read."""
    met: set[str] = set()
    todo = ["/", "/ban-dinh-danh/", "/bao-ve-du-lieu/", "/du-lieu-cua-toi/", "/dan-cu/so-khai-thac/"]
    read: set[str] = set()
    while todo and len(read) < most:
        here = todo.pop(0)
        if here in read:
            continue
        read.add(here)
        answer = browser.get(here)
        assert answer.status_code < 500, here
        links = [answer.headers.get("Location", "")]
        if "text/html" in answer.headers.get("Content-Type", "") and not answer.streaming:
            links += LINK.findall(answer.content.decode())
        met |= set(links)
        todo += [link for link in links if link.startswith("/") and not link.startswith(_AWAY)]
    return met, len(read)


def test_no_address_of_any_page_carries_a_number(browsers: dict[str, Client], logged: io.StringIO) -> None:
    pages = 0
    for who, browser in browsers.items():
        met, count = spider(browser)
        silent(f"addresses of {who}", "\n".join(met))
        pages += count
    assert pages > 40
    assert logged.getvalue().count('"route"') > 40
    silent("logs", logged.getvalue())
    silent("metrics", Client().get("/metrics").content.decode())
    silent("events", json.dumps([[e.subject, e.note, e.data] for e in Event.objects.all()]))
    rows = [[row.dossier, row.officer_name, row.agency] for row in Usage.objects.all()]
    silent("the usage log", json.dumps(rows))


def wrong(browser: Client) -> Iterator[Any]:
    """Send requests that go wrong, each with a number where it does not belong."""
    heads = {
        "X-Road-UserId": NUMBER,
        "X-Road-Issue": NUMBER,
        "X-Road-Client": NUMBER,
        "Referer": f"/{NUMBER}",
    }
    body = json.dumps({"number": NUMBER, "names": ["name"], "procedure": OLD})
    post = {"content_type": "application/json", "headers": heads}
    yield browser.get(f"/{NUMBER}/", headers=heads)
    yield browser.get(f"/dinh-danh/ai-da-xem/{NUMBER}/")
    yield browser.get(f"/du-lieu-cua-toi/yeu-cau/{NUMBER}/")
    yield browser.get(f"/dinh-danh/ai-da-xem/?truoc={NUMBER}")
    yield browser.get(f"/dan-cu/so-khai-thac/?tu={NUMBER}&den={OLD}")
    yield browser.get(f"/dan-cu/so-khai-thac/v1/get-proof?leaf_index={OLD}&tree_size={NUMBER}")
    yield browser.get(f"/oidc/authorize?client_id={NUMBER}&redirect_uri=https://x.test/{NUMBER}")
    for verb in ("attributes", "match", "status", "find", NUMBER):
        yield browser.post(f"/dan-cu/v1/{verb}", body, **post)
        yield browser.post(f"/dan-cu/v1/{verb}", body[:-3], **post)
    for end in ("token", "par", "introspect", "revoke"):
        yield browser.post(f"/oidc/{end}", {"grant_type": NUMBER, "code": NUMBER, "client_id": NUMBER})
    yield browser.get("/oidc/userinfo", headers={"Authorization": f"Bearer {NUMBER}"})
    yield browser.post("/dinh-danh/lam-viec/", {"duty": NUMBER})
    yield Client(enforce_csrf_checks=True).post("/dinh-danh/dang-nhap/", {"number": NUMBER})
    browser.raise_request_exception = False
    yield browser.post(f"/vo/loi/?q={OLD}&so={NUMBER}", {"number": NUMBER, "phone": PHONE})


def test_what_goes_wrong_tells_nobodys_number(browsers: dict[str, Client], logged: io.StringIO) -> None:
    crashed = 0
    for who in ("stranger", "citizen", Role.ADMINISTRATOR):
        for answer in wrong(browsers[who]):
            text = answer.content.decode()
            path_info = answer.request["PATH_INFO"]
            crashed += answer.status_code == 500
            assert (answer.status_code >= 500) == path_info.startswith("/vo/"), path_info
            assert "Traceback" not in text and "ZeroDivisionError" not in text
            if "so-khai-thac" not in path_info:
                silent(f"answer of {path_info}", text)
    assert crashed == 3 and "ZeroDivisionError" in logged.getvalue()
    silent("logs", logged.getvalue())
    silent("metrics", Client().get("/metrics").content.decode())


# ------------------------------------------------------------------ fuzz

ADDRESSES = [
    *(f"/dan-cu/v1/{verb}" for verb in ("attributes", "match", "status", "find", "choose", "keys", "")),
    *(
        f"/dan-cu/so-khai-thac/{what}"
        for what in ("", "v1/get-sth", "v1/get-sth-consistency", "v1/get-proof")
    ),
    *(
        f"/oidc/{end}"
        for end in ("authorize", "par", "token", "introspect", "revoke", "userinfo", "logout", "jwks")
    ),
    *(
        f"/dinh-danh/{page}/"
        for page in ("dang-nhap", "ma-xac-thuc", "dang-nhap/phep-thu", "dang-nhap/khoa-truy-cap", "lam-viec")
    ),
    "/ngon-ngu/",
    "/du-lieu-cua-toi/",
]
FORM = "application/x-www-form-urlencoded"
PRINTED = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=200)
NAMES = ("client_id", "request_uri", "redirect_uri", "grant_type", "code", "refresh_token", "token", "scope")
NAMES += ("state", "nonce", "prompt", "client_assertion", "client_assertion_type", "code_verifier")
NAMES += ("first", "second", "leaf_index", "tree_size", "tu", "den", "number", "password", "next", "language")
VALUES = st.sampled_from(
    [NUMBER, "", "0", "-1", "9" * 40, "test-client", "test-agency", "%00", "\0", "a" * 5000]
)
VALUES |= st.text(max_size=40) | PRINTED
QUERY = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6)
SEGMENT = st.sampled_from(
    [
        jose.base64url(part.encode())
        for part in (
            '{"alg":"none"}',
            '{"alg":"HS256"}',
            '{"alg":"ES256","kid":null}',
            '{"alg":"ES256","kid":7,"crit":["x"]}',
            "[]",
            "null",
            '{"iss":"test-client","sub":"test-client","aud":"x","exp":1e400,"iat":"x","jti":[]}',
            '{"exp":99999999999999999999,"nbf":{},"htu":7}',
            "{" * 300,
        )
    ]
)
SEGMENT |= st.text(string.ascii_letters + string.digits + "-_=+/. ", max_size=40)
TOKEN = st.builds(".".join, st.lists(SEGMENT, min_size=1, max_size=5))
SCHEME = st.sampled_from(["Bearer ", "DPoP ", "Basic ", "bearer", "", "Bearer\t"])
HEADS = st.fixed_dictionaries(
    {},
    optional={
        "Authorization": st.builds(lambda scheme, token: scheme + token, SCHEME, TOKEN),
        "DPoP": TOKEN,
        "Signature": PRINTED,
        "Signature-Input": PRINTED | st.just('sig=("@method" "@target-uri");created=1;keyid="x"'),
        "Content-Digest": PRINTED,
        "Content-Type": st.sampled_from(
            [
                "application/json",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "x/y",
            ]
        ),
        "X-Road-Client": st.just("VN/GOV/80/motcua") | PRINTED,
        "X-Road-Id": st.just(str(uuid4())) | PRINTED,
        "X-Road-Represented-Party": PRINTED,
        "X-Road-UserId": PRINTED,
        "X-Road-Issue": PRINTED,
        "X-Request-ID": PRINTED,
        "Accept-Language": PRINTED,
        "Cookie": PRINTED,
        "Host": st.sampled_from(["testserver", "x", ""]),
        "X-Forwarded-For": PRINTED,
    },
)
LEAF = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=20)
JSON = st.recursive(
    LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)
BODY = st.binary(max_size=80) | JSON.map(lambda value: json.dumps(value).encode())
BODY |= st.sampled_from([b"[" * 3000, b'{"number": ' + b"9" * 5000 + b"}", b"\xff\xfe", b'"\\ud800"'])
METHODS = ("GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE")


SENT = st.fixed_dictionaries(
    {
        "address": st.sampled_from(ADDRESSES),
        "method": st.sampled_from(METHODS),
        "query": QUERY,
        "heads": HEADS,
        "body": BODY | QUERY,
    }
)


@given(sent=SENT)
@examples(max_examples=300)
def test_nothing_that_is_sent_breaks_the_site(site: None, sent: dict[str, Any]) -> None:
    body, heads = sent["body"], sent["heads"]
    kind = heads.get("Content-Type", "application/octet-stream")
    if isinstance(body, dict):
        body, kind = _written(body).encode("latin-1"), FORM
    answer = Client().generic(
        sent["method"],
        sent["address"],
        body,
        content_type=kind,
        headers=heads,
        query_params=None,
        QUERY_STRING=_written(sent["query"]),
    )
    text = answer.content.decode()
    assert answer.status_code < 500, (answer.status_code, text[-500:])
    assert "Traceback" not in text and 'File "' not in text and "psycopg" not in text
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")  # the transaction is still good


def _written(words: dict[str, str]) -> str:
    """Write a query as a careless client does: as raw bytes, nothing escaped."""
    said = "&".join(f"{name}={value}" for name, value in words.items())
    return said.encode(errors="replace").decode("latin-1")


@pytest.mark.parametrize("verb", ["attributes", "match", "status"])
def test_a_bad_credential_learns_nothing_of_a_number(looked: Any, verb: str) -> None:
    """The answers about somebody and about nobody are the same to the byte."""

    def ask(number: str, change: Callable[[dict[str, Any]], None]) -> tuple[int, bytes]:
        question: dict[str, Any] = {"number": number, "procedure": "9.1", "basis": "Luật"}
        question |= {"attributes": {"names": ["name"]}, "match": {"given": {"name": "A"}}}.get(verb, {})
        change(question)
        heads = {"Authorization": "Bearer a.b.c", "X-Road-Client": "VN/GOV/80/motcua", "X-Road-Id": "x"}
        answer = Client().post(
            f"/dan-cu/v1/{verb}", json.dumps(question), content_type="application/json", headers=heads
        )
        return answer.status_code, answer.content

    for change in (lambda q: None, lambda q: q.pop("basis"), lambda q: q.update(more=1)):
        assert ask(NUMBER, change) == ask("080190999999", change)
