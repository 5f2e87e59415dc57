"""How a line of the log is written: one JSON object, with the request id, without what somebody typed."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, MutableMapping
from typing import Any

import structlog

# PostgreSQL quotes the offending row there.
_ROW = re.compile(r"^(DETAIL|CONTEXT|QUERY|HINT): .*(?:\n(?!\S*Error|Traceback|  File).*)*", re.MULTILINE)
_BEFORE = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


TRACE_AGAIN_AFTER_SECONDS = 60.0


class Briefly(logging.Filter):
    """Leave out the trace of an error that was told in full within the last minute, and what somebody typed.

    While the database is away each request fails in the same place: one trace tells it, thousands fill the disk. The
    line of each answer names its failure, so what Django would say of it beside that is let through for a trace alone.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._told: dict[tuple[str, str, int], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Shorten the record; tells whether anything is left to be written."""
        _leave_address_out(record)
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and not self._is_due(_place_of(error)):
            record.exc_info = record.exc_text = None
            record.__dict__.setdefault("failure", type(error).__name__)
        return record.name != "django.request" or bool(record.exc_info)

    def _is_due(self, place: tuple[str, str, int]) -> bool:
        now = self._clock()
        if now - self._told.get(place, -TRACE_AGAIN_AFTER_SECONDS) < TRACE_AGAIN_AFTER_SECONDS:
            return False
        self._told = {other: at for other, at in self._told.items() if now - at < TRACE_AGAIN_AFTER_SECONDS}
        self._told[place] = now
        return True


def _leave_address_out(record: logging.LogRecord) -> None:
    """Name the route in place of the address, which Django's own lines hold twice."""
    request = record.__dict__.pop("request", None)
    if request is None or not isinstance(record.args, tuple):
        return
    match = getattr(request, "resolver_match", None)
    path, route = getattr(request, "path", None), match.route if match else "unknown"
    record.args = tuple(route if argument == path else argument for argument in record.args)


def _place_of(error: BaseException) -> tuple[str, str, int]:
    """Return the kind of an error and where it was raised."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = (trace.tb_frame.f_code.co_filename, trace.tb_lineno) if trace else ("", 0)
    return (type(error).__name__, *place)


def without_rows(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Take out of messages and traces what PostgreSQL tells of a row: it may be personal data."""
    for key in ("event", "exception"):
        if isinstance(event.get(key), str):
            event[key] = _ROW.sub(r"\1: left out", event[key])
    return event


def logging_settings(level: str) -> dict[str, Any]:
    """Return Django's LOGGING: everything from `level` up, one JSON line each, to standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "scoring_site.logs.json_formatter"}},
        "filters": {"briefly": {"()": "scoring_site.logs.Briefly"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["briefly"]}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "axes": {"level": "ERROR"},
            # The line of each answer tells the status already, by route rather than by address.
            "django.request": {"level": "ERROR"},
            "gunicorn.error": {"handlers": ["console"], "propagate": False},
        },
    }


def json_formatter() -> structlog.stdlib.ProcessorFormatter:
    """Return the formatter, for logging's configuration."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_BEFORE,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            without_rows,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ],
    )
