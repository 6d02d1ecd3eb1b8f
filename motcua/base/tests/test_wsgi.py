import io

import pytest

from motcua.base.wsgi import WholeBody


def body(content: bytes, announced: int) -> WholeBody:
    return WholeBody(io.BytesIO(content), announced)


@pytest.mark.parametrize("size", [-1, 4, 5, 100])
def test_a_whole_body_reads_as_it_came(size):
    whole = body(b"12345", 5)
    assert b"".join(iter(lambda: whole.read(size), b"")) == b"12345"
    assert whole.read() == b""


def test_nothing_behind_the_announced_body_is_read():
    assert body(b"12345next request", 5).read() == b"12345"


@pytest.mark.parametrize("size", [-1, 5, 100])
def test_a_body_that_ends_early_is_an_error(size):
    with pytest.raises(ConnectionResetError, match="2 bytes early"):
        body(b"123", 5).read(size)


def test_lines_end_where_they_end():
    lines = body(b"first\nsecond", 12)
    assert [lines.readline(), lines.readline(3), lines.readline(), lines.readline()] == [
        b"first\n",
        b"sec",
        b"ond",
        b"",
    ]
    with pytest.raises(ConnectionResetError):
        body(b"first", 12).readline()
