"""Jobs for test_jobs.py, run by a real worker in a process of its own."""

import time
from datetime import datetime

from django.db import connection, transaction


def write_and_linger(*, at: datetime) -> None:
    """Write one row, then wait inside the same transaction as long as the table of signs says so."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO test_effects DEFAULT VALUES")
        began()
        while lingering():
            time.sleep(0.02)


def began() -> None:
    """Let the test know that the job is in its middle, outside the job's transaction."""
    with connection.copy().cursor() as other:
        other.execute("INSERT INTO test_signs VALUES ('began')")


def lingering() -> bool:
    """Tell whether the test wants the job to stay in its middle."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM test_signs WHERE sign = 'linger'")
        return bool(cursor.fetchone()[0])
