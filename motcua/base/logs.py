"""Logs: one JSON line per fact, with the request's id and without anybody's personal number."""

import logging.config
import re
import time
import uuid
from collections.abc import Callable, MutableMapping
from typing import Any

import structlog
from django.db import connection
from django.http import HttpRequest, HttpResponse

from motcua.base import metrics

#: 9 or 12 digits (old and new identity numbers) or a telephone number, also when written in groups
_NUMBER = re.compile(r"(?<![0-9A-Za-z])(?:\d{3}[ .-]?\d{3}[ .-]?\d{3}(?:[ .-]?\d{3})?|0\d{9})(?![0-9A-Za-z])")
#: PostgreSQL repeats the values of the row that it refused
_DETAIL = re.compile(r"^(DETAIL|CONTEXT):.*$", re.MULTILINE)
HIDDEN = "•••"
_ASKED_ID = re.compile(r"[0-9A-Za-z-]{8,64}")

log = structlog.get_logger("motcua.request")


def hide(value: Any) -> Any:
    """Replace every personal number in a value, however deep it sits."""
    if isinstance(value, bool | None):
        return value
    if isinstance(value, int | float):
        return HIDDEN if _NUMBER.fullmatch(str(value)) else value
    if isinstance(value, dict):
        return {hide(str(key)): hide(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [hide(inner) for inner in value]
    return _NUMBER.sub(HIDDEN, _DETAIL.sub(r"\1: " + HIDDEN, str(value)))


def _hide_numbers(logger: Any, method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide personal numbers in a whole line, tracebacks included: the last step before printing."""
    return {key: hide(value) for key, value in line.items()}


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=False),
]


def configuration(*, level: str, plain: bool) -> dict[str, Any]:
    """Describe the logging of a process: JSON lines for machines, plain ones for a terminal."""
    last: Any = (
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
        if plain
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    _hide_numbers,
                    last,
                ],
            }
        },
        "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["out"], "level": level},
        "loggers": {
            "django": {"level": level},
            # Every request has our own line; Django repeats the path of each 404.
            "django.request": {"level": "ERROR"},
            "procrastinate": {"level": "WARNING"},
            "pikepdf": {"level": "WARNING"},
            "httpx": {"level": "WARNING"},
            "granian": {"level": "WARNING"},
        },
    }


def configure(settings: dict[str, Any]) -> None:
    """Apply the logging configuration; Django calls it with the setting LOGGING."""
    logging.config.dictConfig(settings)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


class RequestLog:
    """Gives every request an id, writes one line about it without its address, and counts it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.headers.get("X-Request-ID", "")
        number = asked if _ASKED_ID.fullmatch(asked) else uuid.uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=number)
        began = time.perf_counter()
        queries = Counter()
        with connection.execute_wrapper(queries):
            response = self.get_response(request)
        seconds = time.perf_counter() - began
        response["X-Request-ID"] = number
        route = request.resolver_match.view_name if request.resolver_match else ""
        if route or response.status_code >= 400:
            log.info(
                "request",
                method=request.method,
                route=route or "?",
                status=response.status_code,
                ms=round(seconds * 1000, 1),
                queries=queries.count,
            )
        metrics.observe(str(request.method), route, response.status_code, seconds)
        return response


class Counter:
    """Counts the statements sent to the database."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Callable[..., Any], *args: Any) -> Any:
        self.count += 1
        return execute(*args)
