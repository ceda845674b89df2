"""Logs: one JSON line per event, ids only, keys from an allow-list (promise P10).

Personal data could reach a log through library code: in the arguments of a message, in the text of an
exception, in an address. So none of these is written. Of a library's message only the pattern is kept,
without its arguments; of an exception its type and the code positions; of a request its route and id.
"""

from __future__ import annotations

import logging
import logging.config
import re
import sys
import sysconfig
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog

from core import audit
from mentoring import PACKAGES

ALLOWED = {
    "event", "level", "timestamp", "logger", "error", "kind", "mail", "status", "count", "seconds",
    "request_id", "worker", "attempt", "code", "task", "method", "exception", "route",
}  # fmt: skip
_TOKEN = re.compile(r"/(l|calendar)/[\w.-]+")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_LINES = re.compile(r"[\r\n\u0085\u2028\u2029]+")
_ROOTS = (
    sysconfig.get_path("purelib"),
    sysconfig.get_path("stdlib"),
    str(Path(__file__).parents[2]),
)
_CAUSES = 5


def only_allowed(logger: Any, name: str, event: dict[str, Any]) -> dict[str, Any]:
    """Drops every key that is not on the list; removes tokens and addresses from the rest."""
    return {
        key: _redact(value) for key, value in event.items() if key in ALLOWED or key.startswith("_")
    }


def _redact(value: Any) -> Any:
    if value is None or isinstance(value, int | float):
        return value
    value = _LINES.sub(" ", str(value))
    return _ADDRESS.sub("[address]", _TOKEN.sub(r"/\1/[token]", value))


def _by_whom(logger: Any, name: str, event: dict[str, Any]) -> dict[str, Any]:
    """Our own log calls name their values. Of a library's message only numbers are kept; one that was
    formatted before (or an exception given as a message) may contain anything, so its position in the code is
    logged instead."""
    record: logging.LogRecord = event["_record"]
    if record.name.partition(".")[0] in PACKAGES and isinstance(record.msg, str):
        return event | {key: vars(record)[key] for key in sorted(ALLOWED & vars(record).keys())}
    event["event"] = _with_numbers(record.msg, event["positional_args"]) or (
        f"{record.module}.{record.funcName}:{record.lineno}"
    )
    return event


def _with_numbers(pattern: Any, arguments: Any) -> str:
    if not arguments or not isinstance(pattern, str):
        return ""
    try:
        if isinstance(arguments, dict):
            return pattern % {key: _number(value) for key, value in arguments.items()}
        return pattern % tuple(_number(value) for value in arguments)
    except (KeyError, TypeError, ValueError):
        return pattern


def _number(value: Any) -> Any:
    return value if isinstance(value, int | float) else "…"


def _request(logger: Any, name: str, event: dict[str, Any]) -> dict[str, Any]:
    """The request's id, which audit events carry too, and the route where Django logs a request: an address
    may contain a token or a name, its URL pattern does not."""
    if (current := audit.request_id.get()) is not None:
        event["request_id"] = str(current)
    record: logging.LogRecord = event["_record"]
    request: Any = getattr(record, "request", None)
    if hasattr(request, "META"):
        event["event"], event["method"] = "request.failed", request.method
        event["route"] = getattr(getattr(request, "resolver_match", None), "route", "")
        event["status"] = getattr(record, "status_code", "")
    return event


def _exception(logger: Any, name: str, event: dict[str, Any]) -> dict[str, Any]:
    raised = event.pop("exc_info", None)
    error = raised[1] if isinstance(raised, tuple) else raised
    if raised is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event["exception"] = told(error)
    return event


def told(error: BaseException) -> str:
    """An exception and its causes on one line: types and code positions, never the messages, which may quote
    what somebody typed."""
    parts: list[str] = []
    current: BaseException | None = error
    while current is not None and len(parts) < _CAUSES:
        kind = f"{type(current).__module__}.{type(current).__qualname__}".removeprefix("builtins.")
        places = " > ".join(_places(current.__traceback__))
        parts.append(f"{kind} at {places}" if places else kind)
        current = current.__cause__ or (
            None if current.__suppress_context__ else current.__context__
        )
    return " from ".join(parts)


def _places(trace: TracebackType | None) -> list[str]:
    found = []
    for frame, line in traceback.walk_tb(trace):
        name = frame.f_code.co_filename
        for root in _ROOTS:
            name = name.removeprefix(f"{root}/")
        found.append(f"{name}:{line} {frame.f_code.co_name}")
    return found


class Formatter(structlog.stdlib.ProcessorFormatter):
    """Formats every log record, ours or a library's, as one line of JSON."""

    def __init__(self) -> None:
        before: list[Any] = [
            _by_whom,
            _request,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ]
        after: list[Any] = [
            _exception,
            only_allowed,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
        super().__init__(
            processors=after,
            foreign_pre_chain=before,
            use_get_message=False,
            pass_foreign_args=True,
        )


def configure(settings: dict[str, Any]) -> None:
    """Sends all log records through one formatter to standard error."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"json": {"()": Formatter}},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
            "root": {"handlers": ["stderr"], "level": "INFO"},
            "loggers": {
                "django.request": {"level": "ERROR"},
                "django.server": {"handlers": [], "propagate": False},
            },
        }
    )
