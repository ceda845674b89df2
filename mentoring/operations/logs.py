"""Logs: one JSON line per event, ids only, keys from an allow-list (promise P10)."""

from __future__ import annotations

import logging
import logging.config
import re
from typing import Any

import structlog

ALLOWED = {
    "event", "level", "timestamp", "logger", "error", "kind", "mail", "status", "count", "seconds",
    "request_id", "worker", "attempt", "code", "task", "method", "exception",
}  # fmt: skip
_TOKEN = re.compile(r"/(l|calendar)/[\w.-]+")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")


def only_allowed(logger: Any, name: str, event: dict[str, Any]) -> dict[str, Any]:
    """Drops every key that is not on the list; takes tokens and addresses out of what remains."""
    return {
        key: _redact(value) for key, value in event.items() if key in ALLOWED or key.startswith("_")
    }


def _redact(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    value = value.replace("\r", " ").replace("\n", " ")
    return _ADDRESS.sub("[address]", _TOKEN.sub(r"/\1/[token]", value))


def _no_query(logger: Any, name: str, event: dict[str, Any]) -> dict[str, Any]:
    event["event"] = str(event.get("event", "")).split("?", 1)[0]
    return event


def configure(settings: dict[str, Any]) -> None:
    """Sends the standard library's and structlog's lines through one chain to standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _no_query,
    ]
    chain: list[Any] = [
        structlog.processors.format_exc_info,
        only_allowed,
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "json": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "processors": chain,
                    "foreign_pre_chain": shared,
                }
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
            "root": {"handlers": ["stderr"], "level": "INFO"},
            "loggers": {
                "django.request": {"level": "ERROR"},
                "django.server": {"handlers": [], "propagate": False},
            },
        }
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
