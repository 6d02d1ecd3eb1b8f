"""Probes: is the process alive, can it work, and its numbers; answered before any other rule of the door."""

import hmac
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse

from motcua.base import metrics

#: a worker that has not been heard of for this long counts as missing (it says so every 10 seconds)
SILENCE = 60
LOOPBACK = ("127.0.0.1", "::1")


class Probes:
    """Answers /healthz, /readyz and /metrics: probes know neither the site's host name nor https."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.migrated = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return HttpResponse(settings.SITE, content_type="text/plain")
        if request.path == "/readyz":
            return self.ready()
        if request.path == "/metrics":
            if not may_read_metrics(request):
                return HttpResponseNotFound()
            return HttpResponse(metrics.text(), content_type="text/plain; version=0.0.4; charset=utf-8")
        return self.get_response(request)

    def ready(self) -> JsonResponse:
        """Tell whether requests and jobs can be served now."""
        state = {"database": False, "migrations": False, "worker": False}
        try:
            state["worker"] = worker_alive()
            state["database"] = True
            # Looking at the migrations costs 0.1 s and they do not come undone: asked until the first yes.
            self.migrated = self.migrated or not unapplied()
            state["migrations"] = self.migrated
        except DatabaseError:
            pass
        response = JsonResponse(state, status=200 if all(state.values()) else 503)
        # Whoever asks counts the answers; Django would log each "no" as an error of ours.
        response._has_been_logged = True  # type: ignore[attr-defined]
        return response


def worker_alive() -> bool:
    """Tell whether a worker of this site gave a sign of life lately."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('procrastinate_workers')")
        if cursor.fetchone()[0] is None:
            return False
        cursor.execute(
            "SELECT count(*) FROM procrastinate_workers "
            "WHERE last_heartbeat > now() - make_interval(secs => %s)",
            [SILENCE],
        )
        return bool(cursor.fetchone()[0])


def unapplied() -> list[str]:
    """List the migrations that the database does not have yet."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def may_read_metrics(request: HttpRequest) -> bool:
    """Let this machine read the numbers, and others with the token; a proxy in front is not this machine."""
    said = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.METRICS_TOKEN and hmac.compare_digest(said.encode(), settings.METRICS_TOKEN.encode()):
        return True
    through_proxy = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return request.META.get("REMOTE_ADDR") in LOOPBACK and not through_proxy
