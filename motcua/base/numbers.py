"""Running numbers without gaps."""

from django.db import connection


def take(name: str) -> int:
    """Give the next number under a name: 1, 2, 3 …; a rolled-back transaction gives its number back.

    Concurrent takers of one name wait for each other, which is the price of having no gap.
    """
    return take_many(name, 1)[0]


def take_many(name: str, count: int) -> range:
    """Give so many following numbers under a name at once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO base_serial (name, last) VALUES (%s, %s) "
            "ON CONFLICT (name) DO UPDATE SET last = base_serial.last + excluded.last RETURNING last",
            [name, count],
        )
        row = cursor.fetchone()
    assert row is not None
    last = int(row[0])
    return range(last - count + 1, last + 1)
