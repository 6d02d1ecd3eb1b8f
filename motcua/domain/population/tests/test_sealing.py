import threading
from itertools import pairwise

import pytest
from django.db import IntegrityError, connection, connections, transaction

from motcua.base import events, jose, merkle
from motcua.base.actor import SYSTEM
from motcua.domain.population import jobs, proving, queries
from motcua.domain.population.commands import answering, sealing
from motcua.domain.population.models import LedgerKey, Tile, TreeHead, Usage
from motcua.domain.population.queries import log
from motcua.domain.population.tests.conftest import AT, OFFICER, purpose

NOBODY = "080090999999"


def look(subscriber, times=1):
    for _time in range(times):
        answering.status(subscriber=subscriber, purpose=purpose(), number=NOBODY, by=OFFICER, at=AT)


def sign():
    return sealing.sign_head(by=SYSTEM, at=AT)


def root(size):
    rows = list(queries.leaves(last=10**9))[:size]
    return merkle.root_of([merkle.leaf(row) for row in rows]).hex()


def test_a_head_is_signed_over_all_rows_and_only_when_there_are_new_ones(subscriber):
    assert sign() is None
    for times, size in ((1, 1), (4, 5), (3, 8)):
        look(subscriber, times)
        head = sign()
        assert head.size == size and head.root == root(size)
        claims = jose.opened(head.token, [head.key.public])
        assert claims == {"log": proving.LOG, "size": size, "root": head.root, "iat": int(AT.timestamp())}
        assert sign() is None
    assert [event.name for event in events.history("ledger:usage")] == ["ledger.replace_key"] + 3 * [
        "ledger.sign"
    ]


def test_consecutive_heads_are_consistent(subscriber):
    for times in (3, 1, 6):
        look(subscriber, times)
        sign()
    leaves = [merkle.leaf(row) for row in queries.leaves(last=10**9)]
    heads = list(queries.heads())
    for before, after in pairwise(heads):
        path = merkle.consistency(leaves[: after.size], before.size)
        roots = bytes.fromhex(before.root), bytes.fromhex(after.root)
        assert merkle.consistent(before.size, after.size, path, *roots)


def test_many_rows_are_signed_by_parts(subscriber, monkeypatch):
    monkeypatch.setattr(sealing, "MOST", 3)
    look(subscriber, 8)
    jobs.sign_heads(at=AT)
    assert [head.size for head in queries.heads()] == [3, 6, 8]
    assert queries.last_head().root == root(8)


def test_a_leaf_holds_no_number(subscriber):
    look(subscriber)
    assert NOBODY.encode() not in next(queries.leaves(last=10**9))


def test_the_private_key_lies_sealed_and_a_new_one_takes_over(subscriber):
    look(subscriber)
    first = sign().key
    assert "d" not in first.public
    sealing.replace_key(by=SYSTEM, at=AT)
    look(subscriber)
    second = sign().key
    assert second != first and LedgerKey.objects.count() == 2
    for head in queries.heads():
        assert jose.opened(head.token, [head.key.public])["root"] == head.root


def proofs_hold(size):
    """Hold every proof out of the tiles against the plain tree over the rows."""
    leaves = [merkle.leaf(row) for row in queries.leaves(last=10**9)][:size]
    top = merkle.root_of(leaves)
    assert proving.root(queries.hashes, size) == top
    for number in range(size):
        assert proving.inclusion(queries.hashes, number, size) == merkle.inclusion(leaves, number)
        assert proving.consistency(queries.hashes, number + 1, size) == merkle.consistency(leaves, number + 1)


def test_proofs_out_of_the_tiles_are_those_of_the_tree(subscriber, monkeypatch):
    monkeypatch.setattr(sealing, "MOST", 5)
    narrow(monkeypatch)
    for times in (1, 3, 9, 7, 2):
        look(subscriber, times)
        jobs.sign_heads(at=AT)
    assert queries.tiled() == 22
    for head in queries.heads():
        proofs_hold(head.size)
    assert Tile.objects.filter(level=2).exists()


def test_a_row_knows_its_place(subscriber, monkeypatch):
    narrow(monkeypatch)
    look(subscriber, 4)
    jobs.sign_heads(at=AT)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('population_usage', 'id'))"
        )  # a row that failed
    look(subscriber, 5)
    rows = list(Usage.objects.order_by("pk"))
    assert [queries.position(row) for row in rows] == [0, 1, 2, 3] + 5 * [None]
    jobs.sign_heads(at=AT)
    assert [queries.position(row) for row in rows] == list(range(9))


def test_rows_signed_before_tiles_were_kept_get_theirs_by_parts(subscriber, monkeypatch):
    narrow(monkeypatch)
    with monkeypatch.context() as before:
        before.setattr(sealing, "_lay", lambda *_: None)
        look(subscriber, 11)
        sign()
    assert queries.tiled() == 0 and not queries.newest_heads(most=9)
    look(subscriber, 2)
    sign()  # a new head leaves the older rows to their turn
    assert queries.tiled() == 0
    monkeypatch.setattr(sealing, "MOST", 4)
    look(subscriber, 3)
    jobs.sign_heads(at=AT)
    assert queries.tiled() == 16
    proofs_hold(16)


def test_a_proof_reads_a_few_tiles_of_a_long_log():
    asked = []

    def read(level, place):
        asked.append((level, place))
        return [bytes(32)] * 256

    proving.inclusion(read, 123_456_789, 10**9)
    proving.consistency(read, 123_456_789, 10**9)
    assert len(asked) <= 16


def narrow(monkeypatch):
    """Make tiles of four hashes, so that a few rows build a tree of several levels."""
    for module in (proving, log, sealing):
        monkeypatch.setattr(module, "WIDTH", 4)
    monkeypatch.setattr(proving, "_LEVELS", 2)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE population_tile SET hashes = overlay(hashes PLACING 'x'::bytea FROM 1)",
        "UPDATE population_tile SET hashes = substring(hashes FROM 1 FOR 32)",
        "UPDATE population_tile SET first = first + 1",
        "DELETE FROM population_tile",
        "TRUNCATE population_tile",
        "TRUNCATE population_usage CASCADE",
        "TRUNCATE population_treehead",
        "TRUNCATE base_event",
    ],
)
def test_nothing_of_the_log_can_be_taken_away(subscriber, statement):
    look(subscriber, 2)
    sign()
    table = statement.split()[2 if statement.startswith("DELETE") else 1]
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        # the tests' own sweeping has it switched off (conftest.py)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute(statement)
    assert queries.tiled() == 2


@pytest.mark.parametrize(
    "statement", ["UPDATE population_treehead SET size = 9", "DELETE FROM population_treehead"]
)
def test_a_head_cannot_be_changed(subscriber, statement):
    look(subscriber)
    sign()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert TreeHead.objects.get().size == 1


@pytest.mark.django_db(transaction=True)
def test_rows_written_while_heads_are_signed_come_into_the_tree_in_order(subscriber):
    def call():
        try:
            look(subscriber, 12)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=call) for _ in range(2)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        sign()
    for thread in threads:
        thread.join()
    jobs.sign_heads(at=AT)
    assert queries.last_head().size == 24
    for head in queries.heads():
        assert head.root == root(head.size)
