import threading
from itertools import pairwise

import pytest
from django.db import IntegrityError, connection, connections, transaction

from motcua.base import events, jose, merkle
from motcua.base.actor import SYSTEM
from motcua.domain.population import jobs, queries
from motcua.domain.population.commands import answering, sealing
from motcua.domain.population.models import LedgerKey, TreeHead
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
        assert claims == {"log": sealing.LOG, "size": size, "root": head.root, "iat": int(AT.timestamp())}
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
