"""What a provider tells a client about itself, the twin and the real one alike."""

from datetime import UTC, datetime

import pytest

from motcua.base import jose
from motcua.connectors.identity import Invalid, Unavailable
from motcua.connectors.identity.client import Provider
from motcua.connectors.identity.twin import WRONG_REGISTRATIONS, Twin

HERE = "https://client.test/tro-ve/"
#: of keys, in seconds since 1970: far away, long over
END, OVER = 4_000_000_000, 1_000_000_000


class AtTwin:
    """The twin, and what an administrator there can do."""

    def __init__(self):
        self.twin, self.key = Twin(), jose.new_key()
        self.twin.registered = {"redirect_uris": [HERE]}
        self.keys([jose.public(self.key)])
        known = {"issuer": self.twin.issuer, "client_id": self.twin.client_id, "redirect_uri": HERE}
        self.provider = Provider(**known, key=self.key, transport=self.twin.transport())

    def keys(self, keys):
        self.twin.registered["jwks"] = {"keys": keys}
        self.twin.be(wrong="" if any(jose.lasts(key, at=self.now()) for key in keys) else "stranger")

    def now(self):
        return datetime.now(UTC)


class AtReal:
    """The real provider, and the same."""

    def __init__(self, national):
        self.key, self.provider, self.keys = national.key, national.provider(), national.keys


@pytest.fixture(params=["twin", pytest.param("real", marks=pytest.mark.django_db)])
def side(request):
    return AtTwin() if request.param == "twin" else AtReal(request.getfixturevalue("national"))


def test_a_client_reads_what_is_registered_of_it(side):
    said = side.provider.registration()
    assert (said.name, said.profile) == ("Tỉnh Thử nghiệm", "fapi")
    assert HERE in said.redirect_uris
    assert (said.key, said.key_ends, said.logouts_undelivered) == (side.key["kid"], 0, 0)


def test_it_reads_when_its_key_ends_and_no_other(side):
    ours, other = jose.public(side.key), jose.public(jose.new_key())
    side.keys([{**other, "exp": END + 5}, {**ours, "exp": END}])
    assert side.provider.registration().key_ends == END


@pytest.mark.parametrize("end", [OVER, 0])
def test_a_key_that_has_ended_is_refused(side, end):
    side.keys([{**jose.public(side.key), "exp": end}])
    with pytest.raises(Invalid, match="status 40"):
        side.provider.registration()


def test_a_key_that_is_not_the_one_registered_is_refused_or_told(side):
    side.keys([jose.public(jose.new_key())])
    try:
        assert side.provider.registration().key == ""
    except Invalid as refused:
        assert "status 401" in str(refused)


@pytest.mark.parametrize("wrong", sorted(WRONG_REGISTRATIONS))
def test_an_answer_that_is_not_right_is_not_believed(wrong):
    side = AtTwin()
    side.twin.be(wrong=wrong)
    with pytest.raises(Invalid):
        side.provider.registration()
    side.twin.be()
    assert side.provider.registration()


@pytest.mark.parametrize(
    "mood", [{"dead": True}, {"slow": 60}, {"wrong": "not_json"}, {"wrong": "not_object"}]
)
def test_a_provider_that_is_away_is_unavailable(mood):
    side = AtTwin()
    side.twin.be(**mood)
    with pytest.raises(Unavailable):
        side.provider.registration()


def test_a_provider_that_tells_nobody_is_not_asked_for_a_token(monkeypatch):
    side = AtTwin()
    document = side.twin._discovery()
    del document["client_configuration_endpoint"]
    monkeypatch.setattr(side.twin, "_discovery", lambda: document)
    with pytest.raises(Unavailable, match="lacks"):
        side.provider.registration()
    assert "/token" not in side.twin.calls


@pytest.mark.parametrize(
    "changes",
    [
        {"client_name": None},
        {"redirect_uris": "x"},
        {"redirect_uris": [1]},
        {"jwks": None},
        {"logouts_undelivered": "1"},
        {"logouts_undelivered": True},
        {"logouts_undelivered": -1},
    ],
)
def test_facts_of_a_wrong_kind_are_not_believed(changes):
    side = AtTwin()
    side.twin.registered |= changes
    with pytest.raises(Invalid):
        side.provider.registration()
