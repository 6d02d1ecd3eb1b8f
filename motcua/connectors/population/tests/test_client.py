"""The client through a real socket, with the twin misbehaving."""

import socket
import threading
import time
from dataclasses import asdict

import pytest

from motcua.base import jose
from motcua.connectors.population import Denied, Purpose, Sought, Unavailable, Unsaid, client
from motcua.connectors.population.people import ELDER, FATHER, MOTHER, NOBODY
from motcua.connectors.population.twin import Twin, serve

PURPOSE = Purpose(
    agency="H80.12", officer="officer:7", procedure="9.000001", dossier="H80.12-20261123-0001", basis="Luật"
)
#: what the old wire asks for beside the number
KNOWN = Sought(name="Nguyễn Minh Khôi", born_on="1992-05-04")


def ask():
    return client.attributes(FATHER, ["name"], known=KNOWN, purpose=PURPOSE).name


@pytest.fixture(params=client.WIRES)
def wire(request, settings):
    settings.POPULATION_WIRE = request.param


@pytest.fixture
def twin(settings):
    twin = Twin()
    with serve(twin) as url:
        settings.POPULATION_URL = url
        yield twin


def test_a_record_arrives(twin):
    record = client.attributes(FATHER, ["name", "spouse", "born_on"], purpose=PURPOSE)
    assert (record.name, record.born_on, record.spouse["number"]) == (
        "Nguyễn Minh Khôi",
        "1992-05-04",
        MOTHER,
    )
    assert record.phone == ""


def test_a_record_can_be_kept_as_json(twin):
    kept = asdict(client.attributes(ELDER, ["born_on", "household"], purpose=PURPOSE))
    assert kept["born_on"] == "1948" and kept["household"]["relation"] == "other"


def test_the_register_is_told_who_asks_and_why(twin):
    client.attributes(FATHER, ["name"], purpose=PURPOSE)
    call = twin.calls[-1]
    assert (call.agency, call.officer, call.procedure, call.dossier, call.names) == (
        "H80.12",
        "officer:7",
        "9.000001",
        "H80.12-20261123-0001",
        ("name",),
    )


def test_an_attribute_that_does_not_exist_is_not_asked_for(twin):
    client.attributes(FATHER, ["name", "number", "shoe_size", "name"], purpose=PURPOSE)
    assert twin.calls[-1].names == ("name",)


def test_match_and_status_arrive(twin):
    assert client.status(NOBODY, purpose=PURPOSE) == "unknown"
    assert client.match(FATHER, {"gender": "male"}, purpose=PURPOSE).match


def test_somebody_added_is_found(twin):
    twin.add("080200000099", name="Lê Văn Mới", born_on="2000-01-01")
    assert client.attributes("080200000099", ["name"], purpose=PURPOSE).name == "Lê Văn Mới"


def test_a_slow_register_is_given_up_in_time(twin, wire, settings):
    settings.POPULATION_TIMEOUT = 0.2
    twin.be(slow=90)
    began = time.monotonic()
    with pytest.raises(Unavailable, match="timeout"):
        ask()
    assert time.monotonic() - began < 60


def test_a_slow_answer_is_not_asked_for_twice(twin, wire, settings):
    settings.POPULATION_TIMEOUT = 0.2
    twin.be(slow=0.4)
    with pytest.raises(Unavailable):
        ask()
    twin.be()
    settings.POPULATION_TIMEOUT = 30
    ask()
    until = time.monotonic() + 60
    while len(twin.calls) < 2 and time.monotonic() < until:  # the slow one is still on its way
        time.sleep(0.02)
    assert len(twin.calls) == 2


def test_a_register_that_hangs_up_is_unavailable_until_it_comes_back(twin, wire):
    twin.be(dead=True)
    with pytest.raises(Unavailable):
        ask()
    twin.be()
    assert ask() == KNOWN.name


def test_a_page_for_people_is_not_taken_for_an_answer(twin, wire):
    twin.be(wrong=True)
    with pytest.raises(Unavailable):
        ask()
    for question in (
        lambda: client.match(FATHER, {"name": "x", "born_on": "1992"}, purpose=PURPOSE),
        lambda: client.status(FATHER, purpose=PURPOSE),
    ):
        with pytest.raises((Unavailable, Unsaid)):
            question()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ("half", "broken_off"),
        ("huge", "too_slow_or_long"),
        ("malformed", "wrong_shape"),
        ("forged", "answer_credential"),
        ("swapped", "answer_credential"),
        ("clock", "answer_clock"),
    ],
)
def test_a_wrong_answer_is_no_answer_and_the_next_one_is_taken(twin, wire, wrong, code):
    twin.be(wrong=wrong)
    with pytest.raises(Unavailable, match=code):
        ask()
    twin.be()
    assert ask() == KNOWN.name


def test_a_key_that_has_expired_is_refused_in_words(twin, wire, settings):
    twin.key = jose.derived_key(settings.POPULATION_KEY) | {"exp": 1}
    with pytest.raises(Denied, match="key_expired") as denied:
        ask()
    assert denied.value.message.endswith(".")


@pytest.mark.parametrize("value", [5, ["x"], {"a": 1}])
def test_a_value_of_the_wrong_kind_is_nonsense(twin, value):
    twin.add(FATHER, name=value)
    with pytest.raises(Unavailable, match="wrong_shape"):
        client.attributes(FATHER, ["name"], purpose=PURPOSE)


def test_an_answer_that_drips_is_given_up_in_time(settings):
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.POPULATION_URL = f"http://127.0.0.1:{server.getsockname()[1]}/dan-cu/v1"
        settings.POPULATION_TIMEOUT = 0.3

        stop = threading.Event()
        thread = threading.Thread(target=drip, args=(server, stop))
        thread.start()
        began = time.monotonic()
        with pytest.raises(Unavailable, match="too_slow"):
            client.status(FATHER, purpose=PURPOSE)
        assert time.monotonic() - began < 60
        stop.set()
        thread.join()


def drip(server, stop):
    """Send an answer byte by byte, never ending."""
    line, _ = server.accept()
    with line:
        line.recv(65536)
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{")
        while not stop.wait(0.02):
            try:
                line.sendall(b" ")
            except OSError:
                return


def test_nobody_listening_is_unavailable(settings):
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.POPULATION_URL = f"http://127.0.0.1:{server.getsockname()[1]}/dan-cu/v1"
    with pytest.raises(Unavailable, match="unreachable"):
        client.attributes(FATHER, ["name"], purpose=PURPOSE)


def test_a_failure_never_shows_the_number(twin):
    for number, purpose in ((NOBODY, PURPOSE), (FATHER, Purpose(**{**asdict(PURPOSE), "dossier": ""}))):
        with pytest.raises((Denied, LookupError, Exception)) as failure:
            client.attributes(number, ["name"], purpose=purpose)
        assert number not in repr(failure.value) + str(failure.value.__cause__)
