"""Output: tables on the terminal, or plain records as JSON."""

import json
import os
import sys
from collections.abc import Sequence
from typing import Any

from rich.console import Console

_UNWRAPPED = 2000
"""Columns of what is read by another program: whole lines, that it can search."""


def console() -> Console:
    """Standard output; nothing wraps where it is not a terminal and COLUMNS does not say how wide it is."""
    return Console(width=None if sys.stdout.isatty() or "COLUMNS" in os.environ else _UNWRAPPED)


def print_json(records: Sequence[Any]) -> None:
    """A JSON array of plain records, and nothing else."""
    sys.stdout.write(json.dumps(list(records), ensure_ascii=False, indent=1, default=str) + "\n")


def say(text: str) -> None:
    """A line for a person, on standard error, where it is in nobody's way."""
    sys.stderr.write(text + "\n")
