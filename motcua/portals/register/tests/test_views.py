import logging
import os
import threading

import psycopg
import pytest
from django.db import connection, connections, transaction

from motcua.base import jose
from motcua.domain.population.models import Person, Subscriber, Usage
from motcua.portals.register.tests.conftest import NOBODY, URL

VERBS = ("vnpt", "attributes", "match", "verify", "status", "numbers", "find", "choose", "keys")


def test_an_answer_is_json_and_is_not_kept_on_the_way(ask, number):
    answer = ask(number=number)
    assert answer.status_code == 200 and answer["Content-Type"].startswith("application/json")
    assert answer.json()["attributes"]["name"] and answer["Cache-Control"] == "no-store"


def test_somebody_unknown_is_404_in_vietnamese(ask):
    answer = ask()
    assert answer.status_code == 404
    assert answer.json() == {
        "code": "unknown",
        "message": "Không tìm thấy công dân với số định danh đã cung cấp.",
    }


def test_a_spent_budget_is_429(ask, subscriber):
    Subscriber.objects.update(officer_budget=0)
    answer = ask()
    assert (answer.status_code, answer.json()["code"]) == (429, "budget_spent")


def test_no_number_reaches_an_answer_in_trouble_or_the_log(ask, number, caplog):
    caplog.set_level(logging.DEBUG)
    ask(number=number)
    Person.objects.update(number_sealed=b"\x01 not what was sealed")
    answer = ask(number=number)
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "register: call failed" in caplog.text
    for text in (caplog.text, answer.content.decode()):
        assert number not in text and "Traceback" not in answer.content.decode()


def test_a_bug_leaves_nothing_half_done(ask, number):
    Person.objects.update(number_sealed=b"\x01 not what was sealed")
    assert ask(number=number).status_code == 500
    assert not Usage.objects.exists()


def test_a_signed_and_logged_match_takes_five_statements(ask, number, django_assert_num_queries):
    ask("match", number, given={"name": "Ai Đó"})
    # who asks · hold, judge · read · log; the savepoint stands for the transaction
    with django_assert_num_queries(2 + 5):
        assert ask("match", number, given={"name": "Ai Đó"}).status_code == 200


def test_other_systems_are_answered_without_what_serves_browsers(ask, client, number):
    answer = ask("match", number, given={"name": "Ai Đó"})
    assert not answer.cookies
    assert (
        not {"Content-Security-Policy", "Content-Language", "Vary", "X-Frame-Options"} & answer.headers.keys()
    )
    assert answer["X-Content-Type-Options"] == "nosniff" and answer["X-Request-ID"]
    assert client.get(f"{URL}khong-co").status_code == 404


def test_the_keys_of_answers_are_public(client):
    (key,) = client.get(f"{URL}keys").json()["keys"]
    assert key == jose.public(jose.derived_key("only for tests: REGISTER_KEY")) and "d" not in key


def test_a_new_key_signs_while_the_old_one_is_still_known(ask, client, number, settings):
    settings.REGISTER_KEY = "only for tests: REGISTER_KEY,the next secret of thirty-two letters!"
    old, new = (key["kid"] for key in client.get(f"{URL}keys").json()["keys"])
    assert old != new and f'keyid="{new}"' in ask("status", number)["Signature-Input"]


def test_a_body_without_end_is_413(ask, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = ask(names=["name"], basis="x" * 2000)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_big")


def test_other_ways_of_asking_are_not_known(client, subscriber):
    assert client.get(f"{URL}attributes").status_code == 405
    assert client.get(f"{URL}docs").status_code == 404


def test_the_api_describes_itself_as_openapi_3_1(client, db):
    said = client.get(f"{URL}openapi.json").json()
    assert said["openapi"].startswith("3.1")
    assert set(said["paths"]) == {f"{URL}{verb}" for verb in VERBS}
    assert said["components"]["securitySchemes"] == {
        "Signed": {"type": "apiKey", "in": "header", "name": "Signature"}
    }
    for path in said["paths"].values():
        if "get" in path:
            continue
        assert set(path["post"]["responses"]) >= {"200", "400", "401", "403", "404", "409", "429", "503"}


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_held_up_is_503_in_time(ask, settings):
    settings.REGISTER_TIMEOUT_MS = 100
    held, done = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE population_usage IN ACCESS EXCLUSIVE MODE")
            held.set()
            done.wait(90)
        connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(60)
    try:
        answer = ask()
    finally:
        done.set()
        thread.join()
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "busy", "5")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "No citizen found for the given personal number."),
        ("en-US,en;q=0.9,vi;q=0.1", "No citizen found for the given personal number."),
        ("vi", "Không tìm thấy công dân với số định danh đã cung cấp."),
        ("", "Không tìm thấy công dân với số định danh đã cung cấp."),
        ("de", "Không tìm thấy công dân với số định danh đã cung cấp."),
        ("x" * 900, "Không tìm thấy công dân với số định danh đã cung cấp."),
        ("en;q=b, \u00e9", "Không tìm thấy công dân với số định danh đã cung cấp."),
    ],
)
def test_a_refusal_is_said_in_the_language_asked_for(send, language, sentence):
    question = {"number": NOBODY, "names": ["name"], "procedure": "1.004222", "basis": "Luật Cư trú"}
    answer = send("attributes", question, **{"Accept-Language": language})
    assert (answer.status_code, answer.json()) == (404, {"code": "unknown", "message": sentence})
    # What was asked for once holds for nobody else.
    assert send("attributes", question).json()["message"].startswith("Không tìm thấy")


@pytest.mark.django_db(transaction=True)
def test_a_question_after_the_database_was_restarted_is_answered(ask, number):
    for _ in range(8):  # until all statements are prepared
        assert ask("match", number, given={"name": "Ai Đó"}).status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (ours,) = cursor.fetchone()
    with psycopg.connect(os.environ["DATABASE_URL"]) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [ours])
    assert ask("match", number, given={"name": "Ai Đó"}).status_code == 200
    assert Usage.objects.count() == 9
