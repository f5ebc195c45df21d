"""Logs: JSON lines in a file for machines, readable lines on the terminal for people."""

import io
import json
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, TextIO

import structlog

LOG_FILE = "gebot.log.jsonl"
_SECRET_WORDS = ("token", "secret", "password", "authorization", "credential")

Event = MutableMapping[str, Any]


def configure(state: Path, *, terminal: TextIO | None = None) -> None:
    """Send every event of this process to ``state/gebot.log.jsonl`` and, if given, to a terminal.

    The terminal is spared events of level debug.
    """
    state.mkdir(parents=True, exist_ok=True)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(),
            redact,
            _Tee(state / LOG_FILE),
            _without_details,
            structlog.dev.ConsoleRenderer(colors=terminal is not None and terminal.isatty(), sort_keys=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(terminal or io.StringIO()),
        cache_logger_on_first_use=False,
    )


def redact(_logger: object, _method: str, event: Event) -> Event:
    """Blank the values of keys that sound like a secret; comes last before anything is written."""
    for key in event:
        if any(word in key.lower() for word in _SECRET_WORDS):
            event[key] = "[redacted]"
    return event


def _without_details(_logger: object, _method: str, event: Event) -> Event:
    """Keep what is for machines off the terminal."""
    if event.get("level") == "debug":
        raise structlog.DropEvent
    return event


class _Tee:
    """Appends each event as one JSON line and hands it on; the file may be moved away any time."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self, _logger: object, _method: str, event: Event) -> Event:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(event, default=str, ensure_ascii=False) + "\n")
        return event
