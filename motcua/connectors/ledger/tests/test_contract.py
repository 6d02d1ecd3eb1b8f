"""The twin and the real ledger hold to one contract."""

import base64
import hashlib
import json
import uuid
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from django.apps import apps
from django.test.client import ClientHandler
from django.utils import timezone
from django.utils.module_loading import import_string

from motcua.base import jose, merkle
from motcua.connectors.ledger import Forged, Unavailable
from motcua.connectors.ledger.client import Ledger
from motcua.connectors.ledger.twin import Twin, serve


@dataclass
class Side:
    """A ledger, and a way of letting it grow."""

    app: Any
    grow: Any
    url: str = "http://testserver/dan-cu/so-khai-thac/v1"

    def client(self, timeout=30.0):
        return Ledger(self.url, timeout, httpx.Client(transport=httpx.WSGITransport(app=self.app)))


def site(asked, start):
    """Serve the real site in this process, inside the test's transaction."""
    answer = ClientHandler()(asked)
    start(f"{answer.status_code} {answer.reason_phrase}", list(answer.items()))
    return [answer.content]


@pytest.fixture(params=["twin", pytest.param("real", marks=pytest.mark.django_db)])
def side(request):
    if request.param == "twin":
        twin = Twin()
        return Side(twin, twin.grow)
    usage, subscribers = (apps.get_model("population", name) for name in ("Usage", "Subscriber"))
    subscriber = subscribers.objects.create(code="x", name="x", keys=[])

    def grow(rows):
        for _number in range(rows):
            usage.objects.create(
                at=timezone.now(),
                subscriber=subscriber,
                request=str(uuid.uuid4()),
                verb="status",
                fields=[],
                result="unknown",
                person_index=hashlib.sha256(b"").digest()[:17],
                number=usage.objects.count() + 1,
                hash="",
            )
        import_string("motcua.domain.population.jobs.sign_heads")(at=timezone.now())

    return Side(site, grow)


def test_a_ledger_without_rows_has_no_head(side):
    assert side.client().newest() is None


def test_heads_are_signed_and_each_goes_on_from_the_one_before(side):
    heads = []
    for rows in (1, 4, 2):
        side.grow(rows)
        heads.append(side.client().newest())
    assert [head.size for head in heads] == [1, 5, 7]
    for head in heads:
        assert jose.opened(head.token, [head.key])["root"] == head.root
    for before in heads:
        for after in heads:
            if before.size <= after.size:
                path = side.client().consistency(before.size, after.size)
                roots = bytes.fromhex(before.root), bytes.fromhex(after.root)
                assert merkle.consistent(before.size, after.size, path, *roots)


@pytest.mark.parametrize(("first", "second"), [(0, 3), (2, 1), (1, 4), (4, 4)])
def test_a_tree_that_is_not_there_has_no_proof(side, first, second):
    side.grow(3)
    with pytest.raises(Unavailable):
        side.client().consistency(first, second)


@pytest.fixture
def twin():
    twin = Twin()
    twin.grow(6)
    return twin


def ask(twin, **words):
    return Side(twin, twin.grow).client(**words)


@pytest.mark.parametrize("wrong", ["html", "list"])
def test_nonsense_is_no_ledger(twin, wrong):
    twin.be(wrong=wrong)
    with pytest.raises(Unavailable):
        ask(twin).newest()
    with pytest.raises(Unavailable):
        ask(twin).consistency(1, 2)


@pytest.mark.parametrize("wrong", ["unsigned", "other_log"])
def test_what_nobody_signed_for_this_log_is_forged(twin, wrong):
    twin.be(wrong=wrong)
    with pytest.raises(Forged):
        ask(twin).newest()


def test_a_token_with_other_contents_is_forged(twin):
    said = twin._head(6)
    head, body, signature = said["sth"].split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    for changes in ({"size": 7}, {"root": "00" * 32}):
        other = jose.base64url(json.dumps({**claims, **changes}).encode())
        twin._head = lambda size, token=f"{head}.{other}.{signature}": {**said, "sth": token}
        with pytest.raises(Forged):
            ask(twin).newest()


def test_a_dead_or_slow_ledger_is_away(twin):
    twin.be(dead=True)
    with pytest.raises(Unavailable):
        ask(twin).newest()
    twin.be(slow=60)
    with serve(twin) as url, pytest.raises(Unavailable):
        Ledger(url, 0.2, httpx.Client(timeout=0.2, trust_env=False)).newest()
    with pytest.raises(Unavailable):
        Ledger("http://127.0.0.1:9", 0.2, httpx.Client(timeout=0.2, trust_env=False)).newest()
