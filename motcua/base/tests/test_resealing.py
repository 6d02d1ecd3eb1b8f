import io
import threading

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, connections, models, transaction
from django.utils.module_loading import import_string

from motcua.base import events, resealing, secrets

OLD, NEW = "an old master key of thirty-two letters", "a new master key of thirty-two letters!"
#: bytes that are neither sealed nor keyed
PLAIN = {
    "accounts_passkey.credential_id",
    "accounts_passkey.public_key",
    "population_tile.hashes",
    "population_candidate.handle",
}


def reseal(**options):
    call_command("reseal", stdout=(said := io.StringIO()), **options)
    return said.getvalue()


def people():
    return import_string("motcua.domain.population.models.Person").objects.order_by("pk")


def found(number):
    return import_string("motcua.domain.population.queries.by_number")(number)


@pytest.fixture
def crowd(settings, enrol):
    """Five people under the old key; the new one is there."""
    settings.FIELD_KEYS = [OLD]
    numbers = [f"08019000{n:04d}" for n in range(5)]
    for number in numbers:
        enrol(number)
    settings.FIELD_KEYS = [OLD, NEW]
    return numbers


def versions(name="number_sealed"):
    return [bytes(getattr(row, name))[0] for row in people()]


def test_every_column_of_bytes_is_listed_or_plain():
    listed = {str(column) for column in resealing.columns()}
    listed |= {f"{c.model._meta.db_table}.{c.index}" for c in resealing.columns() if c.index}
    there = {
        f"{model._meta.db_table}.{field.column}"
        for model in apps.get_models()
        if model.__module__.startswith("motcua.")
        for field in model._meta.local_fields
        if isinstance(field, models.BinaryField)
    }
    assert there - PLAIN == listed


def test_everything_is_sealed_and_hashed_anew(crowd):
    said = reseal(batch=2)
    assert "population_person.number_sealed: 5" in said and "Xong" in said
    assert versions() == versions("number_index") == [2] * 5
    assert [row.number for row in people()] == crowd
    assert all(found(number) for number in crowd)
    event = events.history("secrets:population_person.number_sealed")[-1]
    assert event.name == "secrets.reseal" and event.data == {"rows": 5, "key": 2}
    assert "number_sealed" not in reseal()


def test_it_may_stop_half_way_and_everybody_is_found(crowd):
    work = resealing.reseal(resealing.columns()[0], size=2)
    assert next(work) == 2
    work.close()
    assert sorted(versions()) == [1, 1, 1, 2, 2]
    assert all(found(number).number == number for number in crowd)
    reseal(batch=2)
    assert versions() == [2] * 5


def test_an_interrupt_is_said_and_loses_nothing(crowd, monkeypatch):
    def stop(_seconds):
        raise KeyboardInterrupt

    monkeypatch.setattr("time.sleep", stop)
    with pytest.raises(CommandError, match="chạy lại"):
        reseal(batch=2)
    assert sorted(versions()) == [1, 1, 1, 2, 2]


def test_somebody_who_came_meanwhile_is_left_alone(crowd, enrol):
    enrol("080190009999")
    newcomer = bytes(people().last().number_sealed)
    reseal()
    assert bytes(people().last().number_sealed) == newcomer


def test_a_missing_key_is_said_and_nothing_changed(crowd, settings):
    settings.FIELD_KEYS = ["another key altogether, thirty-two lett", NEW]
    with pytest.raises(CommandError, match="FIELD_KEYS"):
        reseal()
    settings.FIELD_KEYS = [OLD, NEW]
    assert versions() == [1] * 5


def test_hashes_that_stay_are_counted(crowd, settings, holder):
    settings.FIELD_KEYS = [OLD]
    who = holder("080190000017")
    codes = apps.get_model("accounts", "BackupCode")
    codes.objects.create(account=who.account, hash=secrets.blind("x", place="p"), made_at="2026-01-01T00:00Z")
    settings.FIELD_KEYS = [OLD, NEW]
    assert "accounts_backupcode.hash: 1 ở lại với khóa 1" in reseal()


def test_a_factor_still_opens(crowd, settings, holder):
    settings.FIELD_KEYS = [OLD]
    who = holder("080190000017")
    settings.FIELD_KEYS = [OLD, NEW]
    reseal()
    factor = apps.get_model("accounts", "Factor").objects.get(account=who.account)
    assert bytes(factor.secret)[0] == 2
    assert import_string("motcua.domain.accounts.queries.secret_of")(factor) == who.app


@pytest.mark.django_db(transaction=True)
def test_rows_that_somebody_holds_wait(crowd):
    begun, done = threading.Event(), threading.Event()

    def hold():
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM population_person ORDER BY id LIMIT 1 FOR UPDATE")
                begun.set()
                done.wait(90)
        finally:
            connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    assert begun.wait(60)
    try:
        with pytest.raises(CommandError, match="1 dòng đang bị giữ"):
            reseal()
    finally:
        done.set()
        thread.join()
    assert sorted(versions()) == [1, 2, 2, 2, 2]
    reseal()
    assert versions() == [2] * 5
