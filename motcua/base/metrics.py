"""Numbers for Prometheus: requests, their duration, the queue of jobs, the event log."""

import os
from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

REQUESTS = Counter("motcua_requests", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram(
    "motcua_request_seconds",
    "Time to answer a request",
    ["route"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)


def observe(method: str, route: str, status: int, seconds: float) -> None:
    """Count one answered request; addresses that lead nowhere share one name."""
    REQUESTS.labels(method, route or "-", status).inc()
    SECONDS.labels(route or "-").observe(seconds)


class Tables(Collector):
    """Numbers read from the database at the moment of asking."""

    def collect(self) -> list[Metric]:
        """Count the jobs by state, and estimate the events without reading them all."""
        jobs = GaugeMetricFamily("motcua_jobs", "Jobs by state", labels=["queue", "status"])
        events = GaugeMetricFamily("motcua_events", "Facts on the event log, as the planner estimates them")
        waiting = GaugeMetricFamily("motcua_job_wait_seconds", "Age of the oldest job that may start")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT queue_name, status::text, count(*) FROM procrastinate_jobs "
                "WHERE status IN ('todo', 'doing', 'failed') GROUP BY 1, 2"
            )
            for queue, status, count in cursor.fetchall():
                jobs.add_metric([queue, status], count)
            cursor.execute("SELECT greatest(reltuples, 0) FROM pg_class WHERE oid = 'base_event'::regclass")
            events.add_metric([], cursor.fetchone()[0])
            cursor.execute(
                "SELECT coalesce(extract(epoch FROM now() - min(e.at)), 0) FROM procrastinate_jobs j "
                "JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred' "
                "WHERE j.status = 'todo' AND (j.scheduled_at IS NULL OR j.scheduled_at <= now())"
            )
            waiting.add_metric([], float(cursor.fetchone()[0]))
        return [jobs, events, waiting, *_modules()]


def _modules() -> Iterator[Metric]:
    """Give what the modules of this site count (wiring.NUMBERS)."""
    for path in import_string(f"{settings.WIRING}.NUMBERS"):
        if any(path.startswith(f"{config.name}.") for config in apps.get_app_configs()):
            yield from import_string(path)()


def text() -> bytes:
    """Write all numbers in the format of Prometheus, over all processes of the site."""
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(REQUESTS)
        registry.register(SECONDS)
    registry.register(Tables())
    return generate_latest(registry)
