"""How a line of the log is written: one JSON object, with the request id, without what somebody typed."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
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
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
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
