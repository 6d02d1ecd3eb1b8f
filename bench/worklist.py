"""An officer's worklist over HTTP beside the SQL that it runs."""

import time

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import ground
from bench.submission import Site, cookie
from motcua.base.actor import Role


def beside(*, times: int) -> tuple[list[float], list[float], int]:
    """Time the page and its recorded SQL in turns (ms each), and count its queries."""
    officer = ground.officer(Role.OFFICER, "080190000002")
    statements = _statements(cookie(officer))
    pages, raw = [], []
    with Site() as site, site.browser(officer) as browser:
        browser.get("/xu-ly/")
        for _ in range(times):
            began = time.perf_counter()
            response = browser.get("/xu-ly/")
            pages.append((time.perf_counter() - began) * 1000)
            assert response.status_code == 200
            began = time.perf_counter()
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
                    if cursor.description:
                        cursor.fetchall()
            raw.append((time.perf_counter() - began) * 1000)
    return pages, raw, len(statements)


def _statements(key: str) -> list[str]:
    browser = Client(HTTP_HOST="127.0.0.1")
    browser.cookies[settings.SESSION_COOKIE_NAME] = key
    browser.get("/xu-ly/")
    with CaptureQueriesContext(connection) as captured:
        assert browser.get("/xu-ly/").status_code == 200
    return [query["sql"].replace("%", "%%") for query in captured.captured_queries]
