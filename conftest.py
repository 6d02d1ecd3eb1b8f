"""The database of the tests: our own PostgreSQL for this run, unless DATABASE_URL names another."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from hypothesis import HealthCheck

from motcua.base.postgres import Cluster

pytest_plugins = ["tests.roads"]
_cluster = pytest.StashKey[Cluster]()
# The same examples in every run, however slow the machine: a run proves what the one before it proved.
hypothesis.settings.register_profile(
    "certain",
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
hypothesis.settings.load_profile("certain")


def pytest_configure(config: pytest.Config) -> None:
    """Start the server before the workers of xdist, which inherit its address."""
    sweep(settings.HOME.parent)
    if "DATABASE_URL" in os.environ:
        return
    cluster = config.stash[_cluster] = Cluster(settings.HOME, durable=False)
    cluster.start()
    cluster.create("motcua")
    os.environ["DATABASE_URL"] = cluster.url("motcua")
    # What goes away with this server may be shared by the workers.
    os.environ["MOTCUA_TESTS"] = str(settings.HOME)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server and take the files of this run away."""
    if cluster := config.stash.get(_cluster, None):
        cluster.stop()
        del os.environ["DATABASE_URL"], os.environ["MOTCUA_TESTS"]
    shutil.rmtree(settings.HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> None:
    """Let tests that commit be swept up after: nowhere else may a log be emptied."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass, tgname FROM pg_trigger WHERE tgname LIKE '%\\_not\\_truncated'"
        )
        for table, trigger in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the journeys, then others with a browser: no long file is left for one worker at the end."""
    items.sort(key=lambda item: (item.path.parent.name != "journeys", not _browses(item)))


def _browses(item: pytest.Item) -> bool:
    return hasattr(getattr(item, "module", None), "sync_playwright")


@pytest.fixture(autouse=True)
def no_job_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Empty the queue after a test that commits: Django flushes only tables that it manages itself."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if (marker and marker.kwargs.get("transaction")) or "transactional_db" in request.fixturenames:
        with request.getfixturevalue("django_db_blocker").unblock(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run of CI that skipped anything: what nobody runs proves nothing."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") == "true" and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter.write_line(f"CI=true: {len(reporter.stats['skipped'])} skipped, none may be", red=True)


def sweep(folder: Path) -> None:
    """Take away what runs left behind that were killed."""
    for home in folder.glob("motcua-test-*"):
        try:
            os.kill(int(home.name.rpartition("-")[2]), 0)
        except ProcessLookupError:
            shutil.rmtree(home, ignore_errors=True)
        except (PermissionError, ValueError):
            continue
