"""The twin keeps to the wire, and the client to what it promises."""

import httpx
import pytest

from motcua.base.twins import serve
from motcua.connectors.sms import Denied, Text, Unavailable, client
from motcua.connectors.sms.client import Gateway
from motcua.connectors.sms.twin import Twin

KEY = "0123456789abcdef"
HELLO = Text(KEY, "0900000017", "Xin chào")


@pytest.fixture
def twin():
    return Twin(token="t")


def gateway(url, token="t", timeout=30.0):
    return Gateway(url, token, httpx.Client(timeout=timeout, trust_env=False))


@pytest.fixture
def url(twin):
    with serve(twin) as url:
        yield url


def test_a_text_arrives_once_however_often_it_is_sent(twin, url):
    first, again = (gateway(url).send(HELLO) for _ in range(2))
    assert (first.repeated, again.repeated) == (False, True) and first.id == again.id
    assert [(one.to, one.text) for one in twin.outbox] == [("0900000017", "Xin chào")]


def test_a_key_cannot_be_used_for_another_text(twin, url):
    gateway(url).send(HELLO)
    with pytest.raises(Denied, match="409"):
        gateway(url).send(Text(KEY, "0900000017", "Khác"))
    assert len(twin.outbox) == 1


@pytest.mark.parametrize(
    "text",
    [
        Text(KEY, "người nào", "Xin chào"),
        Text(KEY, "0900000017", ""),
        Text(KEY, "0900000017", "a" * 501),
        Text("ngan".replace("g", "x"), "0900000017", "Xin chào"),
    ],
)
def test_a_text_that_cannot_be_sent_is_refused_for_good(twin, url, text):
    with pytest.raises(Denied):
        gateway(url).send(text)
    assert not twin.outbox


def test_a_stranger_is_refused(twin, url):
    with pytest.raises(Denied, match="401"):
        gateway(url, token="x").send(HELLO)


@pytest.mark.parametrize("fault", [{"dead": True}, {"wrong": True}, {"slow": 60}])
def test_a_gateway_that_fails_is_tried_again_later(twin, url, fault):
    twin.be(**fault)
    with pytest.raises(Unavailable) as failure:
        gateway(url, timeout=0.3).send(HELLO)
    assert "0900000017" not in repr(failure.value) and failure.value.__cause__ is None
    twin.be()
    assert gateway(url).send(HELLO).id


def test_nobody_listening_is_a_gateway_that_is_away():
    with pytest.raises(Unavailable):
        gateway("http://127.0.0.1:9").send(HELLO)


def test_a_gateway_that_stutters_rings_twice(twin, url):
    twin.be(double=True)
    gateway(url).send(HELLO)
    assert len(twin.outbox) == 2


def test_nonsense_on_the_wire_is_refused_by_the_twin(url):
    heads = {"Authorization": "Bearer t", "Idempotency-Key": KEY}
    for body in (b"", b"{", b"[1]", b'{"to": 1, "text": 2}', b"x" * 20_000):
        answer = httpx.post(f"{url}/messages", content=body, headers=heads, trust_env=False)
        assert answer.status_code in (400, 413)


def test_the_outbox_can_be_read_by_people_and_programs(twin, url):
    gateway(url).send(Text(KEY, "0900000017", "<b>Mã</b> 123"))
    assert "&lt;b&gt;Mã&lt;/b&gt; 123" in httpx.get(f"{url}/", trust_env=False).text
    assert httpx.get(f"{url}/outbox", trust_env=False).json()[0]["text"] == "<b>Mã</b> 123"


def test_without_a_gateway_nothing_is_sent(settings):
    settings.SMS_URL = ""
    with pytest.raises(Denied):
        client.send(HELLO)
