"""The twin and the province take the same word, and the messenger says what became of it."""

from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from motcua.connectors.logout import Denied, Unavailable
from motcua.connectors.logout.client import Messenger
from motcua.connectors.logout.twin import Twin, serve

WORDS = {"sub": "twin-subject"}


@dataclass
class Side:
    """A connected system, and a provider whose word it should take."""

    provider: Any
    address: str
    messenger: Messenger = field(default_factory=Messenger)

    def tell(self, token):
        self.messenger.tell(self.address, token)


@pytest.fixture(params=["twin", pytest.param("province", marks=pytest.mark.django_db)])
def side(request, twin):
    if request.param == "twin":
        system = Twin(lambda: twin.published, twin.issuer, twin.client_id)
        with serve(system) as address:
            yield Side(twin, address)
        return
    http = httpx.Client(transport=request.getfixturevalue("near"))
    yield Side(twin, "http://testserver/dang-xuat/tu-xa/", Messenger(http))


def test_a_right_word_is_taken(side):
    side.tell(side.provider.word_of_leaving())


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://other.invalid"},
        {"aud": "other"},
        {"nonce": "n"},
        {"events": {}},
        {"exp": 1},
        {"typ": "JWT"},
    ],
)
def test_a_wrong_word_is_refused(side, changes):
    with pytest.raises(Denied):
        side.tell(side.provider.word_of_leaving(**changes))


def test_a_word_is_taken_once(side):
    word = side.provider.word_of_leaving()
    side.tell(word)
    with pytest.raises(Denied):
        side.tell(word)


@pytest.mark.parametrize("status", [301, 401, 404, 429, 500, 503])
def test_whatever_else_is_said_means_again_later(status):
    http = httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(status)))
    with pytest.raises(Unavailable):
        Messenger(http).tell("https://client.test/", "x")


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/", "https://[", ""])
def test_nobody_there_means_again_later(address):
    with pytest.raises(Unavailable):
        Messenger().tell(address, "x")


def test_a_slow_system_is_not_waited_for(twin):
    system = Twin(lambda: twin.published, twin.issuer, twin.client_id)
    system.be(slow=60)
    with serve(system) as address, pytest.raises(Unavailable, match="Timeout"):
        Messenger(httpx.Client(timeout=0.2)).tell(address, "x")
