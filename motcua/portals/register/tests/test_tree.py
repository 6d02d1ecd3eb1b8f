import pytest

from motcua.base import jose, merkle
from motcua.base.actor import SYSTEM
from motcua.domain.population import jobs, queries
from motcua.domain.population.commands import sealing
from motcua.portals.register.tests.test_ledger import AT, look

TREE = "/dan-cu/so-khai-thac/"


@pytest.fixture
def log(db):
    """Sign nine rows under two heads."""
    for size in (5, 4):
        for _time in range(size):
            look()
        jobs.sign_heads(at=AT)


def get(client, what, **words):
    response = client.get(f"{TREE}v1/{what}", words)
    return response.status_code, response.json()


def proven(said):
    return [bytes.fromhex(step) for step in said]


def test_heads_carry_the_key_they_are_signed_with(client, log):
    status, newest = get(client, "get-sth")
    assert status == 200 and newest["tree_size"] == 9
    for size in (5, 9):
        said = get(client, "get-sth", tree_size=size)[1]
        claims = jose.opened(said["sth"], [said["key"]])
        assert (claims["size"], claims["root"], claims["log"]) == (size, said["root_hash"], said["log"])
        assert "d" not in said["key"]
    assert get(client, "get-sth", tree_size=7)[0] == 404


def test_any_two_sizes_are_proved_consistent(client, log):
    roots = {
        s: merkle.root_of([merkle.leaf(r) for r in queries.leaves(last=10**9)][:s]) for s in range(1, 10)
    }
    for first in range(1, 10):
        for second in range(first, 10):
            said = get(client, "get-sth-consistency", first=first, second=second)[1]
            path = proven(said["consistency"])
            assert merkle.consistent(first, second, path, roots[first], roots[second])


def test_any_place_is_proved_included(client, log):
    leaves = [merkle.leaf(row) for row in queries.leaves(last=10**9)]
    for place, leaf in enumerate(leaves):
        said = get(client, "get-proof", leaf_index=place, tree_size=9)[1]
        assert merkle.included(leaf, place, 9, proven(said["inclusion"]), merkle.root_of(leaves))


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("get-sth-consistency", {}),
        ("get-sth-consistency", {"first": 0, "second": 9}),
        ("get-sth-consistency", {"first": 6, "second": 5}),
        ("get-sth-consistency", {"first": 1, "second": 10}),
        ("get-sth-consistency", {"first": "9" * 40, "second": 5}),
        ("get-sth-consistency", {"first": "٣", "second": "x"}),
        ("get-proof", {"leaf_index": 9, "tree_size": 9}),
        ("get-proof", {"leaf_index": -1, "tree_size": 9}),
        ("get-proof", {"tree_size": 9}),
        ("get-proof", {"leaf_index": 0, "tree_size": 10}),
    ],
)
def test_trees_that_are_not_there_have_no_proof(client, log, what, words):
    status, said = get(client, what, **words)
    assert status == 400 and said["code"] == "malformed"


def test_an_empty_log_has_no_head_and_a_page(client, db):
    assert get(client, "get-sth")[0] == 404
    assert "Chưa có lượt tra cứu nào được ký" in client.get(TREE).content.decode()


def test_a_head_is_not_told_before_its_proofs_can_be(client, log, monkeypatch):
    monkeypatch.setattr(sealing, "_lay", lambda *_: None)
    look()
    sealing.sign_head(by=SYSTEM, at=AT)
    assert get(client, "get-sth")[1]["tree_size"] == 9


def test_the_page_compares_two_signings(client, log):
    html = client.get(TREE, {"tu": 5, "den": 9}).content.decode()
    assert "Nối tiếp nguyên vẹn" in html and queries.last_head().root in html
    for words in (
        {"tu": 5},
        {"tu": "x", "den": 9},
        {"tu": 5, "den": 10},
        {"tu": 0, "den": 3},
        {"tu": 9, "den": 5},
    ):
        response = client.get(TREE, words)
        assert response.status_code == 422 and "govuk-error-summary" in response.content.decode()


def test_a_long_log_is_proved_with_few_queries(client, log, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        get(client, "get-sth-consistency", first=5, second=9)
