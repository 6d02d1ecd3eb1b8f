from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from motcua.base import events
from motcua.base.actor import Actor, Role
from motcua.base.errors import Refused
from motcua.connectors.ledger.twin import Twin, serve
from motcua.domain.witness import commands, jobs, queries
from motcua.domain.witness.models import Alarm, KeptHead
from motcua.domain.witness.rules import Fault

AT = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
AUDITOR = Actor(name="Lê Thị Kiểm", roles=frozenset({Role.AUDITOR}))


@pytest.fixture
def ledger(db, settings):
    twin = Twin()
    with serve(twin) as settings.LEDGER_URL:
        yield twin


def watch(minutes=0):
    jobs.watch(at=AT + timedelta(minutes=minutes))


def names():
    return [event.name for event in events.history("witness:usage")]


def test_heads_that_go_on_are_kept_and_seen_again(ledger):
    watch()
    assert not KeptHead.objects.exists()
    for rows in (3, 1, 9):
        ledger.grow(rows)
        watch()
        watch(5)
    assert [head.size for head in KeptHead.objects.order_by("size")] == [3, 4, 13]
    assert queries.newest().seen_at == AT + timedelta(minutes=5) and queries.newest().kept_at == AT
    assert names() == 3 * ["witness.keep"] and not Alarm.objects.exists()


def test_a_log_that_was_written_anew_raises_one_alarm_and_the_old_head_stays(ledger, caplog):
    ledger.grow(8)
    watch()
    ledger.rewrite(2)
    for minutes in (5, 10):
        watch(minutes)
    ledger.grow(3)
    watch(15)
    assert [alarm.fault for alarm in Alarm.objects.order_by("pk")] == ["forked", "forked"]
    assert [head.size for head in KeptHead.objects.all()] == [8]
    assert names() == ["witness.keep", "witness.alarm", "witness.alarm"]
    assert "alarm" in caplog.text
    alarm = Alarm.objects.earliest("pk")
    assert alarm.kept.size == alarm.size == 8 and alarm.root != alarm.kept.root and alarm.token


@pytest.mark.parametrize(("forget", "size"), [(3, 5), (8, None)])
def test_a_log_that_lost_rows_is_found_out(ledger, forget, size):
    ledger.grow(8)
    watch()
    ledger.forget(forget)
    watch(5)
    alarm = Alarm.objects.get()
    assert (alarm.fault, alarm.size) == (Fault.SHRUNK, size)


def test_a_proof_that_proves_nothing_is_a_fork(ledger):
    ledger.grow(8)
    watch()
    ledger.grow(3)
    ledger.be(wrong="path")
    watch(5)
    assert Alarm.objects.get().fault == Fault.FORKED and queries.newest().size == 8


@pytest.mark.parametrize("wrong", ["unsigned", "other_log"])
def test_what_nobody_signed_is_an_alarm(ledger, wrong):
    ledger.grow(2)
    ledger.be(wrong=wrong)
    watch()
    watch(5)
    assert Alarm.objects.get().fault == Fault.FORGED and not KeptHead.objects.exists()


@pytest.mark.parametrize("be", [{"dead": True}, {"slow": 60}, {"wrong": "html"}, {"wrong": "list"}])
def test_a_ledger_that_is_away_is_no_alarm(ledger, settings, be):
    ledger.grow(2)
    watch()
    ledger.be(**be)
    settings.LEDGER_TIMEOUT = 0.3 if "slow" in be else 30
    watch(5)
    assert not Alarm.objects.exists() and queries.newest().seen_at == AT
    ledger.be()
    settings.LEDGER_TIMEOUT = 30
    watch(10)
    assert queries.newest().seen_at > AT


def test_a_new_signing_key_is_no_alarm(ledger):
    ledger.grow(2)
    watch()
    ledger.key = Twin().key
    ledger.grow(1)
    watch(5)
    assert not Alarm.objects.exists() and queries.newest().key["kid"] == ledger.key["kid"]


def test_an_alarm_is_closed_with_what_was_found_out(ledger):
    ledger.grow(2)
    watch()
    ledger.rewrite(0)
    watch(5)
    alarm = Alarm.objects.get()
    clerk = Actor(name="", roles=frozenset({Role.CLERK}))
    assert not queries.alarms(clerk).exists() and not queries.heads(clerk).exists()
    for by, note in ((clerk, "Đã rõ."), (AUDITOR, " ")):
        with pytest.raises(Refused):
            commands.close(alarm=alarm.pk, note=note, by=by, at=AT)
    commands.close(alarm=alarm.pk, note="C06 báo: khôi phục từ bản sao lưu.", by=AUDITOR, at=AT)
    with pytest.raises(Refused):
        commands.close(alarm=alarm.pk, note="Lần nữa.", by=AUDITOR, at=AT)
    watch(10)  # an explanation alone does not make the log what it was
    assert [one.closed_at is None for one in queries.alarms(AUDITOR)].count(True) == 1


def test_heads_are_kept_anew_once_a_change_was_explained(ledger):
    ledger.grow(9)
    watch()
    ledger.forget(4)
    watch(5)
    alarm, at = Alarm.objects.get(), AT + timedelta(minutes=7)
    commands.close(alarm=alarm.pk, note="Khôi phục từ bản sao lưu.", anew=True, by=AUDITOR, at=at)
    ledger.grow(1)
    watch(10)
    watch(15)
    assert Alarm.objects.count() == 1 and queries.newest().size == 6
    ledger.rewrite(0)
    watch(20)
    assert Alarm.objects.count() == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE witness_kepthead SET root = ''",
        "DELETE FROM witness_kepthead",
        "TRUNCATE witness_kepthead CASCADE",
    ],
)
def test_a_kept_head_cannot_be_changed(ledger, statement):
    ledger.grow(2)
    watch()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE witness_kepthead ENABLE TRIGGER USER")
        cursor.execute(statement)
    assert queries.newest().size == 2
