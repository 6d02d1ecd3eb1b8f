import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.base import secrets

OLD, NEW = "an old master key of thirty-two letters", "a new master key of thirty-two letters!"


@given(st.text(max_size=200))
def test_a_sealed_text_opens_again(text):
    assert secrets.unseal(secrets.seal(text, place="t.c:1"), place="t.c:1") == text


def test_sealing_twice_gives_two_different_boxes():
    assert secrets.seal("080090000011", place="t.c:1") != secrets.seal("080090000011", place="t.c:1")


def test_a_sealed_text_does_not_show_its_content():
    assert b"080090000011" not in secrets.seal("080090000011", place="t.c:1")


def test_a_box_moved_to_another_row_does_not_open():
    with pytest.raises(secrets.Unreadable):
        secrets.unseal(secrets.seal("080090000011", place="t.c:1"), place="t.c:2")


def test_the_failure_names_the_column_and_not_the_row():
    with pytest.raises(secrets.Unreadable, match=r"^t\.c$"):
        secrets.unseal(secrets.seal("080090000011", place="t.c:1"), place="t.c:2")


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_one_altered_byte_is_noticed(where, change):
    box = bytearray(secrets.seal("080090000011", place="t.c:1"))
    box[where % len(box)] ^= change
    with pytest.raises(secrets.Unreadable):
        secrets.unseal(bytes(box), place="t.c:1")


@given(st.binary(max_size=60))
def test_garbage_is_refused(box):
    with pytest.raises(secrets.Unreadable):
        secrets.unseal(box, place="t.c:1")


def test_a_new_key_leaves_old_rows_readable_and_findable(settings):
    settings.FIELD_KEYS = [OLD]
    box, index = secrets.seal("x", place="p"), secrets.blind("x", place="p")
    settings.FIELD_KEYS = [OLD, NEW]
    assert secrets.unseal(box, place="p") == "x"
    assert index in secrets.blinds("x", place="p")
    assert secrets.seal("x", place="p")[0] == 2
    assert secrets.blind("x", place="p") == secrets.blinds("x", place="p")[0] != index


def test_a_key_that_is_gone_makes_its_rows_unreadable(settings):
    settings.FIELD_KEYS = [OLD, NEW]
    box = secrets.seal("x", place="p")
    settings.FIELD_KEYS = [OLD]
    with pytest.raises(secrets.Unreadable):
        secrets.unseal(box, place="p")


def test_the_index_depends_on_text_place_and_key(settings):
    settings.FIELD_KEYS = [OLD]
    index = secrets.blind("x", place="p")
    assert len(index) == secrets.INDEX_BYTES
    assert index == secrets.blind("x", place="p")
    assert len({index, secrets.blind("y", place="p"), secrets.blind("x", place="q")}) == 3
    settings.FIELD_KEYS = [NEW]
    assert secrets.blind("x", place="p") != index


@given(st.text(max_size=40), st.text(max_size=40))
def test_in_bulk_it_is_sealed_and_hashed_to_the_same_end(text, place):
    bulk = secrets.Bulk(*secrets.newest())
    assert bulk.blind(text, place=place) == secrets.blind(text, place=place)
    assert secrets.unseal(bulk.seal(text, place=place), place=place) == text
    assert bulk.seal(text, place=place) != bulk.seal(text, place=place)
