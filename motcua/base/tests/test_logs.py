import io
import json
import logging

import pytest
import structlog
from django.http import HttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from motcua.base import logs


@pytest.fixture
def lines():
    """Log as production does, into a text."""
    out = io.StringIO()
    settings = logs.configuration(level="INFO", plain=False)
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        logging.config.DictConfigurator(settings).configure_formatter(settings["formatters"]["lines"])
    )
    root = logging.getLogger()
    before = root.handlers[:], root.level
    root.handlers[:], root.level = [handler], logging.INFO
    structlog.contextvars.clear_contextvars()
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    root.handlers[:], root.level = before


@pytest.mark.parametrize(
    "text",
    [
        "080090000011",
        "so 080090000011.",
        "CMND 012345678,",
        "080 090 000 011",
        "080.090.000.011",
        "gọi 0912345678",
        "Key (citizen_number)=(080090000011) already exists.",
        "/dan-cu/080090000011/",
        "number=080090000011&x=1",
        "'080090000011'",
    ],
)
def test_a_personal_number_is_hidden(text):
    hidden = logs.hide(text)
    assert logs.HIDDEN in hidden
    assert not any(digits in hidden for digits in ("0800", "080 090", "080.090", "012345", "0912345"))


@pytest.mark.parametrize(
    "text",
    [
        "000.00.16.H08-261123-0001",
        "2026-11-23T17:04:05.123456",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "dossier:1234",
        "127.0.0.1:8000",
        "12345",
    ],
)
def test_what_is_no_personal_number_stays_readable(text):
    assert logs.hide(text) == text


def test_numbers_are_hidden_however_deep_they_sit():
    line = {
        "a": [{"080090000011": ("080090000011", 80090000011)}],
        "b": {"c": 123456789},
        "n": None,
        "ok": True,
    }
    assert logs.hide(line) == {
        "a": [{logs.HIDDEN: [logs.HIDDEN, 80090000011]}],
        "b": {"c": logs.HIDDEN},
        "n": None,
        "ok": True,
    }


@given(st.from_regex(r"[0-9]{12}", fullmatch=True), st.sampled_from(["", " ", "x=", "(", "«", "/", "\n"]))
def test_no_number_gets_through(number, before):
    assert number not in logs.hide(f"{before}{number}")


def test_a_line_of_any_library_comes_out_as_json_without_the_number(lines):
    logging.getLogger("some.library").warning("person %s said %s", "080090000011", {"n": "080090000011"})
    structlog.get_logger("ours").info("seen", who="080090000011", count=3)
    first, second = lines()
    assert first["event"] == f"person {logs.HIDDEN} said {{'n': '{logs.HIDDEN}'}}"
    assert first["level"] == "warning"
    assert (second["who"], second["count"], second["logger"]) == (logs.HIDDEN, 3, "ours")


def test_a_traceback_keeps_its_places_and_loses_its_numbers(lines):
    said = "duplicate\nDETAIL:  Key (name)=(Nguyễn Thị Lan, 080090000011) already exists."
    try:
        raise ValueError(said)
    except ValueError:
        logging.getLogger("x").exception("failed")
    [line] = lines()
    assert "test_logs.py" in line["exception"]
    assert "080090000011" not in line["exception"]
    assert "Lan" not in line["exception"]


def ask(status=200, route="citizen:start", **headers):
    def view(request):
        request.resolver_match = type("Match", (), {"view_name": route})() if route else None
        structlog.get_logger("inside").info("work")
        return HttpResponse(status=status)

    return logs.RequestLog(view)(RequestFactory().get("/nguoi/080090000011/", headers=headers))


@pytest.mark.django_db
def test_every_request_has_one_line_with_its_route_and_not_its_address(lines):
    answer = ask()
    inside, line = lines()
    assert inside["request"] == line["request"] == answer["X-Request-ID"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "citizen:start", 200)
    assert line["ms"] >= 0
    assert line["queries"] == 0
    assert "nguoi" not in json.dumps(line)


@pytest.mark.django_db
def test_a_proxys_request_id_is_kept_and_a_forged_one_is_not():
    assert ask(**{"X-Request-ID": "abcd-1234"})["X-Request-ID"] == "abcd-1234"
    assert ask(**{"X-Request-ID": "x\nforged line of a log"})["X-Request-ID"] != "x\nforged line of a log"


@pytest.mark.django_db
def test_statements_to_the_database_are_counted(lines):
    def view(request):
        logs.connection.cursor().execute("SELECT 1")
        request.resolver_match = type("Match", (), {"view_name": "x"})()
        return HttpResponse()

    logs.RequestLog(view)(RequestFactory().get("/"))
    assert lines()[-1]["queries"] == 1
