import pytest

from motcua.domain.papers.rules import (
    ISSUED,
    MOST_PAPERS,
    ORIGIN_NAMES,
    Origin,
    missing,
    result_number,
    why_not_attach,
    why_not_read,
    why_not_remove,
)


@pytest.mark.parametrize(
    ("state", "own", "readable"),
    [
        ("clean", False, True),
        ("clean", True, True),
        ("pending", False, False),
        ("pending", True, True),
        ("unscanned", False, False),
        ("unscanned", True, True),
        ("infected", False, False),
        ("infected", True, False),
        ("a state that nobody has thought of yet", True, False),
    ],
)
def test_only_a_clean_file_is_readable_to_all_and_an_unproved_one_to_its_bringer(state, own, readable):
    assert (why_not_read(state, own=own) is None) == readable


def test_could_not_be_scanned_is_not_clean_and_says_so():
    assert "chưa kiểm tra an toàn được" in str(why_not_read("unscanned", own=False))


@pytest.mark.parametrize("origin", list(Origin))
def test_only_what_the_agency_made_has_to_stay(origin):
    assert (why_not_remove(origin) is not None) == (origin in ISSUED)


def test_every_origin_has_a_name():
    assert set(ORIGIN_NAMES) == set(Origin)


def test_there_is_an_end_to_the_number_of_papers():
    assert why_not_attach(held=MOST_PAPERS - 1) is None
    assert "quá nhiều tệp" in str(why_not_attach(held=MOST_PAPERS))


def test_missing_papers_are_listed_in_the_order_of_the_procedure():
    assert missing(["a", "b", "c"], {"b", "x"}) == ["a", "c"]


def test_a_result_is_named_after_its_dossier():
    assert result_number("H80.45-261103-0015", 2) == "H80.45-261103-0015-KQ(2)"
