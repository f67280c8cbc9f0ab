"""How log lines are written: for people, or one JSON object each for programs."""

import logging
import os
import time
from collections.abc import MutableMapping
from typing import Any

import structlog

from feedback.kernel import request_id
from feedback.kernel.hiding import hidden
from feedback.kernel.passing import is_passing

#: What lines may say beside their sentence, where they are objects.
_FACTS = ("method", "route", "status", "ms", "texts", "verb", "entry", "consumer", "task", "job", "of_process")  # fmt: skip
#: Which of Heed's commands this is, as manage.py tells the database too.
_PROCESS = os.environ.get("PGAPPNAME", "").removeprefix("heed ")


def _with_request_id(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    if known := request_id.present():
        event["request_id"] = known
    return event


def _with_process(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Name the process: this one, or that whose line it passes on."""
    if process := event.pop("of_process", _PROCESS):
        event["process"] = process
    return event


_SHARED: list[Any] = [
    _with_request_id,
    structlog.stdlib.ExtraAdder(allow=_FACTS),
    _with_process,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]

#: Loggers of what happens all the time.
FOR_PROGRAMS = ("heed.access", "heed.trace")
#: Seconds between two lines that say the same of the database.
_A_WHILE = 60.0


class OnceAWhile(logging.Filter):
    """Says that the database is away, locked or full in one line a minute, without a traceback for each request."""

    def __init__(self) -> None:
        super().__init__()
        self._said_at = float("-inf")

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        if not is_passing(error):
            return True
        if time.monotonic() - self._said_at < _A_WHILE:
            return False
        self._said_at = time.monotonic()
        said = (str(error).splitlines() or [""])[0]
        record.msg = "The database cannot be used now, people are told to try again: %s"
        record.args = (said,)
        record.exc_info = record.exc_text = None
        return True


class RoutesOnly(logging.Filter):
    """Names the route of a request that failed, not its address: there are keys in addresses, of feeds, invitations and mails."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        path = getattr(request, "path", None)
        if path and isinstance(record.args, tuple):
            matched = getattr(request, "resolver_match", None)
            # What leads nowhere may be the address of a key with a slip in it.
            named = (
                f"/{matched.route}" if matched else f"/{path.strip('/').partition('/')[0][:40]}/…"
            )
            record.args = tuple(named if one == path else one for one in record.args)
        return True


class Console(logging.StreamHandler[Any]):
    """Writes lines to the console, with the id of the request and without any secret of the settings."""

    def format(self, record: logging.LogRecord) -> str:
        known = request_id.present()
        record.of_request = f" [{known}]" if known else ""
        return hidden(super().format(record))


#: The formatter of lines that are objects.
JSON: dict[str, Any] = {
    "()": structlog.stdlib.ProcessorFormatter,
    "foreign_pre_chain": _SHARED,
    "processors": [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.JSONRenderer(),
    ],
}


def logging_as(shape: str, *, level: str) -> dict[str, Any]:
    """Return Django's LOGGING for lines of ``shape``, "text" or "json", from ``level`` on."""
    if shape == "json":
        logging.captureWarnings(True)  # or Python writes them past all this
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "text": {
                "format": "{asctime} {levelname} {name}{of_request}: {message}",
                "style": "{",
            },
            "json": JSON,
        },
        "filters": {"once_a_while": {"()": OnceAWhile}, "routes_only": {"()": RoutesOnly}},
        "handlers": {"console": {"()": Console, "formatter": shape}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django.request": {"filters": ["once_a_while", "routes_only"]},
            "django.security.csrf": {"filters": ["routes_only"]},
            # A line for every request and every entry of the journal is for programs.
            **({} if shape == "json" else {name: {"level": "WARNING"} for name in FOR_PROGRAMS}),
            "django_tasks": {"level": "WARNING"},
            "django_tasks_db": {"level": "WARNING"},
        },
    }
