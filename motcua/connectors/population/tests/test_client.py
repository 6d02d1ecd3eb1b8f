"""The client through a real socket, with the twin misbehaving."""

import socket
import threading
import time
from dataclasses import asdict

import pytest

from motcua.connectors.population import Denied, Purpose, Unavailable, client
from motcua.connectors.population.people import ELDER, FATHER, MOTHER, NOBODY
from motcua.connectors.population.twin import Twin, serve

PURPOSE = Purpose(
    agency="H80.12", officer="officer:7", procedure="9.000001", dossier="H80.12-20261123-0001", basis="Luật"
)


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


def test_a_slow_register_is_given_up_in_time(twin, settings):
    settings.POPULATION_TIMEOUT = 0.2
    twin.be(slow=30)
    began = time.monotonic()
    with pytest.raises(Unavailable, match="timeout"):
        client.attributes(FATHER, ["name"], purpose=PURPOSE)
    assert time.monotonic() - began < 2


def test_a_slow_answer_is_not_asked_for_twice(twin, settings):
    settings.POPULATION_TIMEOUT = 0.2
    twin.be(slow=30)
    with pytest.raises(Unavailable):
        client.attributes(FATHER, ["name"], purpose=PURPOSE)
    twin.be()
    twin.patience.end()
    while not twin.calls:
        time.sleep(0.01)
    settings.POPULATION_TIMEOUT = 5
    client.attributes(MOTHER, ["name"], purpose=PURPOSE)
    assert len(twin.calls) == 2


def test_a_register_that_hangs_up_is_unavailable(twin):
    twin.be(dead=True)
    with pytest.raises(Unavailable):
        client.attributes(FATHER, ["name"], purpose=PURPOSE)


def test_a_register_that_comes_back_answers_again(twin):
    twin.be(dead=True)
    with pytest.raises(Unavailable):
        client.status(FATHER, purpose=PURPOSE)
    twin.be()
    assert client.status(FATHER, purpose=PURPOSE) == "alive"


def test_nonsense_is_not_taken_for_an_answer(twin):
    twin.be(wrong=True)
    for ask in (
        lambda: client.attributes(FATHER, ["name"], purpose=PURPOSE),
        lambda: client.match(FATHER, {"name": "x"}, purpose=PURPOSE),
        lambda: client.status(FATHER, purpose=PURPOSE),
    ):
        with pytest.raises(Unavailable):
            ask()


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
        assert time.monotonic() - began < 2
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
