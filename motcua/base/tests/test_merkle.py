import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.base import merkle

MOST = 40
LEAVES = [merkle.leaf(str(number).encode()) for number in range(MOST)]


def naive(entries):
    """RFC 9162 section 2.1.1, word for word: what everything else is measured by."""
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    half = max(2**power for power in range(10) if 2**power < len(entries))
    return hashlib.sha256(b"\x01" + naive(entries[:half]) + naive(entries[half:])).digest()


@given(st.lists(st.binary(max_size=8), max_size=70))
def test_a_root_is_that_of_the_standard(entries):
    assert merkle.root_of([merkle.leaf(entry) for entry in entries]) == naive(entries)


def test_the_empty_tree_and_the_first_leaf_are_those_of_certificate_transparency():
    # the known answers of RFC 6962 implementations
    assert merkle.root_of([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert merkle.leaf(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


@pytest.mark.parametrize("size", range(1, MOST))
def test_every_leaf_has_a_proof_that_holds_for_it_alone(size):
    leaves = LEAVES[:size]
    top = merkle.root_of(leaves)
    for index in range(size):
        path = merkle.inclusion(leaves, index)
        assert len(path) <= size.bit_length()
        assert merkle.included(leaves[index], index, size, path, top)
        assert not merkle.included(LEAVES[-1], index, size, path, top)
        assert size == 1 or not merkle.included(leaves[index], (index + 1) % size, size, path, top)
        assert not merkle.included(leaves[index], index, size, [*path, top], top)


@pytest.mark.parametrize("after", range(1, MOST))
def test_every_earlier_tree_is_the_beginning_of_every_later_one(after):
    new = merkle.root_of(LEAVES[:after])
    for before in range(1, after + 1):
        old, path = merkle.root_of(LEAVES[:before]), merkle.consistency(LEAVES[:after], before)
        assert merkle.consistent(before, after, path, old, new)
        other = merkle.root_of([*LEAVES[: before - 1], LEAVES[-1]])
        assert not merkle.consistent(before, after, path, other, new)
        assert before == after or not merkle.consistent(before, after, path[:-1], old, new)


@given(
    before=st.integers(-1, 20),
    after=st.integers(-1, 20),
    path=st.lists(st.sampled_from(LEAVES), max_size=6),
)
def test_a_made_up_proof_holds_nowhere(before, after, path):
    top = merkle.root_of(LEAVES[:17])
    assert not merkle.consistent(before, after, [*path, LEAVES[3]], LEAVES[5], top)
    assert not merkle.included(LEAVES[30], before, after, path, top)


@pytest.mark.parametrize("index", [-1, 5])
def test_what_is_not_in_the_tree_has_no_proof(index):
    with pytest.raises(IndexError):
        merkle.inclusion(LEAVES[:5], index)
    with pytest.raises(IndexError):
        merkle.consistency(LEAVES[:5], index + 1 if index > 0 else 0)


@given(before=st.integers(1, 300), more=st.integers(0, 300))
def test_spans_of_a_proof_are_full_subtrees_side_by_side(before, more):
    after = before + more
    for spans in (merkle.consistency_spans(before, after), merkle.inclusion_spans(before - 1, after)):
        for start, end in spans:
            at = start
            for level, place in merkle.subtrees(start, end):
                assert place << level == at
                at += 1 << level
            assert at == end
